// Areas: some traffic of one family between sets of endpoints; and how many of them become one.

import { type IdSet, idSetTable, unionAll } from '../../sets/id-set.ts';
import type { Family } from '../../sets/ip-set.ts';
import { type TrafficSet, trafficKey } from '../../sets/traffic-set.ts';
import { groupBy } from './group-by.ts';

/** Every source to every destination. Neither is without members, and the traffic is not empty. */
export interface Area {
  readonly from: IdSet;
  readonly to: IdSet;
  readonly family: Family;
  readonly traffic: TrafficSet;
}

/**
 * Areas with equal keys and the same traffic become one where they differ in their sources only, or in their destinations
 * only. They have to be disjoint.
 */
export function mergeAreas<T extends Area>(areas: readonly T[], keyOf: (area: T) => string): T[] {
  const numbers = numbering();
  const join = (list: readonly T[], kept: 'from' | 'to', joined: 'from' | 'to'): T[] => {
    const groups = groupBy(
      list,
      (area) => `${area.family} ${trafficKey(area.traffic)} ${keyOf(area)}|${numbers(area[kept])}`,
    );
    return [...groups.values()].map((group) =>
      group.length === 1 ? group[0]! : { ...group[0]!, [joined]: unionAll(group.map((area) => area[joined])) },
    );
  };
  return join(join(areas, 'to', 'from'), 'from', 'to');
}

/** A number for every set, equal for equal ones: shorter than a text of its members. */
function numbering(): (set: IdSet) => number {
  const sets = idSetTable();
  const numbers = new Map<IdSet, number>();
  return (set) => {
    const one = sets.intern(set);
    const known = numbers.get(one) ?? numbers.size;
    numbers.set(one, known);
    return known;
  };
}
