// Decisions on all traffic of a pair, interned: equal decisions share a number, so that they compare and combine in one step.

import type { Condition, Policy } from '../model/policy.ts';
import type { ConditionalPart, Decision, UnknownPart } from '../model/verdict.ts';
import * as traffic from '../sets/traffic-set.ts';
import { entry } from './entry.ts';

/** The number of a decision; {@link DENIED} is always 0. */
export type DecisionId = number;

/** Everything denied. */
export const DENIED: DecisionId = 0;

/** All decisions of one compilation. */
export interface DecisionTable {
  intern(decision: Decision): DecisionId;
  get(id: DecisionId): Decision;
  /** What both sides allow: "both the egress policy on the source and the ingress policy on the destination". */
  and(a: DecisionId, b: DecisionId): DecisionId;
}

/** A table that holds only {@link DENIED}. */
export function decisionTable(): DecisionTable {
  const decisions: Decision[] = [{ allowed: traffic.NO_TRAFFIC, unknown: [], conditional: [] }];
  const keys: string[] = [decisionKey(decisions[0]!)];
  const ids = new Map<string, DecisionId>([[keys[0]!, DENIED]]);
  const policies = new Map<Policy, number>();
  const conjunctions = new Map<DecisionId, Map<DecisionId, DecisionId>>();
  const possibles: traffic.TrafficSet[] = [];
  const possibleOf = (id: DecisionId): traffic.TrafficSet => {
    const known = possibles[id] ?? possibleTraffic(decisions[id]!);
    possibles[id] = known;
    return known;
  };
  const intern = (decision: Decision): DecisionId => {
    const key = decisionKey(decision);
    if (decision.unknown.length === 0) return numbered(key, key, decision);
    // What names policies names these very ones: another version of the same policy stands elsewhere in its file.
    const named = decision.unknown.flatMap((part) =>
      part.policies.map((one) => entry(policies, one, () => policies.size)),
    );
    return numbered(named.length === 0 ? key : `${key} ${named}`, key, decision);
  };
  const numbered = (name: string, key: string, decision: Decision): DecisionId => {
    const known = ids.get(name);
    if (known !== undefined) return known;
    keys.push(key);
    decisions.push(decision);
    ids.set(name, decisions.length - 1);
    return decisions.length - 1;
  };
  return {
    intern,
    get: (id) => decisions[id]!,
    and(a, b) {
      if (a === b) return a;
      if (a === DENIED || b === DENIED) return DENIED;
      const [low, high] = a < b ? [a, b] : [b, a];
      const own = entry(conjunctions, low, () => new Map<DecisionId, DecisionId>());
      const known = own.get(high);
      if (known !== undefined) return known;
      // In an order of their contents, not of their numbers: those depend on which endpoints are asked about.
      const [first, second] = keys[a]! < keys[b]! ? [a, b] : [b, a];
      const both = intern(conjunction(decisions[first]!, decisions[second]!, possibleOf(first), possibleOf(second)));
      own.set(high, both);
      return both;
    },
  };
}

/** A text equal for equal decisions and for no others. */
export function decisionKey(decision: Decision): string {
  if (decision.unknown.length === 0 && decision.conditional.length === 0) return traffic.trafficKey(decision.allowed);
  return JSON.stringify([
    traffic.trafficKey(decision.allowed),
    decision.unknown.map((part) => [traffic.trafficKey(part.traffic), part.reason, part.policies.map(policyKey)]),
    decision.conditional.map((part) => [traffic.trafficKey(part.traffic), part.conditions]),
  ]);
}

/** Names one policy within a snapshot. */
export function policyKey(policy: Policy): string {
  const { kind, namespace, name } = policy.ref;
  return `${kind}/${namespace ?? ''}/${name}`;
}

/** Traffic that is not surely denied. */
export function possibleTraffic(decision: Decision): traffic.TrafficSet {
  return [...decision.unknown, ...decision.conditional].reduce(
    (sum, part) => traffic.union(sum, part.traffic),
    decision.allowed,
  );
}

function isPlain({ unknown, conditional }: Decision): boolean {
  return unknown.length === 0 && conditional.length === 0;
}

/** What both decisions allow; with each what it does not surely deny. */
function conjunction(a: Decision, b: Decision, ofA: traffic.TrafficSet, ofB: traffic.TrafficSet): Decision {
  const allowed = traffic.intersect(a.allowed, b.allowed);
  if (isPlain(a) && isPlain(b)) return { allowed, unknown: [], conditional: [] };
  const possible = traffic.intersect(ofA, ofB);
  // Unknown on either side stays unknown unless the other side denies; conditions of both sides must hold.
  let rest = traffic.subtract(possible, allowed);
  const unknown: UnknownPart[] = [];
  for (const part of [...a.unknown, ...b.unknown]) {
    const set = traffic.intersect(rest, part.traffic);
    if (traffic.isEmpty(set)) continue;
    unknown.push({ ...part, traffic: set });
    rest = traffic.subtract(rest, set);
  }
  const conditional: ConditionalPart[] = [];
  const add = (set: traffic.TrafficSet, conditions: readonly Condition[]) => {
    const part = traffic.intersect(rest, set);
    if (traffic.isEmpty(part)) return;
    conditional.push({ traffic: part, conditions });
    rest = traffic.subtract(rest, part);
  };
  for (const one of a.conditional) {
    for (const other of b.conditional) {
      add(traffic.intersect(one.traffic, other.traffic), [...one.conditions, ...other.conditions]);
    }
  }
  for (const one of [...a.conditional, ...b.conditional]) add(one.traffic, one.conditions);
  return { allowed, unknown: mergeUnknown(unknown), conditional: mergeConditional(conditional) };
}

/** Parts of equal reason and policies become one, so that equal decisions get equal keys. */
export function mergeUnknown(parts: readonly UnknownPart[]): UnknownPart[] {
  const merged = new Map<string, UnknownPart>();
  for (const part of parts) {
    const key = JSON.stringify([part.reason, part.policies.map(policyKey)]);
    const before = merged.get(key);
    merged.set(key, before === undefined ? part : { ...part, traffic: traffic.union(before.traffic, part.traffic) });
  }
  return [...merged.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, part]) => part);
}

/** Parts under the same conditions become one, and each of these is said once. */
export function mergeConditional(parts: readonly ConditionalPart[]): ConditionalPart[] {
  const merged = new Map<string, ConditionalPart>();
  for (const part of parts) {
    const conditions = [...new Map(part.conditions.map((one) => [JSON.stringify(one), one]))];
    const key = conditions.map(([text]) => text).join();
    const before = merged.get(key)?.traffic ?? traffic.NO_TRAFFIC;
    merged.set(key, {
      traffic: traffic.union(before, part.traffic),
      conditions: conditions.map(([, condition]) => condition),
    });
  }
  return [...merged.values()];
}
