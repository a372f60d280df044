import { describe, expect, it } from 'vitest';
import { readText } from './read-text.ts';

const NESTED = {
  apiVersion: 'v1',
  kind: 'List',
  items: [
    { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } },
    { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicyList', items: [{ metadata: { name: 'b' }, spec: {} }] },
    { apiVersion: 'v1', kind: 'List', items: null },
    { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'c' } },
  ],
};

describe('Lists', () => {
  it('nested Lists become their items in order, with inherited kinds and places of their own', () => {
    const text = JSON.stringify(NESTED, null, 1);
    for (const file of ['a.json', 'a.yaml']) {
      const { objects, findings } = readText(file === 'a.json' ? text : `---\n${text}`, file);
      const shift = file === 'a.json' ? 0 : 1;
      expect(findings).toEqual([]);
      expect(objects.map(({ value }) => [value.apiVersion, value.kind, value.metadata])).toEqual([
        ['v1', 'Pod', { name: 'a' }],
        ['networking.k8s.io/v1', 'NetworkPolicy', { name: 'b' }],
        ['v1', 'Pod', { name: 'c' }],
      ]);
      const lines = objects.map((object) => object.locate(['metadata', 'name']).line! - shift);
      expect(lines).toEqual(
        ['a', 'b', 'c'].map((name) => text.split('\n').findIndex((line) => line.includes(`"${name}"`)) + 1),
      );
      expect(objects[1]?.locate(['spec', 'x']).path).toBe('spec.x');
    }
  });

  it('YAML Lists give places relative to the item', () => {
    const text = 'apiVersion: v1\nkind: PodList\nitems:\n- metadata:\n    name: a\n- metadata:\n    name: b\n';
    const places = readText(text, 'a.yaml').objects.map((object) => object.locate(['metadata', 'name']));
    expect(places).toMatchObject([
      { line: 5, column: 11, path: 'metadata.name' },
      { line: 7, column: 11, path: 'metadata.name' },
    ]);
  });

  it('an empty List is Kubernetes, a kind that merely ends in List is an object', () => {
    expect(readText('{"apiVersion":"v1","kind":"List","items":[]}', 'a.json').skipped).toEqual([]);
    const own = readText('apiVersion: example.org/v1\nkind: AllowList\nspec: {}\n', 'a.yaml');
    expect(own.objects.map(({ value }) => value.kind)).toEqual(['AllowList']);
  });

  it('items that are no objects are findings and gaps', () => {
    const set = readText('apiVersion: v1\nkind: List\nitems:\n- x\n- null\n- [1]\n', 'a.yaml');
    expect(set.findings.map(({ check, message, source }) => [check, message, source.line])).toEqual([
      ['malformed-list', 'an item of a list must be an object, not a string', 4],
      ['malformed-list', 'an item of a list must be an object, not null', 5],
      ['malformed-list', 'an item of a list must be an object, not a list', 6],
    ]);
    expect(set.gaps).toHaveLength(3);
    expect(readText('apiVersion: v1\nkind: List\nitems: {}\n', 'a.yaml').gaps).toHaveLength(1);
  });

  it('one page of several is a gap, its objects are read', () => {
    const page = { ...NESTED, metadata: { continue: 'abc' } };
    const set = readText(JSON.stringify(page), 'a.json');
    expect(set.objects).toHaveLength(3);
    expect(set.findings).toMatchObject([{ check: 'incomplete-list', source: { path: 'metadata.continue' } }]);
    expect(set.gaps).toMatchObject([{ reason: 'unreadable' }]);
    const last = readText(JSON.stringify({ ...NESTED, metadata: { continue: '' } }), 'a.json');
    expect(last.gaps).toEqual([]);
  });

  it('deep nesting does not overflow, many items do not slow down', () => {
    const pods = Array.from({ length: 200_000 }, () => ({}));
    const text = JSON.stringify({ apiVersion: 'v1', kind: 'PodList', items: pods });
    const { objects } = readText(text, 'a.json');
    expect(objects).toHaveLength(200_000);
    expect(objects.at(-1)?.locate([])).toMatchObject({ column: text.length - 3 });
  });
});
