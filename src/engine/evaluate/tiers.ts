// How the policies of one tier combine, for one flow and one direction. A result is the set of outcomes that are
// possible: exactly one where everything is known.

import type { Endpoint, UnknownReason } from '../model/endpoint.ts';
import {
  type Condition,
  type Direction,
  type Policy,
  type PolicyDirection,
  type Rule,
  STRONGEST_FIRST,
} from '../model/policy.ts';
import type { PlacedPolicy, Tier } from '../model/tier.ts';
import type { Flow, Step } from '../model/verdict.ts';
import { allOf, isSubject, type Matched, matchesPeers, matchesPorts, maybe, NO, YES } from './matching.ts';

/** What one tier may decide. `End`: nothing matched, and the tier's end is left open to the caller. */
export type Outcome = 'Accept' | 'Deny' | 'Pass' | 'End';

/** One flow seen from one side. */
export interface Side {
  readonly direction: Direction;
  readonly subject: Endpoint;
  readonly peer: Endpoint;
  readonly destination: Endpoint;
  readonly flow: Flow;
  /**
   * Whether rules with undecidable conditions are taken to hold. Both are tried; where they differ it is conditional, on those
   * of all rules that may decide where each holds or does not.
   */
  readonly conditionsHold: boolean | 'perhaps';
  /** Whether the policy leaves the flow's protocol open, and why. */
  readonly openProtocol: (placed: PlacedPolicy) => UnknownReason | undefined;
}

/** The possible outcomes of a tier, with everything that was learnt on the way. */
export interface TierResult {
  readonly outcomes: ReadonlySet<Outcome>;
  readonly reasons: readonly UnknownReason[];
  /** Those of the rules that were taken to hold and count. */
  readonly conditions: readonly Condition[];
  readonly steps: readonly Step[];
}

/** A policy of the tier that selects the subject, surely or perhaps, in this direction. */
export interface Applied {
  readonly placed: PlacedPolicy;
  readonly part: PolicyDirection;
  readonly selected: Matched;
}

/** Policies that select one subject, by direction, in the order of their placement. */
export type Applying = (direction: Direction) => readonly Applied[];

/** The policies that select the subject in this direction. */
export function appliedPolicies(
  policies: readonly PlacedPolicy[],
  side: Pick<Side, 'direction' | 'subject'>,
): Applied[] {
  const applied: Applied[] = [];
  for (const placed of policies) {
    const part = placed.policy[side.direction];
    if (part === undefined) continue;
    const selected = isSubject(part.subject, side.subject, placed.policy);
    if (selected.is !== 'no') applied.push({ placed, part, selected });
  }
  return applied;
}

/** A rule whose conditions hold or do not: no reason for anything to be unknown. */
const OPEN: Matched = { is: 'maybe', reasons: [] };

/** Reports whether one rule of an applied policy matches the flow: all parts of it must. */
export function matchesRule(rule: Rule, applied: Applied, side: Side): Matched {
  const isOpen = rule.conditions.length > 0 && side.conditionsHold !== true;
  if (isOpen && side.conditionsHold === false) return NO;
  const policy = applied.placed.policy;
  const ports = matchesPorts(rule.ports, side.destination, side.flow);
  if (ports.is === 'no') return NO;
  const peers = matchesPeers(rule.peers, side.peer, side.flow, policy);
  if (peers.is === 'no') return NO;
  const { subject, perhaps } = rule;
  const { selected } = applied;
  // Most rules are of the whole policy, and sure.
  const isPlain = subject === undefined && perhaps === undefined && !isOpen;
  if (isPlain && selected.is === 'yes' && ports.is === 'yes') return peers;
  return allOf([
    selected,
    subject === undefined ? YES : isSubject(subject, side.subject, policy),
    peers,
    ports,
    perhaps === undefined ? YES : maybe(perhaps),
    isOpen ? OPEN : YES,
  ]);
}

/** What a tier without policies for the subject says. */
const SILENT: TierResult = { outcomes: new Set<Outcome>(['End']), reasons: [], conditions: [], steps: [] };

/** Evaluates one tier: the outcomes that its rules allow for, `End` among them if perhaps no rule decides. */
export function evaluateTier(tier: Tier, applied: readonly Applied[], side: Side): TierResult {
  if (applied.length === 0) return SILENT;
  return tier.combine === 'first-match' ? firstMatch(tier, applied, side) : unordered(tier, applied, side);
}

const BECAUSE: Readonly<Record<Outcome, string>> = {
  Accept: 'a rule allows the connection',
  Deny: 'the first matching rule denies the connection',
  Pass: 'the first matching rule leaves the tier',
  End: 'no rule matched',
};

function step(tier: Tier, policy: Policy, rule: Rule, match: Matched, union: boolean): Step {
  return {
    tier: tier.name,
    policy,
    rule: { index: rule.index, ...(rule.name === undefined ? {} : { name: rule.name }), path: rule.path },
    action: rule.action,
    ...(match.is === 'maybe' ? { perhaps: match.reasons[0]! } : {}),
    because:
      union && rule.action === 'Accept' ? 'policies are additive: any allow rule suffices' : BECAUSE[rule.action],
  };
}

/** "Policies do not conflict; they are additive": any Accept wins over the end of the tier, any Deny over any Accept. */
function unordered(tier: Tier, applied: readonly Applied[], side: Side): TierResult {
  const matched: { readonly rule: Rule; readonly match: Matched }[] = [];
  const opens: UnknownReason[] = [];
  const steps: Step[] = [];
  for (const each of applied) {
    const open = side.openProtocol(each.placed);
    if (open !== undefined) {
      if (each.part.isolates || each.part.rules.length > 0) opens.push(open);
      continue;
    }
    for (const rule of each.part.rules) {
      const match = matchesRule(rule, each, side);
      if (match.is === 'no') continue;
      matched.push({ rule, match });
      steps.push(step(tier, each.placed.policy, rule, match, true));
    }
  }
  const outcomes = new Set<Outcome>();
  const reasons: UnknownReason[] = [];
  const conditions: Condition[] = [];
  for (const action of STRONGEST_FIRST) {
    const saying = matched.filter(({ rule }) => rule.action === action);
    const isSure = saying.some(({ match }) => match.is === 'yes');
    const isOpen = opens.length > 0 && action !== 'Pass';
    if (saying.length > 0 || isOpen) outcomes.add(action);
    conditions.push(...saying.flatMap(({ rule }) => rule.conditions));
    if (isSure) return { outcomes, reasons, conditions, steps };
    reasons.push(...(isOpen ? opens : []), ...saying.flatMap(({ match }) => match.reasons));
  }
  return { outcomes: outcomes.add('End'), reasons, conditions, steps };
}

/** "Policies in order of priority, rules in the order written; the first match decides." */
function firstMatch(tier: Tier, applied: readonly Applied[], side: Side): TierResult {
  const outcomes = new Set<Outcome>();
  const reasons: UnknownReason[] = [];
  const conditions: Condition[] = [];
  const steps: Step[] = [];
  for (const group of tieGroups(tier, applied)) {
    const results = group.map((each) => firstRule(tier, each, side));
    for (const result of results) {
      reasons.push(...result.reasons);
      conditions.push(...result.conditions);
      steps.push(...result.steps);
    }
    const decided = new Set(results.flatMap((result) => [...result.outcomes]).filter((outcome) => outcome !== 'End'));
    const deciding = results.filter((result) => [...result.outcomes].some((outcome) => outcome !== 'End'));
    if (decided.size > 1 && deciding.length > 1) reasons.push('equal-priority');
    for (const outcome of decided) outcomes.add(outcome);
    if (!results.every((result) => result.outcomes.has('End'))) return { outcomes, reasons, conditions, steps };
  }
  return { outcomes: outcomes.add('End'), reasons, conditions, steps };
}

/** The first match within one policy; where a match is open, later rules may decide as well. */
function firstRule(tier: Tier, each: Applied, side: Side): TierResult {
  const open = side.openProtocol(each.placed);
  if (open !== undefined) {
    if (!each.part.isolates && each.part.rules.length === 0) return SILENT;
    return { ...SILENT, outcomes: new Set<Outcome>(['Accept', 'Deny', 'End']), reasons: [open] };
  }
  const outcomes = new Set<Outcome>();
  const reasons: UnknownReason[] = [];
  const conditions: Condition[] = [];
  const steps: Step[] = [];
  for (const rule of each.part.rules) {
    const match = matchesRule(rule, each, side);
    if (match.is === 'no') continue;
    outcomes.add(rule.action);
    reasons.push(...match.reasons);
    conditions.push(...rule.conditions);
    steps.push(step(tier, each.placed.policy, rule, match, false));
    if (match.is === 'yes') return { outcomes, reasons, conditions, steps };
  }
  return { outcomes: outcomes.add('End'), reasons, conditions, steps };
}

/** Policies in order; those of equal order share a group unless the tier breaks ties. */
function tieGroups(tier: Tier, applied: readonly Applied[]): Applied[][] {
  const sorted = [...applied].sort((a, b) => a.placed.order - b.placed.order || compare(tieName(a), tieName(b)));
  const groups: Applied[][] = [];
  for (const each of sorted) {
    const last = groups.at(-1);
    if (last !== undefined && tier.ties === 'undefined' && last[0]!.placed.order === each.placed.order) last.push(each);
    else groups.push([each]);
  }
  return groups;
}

function tieName(each: Applied): string {
  const { name, namespace, kind } = each.placed.policy.ref;
  return `${name}/${namespace ?? ''}/${kind}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The isolation that the applied policies cause at the end of their tier. */
export function isolation(applied: readonly Applied[], side: Side): Matched & { readonly by: readonly Policy[] } {
  const by: Policy[] = [];
  const reasons: UnknownReason[] = [];
  let isSure = false;
  for (const { placed, part, selected } of applied) {
    if (!part.isolates) continue;
    by.push(placed.policy);
    const open = side.openProtocol(placed);
    if (open !== undefined) reasons.push(open);
    else if (selected.is === 'yes') isSure = true;
    else reasons.push(...selected.reasons);
  }
  if (isSure) return { is: 'yes', reasons: [], by };
  return { is: by.length > 0 ? 'maybe' : 'no', reasons, by };
}
