// Ways to decide before a rule of an ordered tier does: a rule in front of it, or a policy of a lower order. Serves Accept
// and Pass that are to open, and Deny that is to close.

import type { RuleContent } from '../dialects/writer.ts';
import type { Action, Policy } from '../model/policy.ts';
import { policyName } from '../questions/describe.ts';
import { peersFor, portsFor } from './authored.ts';
import { type Cause, causeKey, causesOf } from './cause.ts';
import type { Draft } from './draft.ts';
import { type Move, move, present } from './move.ts';
import { type Need, needsOf } from './need.ts';
import { newTierPolicy } from './new-policy.ts';
import type { RepairContext } from './repair-context.ts';
import type { UnmetFlow } from './unmet.ts';
import { appendItem, currentValue, insertBefore, placeIn, type Written, writtenPolicy } from './written.ts';

/** What moves are to answer. */
export interface Asked {
  /** Flows that share the cause. */
  readonly flows: readonly UnmetFlow[];
  /** These and all others that lack the same on the same side, for whatever cause. */
  readonly wide: readonly UnmetFlow[];
}

/**
 * A rule right before one that decides, and a policy of its kind before its policy: for the flows of one cause, and for all
 * that lack the same on this side (`wide`), before any of the rules that decide those.
 */
export function decideBefore(
  context: RepairContext,
  draft: Draft,
  cause: Extract<Cause, { is: 'rule' }>,
  { flows, wide }: Asked,
  actions: readonly Action[],
): readonly Move[] {
  const causes = wide.flatMap((flow) => causesOf(flow).filter((other) => other.direction === cause.direction));
  const rules = causes.flatMap((other) => (other.is === 'rule' ? [other] : []));
  const others = new Map(rules.map((other) => [causeKey(other), other]));
  others.delete(causeKey(cause));
  return [
    ...needsOf(cause, flows).map((need) => ({ need, before: cause })),
    ...[cause, ...others.values()].flatMap((before) => needsOf(cause, wide).map((need) => ({ need, before }))),
  ].flatMap(({ need, before }) => {
    const target = writtenPolicy(context, draft, before.policy);
    if (target === undefined || target.policy.tier === 'NetworkPolicy') return [];
    return actions.flatMap((action) => {
      const rule = ruleFor(context, need, action);
      if (rule === undefined) return [];
      return present([
        ruleAt(target, need, rule, (value) => insertBefore(target, before.path, value)),
        newTierPolicy(context, draft, need, { like: target.policy, before: target.policy.order, rule }),
      ]);
    });
  });
}

/**
 * A Deny in the tiers, for subjects that some policy of the input's tiers may select: as the first rule of such a policy, or
 * in a policy of its own. Nothing where the input does not use these APIs in such a tier.
 */
export function denyInTiers(
  context: RepairContext,
  draft: Draft,
  cause: Cause,
  { flows, wide }: Asked,
  tiers: readonly Policy['tier'][],
): readonly Move[] {
  return [...needsOf(cause, flows), ...needsOf(cause, wide)].flatMap((need) => {
    const rule = ruleFor(context, need, 'Deny');
    if (rule === undefined) return [];
    const selecting = new Set(need.subjects.flatMap((unit) => context.selecting(unit)));
    return tiers.flatMap((tier) => {
      const all = context.tiered.filter((policy) => policy.tier === tier);
      const own = all.filter((policy) => selecting.has(policy));
      // Before all policies that select these pods: one of them may accept or pass on what is to be denied.
      const before = own.reduce((least, { order }) => Math.min(least, order), Number.POSITIVE_INFINITY);
      const behindAll = all.reduce((most, { order }) => Math.max(most, order), 0) + 2;
      const limit = Math.min(before, behindAll, LAST_ORDER + 1);
      const like = all.find(({ ref }) => ref.kind !== 'BaselineAdminNetworkPolicy');
      return present([
        ...own.map((policy) => firstRule(context, draft, policy, need, rule)),
        ...(like === undefined ? [] : [newTierPolicy(context, draft, need, { like, before: limit, rule })]),
      ]);
    });
  });
}

/** The last order that the APIs accept. */
const LAST_ORDER = 1000;

function ruleFor(context: RepairContext, need: Need, action: Action): RuleContent | undefined {
  const peers = peersFor(context, need.peers, undefined);
  return peers === undefined ? undefined : { action, peers, ports: portsFor(need.traffic) };
}

function firstRule(
  context: RepairContext,
  draft: Draft,
  policy: Policy,
  need: Need,
  rule: RuleContent,
): Move | undefined {
  const target = writtenPolicy(context, draft, draft.edited.get(policy.object) ?? policy);
  if (target === undefined) return undefined;
  const list = ['spec', need.direction];
  const written = currentValue(target, list);
  const isEmpty = !Array.isArray(written) || written.length === 0;
  return ruleAt(target, need, rule, (value) =>
    isEmpty ? appendItem(target, list, value) : insertBefore(target, [...list, 0], value),
  );
}

function ruleAt(
  target: Written,
  need: Need,
  rule: RuleContent,
  insert: (value: unknown) => ReturnType<typeof insertBefore>,
): Move | undefined {
  const value = target.writer.rule(rule, placeIn(target, need.direction));
  return value === undefined
    ? undefined
    : move(`add a rule to ${policyName(target.policy)}`, 1, [insert(value)], { adds: true });
}
