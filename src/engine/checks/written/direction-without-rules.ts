// A direction that policyTypes lists and that has no rule: it denies. Silent where that is the point of the policy.

import {
  areRulesEmpty,
  areTypesOmitted,
  isNetworkPolicy,
  POLICY_TYPES,
  positionsOfType,
  TYPES_PATH,
} from '../../dialects/network-policy/written.ts';
import { DIRECTIONS, type Direction, type Policy } from '../../model/policy.ts';
import { everyId } from '../../sets/id-set.ts';
import type { Check, Problem } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { countPods, printImpact } from '../effect.ts';
import { isolationLost, writeNoRules } from '../fixes.ts';
import { findFlow } from '../flows.ts';
import { isIsolatedAnyway, onlyIsolatedBy, subjectOf } from '../isolation.ts';
import { intentionOf } from './intention.ts';

/**
 * Rule 4 of the catalogue. A policy without any rule is a default deny, and an empty list of rules is a decision; both are
 * silent. What is left is a policy that allows something in one direction and closes the other by listing it, or one that
 * is called "allow" and allows nothing.
 */
export const DIRECTION_WITHOUT_RULES: Check = {
  id: 'direction-without-rules',
  severity: 'medium',
  scope: 'object',
  summary: 'a direction that an allowing policy lists and has no rules for: it denies everything',
  *find(context) {
    for (const policy of context.state.policies) {
      if (!isNetworkPolicy(policy) || areTypesOmitted(policy)) continue;
      const empty = DIRECTIONS.filter(
        (one) => policy[one]?.listed && policy[one].rules.length === 0 && !areRulesEmpty(policy, one),
      );
      const allows = DIRECTIONS.some((one) => policy[one]?.listed && policy[one].rules.length > 0);
      const intention = intentionOf(policy);
      for (const direction of empty) {
        const promised = intention?.to === 'allow' && intention.directions.includes(direction);
        if (allows) {
          if (closesSomething(context, policy, direction)) yield problemOf(context, policy, direction);
        } else if (promised) yield problemOf(context, policy, direction, intention.says);
      }
    }
  },
};

function closesSomething(context: CheckContext, policy: Policy, direction: Direction): boolean {
  if (subjectOf(context, policy, direction).length > 0) return onlyIsolatedBy(context, policy, direction).length > 0;
  return !isIsolatedAnyway(context, policy, direction, policy[direction]!.subject.pods);
}

/** `promise`: what the name says, where it is called to allow and allows nothing at all. */
function problemOf(context: CheckContext, policy: Policy, direction: Direction, promise?: string): Problem {
  const { object } = policy;
  const type = POLICY_TYPES[direction];
  const [position = 0] = positionsOfType(policy, direction);
  const closed = onlyIsolatedBy(context, policy, direction);
  const impact = countPods(context, closed);
  const others = everyId(context.pods.length);
  const ends = direction === 'ingress' ? { from: others, to: closed } : { from: closed, to: others };
  const example = findFlow(context, { verdict: 'denied', ...ends });
  const dns = direction === 'egress' ? ', DNS included' : '';
  return {
    object,
    policy,
    path: [...TYPES_PATH, position],
    ...(promise === undefined ? {} : { severity: 'high' }),
    message:
      promise === undefined
        ? `policyTypes lists ${type}, but there are no ${direction} rules: the policy also denies all ${direction} of its pods${dns}`
        : `the policy is ${promise}, but has no ${direction} rules: it denies all ${direction} of its pods${dns}`,
    hint:
      promise === undefined
        ? `take ${type} out of policyTypes, or write ${direction}: [] if it is meant`
        : `write the rules; ${direction}: [{}] allows everything`,
    ...(impact.pods === 0 ? {} : { effect: `closes all ${direction} of ${printImpact(impact)}`, impact }),
    ...(example === undefined ? {} : { example }),
    ...(promise === undefined
      ? {
          fix: {
            title: `take ${type} out of policyTypes`,
            edits: positionsOfType(policy, direction).map((index) => ({
              op: 'remove',
              object,
              path: [...TYPES_PATH, index],
            })),
            announced: isolationLost(context),
            safe: false,
          },
          alternatives: [writeNoRules(policy, direction)],
        }
      : {}),
  };
}
