// Why one flow has its verdict: the literal evaluator asked about just these two ends, with only the policies that select one
// of them. Must agree with judge-flows.ts on every flow.

import { evaluateFlow, type Rules } from '../evaluate/evaluate.ts';
import { nearPolicies } from '../evaluate/near-policies.ts';
import type { Endpoint, UnknownReason } from '../model/endpoint.ts';
import type { Action, Condition, PolicyRef } from '../model/policy.ts';
import type { DirectionTrace, Flow, Verdict } from '../model/verdict.ts';
import { PORT_PROTOCOLS } from '../sets/traffic-set.ts';
import type { JudgeInput } from './judge-flows.ts';
import { type NumberedEnds, noEnd } from './numbered-ends.ts';

/** Why a verdict is unknown: what evaluators say, or what keeps them from being asked. */
export type FlowReason =
  | UnknownReason
  /** Nobody knows who an end is: its number is -1. */
  | 'unknown-endpoint'
  /** The ends have no address of the flow's family, as far as the snapshot shows. */
  | 'no-common-family'
  /** Port 0 of TCP, UDP or SCTP, which no policy can name. */
  | 'no-such-port';

/** What one side makes of a flow. */
export interface JudgedSide {
  readonly verdict: Verdict;
  /** Policies that isolate the pod in this direction; empty: none does, or the end is no pod. */
  readonly isolatedBy: readonly PolicyRef[];
  /** Rules that match, in order of evaluation. `perhaps`: the rule matches only perhaps, for this reason; absent: surely. */
  readonly rules: readonly {
    readonly policy: PolicyRef;
    /** Position in the list that the user wrote, from 0. */
    readonly rule: number;
    readonly action: Action;
    readonly perhaps?: UnknownReason;
  }[];
}

/** A verdict and what led to it. */
export interface JudgedFlow {
  readonly verdict: Verdict;
  /** Why it is unknown, each reason once, sorted; empty for every other verdict. */
  readonly reasons: readonly FlowReason[];
  /** What must hold for a conditional flow to be allowed; empty for every other verdict. */
  readonly conditions: readonly Condition[];
  /** What the sides say; absent where policies were not asked at all. */
  readonly egress?: JudgedSide;
  readonly ingress?: JudgedSide;
}

/** Explains one flow. Throws `UserError` for numbers that are none. */
export type WhyFlow = (source: number, destination: number, flow: Flow) => JudgedFlow;

/** Prepares explanations: policies are looked up by the namespace of a pod, and once for each kind of pod. */
export function whyFlow({ placement, knobs, ends, isHidden }: JudgeInput): WhyFlow {
  const rules: Rules = { placement, knobs, applying: nearPolicies(placement), explains: false };
  return (source, destination, flow) => {
    for (const number of [source, destination])
      if (number < -1 || number >= ends.count) throw noEnd(number, ends.count);
    if (source === -1 || destination === -1) return unknown('unknown-endpoint');
    const same = source === destination && ends.isOne[source] === 1;
    const { units, unitOf } = ends;
    let from = units[unitOf[source]!]!.endpoint;
    let to = units[unitOf[destination]!]!.endpoint;
    // Only who speaks with the address of a node is asked which node it is.
    if (from.ownNode !== undefined || to.ownNode !== undefined) {
      from = onItsNode(ends, source);
      to = onItsNode(ends, destination);
    }
    if (!(same && knobs.selfTraffic === 'allow')) {
      if (isHidden(unitOf[source]!) || isHidden(unitOf[destination]!)) return unknown('incomplete-input');
      if (flow.port === 0 && PORT_PROTOCOLS.includes(flow.protocol)) return unknown('no-such-port');
      if (![from, to].every(({ families }) => families.includes(flow.family))) return unknown('no-common-family');
    }
    const { verdict, reasons, conditions, egress, ingress } = evaluateFlow(rules, { from, to, same }, flow);
    return {
      verdict,
      reasons: [...reasons].sort(),
      conditions,
      egress: describeSide(egress),
      ingress: describeSide(ingress),
    };
  };
}

/** The end as evaluators see it where nodes count: of one pod they see its own, not what pods of its kind have in common. */
function onItsNode({ units, unitOf, podOf }: NumberedEnds, number: number): Endpoint {
  const { endpoint } = units[unitOf[number]!]!;
  const pod = podOf(number);
  if (pod === undefined || pod.node === endpoint.nodeName) return endpoint;
  const { nodeName: _, ...rest } = endpoint;
  return pod.node === undefined ? rest : { ...rest, nodeName: pod.node };
}

function unknown(reason: FlowReason): JudgedFlow {
  return { verdict: 'unknown', reasons: [reason], conditions: [] };
}

function describeSide({ verdict, isolatedBy, steps }: DirectionTrace): JudgedSide {
  return {
    verdict,
    isolatedBy: isolatedBy.map(({ ref }) => ref),
    rules: steps.flatMap(({ policy, rule, action, perhaps }) =>
      policy === undefined || rule === undefined || (action !== 'Accept' && action !== 'Deny' && action !== 'Pass')
        ? []
        : [{ policy: policy.ref, rule: rule.index, action, ...(perhaps === undefined ? {} : { perhaps }) }],
    ),
  };
}
