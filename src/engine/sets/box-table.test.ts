// Numbered boxes say what the boxes say.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelBox } from '../../../test/support/label-universe.ts';
import { ANY_BOX, boxTable } from './box-table.ts';
import * as boxes from './label-box.ts';

describe('box tables', () => {
  it('give the results of the boxes, asked once or again', () => {
    fc.assert(
      fc.property(fc.array(labelBox, { minLength: 1, maxLength: 5 }), (list) => {
        const table = boxTable();
        const get = (id: number | undefined) => (id === undefined ? undefined : table.get(id));
        for (const a of [...list, ...list]) {
          for (const b of list) {
            const [x, y] = [table.intern(a), table.intern(b)];
            expect(x === y).toBe(boxes.boxKey(a) === boxes.boxKey(b));
            expect(get(table.intersect(x, y))).toEqual(boxes.intersect(a, b));
            expect(table.isSubset(x, y)).toBe(boxes.isSubset(a, b));
            expect(get(table.join(x, y)) === undefined).toBe(boxes.join(a, b) === undefined);
          }
        }
      }),
    );
  });

  it('know the box of everything', () => {
    const table = boxTable();
    expect(table.intern([])).toBe(ANY_BOX);
    expect(table.get(ANY_BOX)).toEqual(boxes.ALL_LABELS);
  });
});
