// When two decisions are the same for whoever connects: the same verdict, for the same reasons, under the same conditions.
// Which policies leave something open is no part of it: another one of them may be why.

import type { Decision } from '../model/verdict.ts';
import * as traffic from '../sets/traffic-set.ts';

/** Reports whether both say the same; `isWhole` false: whether both surely allow the same. */
export function isSameVerdict(a: Decision, b: Decision, isWhole: boolean): boolean {
  if (a === b) return true;
  if (!traffic.equals(a.allowed, b.allowed)) return false;
  return !isWhole || (unknownKey(a) === unknownKey(b) && conditionalKey(a) === conditionalKey(b));
}

function unknownKey({ unknown }: Decision): string {
  if (unknown.length === 0) return '';
  const byReason = new Map<string, traffic.TrafficSet>();
  for (const { reason, traffic: set } of unknown) {
    byReason.set(reason, traffic.union(byReason.get(reason) ?? traffic.NO_TRAFFIC, set));
  }
  return [...byReason]
    .map(([reason, set]) => `${reason} ${traffic.trafficKey(set)}`)
    .sort()
    .join('|');
}

/** Each condition is one more way to be allowed, so that saying it twice is saying it once. */
function conditionalKey({ conditional }: Decision): string {
  if (conditional.length === 0) return '';
  const byConditions = new Map<string, traffic.TrafficSet>();
  for (const { conditions, traffic: set } of conditional) {
    const key = [...new Set(conditions.map((one) => JSON.stringify(one)))].sort().join();
    byConditions.set(key, traffic.union(byConditions.get(key) ?? traffic.NO_TRAFFIC, set));
  }
  return [...byConditions]
    .map(([key, set]) => `${key} ${traffic.trafficKey(set)}`)
    .sort()
    .join('|');
}
