// Lists of what holds for each member against asking every set about every member.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contains, idSet } from './id-set.ts';
import { sharedLists } from './shared-lists.ts';

describe('sharedLists', () => {
  it('gives each member the items that hold for it, in order, and one list to members with the same', () => {
    const members = fc.uniqueArray(fc.nat(7), { maxLength: 8 });
    fc.assert(
      fc.property(fc.array(members, { maxLength: 60, size: 'max' }), (drawn) => {
        const lists = sharedLists<number>();
        const sets = drawn.map((ids) => idSet(ids.toSorted((a, b) => a - b)));
        sets.forEach((set, item) => {
          lists.add(set, item);
        });
        const found = lists.lists();
        const byText = new Map<string, readonly number[]>();
        for (let id = 0; id < 8; id++) {
          const own = sets.flatMap((set, item) => (contains(set, id) ? [item] : []));
          expect(found.get(id) ?? []).toEqual(own);
          expect(found.has(id)).toBe(own.length > 0);
          const alike = byText.get(own.join());
          if (alike !== undefined) expect(found.get(id)).toBe(alike);
          if (own.length > 0) byText.set(own.join(), found.get(id)!);
        }
      }),
      { numRuns: 500 },
    );
  });
});
