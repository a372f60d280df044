// Counting records: how many, from when to when, and the first of them by place. Knows nothing of what they say.

import type { FlowPlace, ObservedFlow } from '../model/flow.ts';
import type { Seen } from './attribution.ts';

/** A count that grows. */
export interface SeenCounter {
  count: number;
  first?: number;
  last?: number;
  place: FlowPlace;
}

type Counted = Pick<ObservedFlow, 'count' | 'first' | 'last' | 'place'>;

/** Starts to count with one flow. */
export function startCounting({ count, first, last, place }: Counted): SeenCounter {
  return { count, ...(first === undefined ? {} : { first }), ...(last === undefined ? {} : { last }), place };
}

/** Adds a flow, or what was counted of others. */
export function countIn(seen: SeenCounter, { count, first, last, place }: Counted): void {
  seen.count += count;
  if (first !== undefined && (seen.first === undefined || first < seen.first)) seen.first = first;
  if (last !== undefined && (seen.last === undefined || last > seen.last)) seen.last = last;
  if (comparePlaces(place, seen.place) < 0) seen.place = place;
}

/** Order of places: by file, then by line. */
export function comparePlaces(a: FlowPlace, b: FlowPlace): number {
  return a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line;
}

/** The count as it stands. */
export function seenOf({ count, first, last, place }: SeenCounter): Seen {
  return { count, ...(first === undefined ? {} : { first }), ...(last === undefined ? {} : { last }), place };
}
