import { expect, it } from 'vitest';
import type { Gap } from '../model/cluster.ts';
import { absentIn } from './unknown-name.ts';

const gap = (namespaces: Gap['namespaces'], lost?: 'policies'): Gap => ({
  reason: 'not-listable',
  message: 'm',
  namespaces,
  ...(lost === undefined ? {} : { lost }),
});

it.each<[string, readonly Gap[], string | undefined, boolean]>([
  ['nothing is missing', [], 'shop', false],
  ['policies are, which hold no names', [gap('all', 'policies')], 'shop', false],
  ['something is, anywhere', [gap('all')], 'shop', true],
  ['something is, of this namespace', [gap(['shop'])], 'shop', true],
  ['something is, of another namespace', [gap(['bank'])], 'shop', false],
  ['something is, and a namespace was asked for', [gap([])], undefined, true],
])('where %s, a name that is not found is told so: %j', (_, gaps, namespace, isOpen) => {
  expect(absentIn(gaps, namespace, 'there is no x')).toBe(
    isOpen ? 'there is no x in what was read, which is not all' : 'there is no x',
  );
});
