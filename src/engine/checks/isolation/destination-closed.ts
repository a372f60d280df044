// Egress rules to pods, and ways into the cluster to pods, whose own ingress is closed to them.

import type { Check } from '../check.ts';
import { closedEntries } from './closed-entries.ts';
import { unmatchedRules } from './unmatched-rule.ts';

/** Rule 68 of the catalogue, with the ways into the cluster as sources. */
export const DESTINATION_CLOSED: Check = {
  id: 'destination-closed',
  severity: 'high',
  scope: 'input',
  summary: 'an egress rule to pods, or a way into the cluster, whose destination is isolated and closed to it',
  *find(context) {
    yield* unmatchedRules(context, 'egress');
    yield* closedEntries(context);
  },
};
