// Edits of real manifests: at every rule, peer and port of every policy, and here and there in everything else.

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { isSameValue } from '../../src/engine/edits/same-value.ts';
import { applyEdits } from '../../src/engine/index.ts';
import type { Edit } from '../../src/engine/model/edit.ts';
import type { ManifestObject, Path } from '../../src/engine/model/source.ts';
import { openText, readText } from '../../src/manifests/index.ts';
import { describeWithShared, sharedPath } from '../support/shared.ts';

/** Every path below `spec`. */
function pathsOf(value: unknown, base: Path): Path[] {
  if (typeof value !== 'object' || value === null) return [];
  const keys = Array.isArray(value) ? value.map((_, index) => index) : Object.keys(value);
  return keys.flatMap((key) => {
    const path = [...base, key];
    return [path, ...pathsOf((value as Record<string | number, unknown>)[key], path)];
  });
}

/** What a repair may want at a place. */
function editsAt(object: ManifestObject, path: Path): Edit[][] {
  const peer = { namespaceSelector: {}, podSelector: { matchLabels: { app: 'web', on: 'yes' } } };
  const isItem = typeof path.at(-1) === 'number';
  return [
    [{ op: 'remove', object, path }],
    [{ op: 'set', object, path, value: [peer] }],
    [{ op: 'set', object, path, value: {} }],
    ...(isItem ? [[{ op: 'insert', object, path, value: { from: [peer] } } as const]] : []),
    ...(isItem ? [] : [[{ op: 'rename', object, path, key: 'another' } as const]]),
  ];
}

describeWithShared('edits of the corpus', () => {
  const folder = sharedPath('corpus');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:ya?ml|json)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

  it.each(files.map((file) => relative(folder, file)))('%s', (file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    const { objects } = readText(text, file);
    const write = openText(text, file);
    let count = 0;
    for (const object of objects) {
      const isPolicy = /Policy$/.test(String(object.value['kind']));
      const paths = pathsOf(object.value['spec'], ['spec']).filter((_, index) => isPolicy || index % 101 === 0);
      for (const edits of paths.flatMap((path) => editsAt(object, path))) {
        // Every twentieth result is read again as a whole file.
        const result = write(edits, count++ % 20 === 0 ? 'file' : 'object');
        if ('refusal' in result) expect.fail(JSON.stringify([result.refusal, edits]));
        // openText has compared the values. Here, that nothing but lines of the object was touched, and nothing at all
        // where the value is there already, as that of `podSelector: {}`.
        const isThere = isSameValue(applyEdits([object], edits)[0]!.value, object.value);
        expect(result.changes.length > 0).toBe(!isThere);
        const [first, last] = [object.locate([]).line!, object.locate([]).end!.line];
        for (const { document } of result.changes) {
          expect(document.start.line).toBeGreaterThanOrEqual(first);
          expect(document.end.line).toBeLessThanOrEqual(last + 1);
        }
      }
    }
  });

  it('with Windows line ends the same changes are made', () => {
    for (const file of files) {
      const text = readFileSync(file, 'utf8');
      if (text.includes('\r')) continue;
      const windows = text.replaceAll('\n', '\r\n');
      const [object, other] = [readText(text, file).objects.at(-1), readText(windows, file).objects.at(-1)];
      const [path] = pathsOf(object?.value['spec'], ['spec']);
      if (object === undefined || other === undefined || path === undefined) continue;
      const edit = (each: ManifestObject): Edit => ({ op: 'set', object: each, path, value: [{ a: [1, 2] }] });
      const [plain, changed] = [openText(text, file)([edit(object)]), openText(windows, file)([edit(other)])];
      if ('refusal' in plain || 'refusal' in changed) expect.fail(file);
      expect(changed.text).toBe(plain.text.replaceAll('\n', '\r\n'));
      expect(applyEdits([object], [edit(object)])[0]!.value).toEqual(readText(plain.text, file).objects.at(-1)!.value);
    }
  });
});
