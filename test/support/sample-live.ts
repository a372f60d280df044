// Findings about objects of a cluster, which stand in no file: one of a policy, one of another object.

import { API_VERSION, type Findings } from '../../src/engine/questions/documents.ts';
import { policy } from './sample-policies.ts';

/** Both kinds, each with its place. */
export const liveFindings: Findings = {
  apiVersion: API_VERSION,
  kind: 'Findings',
  findings: [
    {
      check: 'service-labels',
      severity: 'high',
      rejectedByApi: false,
      message: 'these are labels of the Service shop/db, not of its pods',
      policy: policy('shop/db'),
      source: { object: 'NetworkPolicy shop/db', path: 'spec.podSelector' },
      related: [
        { source: { object: 'Service shop/db', path: 'metadata.labels' }, message: 'the labels of the Service' },
      ],
      fingerprint: 'bbbbbbbbbbbbbbbb',
    },
    {
      check: 'no-default-deny',
      severity: 'medium',
      rejectedByApi: false,
      message: 'no policy isolates the pods of namespace "ops": everybody may connect to them',
      source: { object: 'Namespace ops', path: 'metadata.name' },
      fingerprint: 'cccccccccccccccc',
    },
  ],
  incomplete: [{ reason: 'not-listable', message: '"dev" may not list pods', namespaces: 'all' }],
  summary: { critical: 0, high: 1, medium: 1, low: 0, info: 0 },
};
