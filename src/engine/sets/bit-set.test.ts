// Bit sets under the laws of sets at sizes around a word's border, and what in-place operations leave alone.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeSetLaws } from '../../../test/support/set-laws.ts';
import { BitSet } from './bit-set.ts';

const SIZES = [0, 1, 31, 32, 33, 64, 70] as const;

for (const size of SIZES) {
  describeSetLaws<BitSet, number>(`bits of size ${size}`, {
    universe: Array.from({ length: size }, (_, i) => i),
    of: (members) => BitSet.from(size, members),
    union: (a, b) => a.clone().orWith(b),
    intersect: (a, b) => a.clone().andWith(b),
    subtract: (a, b) => a.clone().andNotWith(b),
    contains: (set, member) => set.has(member),
    isEmpty: (set) => set.isEmpty(),
    equals: (a, b) => a.equals(b),
    isSubset: (a, b) => a.isSubsetOf(b),
    overlaps: (a, b) => a.intersects(b),
    key: (set) => set.key(),
  });
}

function membersOf(set: BitSet): number[] {
  const members: number[] = [];
  set.forEach((member) => {
    members.push(member);
  });
  return members;
}

describe('BitSet', () => {
  it('visits and counts its members in ascending order, whatever order they came in', () => {
    const sized = fc
      .integer({ min: 1, max: 200 })
      .chain((size) => fc.tuple(fc.constant(size), fc.array(fc.integer({ min: 0, max: size - 1 }))));
    fc.assert(
      fc.property(sized, ([size, members]) => {
        const set = BitSet.from(size, members);
        const expected = [...new Set(members)].sort((a, b) => a - b);
        expect(membersOf(set)).toEqual(expected);
        expect(set.count()).toBe(expected.length);
      }),
    );
  });

  it.each(SIZES)('the full set of size %i has its size as members, and no bit beyond', (size) => {
    const full = BitSet.full(size);
    expect(full.count()).toBe(size);
    expect(full.equals(BitSet.from(size, Array(size).keys()))).toBe(true);
    expect(full.clone().andNotWith(full).isEmpty()).toBe(true);
    expect([-1, size, size + 1, size + 40, 2 ** 32, Number.NaN].some((i) => full.has(i))).toBe(false);
  });

  it('subtraction leaves the bits beyond the size at 0', () => {
    expect([...BitSet.full(33).andNotWith(new BitSet(33)).words]).toEqual([0xffffffff, 1]);
  });

  it('changes the set itself and never the operand; a clone shares nothing', () => {
    const set = BitSet.from(40, [1, 35]);
    const other = BitSet.from(40, [2, 35]);
    const copy = set.clone();
    expect(membersOf(set.orWith(other))).toEqual([1, 2, 35]);
    expect(membersOf(other)).toEqual([2, 35]);
    expect(membersOf(copy)).toEqual([1, 35]);
    expect(membersOf(set.andWith(other))).toEqual([2, 35]);
    expect(membersOf(set.andNotWith(copy))).toEqual([2]);
    expect(membersOf(set)).toEqual([2]);
  });

  it.each([-1, 40, 63, Number.NaN])('refuses %d as a member of size 40', (i) => {
    expect(() => new BitSet(40).add(i)).toThrow(RangeError);
  });

  it.each([-1, 1.5, Number.NaN])('refuses %d as a size', (size) => {
    expect(() => new BitSet(size)).toThrow(RangeError);
  });

  it('refuses operands of another size', () => {
    const [a, b] = [new BitSet(32), new BitSet(33)];
    for (const operation of ['orWith', 'andWith', 'andNotWith', 'equals', 'intersects', 'isSubsetOf'] as const) {
      expect(() => a[operation](b)).toThrow(RangeError);
    }
  });

  it('keys are short for sparse low members and tell every bit of a word apart', () => {
    expect(BitSet.from(100_000, [3]).key()).toHaveLength(2);
    expect(new Set(Array.from({ length: 64 }, (_, i) => BitSet.from(64, [i]).key())).size).toBe(64);
  });
});
