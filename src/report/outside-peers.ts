// Peers that are single addresses outside, seen in a flow log and named nowhere: a shop that all the world calls has thousands
// of them, and they are one line to a reader.

import type { NeedDocument } from '../engine/questions/generated-document.ts';

/** Addresses that are listed one by one. */
const MOST_LISTED = 4;

/** A text equal for peers that are one line where they are many; undefined for a peer that always has a line of its own. */
export function outsideKey(need: NeedDocument, side: 'from' | 'to'): string | undefined {
  const { type, cidrs = [] } = need[side];
  const isSeenOnly = need.evidence.every(({ seen }) => seen !== undefined);
  if (type !== 'addresses' || cidrs.length > 1 || need.verdict !== 'allowed' || !isSeenOnly) return undefined;
  return JSON.stringify([need.protocol, need.ports, need.confidence]);
}

/** Keys of which there are more peers than are listed, in needs of one side of one workload. */
export function manyOutside(needs: readonly NeedDocument[], side: 'from' | 'to'): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const need of needs) {
    const key = outsideKey(need, side);
    if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return new Set([...counts].flatMap(([key, count]) => (count > MOST_LISTED ? [key] : [])));
}

/** `6633 addresses outside`: what many peers are called together. */
export function outsideName(count: number): string {
  return `${count} addresses outside`;
}
