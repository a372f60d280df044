// Decisions as more and less: what two of them allow together, and whether one allows all that another does. Denied is
// least, then conditional, unknown, allowed. Knows nothing of where decisions come from.

import { DENIED, type DecisionId, type DecisionTable, mergeUnknown } from '../compile/decision.ts';
import type { ConditionalPart, Decision, UnknownPart } from '../model/verdict.ts';
import { pairTable } from '../sets/pair-table.ts';
import * as traffic from '../sets/traffic-set.ts';

/** Comparisons within one table; each pair is worked out once. */
export interface DecisionLattice {
  /** For each flow the better of both verdicts: what someone meets for whom both entries hold. */
  either(a: DecisionId, b: DecisionId): DecisionId;
  /** Whether for each flow the verdict of `a` is at least as good as that of `b`. */
  covers(a: DecisionId, b: DecisionId): boolean;
}

/** The lattice of a table. */
export function decisionLattice(table: DecisionTable): DecisionLattice {
  const unions = pairTable();
  const orders = pairTable();
  const joinPair = (low: DecisionId, high: DecisionId) => table.intern(join(table.get(low), table.get(high)));
  const order = (a: DecisionId, b: DecisionId) => (isAtLeast(table.get(a), table.get(b)) ? 1 : 0);
  return {
    either(a, b) {
      if (a === b || b === DENIED) return a;
      if (a === DENIED) return b;
      return a < b ? unions.entry(a, b, joinPair) : unions.entry(b, a, joinPair);
    },
    covers(a, b) {
      if (a === b || b === DENIED) return true;
      return a !== DENIED && orders.entry(a, b, order) === 1;
    },
  };
}

function join(a: Decision, b: Decision): Decision {
  const allowed = traffic.union(a.allowed, b.allowed);
  let taken = allowed;
  const rest = <Part extends { readonly traffic: traffic.TrafficSet }>(part: Part): Part[] => {
    const left = traffic.subtract(part.traffic, taken);
    if (traffic.isEmpty(left)) return [];
    taken = traffic.union(taken, left);
    return [{ ...part, traffic: left }];
  };
  const unknown: UnknownPart[] = mergeUnknown(mergeUnknown([...a.unknown, ...b.unknown]).flatMap(rest));
  const conditional: ConditionalPart[] = [...a.conditional, ...b.conditional].flatMap(rest);
  return { allowed, unknown, conditional };
}

function isAtLeast(a: Decision, b: Decision): boolean {
  const allowedOrUnknown = a.unknown.reduce((sum, part) => traffic.union(sum, part.traffic), a.allowed);
  return (
    traffic.isSubset(b.allowed, a.allowed) &&
    b.unknown.every((part) => traffic.isSubset(part.traffic, allowedOrUnknown)) &&
    b.conditional.every((part) => traffic.isSubset(part.traffic, underConditions(a, part, allowedOrUnknown)))
  );
}

/** What the decision allows, surely, perhaps or under the same conditions as the part. */
function underConditions(decision: Decision, { conditions }: ConditionalPart, start: traffic.TrafficSet) {
  const key = JSON.stringify(conditions);
  return decision.conditional
    .filter((part) => JSON.stringify(part.conditions) === key)
    .reduce((sum, part) => traffic.union(sum, part.traffic), start);
}
