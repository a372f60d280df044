// Rules without which no decision changes: other rules, of the same policy or of others, say all that they say.

import { entry } from '../../compile/entry.ts';
import type { Direction, Policy } from '../../model/policy.ts';
import type { Check, Problem } from '../check.ts';
import { removeRules } from '../fixes.ts';
import { type Redundancies, redundanciesOf } from './redundancies.ts';
import { listPolicies } from './redundant-wording.ts';

/** Rule 24 of the catalogue, for rules of policies that are needed. */
export const REDUNDANT_RULE: Check = {
  id: 'redundant-rule',
  severity: 'low',
  scope: 'input',
  summary: 'a rule that says nothing that other rules do not say to the same pods',
  mayFollowFix: true,
  *find(context) {
    const found = redundanciesOf(context);
    const written = new Map(context.state.policies.map((policy) => [policy.object, policy]));
    const going = new Map<Policy, Record<Direction, number>>();
    for (const { policy, direction } of found.rules) {
      entry(going, policy, () => ({ ingress: 0, egress: 0 }))[direction]++;
    }
    for (const one of found.rules) {
      const policy = written.get(one.policy.object)!;
      // All rules that go from this list may go: the list must not become empty, which reads as if something was forgotten.
      const left = (policy[one.direction]?.rules.length ?? 0) - going.get(one.policy)![one.direction];
      yield problemOf(found, one, policy, left);
    }
  },
};

/** `left`: how many rules stay beside it in the list. */
function problemOf(
  { ruleThatCovers }: Redundancies,
  redundancy: Redundancies['rules'][number],
  written: Policy,
  left: number,
): Problem {
  const { policy, rule, direction, by, isForEveryPod } = redundancy;
  const isOwn = by.includes(policy);
  const others = by.filter((one) => one !== policy);
  const who = isOwn
    ? others.length === 0
      ? 'other rules of this policy'
      : `other rules of this policy and ${listPolicies(others, policy)}`
    : listPolicies(others, policy);
  const says = `${who} ${others.length === 1 && !isOwn ? 'says' : 'say'} all that this rule says`;
  const covering = ruleThatCovers(redundancy);
  const related =
    covering === undefined
      ? others.map((other) => ({ object: other.object, path: ['metadata', 'name'], message: 'says the same' }))
      : [{ object: covering.policy.object, path: covering.rule.path, message: 'says all of it' }];
  return {
    object: policy.object,
    policy,
    path: rule.path,
    ...(isForEveryPod ? {} : { severity: 'info' }),
    message: isForEveryPod
      ? `${says}, so nothing changes without it`
      : `${says} to and of the pods of the input, so it matters to no pod but those that may come`,
    hint: isForEveryPod
      ? 'take this rule away, or say in it what it was meant for'
      : 'take this rule away if no pod with other labels is to come, or say in it what it was meant for',
    ...(related.length === 0 ? {} : { related }),
    ...(isForEveryPod && left > 0
      ? { fix: { ...removeRules(written, direction, [rule], 'take the rule away'), announced: 'same' } }
      : {}),
  };
}
