// Unions of boxes against enumeration, and what selectors select against the model's own reading of them.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { everyLabels, LABEL_KEYS, labelBox, labelSet, selector } from '../../../test/support/label-universe.ts';
import { NOTHING, type Selector, selects } from '../model/selector.ts';
import { boxKey, contains as inBox } from './label-box.ts';
import * as sets from './label-set.ts';

const UNIVERSE = everyLabels(LABEL_KEYS);
const members = (set: sets.LabelSet) => UNIVERSE.map((labels) => sets.contains(set, labels));

describe('label sets', () => {
  it('operations give the right members', () => {
    fc.assert(
      fc.property(labelSet, labelSet, (a, b) => {
        const [inA, inB] = [members(a), members(b)];
        expect(members(sets.union(a, b))).toEqual(inA.map((is, i) => is || inB[i]!));
        expect(members(sets.intersect(a, b))).toEqual(inA.map((is, i) => is && inB[i]!));
        expect(members(sets.subtract(a, b))).toEqual(inA.map((is, i) => is && !inB[i]!));
        expect(members(sets.complement(a))).toEqual(inA.map((is) => !is));
        expect(members(sets.simplify(a))).toEqual(inA);
        expect(members(sets.disjoint(a))).toEqual(inA);
      }),
    );
  });

  it('predicates agree with the members', () => {
    fc.assert(
      fc.property(labelSet, labelSet, (a, b) => {
        const [inA, inB] = [members(a), members(b)];
        expect(sets.isSubset(a, b)).toBe(inA.every((is, i) => !is || inB[i]!));
        expect(sets.equals(a, b)).toBe(inA.every((is, i) => is === inB[i]));
        expect(sets.overlaps(a, b)).toBe(inA.some((is, i) => is && inB[i]!));
        expect(sets.isEmpty(sets.intersect(a, b))).toBe(!sets.overlaps(a, b));
      }),
    );
  });

  it('a disjoint set holds each member in one box', () => {
    fc.assert(
      fc.property(labelSet, (a) => {
        const parts = sets.disjoint(a);
        for (const labels of UNIVERSE) expect(parts.filter((box) => inBox(box, labels)).length).toBeLessThan(2);
      }),
    );
  });

  it('simplify leaves nothing to simplify, and joins what is one box', () => {
    fc.assert(
      fc.property(fc.array(labelBox, { maxLength: 4 }), (list) => {
        const once = sets.simplify(list);
        expect(sets.simplify(once)).toEqual(once);
        expect(once.length).toBeLessThanOrEqual(list.length);
        expect(new Set(once.map(boxKey)).size).toBe(once.length);
      }),
    );
    const [web, api] = [labels('in', 'app', 'web'), labels('in', 'app', 'api')];
    expect(sets.simplify([...web, ...api])).toEqual(labels('in', 'app', 'api', 'web'));
    expect(sets.simplify([...labels('not-in', 'app', 'web'), ...web])).toEqual(sets.ALL_LABEL_SETS);
  });
});

function labels(op: 'in' | 'not-in', key: string, ...values: string[]): sets.LabelSet {
  return sets.labelSetOf({ op, key, values })!;
}

describe('labelSetOf', () => {
  it('holds what the selector selects', () => {
    fc.assert(
      fc.property(selector, (drawn) => {
        expect(members(sets.labelSetOf(drawn)!)).toEqual(UNIVERSE.map((one) => selects(drawn, one)));
      }),
    );
  });

  it('comes back as a selector of the same objects', () => {
    fc.assert(
      fc.property(labelSet, (set) => {
        const back = sets.selectorOf(set);
        expect(UNIVERSE.map((one) => selects(back, one))).toEqual(members(set));
        expect(sets.equals(sets.labelSetOf(back)!, set)).toBe(true);
      }),
    );
  });

  it('a list of no values selects nothing, and so does the empty alternative', () => {
    expect(labels('in', 'app')).toEqual(sets.NO_LABEL_SETS);
    expect(labels('not-in', 'app')).toEqual(sets.ALL_LABEL_SETS);
    expect(sets.labelSetOf(NOTHING)).toEqual(sets.NO_LABEL_SETS);
  });

  it.each(['contains', 'starts-with', 'ends-with'] as const)('%s is not a finite matter, wherever it stands', (op) => {
    const text: Selector = { op, key: 'app', text: 'x' };
    expect(sets.labelSetOf(text)).toBeUndefined();
    expect(sets.labelSetOf({ op: 'not', of: { op: 'and', of: [NOTHING, text] } })).toBeUndefined();
    expect(sets.labelSetOf({ op: 'or', of: [text] })).toBeUndefined();
  });
});
