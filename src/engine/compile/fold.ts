// Folds what matches one peer into a decision on all traffic, tier by tier: the set-based twin of evaluate/tiers.ts.

import type { UnknownReason } from '../model/endpoint.ts';
import { type Action, type Condition, type Policy, STRONGEST_FIRST } from '../model/policy.ts';
import type { Chain, Tier } from '../model/tier.ts';
import type { ConditionalPart, Decision, UnknownPart } from '../model/verdict.ts';
import * as traffic from '../sets/traffic-set.ts';
import { mergeConditional, mergeUnknown } from './decision.ts';

type TrafficSet = traffic.TrafficSet;

/** What one rule (or one port entry of it) does for one peer. `reason` set: it matches only perhaps. */
export interface Contribution {
  readonly action: Action;
  readonly traffic: TrafficSet;
  readonly reason?: UnknownReason;
  readonly conditions: readonly Condition[];
}

/** A policy that selects the subject, with those of its contributions that match the peer, in written order. */
export interface AppliedPart {
  readonly policy: Policy;
  readonly tier: number;
  readonly order: number;
  readonly isolates: boolean;
  /** Whether it has rules in this direction at all, for whatever peer. */
  readonly hasRules: boolean;
  /** Set where the policy selects the subject only perhaps. */
  readonly reason?: UnknownReason;
  /** Traffic of protocols about which the policy says nothing that can be known, by reason. */
  readonly open: readonly { readonly traffic: TrafficSet; readonly reason: UnknownReason }[];
  readonly contributions: readonly Contribution[];
}

/** Whether something selects, or why it does so only perhaps. */
export type Selected = 'no' | 'yes' | UnknownReason;

/** What a fold needs besides the parts. */
export interface FoldContext {
  readonly chain: Chain;
  readonly universe: TrafficSet;
  /** For each tier whether a policy of it selects the subject in either direction (npTier=anyDirection). */
  readonly selected: readonly Selected[];
}

/** Decides all traffic of the universe. `parts` stand in order of tier, then order, then name. */
export function fold(parts: readonly AppliedPart[], context: FoldContext): Decision {
  const conditional = parts.some((part) => part.contributions.some((one) => one.conditions.length > 0));
  const without = walk(parts, context, 'no');
  if (!conditional) return conclude(without, without, context.universe, () => []);
  return conclude(without, walk(parts, context, 'yes'), context.universe, () => walk(parts, context, 'perhaps').hits);
}

interface Doubt {
  readonly traffic: TrafficSet;
  readonly reason: UnknownReason;
  readonly policy?: Policy;
}

/** Whether conditions hold: none, all, or each for itself. */
type Holding = 'no' | 'yes' | 'perhaps';

/** Where a rule decides if its conditions hold. */
interface Hit {
  readonly traffic: TrafficSet;
  readonly conditions: readonly Condition[];
}

interface Walk {
  allow: TrafficSet;
  deny: TrafficSet;
  readonly reached: TrafficSet[];
  readonly doubts: Doubt[];
  /** Of rules with conditions, in order of evaluation. */
  readonly hits: Hit[];
}

function walk(parts: readonly AppliedPart[], context: FoldContext, holding: Holding): Walk {
  const { tiers, tail } = context.chain;
  const none = traffic.NO_TRAFFIC;
  const state: Walk = { allow: none, deny: none, reached: [context.universe], doubts: [], hits: [] };
  for (const [index, tier] of tiers.entries()) {
    const alive = state.reached[index] ?? none;
    if (traffic.isEmpty(alive)) continue;
    const here = parts.filter((part) => part.tier === index);
    const pass = (set: TrafficSet) => reach(state, passTarget(tiers, index), set);
    const rest =
      tier.combine === 'first-match'
        ? firstMatch(tier, here, alive, state, holding, pass)
        : unordered(here, alive, state, holding, pass);
    endOfTier(tier, index, here, rest, context, state);
  }
  const left = state.reached[tiers.length] ?? none;
  if (tail === 'allow') state.allow = traffic.union(state.allow, left);
  else state.deny = traffic.union(state.deny, left);
  return state;
}

function reach(state: Walk, index: number, set: TrafficSet): void {
  state.reached[index] = traffic.union(state.reached[index] ?? traffic.NO_TRAFFIC, set);
}

function passTarget(tiers: readonly Tier[], index: number): number {
  const name = tiers[index]!.passTo;
  const target = name === undefined ? index + 1 : tiers.findIndex((tier) => tier.name === name);
  return target > index ? target : index + 1;
}

/** Stands for a condition that holds or does not: whoever asks so asks for no reason. */
const UNDECIDED: UnknownReason = 'pod-labels';

/** The contributions of a part that count, with its own doubt laid on each. */
function contributionsOf(part: AppliedPart, holding: Holding): Contribution[] {
  return part.contributions
    .filter((one) => holding !== 'no' || one.conditions.length === 0)
    .map((one) => {
      const undecided = holding === 'perhaps' && one.conditions.length > 0 ? UNDECIDED : undefined;
      const reason = one.reason ?? part.reason ?? undecided;
      const closed = part.open.reduce((set, open) => traffic.subtract(set, open.traffic), one.traffic);
      return { ...one, traffic: closed, ...(reason === undefined ? {} : { reason }) };
    });
}

function speaks(part: AppliedPart): boolean {
  return part.isolates || part.hasRules;
}

/** Deny beats Accept beats Pass; order is irrelevant. Returns what reaches the end of the tier. */
function unordered(
  parts: readonly AppliedPart[],
  alive: TrafficSet,
  state: Walk,
  holding: Holding,
  pass: (set: TrafficSet) => void,
): TrafficSet {
  const sure: Record<Action, TrafficSet> = { Accept: {}, Deny: {}, Pass: {} };
  const perhaps: Record<Action, TrafficSet> = { Accept: {}, Deny: {}, Pass: {} };
  const said = parts.map((part) => contributionsOf(part, holding));
  for (const one of said.flat()) {
    const into = one.reason === undefined ? sure : perhaps;
    into[one.action] = traffic.union(into[one.action], one.traffic);
  }
  // What does not come here, or is surely decided by what is stronger, is in no doubt here.
  const undenied = traffic.subtract(alive, sure.Deny);
  const contested = { Deny: alive, Accept: undenied, Pass: traffic.subtract(undenied, sure.Accept) };
  for (const [nth, part] of parts.entries()) {
    for (const open of part.open) {
      if (!speaks(part)) continue;
      perhaps.Accept = traffic.union(perhaps.Accept, open.traffic);
      perhaps.Deny = traffic.union(perhaps.Deny, open.traffic);
      state.doubts.push({ traffic: traffic.intersect(undenied, open.traffic), reason: open.reason });
    }
    for (const one of said[nth]!) hear(one, part.policy, contested[one.action], sure[one.action], state);
  }
  let rest = alive;
  for (const action of STRONGEST_FIRST) {
    const hit = traffic.intersect(rest, traffic.union(sure[action], perhaps[action]));
    if (action === 'Deny') state.deny = traffic.union(state.deny, hit);
    else if (action === 'Accept') state.allow = traffic.union(state.allow, hit);
    else pass(hit);
    rest = traffic.subtract(rest, sure[action]);
  }
  return rest;
}

/** Notes the doubt and the conditions of a rule, where it counts; `sure`: where others surely do what it does. */
function hear(one: Contribution, policy: Policy, counts: TrafficSet, sure: TrafficSet, state: Walk): void {
  if (one.reason === undefined && one.conditions.length === 0) return;
  const hit = traffic.intersect(counts, one.traffic);
  if (one.conditions.length > 0) state.hits.push({ traffic: hit, conditions: one.conditions });
  if (one.reason === undefined) return;
  state.doubts.push({ traffic: traffic.subtract(hit, sure), reason: one.reason, policy });
}

/** By order, rule by rule; policies of equal order are tried in every order. Returns what reaches the end of the tier. */
function firstMatch(
  tier: Tier,
  parts: readonly AppliedPart[],
  alive: TrafficSet,
  state: Walk,
  holding: Holding,
  pass: (set: TrafficSet) => void,
): TrafficSet {
  let rest = alive;
  for (let i = 0; i < parts.length; ) {
    let end = i + 1;
    while (tier.ties === 'undefined' && end < parts.length && parts[end]!.order === parts[i]!.order) end++;
    const decided: Record<Action, TrafficSet> = { Accept: {}, Deny: {}, Pass: {} };
    let undecided: TrafficSet = {};
    for (const part of parts.slice(i, end)) {
      const own: Record<Action, TrafficSet> = { Accept: {}, Deny: {}, Pass: {} };
      const left = firstRules(part, rest, own, state, holding);
      const conflict = conflicts(own, decided);
      if (!traffic.isEmpty(conflict))
        state.doubts.push({ traffic: conflict, reason: 'equal-priority', policy: part.policy });
      for (const action of ['Accept', 'Deny', 'Pass'] as const)
        decided[action] = traffic.union(decided[action], own[action]);
      undecided = part === parts[i] ? left : traffic.intersect(undecided, left);
    }
    state.allow = traffic.union(state.allow, decided.Accept);
    state.deny = traffic.union(state.deny, decided.Deny);
    pass(decided.Pass);
    rest = undecided;
    i = end;
  }
  return rest;
}

function firstRules(
  part: AppliedPart,
  alive: TrafficSet,
  own: Record<Action, TrafficSet>,
  state: Walk,
  holding: Holding,
): TrafficSet {
  let rest = alive;
  for (const open of part.open) {
    if (!speaks(part)) continue;
    const hit = traffic.intersect(alive, open.traffic);
    own.Accept = traffic.union(own.Accept, hit);
    own.Deny = traffic.union(own.Deny, hit);
    state.doubts.push({ traffic: hit, reason: open.reason });
  }
  for (const one of contributionsOf(part, holding)) {
    const hit = traffic.intersect(rest, one.traffic);
    own[one.action] = traffic.union(own[one.action], hit);
    hear(one, part.policy, hit, traffic.NO_TRAFFIC, state);
    if (one.reason === undefined) rest = traffic.subtract(rest, hit);
  }
  return rest;
}

/** Traffic that two policies of equal order decide differently. */
function conflicts(own: Record<Action, TrafficSet>, others: Record<Action, TrafficSet>): TrafficSet {
  return (['Accept', 'Deny', 'Pass'] as const).reduce<TrafficSet>((sum, action) => {
    const rest = (['Accept', 'Deny', 'Pass'] as const).filter((other) => other !== action);
    const different = rest.reduce<TrafficSet>((set, other) => traffic.union(set, others[other]), {});
    return traffic.union(sum, traffic.intersect(own[action], different));
  }, {});
}

/** What no rule matched is denied where a policy of the tier isolates the subject, and goes on otherwise. */
function endOfTier(
  tier: Tier,
  index: number,
  parts: readonly AppliedPart[],
  rest: TrafficSet,
  context: FoldContext,
  state: Walk,
): void {
  const isolating = parts.filter((part) => part.isolates);
  if (isolating.length > 0) state.deny = traffic.union(state.deny, rest);
  let left = rest;
  for (const { reason, open } of isolating) {
    if (reason !== undefined) continue;
    left = traffic.intersect(
      left,
      open.reduce<TrafficSet>((set, one) => traffic.union(set, one.traffic), {}),
    );
  }
  // What is surely denied is in no doubt.
  for (const { open, reason, policy } of isolating) {
    for (const one of open) {
      state.doubts.push({ traffic: traffic.intersect(left, one.traffic), reason: one.reason });
    }
    if (reason !== undefined) state.doubts.push({ traffic: left, reason, policy });
  }
  const elsewhere = tier.unisolated === 'accept-if-selected' ? context.selected[index]! : 'no';
  if (elsewhere !== 'no') {
    state.allow = traffic.union(state.allow, left);
    if (elsewhere === 'yes') return;
    state.doubts.push({ traffic: left, reason: elsewhere });
  }
  reach(state, index + 1, left);
}

/** Splits the universe by what both walks (conditions off and on) leave possible. */
function conclude(off: Walk, on: Walk, universe: TrafficSet, hits: () => readonly Hit[]): Decision {
  const surely = (walk: Walk) => ({
    allowed: traffic.subtract(walk.allow, walk.deny),
    denied: traffic.subtract(universe, walk.allow),
  });
  const [a, b] = [surely(off), surely(on)];
  const allowed = traffic.intersect(a.allowed, b.allowed);
  const denied = traffic.intersect(a.denied, b.denied);
  const differs = traffic.union(traffic.intersect(a.allowed, b.denied), traffic.intersect(a.denied, b.allowed));
  let unknown = [allowed, denied, differs].reduce((rest, set) => traffic.subtract(rest, set), universe);
  const parts: UnknownPart[] = [];
  for (const { allow, deny, doubts } of traffic.isEmpty(unknown) ? [] : [off, on]) {
    const unsure = traffic.intersect(allow, deny);
    for (const { traffic: doubtful, reason, policy } of doubts) {
      const set = traffic.intersect(unknown, traffic.intersect(unsure, doubtful));
      if (traffic.isEmpty(set)) continue;
      parts.push({ traffic: set, reason, policies: policy === undefined ? [] : [policy] });
      unknown = traffic.subtract(unknown, set);
    }
  }
  return { allowed, unknown: mergeUnknown(parts), conditional: splitConditions(differs, hits) };
}

/** Parts of the traffic that no rule with conditions tells apart, each with those of all that may decide it. */
function splitConditions(differs: TrafficSet, hits: () => readonly Hit[]): ConditionalPart[] {
  if (traffic.isEmpty(differs)) return [];
  let parts: ConditionalPart[] = [{ traffic: differs, conditions: [] }];
  for (const hit of hits()) {
    parts = parts.flatMap((part): ConditionalPart[] => {
      const both = traffic.intersect(part.traffic, hit.traffic);
      if (traffic.isEmpty(both)) return [part];
      const outside = traffic.subtract(part.traffic, both);
      const inside = { traffic: both, conditions: [...part.conditions, ...hit.conditions] };
      return traffic.isEmpty(outside) ? [inside] : [inside, { ...part, traffic: outside }];
    });
  }
  return mergeConditional(parts);
}
