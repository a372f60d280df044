// Peers that match no pod: the rule lets nobody in by them.

import type { Check, Problem } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { correctRequirement, type Dangling, danglingUses, describePods, meantInstead } from './dangling.ts';
import { labelsThere } from './nobody.ts';
import { peersMeantAsOne } from './split-peer.ts';

/**
 * Rule 34 of the catalogue. Silent where the input cannot tell: see nobody.ts. Peers whose labels are found in another
 * namespace, on a Service, or in an item beside them are checks of their own.
 */
export const PEER_MATCHES_NOBODY: Check = {
  id: 'peer-matches-nobody',
  severity: 'medium',
  scope: 'input',
  summary: 'a peer that matches no pod of the input, in namespaces that have some',
  *find(context) {
    const split = peersMeantAsOne(context);
    for (const dangling of danglingUses(context)) {
      const { use, mistake } = dangling;
      if (use.peer === undefined || split.has(use.peer)) continue;
      if (mistake.type === 'near' || mistake.type === 'none') yield problemOf(context, dangling);
    }
  },
};

function problemOf(context: CheckContext, { use, mistake }: Dangling): Problem {
  const { policy, peer, rule, direction } = use;
  const fix = correctRequirement(use, mistake);
  const what =
    rule!.action === 'Accept' ? (direction === 'ingress' ? 'lets nobody in' : 'opens nothing') : 'does nothing';
  return {
    object: policy.object,
    policy,
    path: peer!.path,
    ...(mistake.type === 'near' ? { severity: 'high' } : {}),
    message: `no pod has the labels ${describePods(use)}, so this peer ${what}`,
    hint: meantInstead(mistake) ?? labelsThere(context, use) ?? 'correct the labels, or take the peer away',
    ...(fix === undefined ? {} : { fix }),
  };
}
