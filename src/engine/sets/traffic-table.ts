// Traffic sets of one computation, each kept once: equal sets are the same value, and what two of them make is found once.
// For loops over millions of pairs between which few different things are allowed.

import type { TrafficSet } from './traffic-set.ts';
import * as traffic from './traffic-set.ts';

/** Sets that compare by identity. Lives as long as the computation: it forgets nothing. */
export interface TrafficTable {
  /** The one value equal to a set; of no traffic that is `NO_TRAFFIC`. */
  unique(set: TrafficSet): TrafficSet;
  /** Traffic in either set; both and the result are unique values. */
  union(a: TrafficSet, b: TrafficSet): TrafficSet;
  /** Traffic in `a` and not in `b`; both and the result are unique values. */
  subtract(a: TrafficSet, b: TrafficSet): TrafficSet;
}

/** A table that holds `NO_TRAFFIC` only. */
export function trafficTable(): TrafficTable {
  const values = new Map([[traffic.trafficKey(traffic.NO_TRAFFIC), traffic.NO_TRAFFIC]]);
  const unique = (set: TrafficSet): TrafficSet => {
    const key = traffic.trafficKey(set);
    const known = values.get(key);
    if (known === undefined) values.set(key, set);
    return known ?? set;
  };
  const remembered = (operation: (a: TrafficSet, b: TrafficSet) => TrafficSet) => {
    const results = new Map<TrafficSet, Map<TrafficSet, TrafficSet>>();
    return (a: TrafficSet, b: TrafficSet): TrafficSet => {
      if (b === traffic.NO_TRAFFIC) return a;
      let own = results.get(a);
      if (own === undefined) {
        own = new Map();
        results.set(a, own);
      }
      let result = own.get(b);
      if (result === undefined) {
        result = unique(operation(a, b));
        own.set(b, result);
      }
      return result;
    };
  };
  const unionOf = remembered(traffic.union);
  return {
    unique,
    union: (a, b) => (a === traffic.NO_TRAFFIC ? b : unionOf(a, b)),
    subtract: remembered(traffic.subtract),
  };
}
