// Boxes against enumeration: every label set over three keys, and what each operation should make of it.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { everyLabels, LABEL_KEYS, labelBox } from '../../../test/support/label-universe.ts';
import * as boxes from './label-box.ts';
import { ABSENT, allBut, NO_VALUES, PRESENT, valuesOf } from './value-set.ts';

const UNIVERSE = everyLabels(LABEL_KEYS);
const inBox = (box: boxes.LabelBox | undefined, labels: (typeof UNIVERSE)[number]) =>
  box !== undefined && boxes.contains(box, labels);
const members = (box: boxes.LabelBox | undefined) => UNIVERSE.map((labels) => inBox(box, labels));

describe('label boxes', () => {
  it('intersect, overlaps and isSubset agree with the members', () => {
    fc.assert(
      fc.property(labelBox, labelBox, (a, b) => {
        const [inA, inB] = [members(a), members(b)];
        const both = inA.map((is, i) => is && inB[i]!);
        const met = boxes.intersect(a, b);
        expect(members(met)).toEqual(both);
        expect(met === undefined).toBe(!both.includes(true));
        expect(boxes.overlaps(a, b)).toBe(both.includes(true));
        expect(boxes.isSubset(a, b)).toBe(inA.every((is, i) => !is || inB[i]!));
        expect(boxes.boxKey(a) === boxes.boxKey(b)).toBe(inA.every((is, i) => is === inB[i]));
      }),
    );
  });

  it('subtract gives disjoint boxes of the right members', () => {
    fc.assert(
      fc.property(labelBox, labelBox, (a, b) => {
        const parts = boxes.subtract(a, b);
        for (const labels of UNIVERSE) {
          const holding = parts.filter((part) => boxes.contains(part, labels)).length;
          expect(holding).toBe(boxes.contains(a, labels) && !boxes.contains(b, labels) ? 1 : 0);
        }
      }),
    );
  });

  it('join gives the union, and only where that is a box', () => {
    fc.assert(
      fc.property(labelBox, labelBox, (a, b) => {
        const [inA, inB] = [members(a), members(b)];
        const joined = boxes.join(a, b);
        if (joined !== undefined) expect(members(joined)).toEqual(inA.map((is, i) => is || inB[i]!));
        const differing = LABEL_KEYS.filter(
          (key) => JSON.stringify(boxes.testOf(a, key)) !== JSON.stringify(boxes.testOf(b, key)),
        );
        if (differing.length < 2) expect(joined).toBeDefined();
      }),
    );
  });

  it('boxOf takes tests in any order and several of one key', () => {
    const box = boxes.boxOf([
      { key: 'tier', is: PRESENT },
      { key: 'app', is: allBut(['a']) },
      { key: 'tier', is: allBut(['', 'b']) },
    ]);
    expect(box).toEqual([
      { key: 'app', is: { absent: true, except: true, values: ['a'] } },
      { key: 'tier', is: { absent: false, except: true, values: ['', 'b'] } },
    ]);
    expect(boxes.boxOf([])).toEqual(boxes.ALL_LABELS);
  });

  it.each([
    ['no value', [{ key: 'app', is: NO_VALUES }]],
    [
      'values that exclude each other',
      [
        { key: 'app', is: valuesOf(['a']) },
        { key: 'app', is: valuesOf(['b']) },
      ],
    ],
    [
      'absent and present',
      [
        { key: 'app', is: ABSENT },
        { key: 'app', is: PRESENT },
      ],
    ],
  ])('nothing passes %s', (_, tests) => expect(boxes.boxOf(tests)).toBeUndefined());

  it('all but some values is never empty: values do not run out', () => {
    const many = Array.from({ length: 1000 }, (_, i) => `v${i}`);
    expect(
      boxes.boxOf([
        { key: 'app', is: allBut(many) },
        { key: 'app', is: PRESENT },
      ]),
    ).toBeDefined();
  });
});
