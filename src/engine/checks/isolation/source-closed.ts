// Ingress rules for pods whose own egress is closed to what the rule opens.

import type { Check } from '../check.ts';
import { unmatchedRules } from './unmatched-rule.ts';

/** Rule 67 of the catalogue. */
export const SOURCE_CLOSED: Check = {
  id: 'source-closed',
  severity: 'high',
  scope: 'input',
  summary: 'an ingress rule for pods whose egress is isolated and closed to it',
  find: (context) => unmatchedRules(context, 'ingress'),
};
