// Sets of values under the laws of sets, over a universe in which one member stands for every value that is not named.

import { describe, expect, it } from 'vitest';
import { describeSetLaws } from '../../../test/support/set-laws.ts';
import * as values from './value-set.ts';

const NAMED = ['', 'a', 'b'];
const OTHER = 'z';
const ABSENT = '(absent)';

const real = (member: string): string | undefined => (member === ABSENT ? undefined : member);

function of(members: readonly string[]): values.ValueSet {
  const except = members.includes(OTHER);
  const named = NAMED.filter((value) => members.includes(value) !== except);
  return { absent: members.includes(ABSENT), except, values: named };
}

describeSetLaws<values.ValueSet, string>('values', {
  universe: [ABSENT, ...NAMED, OTHER],
  of,
  union: values.union,
  intersect: values.intersect,
  subtract: values.subtract,
  contains: (set, member) => values.contains(set, real(member)),
  isEmpty: values.isEmpty,
  equals: values.equals,
  isSubset: values.isSubset,
  key: values.valueSetKey,
});

describe('value sets', () => {
  it.each([
    ['a list that names nothing', values.valuesOf([]), of([])],
    ['a list in any order, with repeats', values.valuesOf(['b', '', 'b']), of(['', 'b'])],
    ['all but some', values.allBut(['a', 'a']), of([ABSENT, '', 'b', OTHER])],
    ['present', values.PRESENT, of([...NAMED, OTHER])],
    ['absent', values.ABSENT, of([ABSENT])],
    ['nothing', values.NO_VALUES, of([])],
  ])('%s', (_, actual, expected) => expect(actual).toEqual(expected));

  it('sets overlap where their intersection is not empty, in long lists too', () => {
    const many = Array.from({ length: 40 }, (_, i) => `v${String(i).padStart(2, '0')}`);
    const lists = [
      [],
      ['v07'],
      ['v40', 'w'],
      many.slice(0, 20),
      many.slice(20),
      many,
      many.filter((_, i) => i % 2 > 0),
    ];
    const sets = lists.flatMap((list) =>
      [true, false].flatMap((absent) => [true, false].map((except) => ({ absent, except, values: list }))),
    );
    for (const a of sets) {
      for (const b of sets) {
        const members = [...many, 'w', 'x', undefined].filter(
          (one) => values.contains(a, one) && values.contains(b, one),
        );
        expect(values.overlaps(a, b)).toBe(members.length > 0);
        expect(values.isEmpty(values.intersect(a, b))).toBe(members.length === 0);
      }
    }
  });

  it('everything is what has no bounds', () => {
    expect(values.isAnything(values.ANYTHING)).toBe(true);
    expect([values.PRESENT, values.ABSENT, values.allBut(['a']), values.NO_VALUES].some(values.isAnything)).toBe(false);
  });
});
