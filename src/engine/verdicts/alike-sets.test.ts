import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EMPTY, idSet, subtract, unionAll } from '../sets/id-set.ts';
import { alikeSets } from './alike-sets.ts';

const SIZE = 200;

it('gives a set seen before and just the differences from it', () => {
  const base = fc.uniqueArray(fc.nat(SIZE - 1), { minLength: 40, maxLength: 100 });
  const changed = fc.array(fc.uniqueArray(fc.nat(SIZE - 1), { maxLength: 6 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(base, changed, (members, changes) => {
      const alike = alikeSets(SIZE, 4);
      const seen = [alike.find(idSet(members)).base];
      for (const change of changes) {
        const set = idSet([
          ...members.filter((one) => !change.includes(one)),
          ...change.filter((one) => !members.includes(one)),
        ]);
        const found = alike.find(set);
        expect(unionAll([subtract(set, found.base), subtract(found.base, set)])).toEqual(found.differences);
        expect(found.differences.length).toBeLessThanOrEqual(8);
        if (!seen.includes(found.base)) expect(found).toEqual({ base: set, differences: EMPTY });
        seen.push(found.base);
      }
    }),
    { numRuns: 200 },
  );
});

it('finds a set again that differs in one place', () => {
  const alike = alikeSets(SIZE, 4);
  const even = Array.from({ length: 100 }, (_, i) => 2 * i);
  const first = alike.find(idSet(even)).base;
  expect(alike.find(idSet(even.filter((one) => one !== 50)))).toEqual({ base: first, differences: idSet([50]) });
  expect(alike.find(idSet(even.slice(30))).base).not.toBe(first);
});
