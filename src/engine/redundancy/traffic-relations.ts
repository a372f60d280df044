// How sets of traffic stand to each other: few are distinct, so that each pair is compared once. Knows no policy.

import * as traffic from '../sets/traffic-set.ts';

/** Whether the first is part of the second; `overlapping`: only some of it is. */
export type Relation = 'within' | 'overlapping' | 'apart';

/** Distinct sets by number. */
export interface TrafficRelations {
  /** The number of the set; equal for equal sets only. */
  intern(set: traffic.TrafficSet): number;
  get(number: number): traffic.TrafficSet;
  /** How the first stands to the second; the empty set is within every one. */
  relation(a: number, b: number): Relation;
  /** The number of the union. */
  union(a: number, b: number): number;
  /** The number of what is in the first only. */
  subtract(a: number, b: number): number;
}

/** A table without sets. */
export function trafficRelations(): TrafficRelations {
  const sets: traffic.TrafficSet[] = [];
  const numbers = new Map<string, number>();
  const relations: Relation[][] = [];
  const unions: number[][] = [];
  const differences: number[][] = [];
  const intern = (set: traffic.TrafficSet): number => {
    const key = traffic.trafficKey(set);
    let number = numbers.get(key);
    if (number === undefined) {
      number = sets.push(set) - 1;
      numbers.set(key, number);
      relations.push([]);
      unions.push([]);
      differences.push([]);
    }
    return number;
  };
  return {
    intern,
    get: (number) => sets[number]!,
    relation(a, b) {
      if (a === b) return 'within';
      const own = relations[a]!;
      own[b] ??= relate(sets[a]!, sets[b]!);
      return own[b];
    },
    union(a, b) {
      if (a === b) return a;
      const own = unions[a]!;
      own[b] ??= intern(traffic.union(sets[a]!, sets[b]!));
      return own[b];
    },
    subtract(a, b) {
      const own = differences[a]!;
      own[b] ??= intern(traffic.subtract(sets[a]!, sets[b]!));
      return own[b];
    },
  };
}

function relate(a: traffic.TrafficSet, b: traffic.TrafficSet): Relation {
  if (traffic.isSubset(a, b)) return 'within';
  return traffic.isEmpty(traffic.intersect(a, b)) ? 'apart' : 'overlapping';
}
