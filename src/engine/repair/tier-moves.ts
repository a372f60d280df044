// Ways to decide before a rule of an ordered tier does: a rule in front of it, or a policy of a lower order. Serves Accept
// and Pass that are to open, and Deny that is to close.

import type { RuleContent } from '../dialects/writer.ts';
import type { Action, Policy } from '../model/policy.ts';
import { policyName } from '../questions/describe.ts';
import { peersFor, portsFor } from './authored.ts';
import { type Cause, causeKey, sidesOf } from './cause.ts';
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
  /** These and all others that lack something on the same side, for whatever cause. */
  readonly wide: readonly UnmetFlow[];
}

/**
 * A rule right before one that decides, and a policy of its kind before its policy: for the flows of one cause, and for all
 * that lack something on this side (`wide`), before any of the rules that decide those.
 */
export function decideBefore(
  context: RepairContext,
  draft: Draft,
  cause: Extract<Cause, { is: 'rule' }>,
  { flows, wide }: Asked,
  actions: readonly Action[],
): readonly Move[] {
  const causes = [cause, ...wide.flatMap((flow) => sidesOf(flow))].filter(
    ({ direction }) => direction === cause.direction,
  );
  const rules = causes.flatMap((other) => (other.is === 'rule' ? [other] : []));
  const distinct = [...new Map(rules.map((other) => [causeKey(other), other])).values()];
  return [
    ...needsOf(cause, flows).map((need) => ({ need, before: cause })),
    ...distinct.flatMap((before) => needsOf(cause, wide).map((need) => ({ need, before }))),
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
 * A rule in the tiers, before all that they say of the subjects: as the first rule of a policy that may select them, or in a
 * policy of its own. Nothing where the input does not use these APIs in such a tier.
 */
export function decideInTiers(
  context: RepairContext,
  draft: Draft,
  cause: Cause,
  { flows, wide }: Asked,
  tiers: readonly Policy['tier'][],
  action: Action,
): readonly Move[] {
  return [...needsOf(cause, flows), ...needsOf(cause, wide)].flatMap((need) => {
    const rule = ruleFor(context, need, action);
    if (rule === undefined) return [];
    const selecting = new Set(need.subjects.flatMap((unit) => context.selecting(unit)));
    return tiers.flatMap((tier) => {
      const all = context.tiered.filter((policy) => policy.tier === tier);
      const own = all.filter((policy) => selecting.has(policy));
      // Before all policies that select these pods: one of them may decide otherwise, or pass it on.
      const before = own.reduce((least, { order }) => Math.min(least, order), Number.POSITIVE_INFINITY);
      const behindAll = all.reduce((most, { order }) => Math.max(most, order), 0) + 2;
      const limit = Math.min(before, behindAll, LAST_ORDER + 1);
      const like = all.find(({ ref }) => ref.kind !== 'BaselineAdminNetworkPolicy');
      return present([
        ...[...own, ...context.blank.filter((policy) => policy.tier === tier)].map((policy) =>
          firstRule(context, draft, policy, need, rule),
        ),
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
