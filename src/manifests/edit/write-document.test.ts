import { describe, expect, it } from 'vitest';
import { editOf, type Said } from '../../../test/support/said-edits.ts';
import { readText } from '../read-text.ts';
import { openText, type Proof } from './edit-text.ts';

const ITEM = `  # NAME, at last
  - apiVersion: v1
    kind: NAME
    spec: # why
      - a: 1
        b: |+
          text

        c: 2

    # of NAME
`;
const COUNT = 600;
const names = Array.from({ length: COUNT }, (_, index) => `Thing${index}`);
const item = (name: string): string => ITEM.replaceAll('NAME', name);
const yaml = (items: readonly string[]): string => `apiVersion: v1\nkind: List\nitems:\n${items.join('')}`;
const LARGE = yaml(names.map(item));
const JSON_LIST = JSON.stringify(
  { apiVersion: 'v1', kind: 'List', items: names.map((kind) => ({ apiVersion: 'v1', kind, spec: [{ a: 1, c: 2 }] })) },
  null,
  2,
);

const edit = (text: string, said: readonly (readonly [number, Said])[], proof: Proof): string => {
  const { objects } = readText(text, 'a.yaml');
  const edits = said.map(([index, each]) => editOf(objects[index]!, each));
  const result = openText(text, 'a.yaml')(edits, proof);
  if ('refusal' in result) throw new Error(JSON.stringify(result.refusal));
  return result.text;
};

describe('objects of a large List', () => {
  const SAID: readonly (readonly [number, Said])[] = [
    [400, ['remove', 'spec.0.c']],
    [3, ['insert', 'spec.1', { d: [] }]],
    [400, ['set', 'spec.0.a', 5]],
    [COUNT - 1, ['set', 'more', 'x']],
  ];

  it.each(['file', 'object'] as const)('are edited one by one, with the proof %s', (proof) => {
    const items = names.map(item);
    // What follows text that keeps its line breaks must not be added to it.
    items[400] = items[400]!.replace('a: 1', 'a: 5').replace('        c: 2\n\n', '');
    items[3] = items[3]!.replace('c: 2\n', 'c: 2\n      - d: []\n');
    items[COUNT - 1] = items[COUNT - 1]!.replace('c: 2\n', 'c: 2\n    more: x\n');
    expect(edit(LARGE, SAID, proof)).toBe(yaml(items));
  });

  it('as in a small one', () => {
    const few = names.slice(0, 5).map(item);
    const said: readonly (readonly [number, Said])[] = [[3, ['insert', 'spec.1', { d: [] }]]];
    expect(edit(LARGE, said, 'object').startsWith(edit(yaml(few), said, 'file'))).toBe(true);
  });

  it('in JSON', () => {
    const list = JSON.parse(JSON_LIST);
    list.items[400].spec[0] = { a: 5 };
    list.items[3].spec.push({ d: [] });
    list.items[COUNT - 1].more = 'x';
    expect(edit(JSON_LIST, SAID, 'object')).toBe(JSON.stringify(list, null, 2));
  });

  it('as a whole where aliases are in them', () => {
    const items = names.map(item);
    items[1] = items[1]!.replace('spec: #', 'spec: &s #');
    items[2] = '  - apiVersion: v1\n    kind: Other\n    spec: *s\n';
    const after = edit(yaml(items), [[2, ['set', 'spec.0.a', 9]]], 'object');
    items[2] = '  - apiVersion: v1\n    kind: Other\n    spec:\n      - a: 9\n        b: "text\\n\\n"\n        c: 2\n';
    expect(after).toBe(yaml(items));
    expect(() =>
      edit(
        yaml(items.with(2, '  - {apiVersion: v1, kind: Other, spec: *s}\n')),
        [[1, ['set', 'spec.0.a', 9]]],
        'object',
      ),
    ).toThrow('shared');
  });
});
