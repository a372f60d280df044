import fc from 'fast-check';
import { expect, it } from 'vitest';
import { idSet } from '../sets/id-set.ts';
import { peerSets } from './peer-sets.ts';

const SIZE = 400;
const members = fc.oneof(
  fc.uniqueArray(fc.nat(SIZE - 1), { minLength: 1, maxLength: 12 }),
  // So many runs that a bit for each endpoint takes less room.
  fc.uniqueArray(fc.nat(SIZE - 1), { minLength: 150, maxLength: 300 }),
  // All at one end, where nobody expects them.
  fc.uniqueArray(fc.nat(30), { minLength: 1, maxLength: 10 }),
  fc.uniqueArray(fc.integer({ min: SIZE - 30, max: SIZE - 1 }), { minLength: 1, maxLength: 10 }),
);

it('has the members of the set and no others', () => {
  fc.assert(
    fc.property(fc.array(members, { minLength: 1, maxLength: 8 }), (drawn) => {
      const sets = peerSets(SIZE);
      const numbers = drawn.map((own) => sets.add(idSet(own)));
      drawn.forEach((own, i) => {
        const found = Array.from({ length: SIZE }, (_, id) => id).filter((id) =>
          sets.has(numbers[i]!, sets.bounds(numbers[i]!), id),
        );
        expect(found).toEqual(own.toSorted((a, b) => a - b));
      });
    }),
    { numRuns: 100 },
  );
});

it('keeps equal sets once', () => {
  const sets = peerSets(SIZE);
  const [first, other] = [sets.add(idSet([1, 2, 9])), sets.add(idSet([1, 2]))];
  expect([sets.add(idSet([9, 2, 1])), other === first]).toEqual([first, false]);
});
