// Rules of a direction that policyTypes does not list: the API ignores them.

import { areRulesEmpty, POLICY_TYPES, positionsOfType, TYPES_PATH } from '../../dialects/network-policy/written.ts';
import type { Fix } from '../../model/edit.ts';
import { DIRECTIONS, type Direction, type Policy } from '../../model/policy.ts';
import type { Check } from '../check.ts';

/** Rules 2 and 3 of the catalogue. */
export const RULES_IGNORED: Check = {
  id: 'rules-ignored',
  severity: 'high',
  scope: 'object',
  summary: 'rules of a direction that policyTypes does not list',
  *find({ state }) {
    for (const policy of state.policies) {
      for (const direction of DIRECTIONS) {
        const part = policy[direction];
        if (part === undefined || part.listed || part.rules.length === 0) continue;
        const type = POLICY_TYPES[direction];
        const other = POLICY_TYPES[otherThan(direction)];
        const { object } = policy;
        const { unlistedDirectionRules } = state.behaviour.knobs;
        const isEnforced = unlistedDirectionRules !== 'ignored';
        const does = unlistedDirectionRules === 'enforced' ? 'enforces them' : 'lets them allow';
        yield {
          object,
          policy,
          path: ['spec', direction],
          key: true,
          message: isEnforced
            ? `policyTypes lists only ${other}, so the API ignores these ${direction} rules, but ${state.behaviour.name} ${does}`
            : `policyTypes lists only ${other}, so these ${direction} rules have no effect`,
          hint: `add ${type} to policyTypes, or take the rules away`,
          fix: listDirection(policy, direction),
          alternatives: [
            {
              title: `take the ${direction} rules away`,
              edits: [{ op: 'remove', object, path: ['spec', direction] }],
              announced: isEnforced ? 'changes' : 'same',
              safe: false,
            },
          ],
        };
      }
    }
  },
};

function otherThan(direction: Direction): Direction {
  return direction === 'ingress' ? 'egress' : 'ingress';
}

/** Adds the direction. Where the listed one has no rules, it was surely mistaken for this one. */
function listDirection(policy: Policy, direction: Direction): Fix {
  const { object } = policy;
  const type = POLICY_TYPES[direction];
  const other = otherThan(direction);
  const isMistaken = policy[other]?.rules.length === 0 && !areRulesEmpty(policy, other);
  return {
    title: isMistaken ? `list ${type} in place of ${POLICY_TYPES[other]}` : `add ${type} to policyTypes`,
    edits: isMistaken
      ? positionsOfType(policy, other).map((index) => ({
          op: 'set',
          object,
          path: [...TYPES_PATH, index],
          value: type,
        }))
      : [{ op: 'insert', object, path: [...TYPES_PATH, 1], value: type }],
    announced: 'changes',
    safe: false,
  };
}
