// All moves that may answer a cause: the grammar of repairs. What is not here is never offered: to take a pod out of
// isolation, to remove a policy, to choose other subjects for one.

import { peersFor, portsFor } from './authored.ts';
import { type Cause, causeSort, sidesOf } from './cause.ts';
import type { Draft } from './draft.ts';
import { rulesThatKeep } from './keep-open.ts';
import { type Move, present } from './move.ts';
import { narrowRule } from './narrow-rule.ts';
import { needsOf } from './need.ts';
import { newPolicy } from './new-policy.ts';
import { openIsolated } from './open-isolated.ts';
import type { RepairContext } from './repair-context.ts';
import { type Asked, decideBefore, decideInTiers } from './tier-moves.ts';
import type { UnmetFlow } from './unmet.ts';

/** The moves, in a fixed order. All flows agree in what is wanted of them. */
export function movesFor(context: RepairContext, draft: Draft, cause: Cause, asked: Asked): readonly Move[] {
  const isToOpen = asked.flows[0]?.wanted.want === 'allowed';
  return isToOpen ? toOpen(context, draft, cause, asked) : toClose(context, draft, cause, asked);
}

function toOpen(context: RepairContext, draft: Draft, cause: Cause, asked: Asked): readonly Move[] {
  const { flows } = asked;
  // What several sorts of edits would open part by part, a higher tier opens at once.
  const above = isMixed(cause, asked) ? decideInTiers(context, draft, cause, asked, ['Admin'], 'Accept') : [];
  switch (cause.is) {
    case 'isolated':
      return [...openIsolated(context, draft, cause, flows), ...above];
    case 'rule':
      return [
        ...narrowRule(context, draft, cause, flows),
        ...decideBefore(context, draft, cause, asked, ['Accept', 'Pass']),
        ...(cause.tier === 'Baseline' ? overrule(context, draft, cause, asked) : []),
        ...above,
      ];
    case 'open':
      return [];
  }
}

function toClose(context: RepairContext, draft: Draft, cause: Cause, asked: Asked): readonly Move[] {
  const { flows } = asked;
  switch (cause.is) {
    case 'isolated':
      return [];
    case 'rule':
      return [
        ...narrowRule(context, draft, cause, flows),
        ...(cause.tier === 'NetworkPolicy' ? [] : decideBefore(context, draft, cause, asked, ['Deny'])),
        ...(cause.tier === 'NetworkPolicy' || isMixed(cause, asked)
          ? decideInTiers(context, draft, cause, asked, ['Admin'], 'Deny')
          : []),
        ...(cause.tier === 'Baseline' ? isolate(context, draft, cause, flows) : []),
      ];
    case 'open':
      return [
        ...decideInTiers(context, draft, cause, asked, ['Admin', 'Baseline'], 'Deny'),
        ...isolate(context, draft, cause, flows),
      ];
  }
}

/** Reports whether other flows of the same side have causes of another sort. */
function isMixed(cause: Cause, { wide }: Asked): boolean {
  return wide.some((flow) =>
    sidesOf(flow).some((other) => other.direction === cause.direction && causeSort(other) !== causeSort(cause)),
  );
}

/** A NetworkPolicy without rules: whatever reaches the tier is denied from then on. */
function isolate(context: RepairContext, draft: Draft, cause: Cause, flows: readonly UnmetFlow[]): readonly Move[] {
  return present(
    needsOf(cause, flows).map((need) => {
      const namespace = need.subjects[0]!.endpoint.pod?.namespace;
      return namespace === undefined
        ? undefined
        : newPolicy(context, draft, need, { namespace, isolates: true, rules: [], beside: [] });
    }),
  );
}

/**
 * A NetworkPolicy, which is asked before the Baseline tier: it opens what is needed, and everything that was open so far, or
 * it would close that. Where nobody could read all this it opens only what is needed, and isolates.
 */
function overrule(context: RepairContext, draft: Draft, cause: Cause, { flows, wide }: Asked): readonly Move[] {
  return present(
    [...needsOf(cause, flows), ...needsOf(cause, wide)].map((need) => {
      const namespace = need.subjects[0]!.endpoint.pod?.namespace;
      if (namespace === undefined) return undefined;
      const kept = rulesThatKeep(context, need, namespace);
      if (kept !== undefined)
        return newPolicy(context, draft, need, { namespace, isolates: false, beside: [], ...kept });
      const peers = peersFor(context, need.peers, namespace);
      if (peers === undefined) return undefined;
      const rules = [{ action: 'Accept' as const, peers, ports: portsFor(need.traffic) }];
      return newPolicy(context, draft, need, { namespace, isolates: true, rules, beside: [] });
    }),
  );
}
