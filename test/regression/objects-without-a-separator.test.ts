// Files that are concatenated without `---` run into one document, of which the last object wins: a policy that was lost
// so left a map of an open cluster behind, with exit code 0.

import { expect, it } from 'vitest';
import { readText } from '../../src/manifests/index.ts';

const object = (kind: string, name: string) => `apiVersion: v1\nkind: ${kind}\nmetadata: {name: ${name}}\n`;

it('an object that another one runs into is a gap, with its place', () => {
  const { objects, gaps, findings } = readText(object('Namespace', 'a') + object('Namespace', 'b'), 'both.yaml');
  expect(objects.map(({ value }) => value['metadata'])).toEqual([{ name: 'b' }]);
  expect(gaps).toMatchObject([{ reason: 'unparsable', namespaces: 'all', file: 'both.yaml' }]);
  expect(findings.filter(({ message }) => message.includes('another object begins here'))).toMatchObject([
    { check: 'duplicate-key', source: { file: 'both.yaml', line: 5 } },
  ]);
});

it('a key given twice inside of an object is a finding and no gap: kubectl takes the last one', () => {
  const { gaps, findings } = readText(`${object('Namespace', 'a')}spec: {a: 1, a: 2}\n`, 'one.yaml');
  expect(gaps).toEqual([]);
  expect(findings).toHaveLength(1);
});
