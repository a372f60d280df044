import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idSet } from './id-set.ts';
import { idTable } from './id-table.ts';

describe('a number for each member', () => {
  it('is what was put last, and -1 for all others, whether members lie together or far apart', () => {
    const members = fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { maxLength: 20 });
    fc.assert(
      fc.property(
        members,
        fc.integer({ min: 1, max: 100 }),
        fc.array(fc.array(fc.nat()), { maxLength: 5 }),
        (ids, apart, puts) => {
          const all = ids.map((id) => id * apart);
          const table = idTable(idSet(all));
          const expected = new Map<number, number>();
          puts.forEach((places, value) => {
            const some = all.length === 0 ? [] : places.map((place) => all[place % all.length]!);
            table.put(idSet(some), value);
            for (const id of some) expected.set(id, value);
          });
          for (let id = 0; id <= 61 * apart; id++) expect(table.at(id)).toBe(expected.get(id) ?? -1);
        },
      ),
    );
  });

  it('is nobody’s in a table of nobody', () => {
    expect(idTable(idSet([])).at(0)).toBe(-1);
  });
});
