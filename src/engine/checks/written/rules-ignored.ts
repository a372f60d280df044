// Rules of a direction that policyTypes does not list: the API ignores them.

import { DIRECTIONS } from '../../model/policy.ts';
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
        const type = direction === 'ingress' ? 'Ingress' : 'Egress';
        const other = direction === 'ingress' ? 'Egress' : 'Ingress';
        const { object } = policy;
        const isEnforced = state.behaviour.knobs.unlistedDirectionRules === 'enforced';
        yield {
          object,
          policy,
          path: ['spec', direction],
          key: true,
          message: isEnforced
            ? `policyTypes lists only ${other}, so the API ignores these ${direction} rules, but ${state.behaviour.name} enforces them`
            : `policyTypes lists only ${other}, so these ${direction} rules have no effect`,
          hint: `add ${type} to policyTypes, or take the rules away`,
          fix: {
            title: `add ${type} to policyTypes`,
            edits: [{ op: 'insert', object, path: ['spec', 'policyTypes', 1], value: type }],
            announced: 'changes',
            safe: false,
          },
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
