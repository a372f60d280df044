import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { editOf, type Said } from '../../test/support/said-edits.ts';
import type { Edit } from '../engine/model/edit.ts';
import { readManifests } from '../manifests/index.ts';
import { openFiles } from './edit-files.ts';
import { writeFiles } from './write-files.ts';

const THING = 'apiVersion: v1\nkind: Thing\n';
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'netweir-edit-'));
  mkdirSync(join(folder, 'd'));
  writeFileSync(join(folder, 'd', 'a.yaml'), `${THING}a: 1 # one\nb: [2]\n`);
  writeFileSync(join(folder, 'd', 'b.yaml'), Buffer.from(`\ufeff${THING}a: &x [1]\nb: *x\r\n`, 'utf16le'));
  writeFileSync(join(folder, 'd', 'c.yaml'), Buffer.concat([Buffer.from(`${THING}a: `), Buffer.from([0xff])]));
});
afterEach(() => rmSync(folder, { recursive: true }));

const edits = async (...said: readonly (readonly [number, Said])[]): Promise<readonly Edit[]> => {
  const { objects } = await readManifests(['d'], { cwd: folder });
  return said.map(([index, each]) => editOf(objects[index]!, each));
};

it('edits of several files become new contents, each in its encoding, and changes of text', async () => {
  const result = openFiles(folder)(await edits([1, ['set', 'b', 3]], [0, ['set', 'a', 5]], [0, ['insert', 'b.1', 4]]));
  expect(result.refusals).toEqual([]);
  expect(result.files.map(({ file, isEmpty, text }) => [file, isEmpty, text.after])).toEqual([
    ['d/a.yaml', false, `${THING}a: 5 # one\nb: [2, 4]\n`],
    ['d/b.yaml', false, `${THING}a: &x [1]\nb: 3\r\n`],
  ]);
  expect(result.texts).toEqual([
    [{ file: 'd/b.yaml', start: { line: 4, column: 4 }, end: { line: 4, column: 6 }, text: '3' }],
    [{ file: 'd/a.yaml', start: { line: 3, column: 4 }, end: { line: 3, column: 5 }, text: '5' }],
    [{ file: 'd/a.yaml', start: { line: 4, column: 6 }, end: { line: 4, column: 6 }, text: ', 4' }],
  ]);
  await writeFiles(result.files);
  expect(readFileSync(join(folder, 'd', 'a.yaml'), 'utf8')).toBe(`${THING}a: 5 # one\nb: [2, 4]\n`);
  expect(readFileSync(join(folder, 'd', 'b.yaml')).toString('utf16le')).toBe(`\ufeff${THING}a: &x [1]\nb: 3\r\n`);
});

it('a file that cannot be written back, or with an edit that is refused, is left out with the reason', async () => {
  const result = openFiles(folder)([
    ...(await edits([0, ['remove', 'a']], [1, ['set', 'a.0', 5]], [2, ['remove', 'a']])),
    { op: 'add-object', value: { apiVersion: 'v1', kind: 'Thing' } },
  ]);
  expect(result.files.map(({ file }) => file)).toEqual(['d/a.yaml']);
  expect(result.refusals.map(({ file, reason, message }) => [file, reason, message])).toEqual([
    [undefined, 'no-file', 'the object does not come from a file'],
    ['d/b.yaml', 'shared', 'the value anchored as &x is also used as *x elsewhere, where it would change too'],
    ['d/c.yaml', 'no-file', 'the file cannot be written back: byte 30 is no UTF-8'],
  ]);
  expect(result.texts.map((each) => each.length)).toEqual([1, 0, 0, 0]);
});

it('standard input and files that are gone', async () => {
  const [edit] = await edits([0, ['remove', 'a']]);
  rmSync(join(folder, 'd', 'a.yaml'));
  expect(openFiles(folder)([edit!]).refusals).toMatchObject([
    { file: 'd/a.yaml', reason: 'no-file', message: 'the file can no longer be read' },
  ]);
  async function* stdin() {
    yield Buffer.from(`${THING}a: 1\n`);
  }
  const { objects } = await readManifests(['-'], { stdin: stdin() });
  expect(openFiles(folder)([editOf(objects[0]!, ['remove', 'a'])]).refusals).toEqual([
    { file: '<stdin>', reason: 'no-file', message: 'standard input cannot be changed', hint: 'name a file with -f' },
  ]);
});

it('a file of which the objects were read before it changed is refused', async () => {
  const [edit] = await edits([0, ['remove', 'a']]);
  writeFileSync(join(folder, 'd', 'a.yaml'), `${THING}a: 2\n`);
  expect(openFiles(folder)([edit!]).refusals).toMatchObject([{ file: 'd/a.yaml', reason: 'not-found' }]);
});

it('what it costs to write an edit is told: an object that leaves a List is as dear as the List', async () => {
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: ['a', 'b'].map(namespaceOf) });
  writeFileSync(join(folder, 'd', 'a.yaml'), list);
  writeFileSync(join(folder, 'd', 'b.yaml'), `${list}\n`);
  const { objects } = await readManifests(['d'], { cwd: folder });
  const edit = openFiles(folder);
  expect(edit([{ op: 'remove-object', object: objects[1]! }]).parsed).toBe(2 * list.length);
  const both = [objects[1]!, objects[3]!].map((object): Edit => ({ op: 'remove-object', object }));
  expect(edit(both).parsed).toBe(4 * list.length);
});

function namespaceOf(name: string): object {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}
