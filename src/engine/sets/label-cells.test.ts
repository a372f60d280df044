// Cells against enumeration: each label set lies in one cell, and the cell says rightly which sets hold it.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { everyLabels, LABEL_KEYS, labelSet } from '../../../test/support/label-universe.ts';
import { contains as inBox } from './label-box.ts';
import { labelCells } from './label-cells.ts';
import * as sets from './label-set.ts';

const UNIVERSE = everyLabels(LABEL_KEYS);

describe('labelCells', () => {
  it('part the space so that every set is constant on every cell', () => {
    fc.assert(
      fc.property(labelSet, fc.array(labelSet, { maxLength: 4 }), fc.boolean(), (within, drawn, isTwice) => {
        const given = isTwice ? [...drawn, ...drawn.slice(1).map((one) => [...one])] : drawn;
        const cells = labelCells(within, given, 10_000)!;
        for (const labels of UNIVERSE) {
          const own = cells.filter(({ set }) => sets.contains(set, labels));
          expect(own).toHaveLength(sets.contains(within, labels) ? 1 : 0);
          for (const { set, inside } of own) {
            expect(set.filter((box) => inBox(box, labels))).toHaveLength(1);
            expect(inside).toEqual(given.map((one) => sets.contains(one, labels)));
          }
        }
        const sides = cells.map(({ inside }) => inside.join());
        expect(new Set(sides).size).toBe(sides.length);
      }),
    );
  });

  it('k values of one label take k + 1 cells', () => {
    const given = ['a', 'b', 'c'].map((value) => sets.labelSetOf({ op: 'in', key: 'app', values: [value] })!);
    expect(labelCells(sets.ALL_LABEL_SETS, given, 4)).toHaveLength(4);
  });

  it('gives up where it would take too many boxes', () => {
    const given = ['a', 'b', 'c'].map((value) => sets.labelSetOf({ op: 'in', key: 'app', values: [value] })!);
    expect(labelCells(sets.ALL_LABEL_SETS, given, 3)).toBeUndefined();
  });

  it('gives up exactly where the cells have more boxes than the limit', () => {
    fc.assert(
      fc.property(labelSet, fc.array(labelSet, { minLength: 1, maxLength: 4 }), fc.nat(40), (within, given, limit) => {
        const all = labelCells(within, given, 10_000)!;
        const boxes = all.reduce((sum, { set }) => sum + set.length, 0);
        expect(labelCells(within, given, limit)).toEqual(boxes > limit ? undefined : all);
      }),
    );
  });

  it('gives up at once on a union of very many boxes', () => {
    // Boxes over two of sixteen labels each, all different: without overlaps they are more than anybody can hold.
    const boxes = Array.from({ length: 60 }, (_, i) =>
      sets.labelSetOf({
        op: 'and',
        of: [i % 16, (i * 7 + 3) % 16, (i * 5 + 1) % 16].map((key) => ({
          op: 'in',
          key: `k${key}`,
          values: ['a', `v${i}`],
        })),
      }),
    );
    const union = boxes.flatMap((box) => box!);
    expect(labelCells(sets.ALL_LABEL_SETS, [union], 2000)).toBeUndefined();
  });

  it('nothing has no cells', () => {
    expect(labelCells(sets.NO_LABEL_SETS, [sets.ALL_LABEL_SETS], 10)).toEqual([]);
  });
});
