// What effects are beyond a goal: pairs, and ports of pairs, that open or close and were not wanted to.

import { possibleTraffic } from '../compile/decision.ts';
import type { Unit } from '../endpoints/unit.ts';
import type { UnitRectangle } from '../questions/map.ts';
import { isSubset } from '../sets/ip-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import type { Effects } from './effects.ts';
import type { Goal, Wanted } from './goal.ts';

/** What the effects are beside the goal. Both zero: exactly what was wanted, or less. */
export interface Beyond {
  /** Pairs that are none of the goal's. */
  readonly pairs: number;
  /** Ports of these, and ports of the goal's pairs that it does not name. */
  readonly ports: number;
}

/** Counts what opens and closes beside the goal. `units` are those of the effects. */
export function beyondGoal(units: readonly Unit[], { opens, closes }: Effects, goal: Goal): Beyond {
  const pairsOf = (want: Wanted['want']): readonly GoalPairs[] =>
    goal.filter((one) => one.want === want).map((wanted) => locate(units, wanted));
  const parts = [count(opens, pairsOf('allowed')), count(closes, pairsOf('denied'))];
  return {
    pairs: parts.reduce((sum, { pairs }) => sum + pairs, 0),
    ports: parts.reduce((sum, { ports }) => sum + ports, 0),
  };
}

/** A pair of the goal among the units of the effects, which may tell more apart than the goal does. */
interface GoalPairs {
  readonly from: ReadonlySet<number>;
  readonly to: ReadonlySet<number>;
  readonly asked: traffic.TrafficSet;
}

function locate(units: readonly Unit[], { from, to }: Wanted): GoalPairs {
  const within = (end: Unit): ReadonlySet<number> =>
    new Set(units.flatMap((unit, id) => (isPartOf(unit, end) ? [id] : [])));
  return { from: within(from), to: within(to.unit), asked: to.asked };
}

function isPartOf(unit: Unit, end: Unit): boolean {
  if (unit.endpoint.key === end.endpoint.key) return true;
  if (unit.type === 'workload' && end.type === 'workload') return unit.pods.every((pod) => end.pods.includes(pod));
  if (unit.type !== 'addresses' || end.type !== 'addresses') return false;
  // A map calls `internet` what is left of it, special purposes included.
  return isSubset(unit.set, end.set) || (unit.name !== undefined && unit.name === end.name);
}

function count(rectangles: readonly UnitRectangle[], wanted: readonly GoalPairs[]): Beyond {
  let [pairs, ports] = [0, 0];
  for (const { from, to, decisions } of rectangles) {
    const changed = Object.values(decisions).map(possibleTraffic);
    const whole = changed.reduce((sum, set) => sum + portCount(set), 0);
    pairs += from.length * to.length;
    ports += whole * from.length * to.length;
    for (const source of from) {
      const own = wanted.filter((one) => one.from.has(source));
      if (own.length === 0) continue;
      for (const destination of to) {
        const asked = own
          .filter((one) => one.to.has(destination))
          .reduce<traffic.TrafficSet>((sum, one) => traffic.union(sum, one.asked), traffic.NO_TRAFFIC);
        if (traffic.isEmpty(asked)) continue;
        const left = changed.reduce((sum, set) => sum + portCount(traffic.subtract(set, asked)), 0);
        pairs--;
        ports += left - whole;
      }
    }
  }
  return { pairs, ports };
}

function portCount(set: traffic.TrafficSet): number {
  return traffic.PROTOCOLS.reduce((sum, protocol) => {
    const bounds = set[protocol] ?? [];
    return sum + bounds.reduce((total, bound, i) => total + (i % 2 === 0 ? -bound : bound), 0);
  }, 0);
}
