// Workloads that may connect to everybody, among others whose egress is isolated.

import type { Check } from '../check.ts';
import { openWorkloads } from './open-workloads.ts';

/** Rule 70 of the catalogue. A namespace that restricts no egress at all leaves it open on purpose. */
export const EGRESS_NOT_ISOLATED: Check = {
  id: 'egress-not-isolated',
  severity: 'medium',
  scope: 'input',
  summary: 'a workload whose egress no policy isolates, in a namespace that restricts that of others',
  controls: ['NSA-network-policies'],
  find: (context) => openWorkloads(context, 'egress', 'medium'),
};
