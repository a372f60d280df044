// Structural edits of drawn texts: what is written reads back as the edited values, and nothing else has changed.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../src/engine/index.ts';
import type { Edit } from '../../src/engine/model/edit.ts';
import type { ManifestObject, Path } from '../../src/engine/model/source.ts';
import { type EditedText, editText, readText } from '../../src/manifests/index.ts';
import {
  arbitraryAnswers,
  arbitraryObject,
  arbitraryValue,
  printJsonText,
  printText,
  type Value,
} from '../support/arbitrary-text.ts';

/** Every path of a value, its own left out. */
function pathsOf(value: unknown, base: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [];
  const keys = Array.isArray(value) ? value.map((_, index) => index) : Object.keys(value);
  return keys.flatMap((key) => {
    const path = [...base, key];
    return [path, ...pathsOf((value as Record<string | number, unknown>)[key], path)];
  });
}

const at = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((inner, part) => (inner as Record<string | number, unknown>)[part], value);

/** What is to be done, before it is known where: numbers choose among what there is. */
interface Wish {
  readonly op: number;
  readonly object: number;
  readonly place: number;
  readonly value: Value;
  readonly key: string;
}

const wish: fc.Arbitrary<Wish> = fc.record({
  op: fc.nat(9),
  object: fc.nat(9),
  place: fc.nat(999),
  value: arbitraryValue(),
  key: fc.constantFrom('new', 'other', 'on'),
});

/** An edit of one of the objects, if it can be made. The fields that make it an object stay. */
function fulfil(objects: readonly ManifestObject[], { op, object: index, place, value, key }: Wish): Edit[] {
  const object = objects[index % objects.length]!;
  if (op === 0) return [{ op: 'add-object', value: { apiVersion: 'v1', kind: 'Thing', [key]: value }, beside: object }];
  if (op === 1) return objects.length > 1 ? [{ op: 'remove-object', object }] : [];
  const paths = pathsOf(object.value).filter(([first]) => first !== 'kind' && first !== 'apiVersion');
  const path = paths[place % paths.length]!;
  const parent = at(object.value, path.slice(0, -1));
  const target = at(object.value, path);
  const isItem = Array.isArray(parent);
  if (op <= 3) return [{ op: 'remove', object, path }];
  if (op <= 5) return [{ op: 'set', object, path, value }];
  if (op === 6 && !isItem) return [{ op: 'rename', object, path, key: `${key}${place}` }];
  if (Array.isArray(target)) return [{ op: 'insert', object, path: [...path, place % (target.length + 1)], value }];
  if (typeof target === 'object' && target !== null) return [{ op: 'set', object, path: [...path, key], value }];
  return isItem ? [{ op: 'insert', object, path, value }] : [];
}

/** Edits that can be made together; undefined where they contradict each other. */
function expectedOf(objects: readonly ManifestObject[], edits: readonly Edit[]): unknown[] | undefined {
  try {
    return applyEdits(objects, edits).map(({ value }) => value);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Checks an answer against the values, and returns the new text. */
function check(text: string, file: string, edits: readonly Edit[], expected: readonly unknown[]): EditedText {
  const result = editText(text, file, edits);
  if ('refusal' in result) return result;
  const after = readText(result.text, file);
  expect(after.objects.map(({ value }) => value)).toEqual(expected);
  expect(after.findings.filter(({ check: id }) => id !== 'document-separator')).toEqual([]);
  let rebuilt = '';
  let from = 0;
  for (const { start, end, text: added } of result.changes) {
    rebuilt += text.slice(from, start) + added;
    from = end;
  }
  expect(rebuilt + text.slice(from)).toBe(result.text);
  return result;
}

const objects = fc.array(arbitraryObject(), { minLength: 1, maxLength: 3 });
const wishes = fc.array(wish, { minLength: 1, maxLength: 4 });
const RUNS = 150;

/** First and last line of a field with its key, or of an item. */
function linesOf(object: ManifestObject, path: Path): readonly [number, number] {
  const [key, value] = [object.locate(path, { key: true }), object.locate(path)];
  const ends = [key, value].map(({ line, end }) => (end === undefined ? line! : end.line - (end.column === 1 ? 1 : 0)));
  return [Math.min(key.line!, value.line!), Math.max(...ends)];
}

/**
 * The lines that one edit may change: those of its field or item with comments and blank lines around it, and those of its
 * neighbours that a comma or a new line hangs on; all of a collection that becomes empty or was.
 */
function mayChange(text: string, edit: Exclude<Edit, { op: 'add-object' | 'remove-object' }>): ReadonlySet<number> {
  const { object, path } = edit;
  const lines = text.split(/\r?\n/);
  const allowed = new Set<number>();
  const allow = ([first, last]: readonly [number, number]): void => {
    for (let line = first; line <= last; line++) allowed.add(line);
  };
  // A dash may stand above its item.
  const isQuiet = (line: number): boolean => /^(?!---)(?:\s|- *)*(?:#.*)?$/.test(lines[line - 1] ?? 'x');
  const parentPath = path.slice(0, -1);
  const parent = at(object.value, parentPath) as Readonly<Record<string | number, unknown>>;
  const names: (string | number)[] = Array.isArray(parent) ? parent.map((_, index) => index) : Object.keys(parent);
  const index = names.indexOf(path.at(-1)!);
  const place = index < 0 ? names.length : index;
  if (names.length <= 1) {
    const [first, last] = linesOf(object, parentPath);
    allow([first, last]);
  }
  if (index >= 0) {
    const [first, last] = linesOf(object, path);
    let [from, to] = [first, last];
    while (isQuiet(from - 1)) from--;
    while (isQuiet(to + 1)) to++;
    allow(edit.op === 'insert' ? [from, first] : [from, to]);
  }
  if (place > 0) {
    // A block scalar ends below its last line.
    let [, last] = linesOf(object, [...parentPath, names[place - 1]!]);
    allowed.add(last);
    while (isQuiet(last)) allowed.add(--last);
  }
  if (place + 1 < names.length) allowed.add(linesOf(object, [...parentPath, names[place + 1]!])[0]);
  return allowed;
}

describe('edits of drawn texts', () => {
  it('only lines at the place of an edit change', () => {
    fc.assert(
      fc.property(objects, arbitraryAnswers(), wish, (values, answers, wanted) => {
        const text = printText(values, answers, { anchors: false, comments: true });
        const read = readText(text, 'a.yaml').objects;
        const [edit] = fulfil(read, wanted);
        fc.pre(edit !== undefined && edit.op !== 'add-object' && edit.op !== 'remove-object');
        const allowed = mayChange(text, edit as Exclude<Edit, { op: 'add-object' | 'remove-object' }>);
        const result = editText(text, 'a.yaml', [edit!]);
        if ('refusal' in result) expect.fail(JSON.stringify(result.refusal));
        for (const { document } of result.changes) {
          // What ends before the first column of a line leaves that line alone.
          const last = document.end.column === 1 ? document.end.line - 1 : document.end.line;
          const touched = Array.from({ length: last - document.start.line + 1 }, (_, i) => document.start.line + i);
          const wrong = touched.filter((line) => !allowed.has(line));
          if (wrong.length > 0) expect.fail(`lines ${wrong} of\n${text}\n${JSON.stringify([edit, result.changes])}`);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('without anchors every edit is written', () => {
    fc.assert(
      fc.property(objects, arbitraryAnswers(), wishes, (values, answers, wanted) => {
        const text = printText(values, answers, { anchors: false, comments: true });
        const read = readText(text, 'a.yaml').objects;
        expect(read.map(({ value }) => value)).toEqual(values);
        const edits = wanted.flatMap((each) => fulfil(read, each));
        const expected = expectedOf(read, edits);
        fc.pre(expected !== undefined);
        const result = check(text, 'a.yaml', edits, expected!);
        if ('refusal' in result) expect.fail(`${JSON.stringify(result.refusal)}\n${text}\n${JSON.stringify(edits)}`);
      }),
      { numRuns: RUNS },
    );
  });

  it('with anchors an edit is written, or refused since others share the value', () => {
    fc.assert(
      fc.property(objects, arbitraryAnswers(), wishes, (values, answers, wanted) => {
        const text = printText(values, answers, { anchors: true, comments: false });
        const read = readText(text, 'a.yaml').objects;
        expect(read.map(({ value }) => value)).toEqual(values);
        const edits = wanted.flatMap((each) => fulfil(read, each));
        const expected = expectedOf(read, edits);
        fc.pre(expected !== undefined);
        const result = check(text, 'a.yaml', edits, expected!);
        if ('refusal' in result && result.refusal.reason !== 'shared')
          expect.fail(`${JSON.stringify(result.refusal)}\n${text}\n${JSON.stringify(edits)}`);
      }),
      { numRuns: RUNS },
    );
  });

  it('JSON stays JSON', () => {
    fc.assert(
      fc.property(objects, arbitraryAnswers(), wishes, (values, answers, wanted) => {
        const text = printJsonText(values, answers);
        const read = readText(text, 'a.json').objects;
        const edits = wanted.flatMap((each) => fulfil(read, each));
        const expected = expectedOf(read, edits);
        fc.pre(expected !== undefined);
        const result = check(text, 'a.json', edits, expected!);
        if ('refusal' in result) {
          expect([result.refusal.reason, values.length]).toEqual(['no-place', 1]);
          return;
        }
        expect(() => JSON.parse(result.text)).not.toThrow();
        // What is compact stays on one line, what is indented stays indented.
        if (!text.trim().includes('\n')) expect(result.text.trim()).not.toContain('\n');
      }),
      { numRuns: RUNS },
    );
  });
});
