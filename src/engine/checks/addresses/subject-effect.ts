// What a rule about addresses does in numbers: how many pods it opens to them, or them to how many pods.

import type { AcceptRule } from '../accepting-rules.ts';
import { subjectsOf } from '../accepting-rules.ts';
import type { Problem } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { countPods, printImpact } from '../effect.ts';

/** Counts of the pods that are surely meant; empty where the rule is about no pod of the snapshot. `whom`: the addresses. */
export function subjectEffect(
  context: CheckContext,
  one: AcceptRule,
  whom: string = 'them',
): Pick<Problem, 'effect' | 'impact'> {
  const pods = subjectsOf(context, one).yes;
  if (pods.length === 0) return {};
  const impact = countPods(context, pods);
  const counted = printImpact(impact);
  return {
    impact,
    effect: one.direction === 'egress' ? `lets ${counted} reach ${whom}` : `lets ${whom} reach ${counted}`,
  };
}
