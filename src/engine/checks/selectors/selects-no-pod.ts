// Policies whose subject selects no pod: they protect nobody.

import type { Check, Problem } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { correctRequirement, type Dangling, danglingUses, describePods, meantInstead } from './dangling.ts';
import { labelsThere } from './nobody.ts';
import { podsPathOf } from './selector-uses.ts';

/**
 * Rule 33 of the catalogue. Silent where the input cannot tell: see nobody.ts. Labels of a Service are a check of their own.
 */
export const SELECTS_NO_POD: Check = {
  id: 'selects-no-pod',
  severity: 'medium',
  scope: 'input',
  summary: 'a policy that selects no pod of the input, in namespaces that have some',
  controls: ['CIS-5.3.2', 'NSA-network-policies'],
  *find(context) {
    for (const dangling of danglingUses(context)) {
      if (dangling.use.peer === undefined && dangling.mistake.type !== 'service') yield problemOf(context, dangling);
    }
  },
};

function problemOf(context: CheckContext, { use, mistake }: Dangling): Problem {
  const { policy } = use;
  const fix = correctRequirement(use, mistake);
  return {
    object: policy.object,
    policy,
    path: podsPathOf(use) ?? ['spec'],
    ...(mistake.type === 'near' ? { severity: 'high' } : {}),
    message: `no pod has the labels ${describePods(use)}, so the policy protects nobody`,
    hint: meantInstead(mistake) ?? labelsThere(context, use) ?? 'correct the labels, or take the policy away',
    ...(fix === undefined ? {} : { fix }),
  };
}
