// Sets of endpoints asked for one member at a time: equal sets are kept once, those with many runs as one bit an endpoint and
// the others as their bounds, whichever is smaller. Knows neither rows nor decisions.

import { type IdSet, idSetTable } from '../sets/id-set.ts';
import { withRoom } from './grown-array.ts';

/** Sets that rows share. A set is where it begins and how many bounds it has, 0 for one that has a bit for each endpoint. */
export interface PeerSets {
  /** Where a set begins; equal sets begin at one place. */
  add(set: IdSet): number;
  /** How many bounds the set that begins there has. */
  bounds(start: number): number;
  has(start: number, bounds: number, endpoint: number): boolean;
  /** Looks where {@link PeerSets.has} will look first, so that it is at hand; the value means nothing. */
  touch(start: number, bounds: number, endpoint: number): number;
}

/** How far from where a bound is expected the search for it first looks; a line of memory holds twice as many. */
const NEAR = 8;

/** Holds sets of the endpoints `0 <= i < size`. */
export function peerSets(size: number): PeerSets {
  const table = idSetTable();
  const starts = new Map<IdSet, number>();
  const counts = new Map<number, number>();
  const words = (size + 31) >>> 5;
  /** Sets one after the other: their bounds, or a bit for each endpoint. */
  let store = new Int32Array(1 << 10);
  let used = 0;

  function write(set: IdSet): number {
    const start = used;
    if (set.length <= words) {
      used += set.length;
      store = withRoom(store, used);
      store.set(set, start);
      return start;
    }
    used += words;
    store = withRoom(store, used);
    for (let i = 0; i < set.length; i += 2) {
      for (let id = set[i]!; id < set[i + 1]!; id++) store[start + (id >>> 5)]! |= 1 << (id & 31);
    }
    return start;
  }

  /** The number of bounds up to the endpoint is odd within a run. Runs are mostly spread evenly: the search begins there. */
  function isWithin(first: number, count: number, endpoint: number): boolean {
    let low = 0;
    let high = count;
    let at = Math.floor((endpoint * count) / size);
    let step = NEAR;
    if (store[first + at]! <= endpoint) {
      for (; at < count && store[first + at]! <= endpoint; at += step, step *= 2) low = at + 1;
      high = Math.min(at, count);
    } else {
      for (; at >= 0 && store[first + at]! > endpoint; at -= step, step *= 2) high = at;
      low = Math.max(at + 1, 0);
    }
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (store[first + middle]! <= endpoint) low = middle + 1;
      else high = middle;
    }
    return (low & 1) === 1;
  }

  return {
    add(set) {
      const one = table.intern(set);
      let start = starts.get(one);
      if (start === undefined) {
        start = write(one);
        starts.set(one, start);
        counts.set(start, one.length <= words ? one.length : 0);
      }
      return start;
    },
    bounds: (start) => counts.get(start)!,
    has(start, bounds, endpoint) {
      if (bounds > 0) return isWithin(start, bounds, endpoint);
      return ((store[start + (endpoint >>> 5)]! >>> (endpoint & 31)) & 1) === 1;
    },
    touch: (start, bounds, endpoint) =>
      store[start + (bounds > 0 ? Math.floor((endpoint * bounds) / size) : endpoint >>> 5)]!,
  };
}
