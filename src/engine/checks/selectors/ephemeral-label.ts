// Pod selectors with a label whose value does not last.

import { type WrittenRequirement, writtenRequirements } from '../../dialects/written-selectors.ts';
import type { Fix } from '../../model/edit.ts';
import { keysOf } from '../../model/selector.ts';
import type { Check, Problem } from '../check.ts';
import { EPHEMERAL_LABELS } from './ephemeral-labels.ts';
import { podsPathOf, type SelectorUse, selectorUses } from './selector-uses.ts';

/** Rule 35 of the catalogue. That such a label exists at all (a pod of any job) may be asked for: only values do not last. */
export const EPHEMERAL_LABEL: Check = {
  id: 'ephemeral-label',
  severity: 'high',
  scope: 'object',
  summary: 'a selector with a label whose value changes with rollouts, releases or replicas',
  *find(context) {
    for (const use of selectorUses(context)) {
      if (!keysOf(use.pods).some(isEphemeral)) continue;
      const path = podsPathOf(use);
      if (path === undefined) continue;
      const all = writtenRequirements(use.policy.object, path);
      for (const written of all) {
        const { op, key } = written.requirement;
        if ((op !== 'in' && op !== 'not-in') || !isEphemeral(key)) continue;
        yield problemOf(use, written, all);
      }
    }
  },
};

function isEphemeral(key: string): boolean {
  return Object.hasOwn(EPHEMERAL_LABELS, key);
}

function problemOf(
  { policy, peer }: SelectorUse,
  { requirement: { op, key }, path, isEntry }: WrittenRequirement,
  all: readonly WrittenRequirement[],
): Problem {
  const { object } = policy;
  const { severity, changes } = EPHEMERAL_LABELS[key]!;
  const then = peer === undefined ? 'the policy then selects nobody' : 'this peer then matches nobody';
  const others = all.filter(({ requirement }) => !isEphemeral(requirement.key));
  const hasPositive = others.some(({ requirement }) => requirement.op === 'in' || requirement.op === 'exists');
  const fix: Fix = {
    title: `take ${key} out of the selector`,
    edits: [{ op: 'remove', object, path }],
    announced: peer === undefined ? 'changes' : op === 'in' ? 'opens' : 'changes',
    safe: false,
  };
  return {
    object,
    policy,
    path,
    key: isEntry,
    severity,
    message: `the label ${key} does not last: its value ${changes}${op === 'in' && severity !== 'low' ? `, and ${then}` : ''}`,
    hint: 'select by labels that the application keeps, such as app.kubernetes.io/name',
    ...(hasPositive ? { fix } : {}),
  };
}
