// Interval sets of numbers and of bigints under the same laws; their canonical form and borders.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeSetLaws } from '../../../test/support/set-laws.ts';
import type { IntervalSet } from './interval-set.ts';
import * as intervals from './interval-set.ts';

/** The canonical set of ascending values, by joining each value to the one before it. */
function ofNumbers(values: readonly number[]): IntervalSet<number> {
  const bounds: number[] = [];
  for (const value of values) {
    if (bounds.at(-1) === value) bounds[bounds.length - 1] = value + 1;
    else bounds.push(value, value + 1);
  }
  return bounds;
}

const FAR = (1n << 127n) + 5n;
const numbers = Array.from({ length: 20 }, (_, i) => i);
const { union, unionAll, intersect, subtract, contains, isEmpty, equals, isSubset, overlaps } = intervals;
const operations = { union, unionAll, intersect, subtract, contains, isEmpty, equals, isSubset, overlaps };

describeSetLaws<IntervalSet<number>, number>('intervals of numbers', {
  universe: numbers,
  of: ofNumbers,
  ...operations,
});
describeSetLaws<IntervalSet<bigint>, bigint>('intervals of bigints', {
  universe: numbers.map((n) => FAR + BigInt(n)),
  of: (values) => ofNumbers(values.map((value) => Number(value - FAR))).map((bound) => FAR + BigInt(bound)),
  ...operations,
});

describe('interval sets', () => {
  it('every result is strictly increasing, whatever the intervals were', () => {
    const pair = fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 60 }));
    const sets = fc.array(pair.map(([start, end]) => intervals.interval(start, end)));
    fc.assert(
      fc.property(sets, sets, (a, b) => {
        const [left, right] = [intervals.unionAll(a), intervals.unionAll(b)];
        for (const set of [left, union(left, right), intersect(left, right), subtract(left, right)]) {
          expect(set.length % 2).toBe(0);
          expect(set.every((bound, i) => i === 0 || set[i - 1]! < bound)).toBe(true);
        }
      }),
    );
  });

  it('one small set and a large one, either way, far apart or near', () => {
    const bounds = fc.uniqueArray(fc.nat(400), { maxLength: 160 }).map((all) => all.sort((a, b) => a - b));
    const large = bounds.map((all) => all.slice(0, all.length - (all.length % 2)));
    const small = fc.tuple(fc.nat(400), fc.integer({ min: 1, max: 40 })).map(([at, size]) => [at, at + size]);
    fc.assert(
      fc.property(large, small, small, (a, one, other) => {
        const b = union(one, other);
        const common = intersect(a, b);
        expect([overlaps(a, b), overlaps(b, a)]).toEqual([!isEmpty(common), !isEmpty(common)]);
        expect([isSubset(b, a), isSubset(a, b)]).toEqual([equals(common, b), equals(common, a)]);
      }),
    );
  });

  it.each<[string, IntervalSet<number>, IntervalSet<number>]>([
    ['an interval that ends before it starts is empty', intervals.interval(5, 4), []],
    ['an interval that ends where it starts is empty', intervals.interval(5, 5), []],
    ['intervals that touch become one', union([1, 3], [3, 5]), [1, 5]],
    ['a hole cuts an interval in two', subtract([0, 10], [4, 5]), [0, 4, 5, 10]],
    ['a union of nothing is empty', intervals.unionAll([]), []],
    [
      'an interval within another vanishes in it',
      intervals.unionAll([
        [0, 10],
        [2, 3],
        [10, 11],
      ]),
      [0, 11],
    ],
  ])('%s', (_, actual, expected) => expect(actual).toEqual(expected));

  it('the start is a member, the end is not', () => {
    expect([1, 2, 3, 4, 5, 6].filter((n) => contains([2, 4, 5, 6], n))).toEqual([2, 3, 5]);
  });

  it('joins a hundred thousand intervals without recursion or spread', () => {
    const many = Array.from({ length: 100_000 }, (_, i): IntervalSet<number> => [3 * i, 3 * i + 2]);
    expect(intervals.unionAll(many.toReversed())).toHaveLength(200_000);
  });
});
