import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coverRelation, type Rectangle, type Relation } from './rule-cover.ts';

const relation = (most: number, width: number): fc.Arbitrary<Relation> =>
  fc.array(fc.uniqueArray(fc.nat(width - 1), { maxLength: width }), { maxLength: most });

const pairsOf = (rows: Relation): string[] =>
  rows.flatMap((columns, row) => columns.map((column) => `${row} ${column}`)).sort();

const heldBy = (rectangles: readonly Rectangle[]): string[] => [
  ...new Set(
    rectangles.flatMap(({ rows, columns }) => rows.flatMap((row) => columns.map((column) => `${row} ${column}`))),
  ),
];

/** The least number of rectangles, by trying every set of rows: the columns that they have in common. */
function leastOf(rows: Relation): number {
  const wanted = pairsOf(rows);
  const rectangles: string[][] = [];
  for (let set = 1; set < 1 << rows.length; set++) {
    const own = rows.flatMap((_, row) => ((set >> row) & 1 ? [row] : []));
    const columns = rows[own[0]!]!.filter((column) => own.every((row) => rows[row]!.includes(column)));
    if (columns.length > 0) rectangles.push(heldBy([{ rows: own, columns }]));
  }
  const covers = (count: number, from: number, held: ReadonlySet<string>): boolean => {
    if (wanted.every((pair) => held.has(pair))) return true;
    if (count === 0) return false;
    for (let id = from; id < rectangles.length; id++) {
      if (covers(count - 1, id + 1, new Set([...held, ...rectangles[id]!]))) return true;
    }
    return false;
  };
  for (let count = 0; ; count++) if (covers(count, 0, new Set())) return count;
}

describe('covering a relation', () => {
  it.each<[string, Relation, number]>([
    ['nothing', [], 0],
    ['rows without columns', [[], []], 0],
    ['one pair', [[0]], 1],
    [
      'equal rows',
      [
        [0, 1],
        [0, 1],
        [0, 1],
      ],
      1,
    ],
    ['rows that share nothing', [[0], [1], [2]], 3],
    ['one row that has all and others that have some', [[0, 1], [0], [1]], 2],
    ['a staircase', [[0], [0, 1], [0, 1, 2]], 3],
  ])('%s', (_, rows, count) => {
    const { rectangles, smallest } = coverRelation(rows);
    expect([rectangles.length, smallest]).toEqual([count, true]);
  });

  it('holds the pairs of the relation, and no others', () => {
    fc.assert(
      fc.property(relation(12, 10), (rows) => {
        expect(heldBy(coverRelation(rows).rectangles).sort()).toEqual(pairsOf(rows));
      }),
      { numRuns: 300 },
    );
  });

  it('is as small as brute force wherever it says so', () => {
    fc.assert(
      fc.property(relation(5, 5), (rows) => {
        const { rectangles, smallest } = coverRelation(rows);
        const least = leastOf(rows);
        expect(rectangles.length).toBeGreaterThanOrEqual(least);
        if (smallest) expect(rectangles.length).toBe(least);
      }),
      { numRuns: 200 },
    );
  });

  it('proves it for small relations', () => {
    fc.assert(
      fc.property(relation(4, 4), (rows) => {
        expect(coverRelation(rows).smallest).toBe(true);
      }),
    );
  });

  it('writes no row or column twice, in ascending order, and rectangles by their first row', () => {
    fc.assert(
      fc.property(relation(8, 8), (rows) => {
        const { rectangles } = coverRelation(rows);
        for (const { rows: own, columns } of rectangles) {
          for (const list of [own, columns]) expect(list).toEqual([...new Set(list)].sort((a, b) => a - b));
        }
        const firsts = rectangles.map((one) => one.rows[0]!);
        expect(firsts).toEqual([...firsts].sort((a, b) => a - b));
      }),
    );
  });

  it('takes no notice of columns that are named twice', () => {
    expect(
      coverRelation([
        [1, 0, 1],
        [0, 1],
      ]),
    ).toEqual(
      coverRelation([
        [0, 1],
        [0, 1],
      ]),
    );
  });

  it('ends in time where it cannot prove, and says so', () => {
    const rows = Array.from({ length: 14 }, (_, row) =>
      Array.from({ length: 14 }, (__, column) => column).filter((column) => ((row * 7 + column * 5) * 13) % 11 < 6),
    );
    const { rectangles, smallest } = coverRelation(rows);
    expect(heldBy(rectangles).sort()).toEqual(pairsOf(rows));
    expect([rectangles.length <= 14, smallest]).toEqual([true, false]);
  });
});
