// Joining by index against going through all pairs.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { labelBox } from '../../../test/support/label-universe.ts';
import { boxIndex } from './box-index.ts';
import { joinBoxes } from './join-boxes.ts';
import { boxOf, isSubset, join, type LabelBox } from './label-box.ts';

/** Pairs from the start of the list, again after each join. */
function joinPairs(boxes: readonly LabelBox[]): { box: LabelBox; of: number[] }[] {
  let list = boxes.map((box, i) => ({ box, of: [i] }));
  for (let isDone = false; !isDone; ) {
    isDone = true;
    search: for (const [i, a] of list.entries()) {
      for (const [j, b] of list.entries()) {
        const box = i < j ? join(a.box, b.box) : undefined;
        if (box === undefined) continue;
        list = [...list.filter((_, k) => k !== i && k !== j), { box, of: [...a.of, ...b.of] }];
        isDone = false;
        break search;
      }
    }
  }
  return list;
}

/** Few values of more labels, so that boxes hold each other in many ways and yet are not all one. */
const narrowBox: fc.Arbitrary<LabelBox> = fc
  .uniqueArray(fc.tuple(fc.nat(4), fc.uniqueArray(fc.nat(3), { minLength: 1, maxLength: 3 }), fc.nat(7)), {
    selector: ([key]) => key,
    minLength: 1,
    maxLength: 4,
  })
  .map(
    (tests) =>
      boxOf(
        tests.map(([key, values, kind]) => ({
          key: `k${key}`,
          is: { absent: kind === 0, except: kind <= 1, values: values.map((value) => `v${value}`).sort() },
        })),
      )!,
  );
const list = fc.oneof(fc.array(labelBox, { maxLength: 20 }), fc.array(narrowBox, { maxLength: 40 }));

it('joins the same boxes in the same order', () => {
  fc.assert(
    fc.property(list, (boxes) => {
      expect(joinBoxes(boxes)).toEqual(joinPairs(boxes));
    }),
    { numRuns: 500 },
  );
});

it('finds all that hold a box', () => {
  fc.assert(
    fc.property(list, fc.oneof(labelBox, narrowBox), fc.nat(9), (boxes, box, gone) => {
      const index = boxIndex();
      for (const one of boxes) index.add(one);
      index.remove(gone);
      const expected = boxes.flatMap((one, i) => (i !== gone && isSubset(box, one) ? [i] : []));
      expect([...new Set(index.holders(box))].sort((a, b) => a - b)).toEqual(expected);
    }),
  );
});

it('joins thousands that differ in one label', () => {
  const boxes = Array.from({ length: 5000 }, (_, i) => boxOf([{ key: 'app', is: values(`v${i}`) }])!);
  const [joined, ...others] = joinBoxes(boxes);
  expect(others).toEqual([]);
  expect(joined!.box[0]!.is.values).toHaveLength(5000);
  expect(joined!.of).toHaveLength(5000);
});

function values(...list: string[]) {
  return { absent: false, except: false, values: list };
}
