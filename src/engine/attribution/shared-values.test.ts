// Shared sets: what is the same is one, and none changes under those that have it.

import { expect, test } from 'vitest';
import { sharedValues } from './shared-values.ts';

test('the same words make the same set, whatever their order', () => {
  const values = sharedValues<'a' | 'b'>();
  const { none } = values;
  const a = values.with(none, 'a');
  expect([...a]).toEqual(['a']);
  expect(values.with(a, 'a')).toBe(a);
  expect(values.with(a, 'b')).toBe(values.with(values.with(none, 'b'), 'a'));
  expect([none.size, a.size, values.with(a, 'b').size]).toEqual([0, 1, 2]);
});
