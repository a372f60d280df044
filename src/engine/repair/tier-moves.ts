// Ways to decide before a rule of an ordered tier does: a rule in front of it, or a policy of a lower order. Serves Accept
// and Pass that are to open, and Deny that is to close.

import type { RuleContent } from '../dialects/writer.ts';
import type { Action, Policy } from '../model/policy.ts';
import { policyName } from '../questions/describe.ts';
import { peersFor, portsFor } from './authored.ts';
import type { Cause } from './cause.ts';
import type { Draft } from './draft.ts';
import { type Move, move, present } from './move.ts';
import { type Need, needsOf } from './need.ts';
import { newTierPolicy } from './new-policy.ts';
import type { RepairContext } from './repair-context.ts';
import type { UnmetFlow } from './unmet.ts';
import { appendItem, currentValue, insertBefore, placeIn, type Written, writtenPolicy } from './written.ts';

/** A rule right before the one that decides, and a policy of its kind before its policy. */
export function decideBefore(
  context: RepairContext,
  draft: Draft,
  cause: Extract<Cause, { is: 'rule' }>,
  flows: readonly UnmetFlow[],
  actions: readonly Action[],
): readonly Move[] {
  const target = writtenPolicy(context, draft, cause.policy);
  if (target === undefined || target.policy.tier === 'NetworkPolicy') return [];
  return needsOf(cause, flows).flatMap((need) =>
    actions.flatMap((action) => {
      const rule = ruleFor(context, need, action);
      if (rule === undefined) return [];
      return present([
        ruleAt(target, need, rule, (value) => insertBefore(target, cause.path, value)),
        newTierPolicy(context, draft, need, { like: target.policy, before: target.policy.order, rule }),
      ]);
    }),
  );
}

/**
 * A Deny in the tier before NetworkPolicies, for subjects that some policy of the input's tiers may select: as the first
 * rule of such a policy, or in a policy of its own. Nothing where the input does not use these APIs.
 */
export function denyInTier(
  context: RepairContext,
  draft: Draft,
  cause: Cause,
  flows: readonly UnmetFlow[],
): readonly Move[] {
  const admin = context.tiered.filter(({ tier }) => tier === 'Admin');
  const [like] = admin;
  if (like === undefined) return [];
  return needsOf(cause, flows).flatMap((need) => {
    const rule = ruleFor(context, need, 'Deny');
    if (rule === undefined) return [];
    const selecting = new Set(need.subjects.flatMap((unit) => context.selecting(unit)));
    const own = admin.filter((policy) => selecting.has(policy));
    // Before all policies that select these pods: one of them may accept or pass on what is to be denied.
    const before = own.reduce((least, { order }) => Math.min(least, order), Number.POSITIVE_INFINITY);
    const behindAll = admin.reduce((most, { order }) => Math.max(most, order), 0) + 2;
    const limit = Math.min(before, behindAll, LAST_ORDER + 1);
    return [
      ...present(own.map((policy) => firstRule(context, draft, policy, need, rule))),
      ...present([newTierPolicy(context, draft, need, { like, before: limit, rule })]),
    ];
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
