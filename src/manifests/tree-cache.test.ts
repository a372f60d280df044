import { expect, it } from 'vitest';
import { createTreeCache } from './tree-cache.ts';

it('drops what was used longest ago once the budget is spent, never the latest', () => {
  const [a, b, c, d] = [{}, {}, {}, {}];
  const cache = createTreeCache<object, string>(10);
  cache.set(a, 'a', 4);
  cache.set(b, 'b', 4);
  expect(cache.get(a)).toBe('a');
  cache.set(c, 'c', 4);
  expect([cache.get(a), cache.get(b), cache.get(c)]).toEqual(['a', undefined, 'c']);
  cache.set(d, 'd', 100);
  expect([cache.get(a), cache.get(c), cache.get(d)]).toEqual([undefined, undefined, 'd']);
  cache.set(a, 'a', 1);
  expect([cache.get(a), cache.get(d)]).toEqual(['a', undefined]);
});
