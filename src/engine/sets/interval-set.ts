// Sets of numbers as sorted half-open intervals, for ports (number), IPv4 (number) and IPv6 (bigint) alike.
// Half-open bounds need comparison only, never "the next value", so one algorithm serves both number types.

/** A set as flat bounds `[start0, end0, start1, end1, …]`, ends excluded, strictly increasing: a canonical form. */
export type IntervalSet<N extends number | bigint> = readonly N[];

/** The set without members. */
export const EMPTY: IntervalSet<never> = [];

/** The set of all x with `start <= x < end`; empty if `start >= end`. */
export function interval<N extends number | bigint>(start: N, end: N): IntervalSet<N> {
  return start < end ? [start, end] : [];
}

/** Reports whether the set has no member. */
export function isEmpty<N extends number | bigint>(set: IntervalSet<N>): boolean {
  return set.length === 0;
}

/** Members of either set. */
export function union<N extends number | bigint>(a: IntervalSet<N>, b: IntervalSet<N>): IntervalSet<N> {
  if (a.length === 0) return b;
  if (b.length === 0 || a === b) return a;
  return sweep(a, b, (inA, inB) => inA || inB);
}

/** Members of both sets. */
export function intersect<N extends number | bigint>(a: IntervalSet<N>, b: IntervalSet<N>): IntervalSet<N> {
  if (a.length === 0 || b.length === 0) return EMPTY;
  return sweep(a, b, (inA, inB) => inA && inB);
}

/** Members of `a` that are not in `b`. */
export function subtract<N extends number | bigint>(a: IntervalSet<N>, b: IntervalSet<N>): IntervalSet<N> {
  if (a.length === 0 || b.length === 0) return a;
  return sweep(a, b, (inA, inB) => inA && !inB);
}

/** Members of any of the sets. Costs one sort of all bounds, not one pass a set. Of one set that is not empty it is that set. */
export function unionAll<N extends number | bigint>(sets: readonly IntervalSet<N>[]): IntervalSet<N> {
  let [only, count]: [IntervalSet<N>, number] = [[], 0];
  for (const set of sets) {
    if (set.length === 0) continue;
    only = set;
    count++;
  }
  if (count < 2) return only;
  const intervals: [N, N][] = [];
  for (const set of sets) for (let i = 0; i < set.length; i += 2) intervals.push([set[i]!, set[i + 1]!]);
  intervals.sort((x, y) => (x[0] < y[0] ? -1 : x[0] > y[0] ? 1 : 0));
  const result: N[] = [];
  for (const [start, end] of intervals) {
    const last = result.length - 1;
    if (last >= 0 && start <= result[last]!) {
      if (end > result[last]!) result[last] = end;
    } else result.push(start, end);
  }
  return result;
}

/** Reports whether the value is a member. */
export function contains<N extends number | bigint>(set: IntervalSet<N>, value: N): boolean {
  let low = 0;
  let high = set.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (set[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low % 2 === 1;
}

/** Reports whether every member of `a` is in `b`; true for an empty `a`. */
export function isSubset<N extends number | bigint>(a: IntervalSet<N>, b: IntervalSet<N>): boolean {
  let j = 0;
  for (let i = 0; i < a.length; i += 2) {
    j = endingBeyond(b, a[i]!, j);
    if (j >= b.length || b[j]! > a[i]! || b[j + 1]! < a[i + 1]!) return false;
  }
  return true;
}

/** Reports whether the sets have a member in common. */
export function overlaps<N extends number | bigint>(a: IntervalSet<N>, b: IntervalSet<N>): boolean {
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (a[i + 1]! <= b[j]!) i = endingBeyond(a, b[j]!, i);
    else if (b[j + 1]! <= a[i]!) j = endingBeyond(b, a[i]!, j);
    else return true;
  }
  return false;
}

/**
 * Place of the first interval, from a place on, that ends beyond the value; the length of the set where none does. Steps
 * double: a near one is found at once, and a far one without looking at all between, as one address among thousands.
 */
function endingBeyond<N extends number | bigint>(set: IntervalSet<N>, value: N, from: number): number {
  let low = from;
  let step = 2;
  while (low + step <= set.length && set[low + step - 1]! <= value) {
    low += step;
    step *= 2;
  }
  let high = Math.min(low + step - 2, set.length);
  while (low < high) {
    const middle = low + (((high - low) >> 2) << 1);
    if (set[middle + 1]! <= value) low = middle + 2;
    else high = middle;
  }
  return low;
}

/** Reports whether both sets have the same members; the form is canonical, so bounds are compared. */
export function equals<N extends number | bigint>(a: IntervalSet<N>, b: IntervalSet<N>): boolean {
  return a.length === b.length && a.every((bound, i) => bound === b[i]);
}

/** Walks the bounds of both sets in order and keeps the stretches where `keep` holds. */
function sweep<N extends number | bigint>(
  a: IntervalSet<N>,
  b: IntervalSet<N>,
  keep: (inA: boolean, inB: boolean) => boolean,
): IntervalSet<N> {
  const result: N[] = [];
  let i = 0;
  let j = 0;
  let kept = false;
  while (i < a.length || j < b.length) {
    const bound = j >= b.length || (i < a.length && a[i]! <= b[j]!) ? a[i]! : b[j]!;
    if (i < a.length && a[i] === bound) i++;
    if (j < b.length && b[j] === bound) j++;
    const now = keep(i % 2 === 1, j % 2 === 1);
    if (now !== kept) {
      result.push(bound);
      kept = now;
    }
  }
  return result;
}
