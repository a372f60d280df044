import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contains, type IdSet, idSet, intersect, membersOf } from '../sets/id-set.ts';
import { carve, type Exception } from './carve.ts';

const ids = (most: number) => fc.uniqueArray(fc.nat(60), { minLength: 1, maxLength: most }).map(idSet);

/** Rows, each with the columns that are cut out of it. */
const drawn = fc
  .record({ rows: ids(40), columns: ids(40), cuts: fc.array(ids(6), { minLength: 1, maxLength: 40 }) })
  .map(({ rows, columns, cuts }) => {
    const own = membersOf(rows);
    const exceptions = cuts.flatMap((cut, index): Exception[] => {
      const row = own[index];
      const inside = intersect(cut, columns);
      return row === undefined || inside.length === 0 ? [] : [{ rows: idSet([row]), columns: inside }];
    });
    return { rows, columns, exceptions };
  });

describe('carving', () => {
  it('gives every pair once that no exception holds, and no other', () => {
    fc.assert(
      fc.property(drawn, ({ rows, columns, exceptions }) => {
        const given = new Set<string>();
        carve(rows, columns, exceptions, (some, others) => {
          for (const row of membersOf(some)) {
            for (const column of membersOf(others)) {
              expect(given.has(`${row},${column}`)).toBe(false);
              given.add(`${row},${column}`);
            }
          }
        });
        const isCut = (row: number, column: number) =>
          exceptions.some((one) => contains(one.rows, row) && contains(one.columns, column));
        const wanted = membersOf(rows).flatMap((row) =>
          membersOf(columns).flatMap((column) => (isCut(row, column) ? [] : [`${row},${column}`])),
        );
        expect([...given].sort()).toEqual(wanted.sort());
      }),
      { numRuns: 500 },
    );
  });

  it('repeats few columns where each row is cut at a place of its own', () => {
    const size = 256;
    const everything = idSet([...Array(size).keys()]);
    const exceptions = membersOf(everything).map((id) => ({ rows: idSet([id]), columns: idSet([id]) }));
    let sides = 0;
    const count = (set: IdSet) => membersOf(set).length;
    carve(everything, everything, exceptions, (rows, columns) => {
      sides += count(rows) + count(columns);
    });
    // Cut one by one it would be 256 times 256.
    expect(sides).toBeLessThan(20 * size);
  });
});
