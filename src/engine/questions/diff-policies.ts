// Which policies are behind a change: judged literally on one flow that changed, before and after.

import { entry } from '../compile/entry.ts';
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

/** Both states, with what was found out about them. */
export interface Compared {
  readonly before: ComparedSide;
  readonly after: ComparedSide;
  /** Places that were looked up before: many changes are of few policies. */
  readonly placed: Map<string, PlacedPolicyRef>;
  /** Whether a policy was added, removed or edited, by its key, as far as somebody asked. */
  readonly changed: Map<string, boolean>;
}

/** One of the states. */
interface ComparedSide {
  readonly rules: Rules;
  readonly policies: ReadonlyMap<string, Policy>;
}

/** Prepares the look-up of policies behind changes. */
export function comparePolicies(before: State, after: State): Compared {
  return { before: sideOf(before), after: sideOf(after), placed: new Map(), changed: new Map() };
}

const sides = new WeakMap<State, ComparedSide>();

/** The same for the same state, which may be compared with others, too. */
function sideOf(state: State): ComparedSide {
  const known = sides.get(state);
  if (known !== undefined) return known;
  const policies = new Map(state.policies.map((policy) => [keyOf(policy), policy]));
  const side = { rules: rulesOf(state), policies };
  sides.set(state, side);
  return side;
}

/** Rules that look at the policies near a pair only: there may be very many, and many pairs that changed. */
function rulesOf({ placement, behaviour }: State): Rules {
  return { placement, knobs: behaviour.knobs, applying: nearPolicies(placement) };
}

function isChanged(key: string, { before, after, changed }: Compared): boolean {
  return entry(changed, key, () => {
    const [was, is] = [before, after].map(({ policies }) => {
      const policy = policies.get(key);
      return policy && { spec: policy.object.value['spec'] ?? null };
    });
    // Two versions of which one was made from the other share what they have in common.
    if (was !== undefined && is !== undefined && was.spec === is.spec) return false;
    return JSON.stringify(was?.spec) !== JSON.stringify(is?.spec);
  });
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
    ...decidingPolicies(states.before.rules, pair.from.before, pair.to.before, flow),
    ...decidingPolicies(states.after.rules, pair.from.after, pair.to.after, flow),
  ];
  for (const policy of both) deciding.add(keyOf(policy));
  const sorted = [...deciding].sort();
  const edited = sorted.filter((key) => isChanged(key, states));
  return (edited.length > 0 ? edited : sorted).map((key) => placedPolicy(key, states));
}

/** As the later state has it where it does. */
function placedPolicy(key: string, { before, after, placed }: Compared): PlacedPolicyRef {
  return entry(placed, key, () => {
    const { ref, object } = (after.policies.get(key) ?? before.policies.get(key))!;
    const { end: _, ...source } = object.locate([]);
    return source.file === undefined ? ref : { ...ref, source };
  });
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
