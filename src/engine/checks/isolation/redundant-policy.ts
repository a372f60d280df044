// Policies without which no decision changes: others say all that they say.

import { idSet } from '../../sets/id-set.ts';
import type { Check, Problem } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { countPods, printImpact } from '../effect.ts';
import { type Redundancy, redundanciesOf } from './redundancies.ts';
import { listPolicies } from './redundant-wording.ts';

/** Rule 24 of the catalogue, for whole policies. */
export const REDUNDANT_POLICY: Check = {
  id: 'redundant-policy',
  severity: 'low',
  scope: 'input',
  summary: 'a policy that says nothing that other policies do not say to the same pods',
  mayFollowFix: true,
  *find(context) {
    for (const one of redundanciesOf(context).policies) yield problemOf(context, one);
  },
};

function problemOf(context: CheckContext, { policy, by, isForEveryPod, subjects }: Redundancy): Problem {
  const impact = countPods(context, idSet(subjects));
  const says = `${listPolicies(by, policy)} say${by.length > 1 ? '' : 's'} all that this policy says`;
  return {
    object: policy.object,
    policy,
    path: ['metadata', 'name'],
    ...(isForEveryPod ? {} : { severity: 'info' }),
    message: isForEveryPod
      ? `${says}, so nothing changes without it`
      : `${says} to the pods of the input, so it matters to no pod but those that may come`,
    hint: isForEveryPod
      ? 'take this policy away, or say in it what it was meant for'
      : 'take this policy away if no pod with other labels is to come, or say in it what it was meant for',
    effect: `selects ${printImpact(impact)}`,
    impact,
    related: by.map((other) => ({ object: other.object, path: ['metadata', 'name'], message: 'says the same' })),
    ...(isForEveryPod
      ? {
          fix: {
            title: 'take the policy away',
            edits: [{ op: 'remove-object', object: policy.object }],
            announced: 'same',
            safe: false,
          },
        }
      : {}),
  };
}
