// The rules that let something through, as checks walk over them.

import { DIRECTIONS, type Direction, type Policy, type Rule } from '../model/policy.ts';

/** One rule with what it belongs to. */
export interface PlacedRule {
  readonly policy: Policy;
  readonly direction: Direction;
  readonly rule: Rule;
}

/**
 * Rules of the policies that accept traffic. Rules of a direction that policyTypes does not list are left out: they are a
 * finding of their own. So are rules that were closed because nobody can evaluate them.
 */
export function* acceptingRules(policies: readonly Policy[]): Generator<PlacedRule> {
  for (const policy of policies) {
    for (const direction of DIRECTIONS) {
      const part = policy[direction];
      if (part === undefined || !part.listed) continue;
      for (const rule of part.rules) {
        if (rule.action === 'Accept' && rule.closed === undefined) yield { policy, direction, rule };
      }
    }
  }
}
