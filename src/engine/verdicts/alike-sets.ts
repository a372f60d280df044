// Finds, among sets seen before, one that differs little: rows of thousands of subjects have the same large group of peers but
// for the pods of their own namespace, and keeping it once is what lets all of them stay at hand. Knows neither rows nor decisions.

import { EMPTY, everyId, type IdSet, intersect, subtract, unionAll } from '../sets/id-set.ts';

/** A set that was seen before, and where the asked one differs from it. */
export interface AlikeSet {
  readonly base: IdSet;
  /** Members of one of the two only; empty: they are equal. */
  readonly differences: IdSet;
}

/** Remembers sets. */
export interface AlikeSets {
  /** The set seen before that differs in few runs, or the set itself, which is remembered then. */
  find(set: IdSet): AlikeSet;
}

/** Parts of the endpoints that are compared first: where sets differ little, most parts are equal. */
const PARTS = 8;

/** The hash of no members. */
const NOTHING = 0;

/** For sets of the endpoints `0 <= i < size` that differ in no more than so many runs. */
export function alikeSets(size: number, mostRuns: number): AlikeSets {
  const width = Math.max(1, Math.ceil(size / PARTS));
  const parts = Array.from({ length: PARTS }, (_, part) => ({
    everyone: subtract(everyId(Math.min(size, (part + 1) * width)), everyId(Math.min(size, part * width))),
    seen: new Map<number, IdSet>(),
  }));
  return {
    find(set) {
      const hashes = parts.map(({ everyone }) => hashOf(intersect(set, everyone)));
      for (const [part, { seen }] of parts.entries()) {
        const base = hashes[part] === NOTHING ? undefined : seen.get(hashes[part]!);
        if (base === undefined) continue;
        const differences = unionAll([subtract(set, base), subtract(base, set)]);
        if (differences.length <= 2 * mostRuns) return { base, differences };
      }
      for (const [part, { seen }] of parts.entries()) if (!seen.has(hashes[part]!)) seen.set(hashes[part]!, set);
      return { base: set, differences: EMPTY };
    },
  };
}

function hashOf(set: IdSet): number {
  let hash = set.length;
  for (let i = 0; i < set.length; i++) hash = Math.imul(hash ^ set[i]!, 0x01000193) ^ (hash >>> 13);
  return hash;
}
