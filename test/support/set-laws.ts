// The laws every set algebra must keep, run over a small universe whose subsets can be written down independently.
// Knows no particular algebra: each one's test hands in its operations and how to build a set from its members.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

/** One algebra as its laws see it. `S` are its sets, `M` their members. */
export interface SetAlgebra<S, M> {
  /** Few enough to try each; in ascending order, with neighbours that merge and gaps that must not. */
  readonly universe: readonly M[];
  /** The set of these members, given in ascending order, in canonical form, built without the operations under test. */
  readonly of: (members: readonly M[]) => S;
  readonly union: (a: S, b: S) => S;
  readonly unionAll?: (sets: readonly S[]) => S;
  readonly intersect: (a: S, b: S) => S;
  readonly subtract: (a: S, b: S) => S;
  readonly contains: (set: S, member: M) => boolean;
  readonly isEmpty: (set: S) => boolean;
  readonly equals: (a: S, b: S) => boolean;
  readonly isSubset: (a: S, b: S) => boolean;
  readonly overlaps?: (a: S, b: S) => boolean;
  readonly key?: (set: S) => string;
}

/** Declares a suite that checks the operations against lists of members, and the laws of the algebra. */
export function describeSetLaws<S, M>(name: string, algebra: SetAlgebra<S, M>): void {
  const { universe, of, union, intersect, subtract } = algebra;
  const subset = fc.subarray([...universe]);
  const none = of([]);
  const all = of(universe);
  const complement = (set: S): S => subtract(all, set);
  const check = (law: (a: S, b: S, c: S) => void): void => {
    fc.assert(fc.property(subset, subset, subset, (a, b, c) => law(of(a), of(b), of(c))));
  };

  describe(`${name} as sets`, () => {
    it('operations give the canonical set of the right members', () => {
      fc.assert(
        fc.property(subset, subset, (a, b) => {
          expect(union(of(a), of(b))).toEqual(of(universe.filter((m) => a.includes(m) || b.includes(m))));
          expect(intersect(of(a), of(b))).toEqual(of(a.filter((m) => b.includes(m))));
          expect(subtract(of(a), of(b))).toEqual(of(a.filter((m) => !b.includes(m))));
        }),
      );
    });

    it('contains agrees with the members at every point, for every operation', () => {
      const { contains } = algebra;
      check((a, b) => {
        for (const m of universe) {
          const [inA, inB] = [contains(a, m), contains(b, m)];
          expect(contains(union(a, b), m)).toBe(inA || inB);
          expect(contains(intersect(a, b), m)).toBe(inA && inB);
          expect(contains(subtract(a, b), m)).toBe(inA && !inB);
        }
      });
      fc.assert(
        fc.property(subset, (a) => {
          expect(universe.filter((m) => contains(of(a), m))).toEqual(universe.filter((m) => a.includes(m)));
        }),
      );
    });

    it('predicates agree with the members', () => {
      fc.assert(
        fc.property(subset, subset, (a, b) => {
          expect(algebra.isEmpty(of(a))).toBe(a.length === 0);
          expect(algebra.isSubset(of(a), of(b))).toBe(a.every((m) => b.includes(m)));
          expect(algebra.isSubset(intersect(of(a), of(b)), of(b))).toBe(true);
          expect(algebra.overlaps?.(of(a), of(b)) ?? true).toBe(
            algebra.overlaps === undefined || a.some((m) => b.includes(m)),
          );
          const same = a.length === b.length && a.every((m) => b.includes(m));
          expect(algebra.equals(of(a), of(b))).toBe(same);
          expect(algebra.equals(of(a), of([...a]))).toBe(true);
          if (algebra.key !== undefined) expect(algebra.key(of(a)) === algebra.key(of(b))).toBe(same);
        }),
      );
    });

    it('one member more makes another set, with another key', () => {
      fc.assert(
        fc.property(subset, (a) => {
          for (const m of universe) {
            const [without, including] = [
              of(a.filter((n) => n !== m)),
              of(universe.filter((n) => n === m || a.includes(n))),
            ];
            expect(algebra.equals(without, including)).toBe(false);
            expect(algebra.isSubset(without, including)).toBe(true);
            expect(algebra.isSubset(including, without)).toBe(false);
            if (algebra.key !== undefined) expect(algebra.key(without)).not.toBe(algebra.key(including));
          }
        }),
        { numRuns: 20 },
      );
    });

    it('union and intersection commute, associate and distribute', () => {
      check((a, b, c) => {
        expect(union(a, b)).toEqual(union(b, a));
        expect(intersect(a, b)).toEqual(intersect(b, a));
        expect(union(a, union(b, c))).toEqual(union(union(a, b), c));
        expect(intersect(a, intersect(b, c))).toEqual(intersect(intersect(a, b), c));
        expect(intersect(a, union(b, c))).toEqual(union(intersect(a, b), intersect(a, c)));
        expect(union(a, intersect(b, c))).toEqual(intersect(union(a, b), union(a, c)));
      });
    });

    it('De Morgan holds within the universe, and differences part a set', () => {
      check((a, b) => {
        expect(complement(union(a, b))).toEqual(intersect(complement(a), complement(b)));
        expect(complement(intersect(a, b))).toEqual(union(complement(a), complement(b)));
        expect(intersect(subtract(a, b), b)).toEqual(none);
        expect(union(subtract(a, b), intersect(a, b))).toEqual(a);
      });
    });

    it('the empty set and the universe are neutral', () => {
      check((a) => {
        expect(union(a, none)).toEqual(a);
        expect(intersect(a, all)).toEqual(a);
        expect(intersect(a, none)).toEqual(none);
        expect(subtract(a, none)).toEqual(a);
        expect(subtract(none, a)).toEqual(none);
        expect([union(a, a), intersect(a, a), subtract(a, a)]).toEqual([a, a, none]);
      });
    });

    const { unionAll } = algebra;
    if (unionAll !== undefined) {
      it('unionAll is the fold of union', () => {
        fc.assert(
          fc.property(fc.array(subset, { maxLength: 6 }), (lists) => {
            const sets = lists.map(of);
            expect(unionAll(sets)).toEqual(sets.reduce(union, none));
          }),
        );
      });
    }
  });
}
