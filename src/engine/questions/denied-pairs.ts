// The pairs that no open rectangle holds, as rectangles: found by groups of destinations, never pair by pair.

import { BitSet } from '../sets/bit-set.ts';

/** A rectangle of positions. */
export interface Positions {
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** What is asked: all sources against all destinations, without the pairs that are none. */
export interface AskedPairs {
  /** Number of positions. */
  readonly size: number;
  readonly to: readonly number[];
  /** A text equal for destinations that pair up with the same sources. */
  classOf(destination: number): string;
  /** The sources that make a pair with the destination. */
  sourcesOf(destination: number): BitSet;
}

/** The pairs left when the open rectangles (disjoint) are taken out, and the number of all pairs. */
export function findDenied(asked: AskedPairs, open: readonly Positions[]): { denied: Positions[]; pairs: number } {
  const covering = new Map<number, number[]>(asked.to.map((id) => [id, []]));
  open.forEach(({ to }, index) => {
    for (const id of to) covering.get(id)?.push(index);
  });
  const groups = new Map<string, number[]>();
  for (const id of asked.to) {
    const key = `${asked.classOf(id)}|${covering.get(id)!.join(',')}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [id]);
    else group.push(id);
  }
  const bits = open.map(({ from }) => BitSet.from(asked.size, from));
  const denied = new Map<string, { from: BitSet; to: number[] }>();
  let pairs = 0;
  for (const to of groups.values()) {
    const left = asked.sourcesOf(to[0]!).clone();
    pairs += left.count() * to.length;
    for (const index of covering.get(to[0]!)!) left.andNotWith(bits[index]!);
    if (left.isEmpty()) continue;
    const known = denied.get(left.key());
    if (known === undefined) denied.set(left.key(), { from: left, to: [...to] });
    else for (const id of to) known.to.push(id);
  }
  return {
    denied: [...denied.values()].map(({ from, to }) => ({ from: from.members(), to: to.sort(ascending) })),
    pairs,
  };
}

function ascending(a: number, b: number): number {
  return a - b;
}
