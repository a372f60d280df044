// Step functions from whole numbers to whole numbers, many of them in one flat array: a look-up halves one stretch of it and
// allocates nothing. Knows neither rows nor ports.

import { withRoom } from './grown-array.ts';

/** Functions that are constant between the starts of their steps. Numbers from 0 to 2^31 - 1. */
export interface StepTable {
  /**
   * Adds a function and returns its number. `steps` is `[start0, value0, start1, value1, …]`, starts strictly ascending,
   * the first of them 0.
   */
  add(steps: readonly number[]): number;
  /** The value of a function at a point from 0 on. */
  at(step: number, point: number): number;
}

/** Room at first, for numbers. */
const START = 1 << 10;

/** A table without functions. */
export function stepTable(): StepTable {
  let cells = new Int32Array(START);
  let used = 0;
  /** Where function `i` begins; `bounds[i + 1]` is where it ends. */
  let bounds = new Int32Array(START);
  let functions = 0;
  return {
    add(steps) {
      cells = withRoom(cells, used + steps.length);
      bounds = withRoom(bounds, functions + 2);
      cells.set(steps, used);
      used += steps.length;
      bounds[functions + 1] = used;
      return functions++;
    },
    at(step, point) {
      let low = bounds[step]! >> 1;
      let high = bounds[step + 1]! >> 1;
      // The last step that starts at the point or before it: cells[2 * low] <= point < cells[2 * high].
      while (high - low > 1) {
        const middle = (low + high) >>> 1;
        if (cells[2 * middle]! <= point) low = middle;
        else high = middle;
      }
      return cells[2 * low + 1]!;
    },
  };
}
