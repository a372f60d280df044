// Sets of endpoints asked for one member at a time: equal sets are kept once, those with many runs as one bit an endpoint and
// the others as their bounds, whichever is smaller. Knows neither rows nor decisions.

import { type IdSet, idSetTable } from '../sets/id-set.ts';
import { withRoom } from './grown-array.ts';

/** Sets that rows share. */
export interface PeerSets {
  /** The number of a set; equal sets have one. */
  add(set: IdSet): number;
  has(set: number, endpoint: number): boolean;
}

/** How far from where a bound is expected the search for it first looks; a line of memory holds twice as many. */
const NEAR = 8;

/** Holds sets of the endpoints `0 <= i < size`. */
export function peerSets(size: number): PeerSets {
  const table = idSetTable();
  const numbers = new Map<IdSet, number>();
  const words = (size + 31) >>> 5;
  /** Sets one after the other: the number of bounds and the bounds, or 0 and a bit for each endpoint. */
  let store = new Int32Array(1 << 10);
  let used = 0;

  function write(set: IdSet): number {
    const start = used;
    const isBitmap = set.length > words;
    used += 1 + (isBitmap ? words : set.length);
    store = withRoom(store, used);
    if (!isBitmap) {
      store[start] = set.length;
      store.set(set, start + 1);
      return start;
    }
    for (let i = 0; i < set.length; i += 2) {
      for (let id = set[i]!; id < set[i + 1]!; id++) store[start + 1 + (id >>> 5)]! |= 1 << (id & 31);
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
      let number = numbers.get(one);
      if (number === undefined) {
        number = write(one);
        numbers.set(one, number);
      }
      return number;
    },
    has(set, endpoint) {
      const count = store[set]!;
      if (count > 0) return isWithin(set + 1, count, endpoint);
      return ((store[set + 1 + (endpoint >>> 5)]! >>> (endpoint & 31)) & 1) === 1;
    },
  };
}
