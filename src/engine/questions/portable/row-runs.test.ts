// Runs of rows against looking at every destination by itself.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idSet, membersOf } from '../../sets/id-set.ts';
import { NO_RECTANGLE, rowRuns, runsOf, visitRuns } from './row-runs.ts';

const SIZE = 24;

/** For each destination the rectangle that it is in, or none. */
const owners = fc.array(fc.integer({ min: NO_RECTANGLE, max: 4 }), { minLength: SIZE, maxLength: SIZE });

function rectanglesOf(owner: readonly number[]) {
  const to = [0, 1, 2, 3, 4].map((one) => idSet([...owner.keys()].filter((id) => owner[id] === one)));
  return { to, row: [0, 1, 2, 3, 4].filter((one) => to[one]!.length > 0) };
}

describe('runs of a row', () => {
  it('say of every destination which rectangle it meets, each asked one once and in order', () => {
    fc.assert(
      fc.property(owners, fc.subarray([...Array(SIZE).keys()]), fc.boolean(), (owner, asked, isTurned) => {
        const { row, to } = rectanglesOf(owner);
        const runs = runsOf(isTurned ? row.toReversed() : row, to);
        const met: [number, number][] = [];
        const isAll = visitRuns(runs, idSet(asked), (rectangle, start, end) => {
          for (let id = start; id < end; id++) met.push([id, rectangle]);
          return end > start;
        });
        expect(isAll).toBe(true);
        expect(met).toEqual(asked.map((id) => [id, owner[id]]));
      }),
    );
  });

  it('are left where nobody wants to know more', () => {
    const { row, to } = rectanglesOf([0, 0, -1, 1, ...Array<number>(SIZE - 4).fill(2)]);
    const met: number[] = [];
    const isAll = visitRuns(runsOf(row, to), idSet([1, 2, 3, 9]), (rectangle) => {
      met.push(rectangle);
      return rectangle !== 1;
    });
    expect([isAll, met]).toEqual([false, [0, NO_RECTANGLE, 1]]);
  });

  it('are the same objects for a row that is asked for again', () => {
    const { row, to } = rectanglesOf([0, 1, ...Array<number>(SIZE - 2).fill(2)]);
    const look = rowRuns([row, []], to);
    expect(look(0)).toBe(look(0));
    expect(look(1).starts).toHaveLength(0);
    expect(membersOf(idSet([...look(0).starts]))).toEqual([0, 1, 2]);
  });

  it('are not all kept', () => {
    const { row, to } = rectanglesOf([0, 1, ...Array<number>(SIZE - 2).fill(2)]);
    const look = rowRuns([row, row, row], to, 6);
    const first = look(0);
    expect([look(1), look(0)][1]).toBe(first);
    look(2);
    expect(look(0)).not.toBe(first);
    expect(look(0)).toEqual(first);
  });
});
