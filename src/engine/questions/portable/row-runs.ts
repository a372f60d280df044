// The rectangles of one source in order of their destinations, so that those which some destinations meet are found without
// going through all of them.

import type { IdSet } from '../../sets/id-set.ts';

/** Neighbouring destinations that meet one rectangle, ascending and disjoint: what lies between them meets none. */
export interface RowRuns {
  readonly starts: Int32Array;
  /** Excluded. */
  readonly ends: Int32Array;
  readonly rectangles: Int32Array;
}

/** Stands for no rectangle. */
export const NO_RECTANGLE = -1;

/** The runs of a row: of these rectangles, of which no two share a destination. `to` has the destinations of each rectangle. */
export function runsOf(row: readonly number[], to: readonly IdSet[]): RowRuns {
  let count = 0;
  for (const rectangle of row) count += to[rectangle]!.length >> 1;
  const places = new Float64Array(count);
  const [ends, owners] = [new Int32Array(count), new Int32Array(count)];
  let at = 0;
  for (const rectangle of row) {
    const bounds = to[rectangle]!;
    for (let i = 0; i < bounds.length; i += 2) {
      // Sorted as plain numbers, with the place of the run behind its start.
      places[at] = bounds[i]! * count + at;
      ends[at] = bounds[i + 1]!;
      owners[at++] = rectangle;
    }
  }
  places.sort();
  const runs = { starts: new Int32Array(count), ends: new Int32Array(count), rectangles: new Int32Array(count) };
  places.forEach((place, i) => {
    const from = place % count;
    runs.starts[i] = (place - from) / count;
    runs.ends[i] = ends[from]!;
    runs.rectangles[i] = owners[from]!;
  });
  return runs;
}

/**
 * Calls `visit` with each part of the destinations that meets one rectangle, or none ({@link NO_RECTANGLE}), in ascending
 * order, until it returns false. Reports whether it never did.
 */
export function visitRuns(
  { starts, ends, rectangles }: RowRuns,
  destinations: IdSet,
  visit: (rectangle: number, start: number, end: number) => boolean,
): boolean {
  for (let i = 0; i < destinations.length; i += 2) {
    let start = destinations[i]!;
    const end = destinations[i + 1]!;
    for (let at = firstAfter(ends, start); start < end; at++) {
      const next = at < starts.length ? Math.min(starts[at]!, end) : end;
      if (next > start && !visit(NO_RECTANGLE, start, next)) return false;
      if (next === end) break;
      const last = Math.min(ends[at]!, end);
      if (!visit(rectangles[at]!, Math.max(next, start), last)) return false;
      start = last;
    }
  }
  return true;
}

/** The first run that ends behind the destination. */
function firstAfter(ends: Int32Array, destination: number): number {
  let [low, high] = [0, ends.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ends[middle]! <= destination) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** So many runs are kept of what was asked for last; those of all rows together may be many times the map. */
const KEPT_RUNS = 1 << 20;

/** Looks up the runs of rows. `most`: so many runs are kept at once, beyond those of the row that was asked for last. */
export function rowRuns(
  rows: readonly (readonly number[])[],
  to: readonly IdSet[],
  most: number = KEPT_RUNS,
): (row: number) => RowRuns {
  const kept = new Map<number, RowRuns>();
  let size = 0;
  return (row) => {
    const known = kept.get(row);
    if (known !== undefined) return known;
    const runs = runsOf(rows[row]!, to);
    size += runs.starts.length;
    if (size > most) {
      kept.clear();
      size = runs.starts.length;
    }
    kept.set(row, runs);
    return runs;
  };
}
