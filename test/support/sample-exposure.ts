// A document of exposure written by hand, with every sort of entry.

import { API_VERSION, type EndpointDocument } from '../../src/engine/questions/documents.ts';
import type { Exposure } from '../../src/engine/questions/exposure-document.ts';
import { policy } from './sample-policies.ts';

const workload = (id: number, name: string): EndpointDocument => {
  const key = `shop/Deployment.apps/${name}`;
  return { id, key, type: 'workload', namespace: 'shop', kind: 'Deployment', name, pods: 2 };
};

/** Every sort of entry, one endpoint that nothing isolates, and limits. */
export const exposure: Exposure = {
  apiVersion: API_VERSION,
  cni: 'default',
  assumptions: [],
  notes: [],
  incomplete: [],
  kind: 'Exposure',
  protocols: ['TCP', 'UDP', 'SCTP'],
  endpoints: [workload(0, 'web'), workload(1, 'db')],
  exposed: [
    {
      endpoint: 0,
      direction: 'ingress',
      to: 'internet',
      ranges: [['1.0.0.0', '9.255.255.255']],
      allowed: 'all',
      policies: [],
    },
    { endpoint: 0, direction: 'ingress', to: 'any-namespace', namespaces: 'any', allowed: 'all', policies: [] },
    {
      endpoint: 0,
      direction: 'egress',
      to: { ranges: [['10.0.0.0', '10.255.255.255']], name: 'private' },
      family: 'IPv4',
      allowed: { TCP: [[443, 443]] },
      policies: [policy('shop/web-out')],
    },
    {
      endpoint: 1,
      direction: 'ingress',
      to: {
        namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['a', 'b'] }] },
        podSelector: { matchLabels: { app: 'api' }, matchExpressions: [{ key: 'tier', operator: 'Exists' }] },
      },
      namespaces: 'unlimited',
      unknown: [{ ports: { TCP: [[5432, 5432]] }, reason: 'pod-ports', policies: [policy('shop/db-from-api')] }],
      policies: [policy('shop/db-from-api')],
      matches: [0],
    },
    {
      endpoint: 1,
      direction: 'ingress',
      to: {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'dev' } },
        podSelector: { matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] },
      },
      unisolated: true,
      allowed: { TCP: [[5432, 5432]] },
      policies: [policy('shop/db-from-api')],
      matches: [],
    },
  ],
  unisolated: [
    { endpoint: 0, direction: 'ingress' },
    { endpoint: 1, direction: 'egress', perhaps: 'pod-labels' },
  ],
  limited: { ingress: [], egress: ['dev', 'ops'] },
  unlabelled: ['ops'],
  limits: [
    {
      namespace: 'dev',
      direction: 'egress',
      podSelector: {},
      endpoints: 'all',
      allowed: { UDP: [[53, 53]] },
      policies: [policy('dev/dns')],
    },
    {
      namespace: 'dev',
      direction: 'egress',
      podSelector: { matchLabels: { app: 'x' } },
      endpoints: [1],
      allowed: 'all',
      policies: [],
    },
  ],
};
