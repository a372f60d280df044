// Decisions that grow by what a rule surely accepts, one rule at a time and each step once: what most decisions are. Knows
// no policies.

import * as traffic from '../sets/traffic-set.ts';
import type { DecisionId, DecisionTable } from './decision.ts';
import { entry } from './entry.ts';

/** Adds up what is accepted. */
export interface Acceptances {
  /** The decision that allows this traffic, too; undefined where the decision leaves something open. */
  add(decision: DecisionId, accepted: traffic.TrafficSet): DecisionId | undefined;
}

/** A memory without steps. */
export function acceptances(table: DecisionTable): Acceptances {
  const numbers = new Map<traffic.TrafficSet, number>();
  const byKey = new Map<string, number>();
  const steps: (Map<number, DecisionId> | undefined)[] = [];
  const numberOf = (set: traffic.TrafficSet) => {
    const known = numbers.get(set);
    if (known !== undefined) return known;
    const number = entry(byKey, traffic.trafficKey(set), () => byKey.size);
    numbers.set(set, number);
    return number;
  };
  return {
    add(decision, accepted) {
      const { allowed, unknown, conditional } = table.get(decision);
      if (unknown.length + conditional.length > 0) return undefined;
      let own = steps[decision];
      if (own === undefined) {
        own = new Map();
        steps[decision] = own;
      }
      const number = numberOf(accepted);
      const known = own.get(number);
      if (known !== undefined) return known;
      const next = table.intern({ allowed: traffic.union(allowed, accepted), unknown: [], conditional: [] });
      own.set(number, next);
      return next;
    },
  };
}
