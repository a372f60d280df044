// All moves that may answer a cause: the grammar of repairs. What is not here is never offered: to take a pod out of
// isolation, to remove a policy, to choose other subjects for one.

import { type Cause, subjectOf } from './cause.ts';
import type { Draft } from './draft.ts';
import { type Move, present } from './move.ts';
import { narrowRule } from './narrow-rule.ts';
import { needsOf } from './need.ts';
import { newPolicy } from './new-policy.ts';
import { openIsolated } from './open-isolated.ts';
import type { RepairContext } from './repair-context.ts';
import { type Asked, decideBefore, denyInTiers } from './tier-moves.ts';
import type { UnmetFlow } from './unmet.ts';

/** The moves, in a fixed order. All flows agree in what is wanted of them. */
export function movesFor(context: RepairContext, draft: Draft, cause: Cause, asked: Asked): readonly Move[] {
  const { flows } = asked;
  const isToOpen = flows[0]?.wanted.want === 'allowed';
  switch (cause.is) {
    case 'isolated':
      return openIsolated(context, draft, cause, flows);
    case 'rule':
      return isToOpen
        ? [
            ...narrowRule(context, draft, cause, flows),
            ...decideBefore(context, draft, cause, asked, ['Accept', 'Pass']),
          ]
        : [
            ...narrowRule(context, draft, cause, flows),
            ...(cause.tier === 'NetworkPolicy'
              ? denyInTiers(context, draft, cause, asked, ['Admin'])
              : decideBefore(context, draft, cause, asked, ['Deny'])),
            ...(cause.tier === 'Baseline' ? isolate(context, draft, cause, flows) : []),
          ];
    case 'open':
      return [
        ...denyInTiers(context, draft, cause, asked, ['Admin', 'Baseline']),
        ...isolate(context, draft, cause, flows),
      ];
  }
}

/** A NetworkPolicy without rules: whatever reaches the tier is denied from then on. */
function isolate(context: RepairContext, draft: Draft, cause: Cause, flows: readonly UnmetFlow[]): readonly Move[] {
  return present(
    needsOf(cause, flows).map((need) => {
      const namespace = subjectOf(cause, need.flows[0]!).endpoint.pod?.namespace;
      return namespace === undefined
        ? undefined
        : newPolicy(context, draft, need, { namespace, rules: [], beside: [] });
    }),
  );
}
