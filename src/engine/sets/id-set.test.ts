// Runs of ids under the laws of sets, against lists of members, and what identity means.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeSetLaws } from '../../../test/support/set-laws.ts';
import {
  appendMember,
  contains,
  count,
  EMPTY,
  equals,
  everyId,
  type IdSet,
  idSet,
  idSetTable,
  intersect,
  membersOf,
  overlaps,
  setOfRuns,
  subtract,
  unionAll,
} from './id-set.ts';

/** Runs built without the operations under test. */
function runsOf(members: readonly number[]): IdSet {
  const inside = new Set(members);
  return [...inside, ...members.map((member) => member + 1)]
    .filter((bound) => inside.has(bound) !== inside.has(bound - 1))
    .sort((a, b) => a - b)
    .filter((bound, i, all) => bound !== all[i - 1]) as readonly number[] as IdSet;
}

describeSetLaws<IdSet, number>('runs of ids', {
  universe: [0, 1, 2, 3, 5, 8, 13, 14, 15, 16, 40, 41, 1000],
  of: runsOf,
  union: (a, b) => unionAll([a, b]),
  unionAll,
  intersect,
  subtract,
  contains,
  isEmpty: (set) => set.length === 0,
  equals,
  isSubset: (a, b) => subtract(a, b).length === 0,
  key: (set) => set.join(','),
});

describe('runs of ids', () => {
  it('overlap where they have a member in common', () => {
    const sets = fc.uniqueArray(fc.nat(60), { maxLength: 12 }).map(runsOf);
    fc.assert(
      fc.property(sets, sets, (a, b) => {
        expect(overlaps(a, b)).toBe(intersect(a, b).length > 0);
      }),
    );
  });

  it('are made of members in any order, one by one', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(30)), (members) => {
        const runs: number[] = [];
        for (const member of members) appendMember(runs, member);
        expect(setOfRuns(runs)).toEqual(runsOf(members));
      }),
    );
  });

  it('are made from members in any order, and give them back', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(40)), (members) => {
        const sorted = [...new Set(members)].sort((a, b) => a - b);
        expect(idSet(members)).toEqual(runsOf(members));
        expect(membersOf(idSet(members))).toEqual(sorted);
        expect(count(idSet(members))).toBe(sorted.length);
      }),
    );
    expect(everyId(3)).toEqual(runsOf([0, 1, 2]));
    expect(everyId(0)).toEqual(EMPTY);
  });

  it('are searched from where the last one was found', () => {
    const even = idSet(Array.from({ length: 500 }, (_, i) => 2 * i));
    expect(membersOf(intersect(idSet([1, 2, 3, 498, 500, 997, 998, 2000]), even))).toEqual([2, 498, 500, 998]);
    expect(membersOf(subtract(idSet([0, 1, 997, 998, 999]), even))).toEqual([1, 997, 999]);
    expect(membersOf(subtract(everyId(9), even))).toEqual([1, 3, 5, 7]);
    for (let id = 0; id < 1002; id++) expect(contains(even, id)).toBe(id % 2 === 0 && id < 1000);
  });

  it('give back the operand where nothing falls out', () => {
    const [few, all] = [idSet([1, 3]), everyId(5)];
    expect(intersect(few, all)).toBe(few);
    expect(intersect(all, few)).toBe(few);
    expect(subtract(few, idSet([0, 4]))).toBe(few);
    expect(unionAll([EMPTY, few])).toBe(few);
  });

  it('have one identity in a table, however many share a hash', () => {
    const table = idSetTable();
    const first = idSet([1, 2]);
    expect(table.intern(first)).toBe(first);
    expect(table.intern(idSet([2, 1]))).toBe(first);
    expect(table.intern(idSet([1, 3]))).not.toBe(first);
    const many = Array.from({ length: 300 }, (_, i) => table.intern(idSet([i, i * 7919])));
    expect(new Set(many).size).toBe(300);
  });
});
