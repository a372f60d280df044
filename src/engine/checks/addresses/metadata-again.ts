// Which metadata addresses one rule leaves out and another opens all the same: policies only add up.

import { entry } from '../../compile/entry.ts';
import { possible } from '../../compile/match-set.ts';
import { isEverything, selectorKey } from '../../model/selector.ts';
import { intersect } from '../../sets/id-set.ts';
import { type AcceptRule, subjectsOf } from '../accepting-rules.ts';
import type { CheckContext } from '../context.ts';
import { oncePerRun } from '../once.ts';
import {
  type MetadataExclusion,
  type MetadataOpening,
  type MetadataTarget,
  metadataExclusions,
} from './metadata-openings.ts';

const byNamespace = oncePerRun((context) => {
  const lists = new Map<string, MetadataExclusion[]>();
  for (const exclusion of metadataExclusions(context)) {
    entry(lists, exclusion.one.policy.ref.namespace ?? '', () => []).push(exclusion);
  }
  return lists;
});

/** The targets of the opening that a rule about the same pods leaves out, with the first such exclusion of each. */
export function againOpened(
  context: CheckContext,
  { one, targets }: MetadataOpening,
): ReadonlyMap<MetadataTarget, MetadataExclusion> {
  const again = new Map<MetadataTarget, MetadataExclusion>();
  for (const exclusion of byNamespace(context).get(one.policy.ref.namespace ?? '') ?? []) {
    const { target } = exclusion;
    if (targets.includes(target) && !again.has(target) && shareSubjects(context, one, exclusion.one)) {
      again.set(target, exclusion);
    }
  }
  return again;
}

/** Whether some pod is a subject of both: one of the snapshot, or where there is none by what the selectors say. */
function shareSubjects(context: CheckContext, a: AcceptRule, b: AcceptRule): boolean {
  if (a.part === b.part) return true;
  const [first, second] = [possible(subjectsOf(context, a)), possible(subjectsOf(context, b))];
  if (intersect(first, second).length > 0) return true;
  if (first.length > 0 && second.length > 0) return false;
  const [one, other] = [a.part.subject.pods, b.part.subject.pods];
  return isEverything(one) || isEverything(other) || selectorKey(one) === selectorKey(other);
}
