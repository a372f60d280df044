// The literal evaluator: one flow at a time, in the words of the specification, with a trace. Slow and plain on purpose;
// compile/ must agree with it. Must not use compile/ or any set algebra on traffic.

import type { Knobs } from '../model/behaviour.ts';
import type { Endpoint, UnknownReason } from '../model/endpoint.ts';
import type { Condition, Direction, Policy } from '../model/policy.ts';
import type { Chain, PlacedPolicy, Placement, Tier } from '../model/tier.ts';
import type { DirectionTrace, Flow, FlowTrace, Step, Verdict } from '../model/verdict.ts';
import { findNearest } from './nearest.ts';
import { type Applied, type Applying, appliedPolicies, evaluateTier, isolation, type Side } from './tiers.ts';

/** Where policies stand and what the plugin leaves open. */
export interface Rules {
  readonly placement: Placement;
  readonly knobs: Knobs;
  /** Looks up what selects a subject, for very many flows and policies; absent: it is searched for in the placement each time. */
  readonly applying?: (subject: Endpoint) => Applying;
  /** False leaves out the rule that came nearest, which only a person needs; absent: true. */
  readonly explains?: boolean;
}

/** A pair of endpoints. `same`: one and the same pod, so that the traffic never leaves it. */
export interface Pair {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly same?: boolean;
}

/**
 * Judges one flow: "For a connection from a source to a destination to be allowed, both the egress policy on the source
 * and the ingress policy on the destination need to allow it" (semantics 1.1 N3). Replies are implied (N4).
 */
export function evaluateFlow(rules: Rules, pair: Pair, flow: Flow): FlowTrace {
  const egress = evaluateDirection(rules, 'egress', pair, flow);
  const ingress = evaluateDirection(rules, 'ingress', pair, flow);
  const sides = [egress, ingress];
  const verdicts = sides.map((side) => side.verdict);
  const verdict: Verdict = verdicts.includes('denied')
    ? 'denied'
    : verdicts.includes('unknown')
      ? 'unknown'
      : verdicts.includes('conditional')
        ? 'conditional'
        : 'allowed';
  return {
    flow,
    verdict,
    reasons: verdict === 'unknown' ? unique(sides.flatMap((side) => side.reasons)) : [],
    conditions: verdict === 'conditional' ? sides.flatMap((side) => side.conditions) : [],
    egress,
    ingress,
  };
}

/** Judges one flow from one side. `explains` is as the rules have it, unless it is given. */
export function evaluateDirection(
  rules: Rules,
  direction: Direction,
  pair: Pair,
  flow: Flow,
  explains: boolean = rules.explains !== false,
): DirectionTrace {
  const subject = direction === 'egress' ? pair.from : pair.to;
  const peer = direction === 'egress' ? pair.to : pair.from;
  const allowed = (step: Step): DirectionTrace => ({
    direction,
    verdict: 'allowed',
    reasons: [],
    conditions: [],
    isolatedBy: [],
    steps: [step],
  });
  if (pair.same === true && rules.knobs.selfTraffic === 'allow') {
    return allowed({ action: 'Exempt', because: 'a pod cannot block access to itself' });
  }
  if (subject.pod === undefined) {
    const because =
      subject.type === 'pod'
        ? 'a hostNetwork pod speaks as its node: no policy selects it'
        : 'policies select only pods';
    return allowed({ action: 'Default', because });
  }
  const exempt = ownNodeExemption(rules.knobs, direction, subject, peer);
  if (exempt.is === 'yes') {
    return allowed({ action: 'Exempt', because: 'traffic between a pod and its own node is always allowed' });
  }

  const side = (conditionsHold: Side['conditionsHold']): Side => ({
    direction,
    subject,
    peer,
    destination: pair.to,
    flow,
    conditionsHold,
    openProtocol: (placed) => openProtocol(placed, flow, rules.knobs),
  });
  const { chain, policies } = rules.placement;
  const applying: Applying =
    rules.applying?.(subject) ?? ((either) => appliedPolicies(policies, { direction: either, subject }));
  const applied = applying(direction);
  const without = walkTiers(chain, applied, applying, side(false));
  const hasConditions = applied.some(({ part }) => part.rules.some((rule) => rule.conditions.length > 0));
  const withThem = hasConditions ? walkTiers(chain, applied, applying, side(true)) : without;
  const open = exempt.is === 'maybe' ? [exempt.reason] : [];
  const verdict = conclude(without.allows, withThem.allows, open.length > 0);
  const reasons = verdict === 'unknown' ? unique([...without.reasons, ...withThem.reasons, ...open]) : [];
  const trace: DirectionTrace = {
    direction,
    verdict,
    reasons,
    conditions: verdict === 'conditional' ? walkTiers(chain, applied, applying, side('perhaps')).conditions : [],
    isolatedBy: without.isolatedBy,
    steps: withThem.steps,
  };
  if (verdict === 'allowed' || !explains) return trace;
  const nearest = findNearest(applied, side(true));
  return nearest === undefined ? trace : { ...trace, nearest };
}

/** Possible final answers of a walk: whether the flow may be allowed, may be denied. */
interface Walk {
  readonly allows: ReadonlySet<boolean>;
  readonly reasons: readonly UnknownReason[];
  readonly conditions: readonly Condition[];
  readonly steps: readonly Step[];
  readonly isolatedBy: DirectionTrace['isolatedBy'];
}

function conclude(without: ReadonlySet<boolean>, withThem: ReadonlySet<boolean>, exemptPerhaps: boolean): Verdict {
  const one = (set: ReadonlySet<boolean>) => (set.size === 1 ? set.has(true) : undefined);
  const [off, on] = [one(without), one(withThem)];
  if (off === true && on === true) return 'allowed';
  if (exemptPerhaps) return 'unknown';
  if (off === false && on === false) return 'denied';
  return off !== undefined && on !== undefined ? 'conditional' : 'unknown';
}

/** Follows the chain: Admin, NetworkPolicy, Baseline, then the tail, or whatever tiers the plugin has. */
function walkTiers({ tiers, tail }: Chain, all: readonly Applied[], applying: Applying, side: Side): Walk {
  const allows = new Set<boolean>();
  const reasons: UnknownReason[] = [];
  const conditions: Condition[] = [];
  const steps: Step[] = [];
  const isolatedBy: Policy[] = [];
  const reached = new Set<number>([0]);
  tiers.forEach((tier, index) => {
    const applied = all.filter(({ placed }) => placed.tier === index);
    const isolated = isolation(applied, side);
    isolatedBy.push(...isolated.by);
    if (!reached.has(index)) return;
    const result = evaluateTier(tier, applied, side);
    reasons.push(...result.reasons);
    conditions.push(...result.conditions);
    steps.push(...result.steps);
    for (const outcome of result.outcomes) {
      if (outcome === 'Accept') allows.add(true);
      else if (outcome === 'Deny') allows.add(false);
      else if (outcome === 'Pass') reached.add(passTarget(tiers, index));
      else endOfTier(tier, index, applying, isolated, { allows, reasons, steps, reached });
    }
  });
  if (reached.has(tiers.length)) {
    allows.add(tail === 'allow');
    const because =
      tail === 'allow' ? 'not isolated: what no policy decides is allowed' : 'what no policy allows is denied';
    steps.push({ action: 'Default', because });
  }
  return { allows, reasons, conditions, steps, isolatedBy: isolatedBy.length < 2 ? isolatedBy : unique(isolatedBy) };
}

/** Nothing matched: "if a pod is isolated, only connections that a rule allows are allowed"; else the next tier. */
function endOfTier(
  tier: Tier,
  index: number,
  applying: Applying,
  isolated: ReturnType<typeof isolation>,
  walk: { allows: Set<boolean>; reasons: UnknownReason[]; steps: Step[]; reached: Set<number> },
): void {
  if (isolated.is !== 'no') {
    walk.allows.add(false);
    walk.reasons.push(...isolated.reasons);
    const because = 'isolated in this direction, and no rule allows the connection';
    const perhaps = isolated.is === 'maybe' ? { perhaps: isolated.reasons[0]! } : {};
    walk.steps.push({ tier: tier.name, action: 'Isolated', because, ...perhaps });
    if (isolated.is === 'yes') return;
  }
  const elsewhere = tier.unisolated === 'accept-if-selected' ? selectedEitherWay(applying, index) : undefined;
  if (elsewhere !== undefined && elsewhere.is !== 'no') {
    walk.allows.add(true);
    walk.reasons.push(...elsewhere.reasons);
    walk.steps.push({
      tier: tier.name,
      action: 'Default',
      because: 'selected by a policy of the other direction only',
    });
    if (elsewhere.is === 'yes') return;
  }
  walk.reached.add(index + 1);
}

function selectedEitherWay(applying: Applying, tier: number): { is: string; reasons: UnknownReason[] } {
  const both = [...applying('ingress'), ...applying('egress')];
  const applied = both.filter(({ placed }) => placed.tier === tier);
  const sure = applied.some((each) => each.selected.is === 'yes');
  const reasons = applied.flatMap((each) => [...each.selected.reasons]);
  return { is: sure ? 'yes' : applied.length > 0 ? 'maybe' : 'no', reasons: sure ? [] : reasons };
}

/** "Pass: skip the rest of the tier and go on with the next one", or where the tier sends it. */
function passTarget(tiers: readonly Tier[], index: number): number {
  const name = tiers[index]!.passTo;
  const target = name === undefined ? index + 1 : tiers.findIndex((tier) => tier.name === name);
  return target > index ? target : index + 1;
}

/** Why the policy says nothing about the flow's protocol; undefined: it does. */
export function openProtocol(placed: PlacedPolicy, flow: Flow, knobs: Knobs): UnknownReason | undefined {
  if (flow.protocol === 'SCTP') return knobs.sctp === 'unknown' ? 'sctp' : undefined;
  const isOther = flow.protocol === 'ICMP' || flow.protocol === 'ICMPv6';
  return isOther && !placed.coversOtherProtocols ? 'icmp' : undefined;
}

/** "Traffic to and from the node where a pod runs is always allowed" (ingress by default, semantics 1.8 T1, T2). */
function ownNodeExemption(
  knobs: Knobs,
  direction: Direction,
  subject: Endpoint,
  peer: Endpoint,
): { readonly is: 'yes' | 'no' } | { readonly is: 'maybe'; readonly reason: UnknownReason } {
  const knob = direction === 'ingress' ? knobs.localNodeIngress : knobs.localNodeEgress;
  if (knob !== 'allow' || peer.ownNode === undefined) return { is: 'no' };
  if (subject.nodeName === undefined || peer.nodeName === undefined) return { is: 'maybe', reason: peer.ownNode };
  return { is: subject.nodeName === peer.nodeName ? 'yes' : 'no' };
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
