// Workloads that anybody may connect to, among others that are isolated.

import type { Check } from '../check.ts';
import { openWorkloads } from './open-workloads.ts';

/** Rule 69 of the catalogue. */
export const INGRESS_NOT_ISOLATED: Check = {
  id: 'ingress-not-isolated',
  severity: 'high',
  scope: 'input',
  summary: 'a workload whose ingress no policy isolates, in a namespace that isolates others',
  controls: ['NSA-network-policies'],
  find: (context) => openWorkloads(context, 'ingress', 'high'),
};
