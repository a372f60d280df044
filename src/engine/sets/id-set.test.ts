// Sorted lists of ids under the laws of sets, and what identity means.

import { describe, expect, it } from 'vitest';
import { describeSetLaws } from '../../../test/support/set-laws.ts';
import {
  contains,
  EMPTY,
  equals,
  everyId,
  type IdSet,
  idSet,
  idSetTable,
  intersect,
  subtract,
  unionAll,
} from './id-set.ts';

describeSetLaws<IdSet, number>('sorted ids', {
  universe: [0, 1, 2, 3, 5, 8, 13, 14, 15, 16, 40, 41, 1000],
  of: (members) => members,
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

describe('sorted ids', () => {
  it('are made from members in any order', () => {
    expect([...idSet([5, 1, 5, 0, 1])]).toEqual([0, 1, 5]);
    expect([...everyId(3)]).toEqual([0, 1, 2]);
    expect(unionAll([])).toEqual(EMPTY);
  });

  it('are searched from where the last one was found', () => {
    const even = idSet(Array.from({ length: 500 }, (_, i) => 2 * i));
    expect([...intersect(idSet([1, 2, 3, 498, 500, 997, 998, 2000]), even)]).toEqual([2, 498, 500, 998]);
    expect([...subtract(idSet([0, 1, 997, 998, 999]), even)]).toEqual([1, 997, 999]);
  });

  it('are united alike, whether they lie close together or far apart', () => {
    expect([...unionAll([idSet([31, 32, 63]), EMPTY, idSet([0, 32, 64])])]).toEqual([0, 31, 32, 63, 64]);
    expect([...unionAll([idSet([3, 1 << 30]), idSet([3, 4])])]).toEqual([3, 4, 1 << 30]);
  });

  it('give back the operand where nothing falls out', () => {
    const [few, all] = [idSet([1, 2]), everyId(4)];
    expect(intersect(few, all)).toBe(few);
    expect(intersect(all, few)).toBe(few);
    expect(subtract(few, idSet([0, 3]))).toBe(few);
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
