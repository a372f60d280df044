// Rows of relations: every related pair once, no other, and no relation of a finder changes the rows of the next.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { membersOf } from '../engine/sets/id-set.ts';
import { type Relation, type RowFinder, rowFinder } from './group-rows.ts';

const SIZE = 7;

const relation: fc.Arbitrary<Relation> = fc
  .array(fc.uniqueArray(fc.nat(SIZE - 1), { maxLength: 4 }), { minLength: SIZE, maxLength: SIZE })
  .map((lists) => lists.flatMap((own, source) => (own.length === 0 ? [] : [[source, own] as const])));

const SIDES = ['source', 'destination', 'best'] as const;

const found = (finder: RowFinder, one: Relation, by: (typeof SIDES)[number]) =>
  finder(one, by).map(([from, to]) => [membersOf(from), membersOf(to)] as const);

describe('rowFinder', () => {
  it('finds rows that hold every related pair once', () => {
    fc.assert(
      fc.property(relation, fc.constantFrom(...SIDES), (one, by) => {
        const rows = found(rowFinder(SIZE, SIZE), one, by);
        const pairs = rows.flatMap(([from, to]) => from.flatMap((source) => to.map((other) => `${source} ${other}`)));
        expect(pairs.sort()).toEqual(one.flatMap(([source, own]) => own.map((other) => `${source} ${other}`)).sort());
      }),
    );
  });

  it('finds the same rows whatever was asked before, and equal sets are one', () => {
    fc.assert(
      fc.property(fc.array(relation, { maxLength: 5 }), fc.constantFrom(...SIDES), (several, by) => {
        const finder = rowFinder(SIZE, SIZE);
        const known = new Map<string, unknown>();
        for (const one of several) {
          expect(found(finder, one, by)).toEqual(found(rowFinder(SIZE, SIZE), one, by));
          for (const set of finder(one, by).flat()) {
            expect(known.get(String(set)) ?? set).toBe(set);
            known.set(String(set), set);
          }
        }
      }),
    );
  });

  it('reads each part from the side that needs fewer rows', () => {
    const star = [[0, [0, 1, 2]]] as const;
    const fan = [3, 4, 5].map((source) => [source, [3, 4, 5].filter((one) => one <= source)] as const);
    expect(found(rowFinder(SIZE, SIZE), [...star, ...fan], 'destination')).toHaveLength(4);
    expect(found(rowFinder(SIZE, SIZE), [...star, ...fan], 'best')[0]).toEqual([[0], [0, 1, 2]]);
  });
});
