// Files open for edits in rounds: what is tried changes nothing, what is kept is what the next round starts from.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { behaviourOf, type Edit, type LoadInput, type ManifestObject } from '../../engine/index.ts';
import { readText } from '../../manifests/index.ts';
import { draftFiles, type FileDrafts } from './file-drafts.ts';

const ONE =
  '# netweir-ignore rules-ignored: why\napiVersion: v1\nkind: Namespace\nmetadata: {name: one}\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: two, name: two}\n';
const OTHER =
  '# netweir-ignore rules-ignored: so\napiVersion: v1\nkind: Namespace\nmetadata: {name: other, name: other}\n';

let folder = '';
let input: LoadInput;
let drafts: FileDrafts;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'netweir-drafts-'));
  writeFileSync(join(folder, 'one.yaml'), ONE);
  writeFileSync(join(folder, 'other.yaml'), OTHER);
  const read = [readText(ONE, 'one.yaml'), readText(OTHER, 'other.yaml')];
  input = {
    objects: read.flatMap(({ objects }) => objects),
    findings: read.flatMap(({ findings }) => findings),
    behaviour: behaviourOf('default', []),
    defaultNamespace: 'default',
  };
  drafts = draftFiles(
    input,
    read.flatMap(({ ignores }) => ignores),
    folder,
  );
});
afterEach(() => rmSync(folder, { recursive: true }));

const label = (object: ManifestObject, value: string): Edit => ({
  op: 'set',
  object,
  path: ['metadata', 'labels'],
  value: { run: value },
});
const accepted = (edits: readonly Edit[]) => {
  const trial = drafts.try(edits);
  if ('why' in trial) throw new Error(trial.why);
  return trial;
};
const namesOf = ({ objects }: LoadInput) => objects.map(({ value }) => (value['metadata'] as { name: string }).name);
const places = ({ findings = [] }: LoadInput) => findings.map(({ source }) => `${source.file}:${source.line}`);

describe('draftFiles', () => {
  it('a trial that is not kept changes nothing, one that is kept only what is in memory', () => {
    accepted([label(input.objects[0]!, 'a')]);
    expect(drafts.changed()).toEqual([]);
    accepted([label(input.objects[0]!, 'b')]).keep();
    expect(drafts.changed().map(({ file }) => file)).toEqual(['one.yaml']);
    expect(drafts.changed()[0]!.text.after).toContain('{name: one, labels: {run: b}}');
    expect(readFileSync(join(folder, 'one.yaml'), 'utf8')).toBe(ONE);
  });

  it('findings and comments of changed files are those of their new text, of others stay', () => {
    const add: Edit = {
      op: 'add-object',
      beside: input.objects[0]!,
      value: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'new' } },
    };
    const trial = accepted([add]);
    expect(namesOf(trial.input)).toEqual(['one', 'new', 'two', 'other']);
    expect(places(input)).toEqual(['one.yaml:8', 'other.yaml:4']);
    expect(places(trial.input).sort()).toEqual(['one.yaml:13', 'other.yaml:4']);
    trial.keep();
    expect(drafts.ignores().map(({ text, first, last }) => [text, first, last])).toEqual([
      ['rules-ignored: so', 2, 4],
      ['rules-ignored: why', 2, 4],
    ]);
  });

  it('the next round starts from what was kept, and from its objects', () => {
    const trial = accepted([label(input.objects[0]!, 'a')]);
    trial.keep();
    accepted([label(trial.input.objects[1]!, 'b')]).keep();
    const { after } = drafts.changed()[0]!.text;
    expect([after.includes('run: a'), after.includes('run: b')]).toEqual([true, true]);
  });

  it('the place of a file among others is kept where all of its objects go', () => {
    const [one, two] = input.objects;
    const trial = accepted([
      { op: 'remove-object', object: one! },
      { op: 'remove-object', object: two! },
    ]);
    expect(namesOf(trial.input)).toEqual(['other']);
  });

  it('what changed meanwhile, is no longer there or was never a file is not written', () => {
    const why = (edits: readonly Edit[]) => {
      const trial = drafts.try(edits);
      return 'why' in trial ? trial.why : 'written';
    };
    const [one, , other] = input.objects;
    writeFileSync(join(folder, 'one.yaml'), ONE.replace('name: one', 'name: changed'));
    expect(why([label(one!, 'a')])).toMatch(/^one\.yaml: /);
    rmSync(join(folder, 'other.yaml'));
    expect(why([label(other!, 'a')])).toBe('other.yaml can no longer be read');
    const live = { ...one!, file: undefined } as unknown as ManifestObject;
    expect(why([label(live, 'a')])).toBe('a cluster cannot be changed');
    expect(why([{ op: 'add-object', value: {} }])).toBe('no file is there that a new object belongs to');
    expect(drafts.changed()).toEqual([]);
  });
});
