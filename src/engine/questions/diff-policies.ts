// Which policies are behind a change: judged literally on one flow that changed, before and after.

import type { FamilyDecisions } from '../compile/rectangle.ts';
import { evaluateFlow, type Rules } from '../evaluate/evaluate.ts';
import { nearPolicies } from '../evaluate/near-policies.ts';
import type { Policy } from '../model/policy.ts';
import type { DirectionTrace, Flow } from '../model/verdict.ts';
import { FAMILIES } from '../sets/ip-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import type { State } from '../state.ts';
import type { AlignedUnit } from './align.ts';
import type { PlacedPolicyRef } from './documents.ts';

/** One changed pair with the decisions of both states. */
export interface ChangedPair {
  readonly from: AlignedUnit;
  readonly to: AlignedUnit;
  readonly before: FamilyDecisions;
  readonly after: FamilyDecisions;
}

/** The rules of both states, and the keys of the policies that are not the same in both. */
export interface Compared {
  readonly before: Rules;
  readonly after: Rules;
  readonly changed: ReadonlySet<string>;
  /** Every policy by its key, as the later state has it where it does. */
  readonly latest: ReadonlyMap<string, Policy>;
  /** Places that were looked up before: many changes are of few policies. */
  readonly placed: Map<string, PlacedPolicyRef>;
}

/** Finds the policies that were added, removed or edited. */
export function comparePolicies(before: State, after: State): Compared {
  const texts = (state: State) =>
    new Map(state.policies.map((policy) => [keyOf(policy), JSON.stringify(policy.object.value['spec'] ?? null)]));
  const [was, is] = [texts(before), texts(after)];
  const changed = [...new Set([...was.keys(), ...is.keys()])].filter((key) => was.get(key) !== is.get(key));
  const latest = new Map([...before.policies, ...after.policies].map((policy) => [keyOf(policy), policy]));
  const [left, right] = [before, after].map(rulesOf);
  return { before: left!, after: right!, changed: new Set(changed), latest, placed: new Map() };
}

/** Rules that look at the policies near a pair only: there may be very many, and many pairs that changed. */
function rulesOf({ placement, behaviour }: State): Rules {
  return { placement, knobs: behaviour.knobs, applying: nearPolicies(placement) };
}

/**
 * The policies that explain a change: of those that decide the pair in either state the ones that were added, removed or
 * edited, or all of them where none was (labels or workloads changed). Empty where an end exists in one state only, or
 * where no policy had or has a say. The place is that of the later state where it has the policy.
 */
export function policiesBehind(states: Compared, pair: ChangedPair): PlacedPolicyRef[] {
  const flow = changedFlow(pair);
  if (flow === undefined) return [];
  const deciding = new Set<string>();
  const both = [
    ...decidingPolicies(states.before, pair.from.before, pair.to.before, flow),
    ...decidingPolicies(states.after, pair.from.after, pair.to.after, flow),
  ];
  for (const policy of both) deciding.add(keyOf(policy));
  const sorted = [...deciding].sort();
  const edited = sorted.filter((key) => states.changed.has(key));
  return (edited.length > 0 ? edited : sorted).map((key) => placedPolicy(key, states));
}

function placedPolicy(key: string, { latest, placed }: Compared): PlacedPolicyRef {
  const known = placed.get(key);
  if (known !== undefined) return known;
  const { ref, object } = latest.get(key)!;
  const { end: _, ...source } = object.locate([]);
  const found = source.file === undefined ? ref : { ...ref, source };
  placed.set(key, found);
  return found;
}

function keyOf(policy: Policy): string {
  const { kind, namespace, name } = policy.ref;
  return `${kind}/${namespace ?? ''}/${name}`;
}

/** A flow on which the two states differ; undefined where they differ in no definite verdict. */
function changedFlow({ before, after }: ChangedPair): Flow | undefined {
  for (const family of FAMILIES) {
    const was = before[family]?.allowed ?? traffic.NO_TRAFFIC;
    const is = after[family]?.allowed ?? traffic.NO_TRAFFIC;
    const changed = traffic.union(traffic.subtract(was, is), traffic.subtract(is, was));
    for (const protocol of traffic.PROTOCOLS) {
      const bounds = changed[protocol];
      if (bounds !== undefined) return { family, protocol, port: bounds[0]! };
    }
  }
  return undefined;
}

/** What decides a flow in one state: rules that matched, or the policies that isolate where it is denied for lack of one. */
function decidingPolicies(rules: Rules, from: AlignedUnit['before'], to: AlignedUnit['before'], flow: Flow): Policy[] {
  if (from === undefined || to === undefined) return [];
  const { egress, ingress } = evaluateFlow(rules, { from: from.endpoint, to: to.endpoint }, flow);
  const denying = [egress, ingress].filter((side) => side.verdict !== 'allowed');
  return (denying.length > 0 ? denying : [egress, ingress]).flatMap(policiesOf);
}

function policiesOf(side: DirectionTrace): readonly Policy[] {
  const matched = side.steps.flatMap((step) => (step.policy === undefined ? [] : [step.policy]));
  return matched.length > 0 ? matched : side.isolatedBy;
}
