// Gathers what is allowed beside the needs, destination by destination: from whom what comes. Knows no rectangles but as the
// order in which things are met.

import { entry } from '../compile/entry.ts';
import { type IdSet, idSetTable, setOfRuns } from '../sets/id-set.ts';
import { FAMILIES, type Family } from '../sets/ip-set.ts';
import type { TrafficSet } from '../sets/traffic-set.ts';

/** Traffic that is allowed at one destination and that nothing needs. */
export interface Excess {
  /** Equal sets are one value. */
  readonly sources: IdSet;
  readonly destination: number;
  readonly family: Family;
  /** As it was added: equal sets have to be one value. */
  readonly traffic: TrafficSet;
}

/** Sources of the same traffic, at some destinations of a rectangle. */
export interface Part {
  readonly traffic: TrafficSet;
  /** Where the first of them stands among the sources of the rectangle. */
  readonly first: number;
  /** Never empty. Where lists are the same, they are one value. */
  readonly runs: readonly number[];
  readonly count: number;
}

/** Excess in the making. */
export interface ExcessGatherer {
  /** Adds parts of a rectangle, in order of their first sources; `place`: where the destination stands in it. */
  add(destination: number, place: number, family: Family, parts: readonly Part[]): void;
  /** Says that what comes now is of another rectangle, or of another family. */
  endRectangle(): void;
  /** In the order in which destinations are met source by source, and then traffic. */
  all(): { readonly excess: readonly Excess[]; readonly pairs: number };
}

type ByTraffic = Map<TrafficSet, (readonly number[])[]>;

/** One destination. */
interface Met {
  readonly destination: number;
  readonly family: Family;
  readonly byTraffic: ByTraffic;
}

/** A gatherer with nothing in it yet. */
export function excessGatherer(): ExcessGatherer {
  const byPlace: (Met | undefined)[] = [];
  const met: Met[] = [];
  let fresh: { readonly one: Met; readonly first: number; readonly place: number }[] = [];
  let pairs = 0;
  return {
    add(destination, place, family, parts) {
      const [first] = parts;
      if (first === undefined) return;
      const key = destination * FAMILIES.length + FAMILIES.indexOf(family);
      let own = byPlace[key];
      if (own === undefined) {
        own = { destination, family, byTraffic: new Map() };
        byPlace[key] = own;
        fresh.push({ one: own, first: first.first, place });
      }
      for (const { traffic, runs, count } of parts) {
        pairs += count;
        const known = own.byTraffic.get(traffic);
        if (known === undefined) own.byTraffic.set(traffic, [runs]);
        else known.push(runs);
      }
    },
    endRectangle() {
      fresh.sort((a, b) => a.first - b.first || a.place - b.place);
      for (const { one } of fresh) met.push(one);
      fresh = [];
    },
    all() {
      const setOf = setsOfRuns();
      const excess = met.flatMap(({ destination, family, byTraffic }) =>
        [...byTraffic].map(([traffic, lists]): Excess => ({ sources: setOf(lists), destination, family, traffic })),
      );
      return { excess, pairs };
    },
  };
}

/** Destinations of a rectangle have their lists in common: what one list comes to is worked out once. */
function setsOfRuns(): (lists: readonly (readonly number[])[]) => IdSet {
  const known = new Map<readonly number[], IdSet>();
  const table = idSetTable();
  return (lists) => {
    const [first, ...more] = lists;
    if (more.length > 0) return table.intern(setOfRuns(lists.flat()));
    return entry(known, first!, () => table.intern(setOfRuns(first!)));
  };
}
