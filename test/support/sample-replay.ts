// A document of a replay written by hand, with every outcome and every sort of entry.

import { API_VERSION, type DirectionDocument, type EndpointDocument } from '../../src/engine/questions/documents.ts';
import type { FlowExplanation } from '../../src/engine/questions/flow-explanation-document.ts';
import type { Replay, ReplayedConnection } from '../../src/engine/questions/replay-document.ts';
import { policy } from './sample-policies.ts';

const workload = (id: number, name: string): EndpointDocument => {
  const key = `shop/Deployment.apps/${name}`;
  return { id, key, type: 'workload', namespace: 'shop', kind: 'Deployment', name, pods: 2 };
};

const seen = (count: number, line: number) => ({
  count,
  first: '2026-11-21T03:25:30.336Z',
  last: '2026-11-21T03:31:25.794Z',
  file: 'hubble.jsonl.gz',
  line,
});

const open = (direction: string): DirectionDocument => ({
  verdict: 'allowed',
  isolatedBy: [],
  steps: [{ action: 'Default', because: `not isolated: no policy selects it for ${direction}` }],
});

const denied: DirectionDocument = {
  verdict: 'denied',
  isolatedBy: [policy('shop/default-deny'), policy('shop/db')],
  steps: [
    {
      tier: 'NetworkPolicy',
      action: 'Isolated',
      because: 'isolated in this direction, and no rule allows the connection',
    },
  ],
  nearest: {
    policy: policy('shop/db'),
    rule: 0,
    source: { file: 'k8s/db.yaml', line: 9, column: 7, path: 'spec.ingress[0].from[0]' },
    why: 'peer app=api, but shop/web has app=web',
  },
};

const one = (
  from: number,
  to: number,
  port: number,
  outcome: ReplayedConnection['outcome'],
  more: Partial<ReplayedConnection> = {},
): ReplayedConnection => ({
  from,
  to,
  protocol: 'TCP',
  port,
  outcome,
  log: 'passed',
  verdict: 'allowed',
  seen: seen(212, 1234),
  ...more,
});

/** Every outcome, both ways of being unused, and what was not told. */
export const replay: Replay = {
  apiVersion: API_VERSION,
  cni: 'default',
  assumptions: [],
  notes: [],
  incomplete: [],
  kind: 'Replay',
  proposed: true,
  window: { first: '2026-11-21T03:25:30.336Z', last: '2026-11-21T03:31:25.794Z' },
  records: { total: 1082, connections: 1060, unattributed: 14, leftAside: 8 },
  endpoints: [
    workload(0, 'web'),
    workload(1, 'api'),
    workload(2, 'db'),
    { id: 3, key: 'node/', type: 'node', name: 'own node' },
    {
      id: 4,
      key: 'addresses/198.51.100.7',
      type: 'addresses',
      ranges: [['198.51.100.7', '198.51.100.7']],
      name: 'pay.example.com',
    },
    { id: 5, key: 'domain/kubernetes.default.svc', type: 'domain', name: 'kubernetes.default.svc' },
    workload(6, 'cron'),
  ],
  observed: [
    one(0, 2, 5432, 'newly-denied', {
      via: { namespace: 'shop', name: 'db', port: 5432 },
      refused: 3,
      refusedBy: [policy('shop/old')],
      before: 'allowed',
      verdict: 'denied',
      egress: open('egress'),
      ingress: denied,
    }),
    one(1, 4, 443, 'newly-denied', { verdict: 'partly', egress: denied, ingress: open('ingress'), seen: seen(1, 7) }),
    one(1, 0, 8080, 'newly-allowed', {
      log: 'refused',
      before: 'denied',
      egress: open('egress'),
      ingress: open('ingress'),
    }),
    one(4, 2, 5432, 'still-denied', {
      log: 'dropped',
      refusedFor: ['STALE_OR_UNROUTABLE_IP'],
      verdict: 'denied',
      egress: open('egress'),
      ingress: denied,
    }),
    one(0, 1, 9090, 'undecidable', { log: 'unknown', verdict: 'unknown', reason: 'pod-address' }),
    one(3, 0, 8080, 'still-allowed'),
    one(1, 5, 443, 'still-allowed', { seen: { count: 5, file: 'hubble.jsonl.gz', line: 99 } }),
  ],
  unused: [
    {
      policy: policy('shop/db'),
      direction: 'ingress',
      rule: { index: 0 },
      source: { file: 'k8s/db.yaml', line: 8, path: 'spec.ingress[0]' },
      used: 2,
      peers: [
        {
          says: 'pods app=cron of namespace shop',
          source: { file: 'k8s/db.yaml', line: 11, path: 'spec.ingress[0].from[1]' },
        },
      ],
      ports: [{ says: '5433/TCP', source: { file: 'k8s/db.yaml', line: 14, path: 'spec.ingress[0].ports[1]' } }],
      endpoints: [6],
      total: 1,
    },
    {
      policy: policy('shop/web'),
      direction: 'egress',
      rule: { index: 1, name: 'metrics' },
      source: { file: 'k8s/web.yaml', line: 20, path: 'spec.egress[1]' },
      used: 0,
      peers: [],
      ports: [],
      endpoints: [],
      total: 0,
    },
    {
      policy: policy('shop/web'),
      direction: 'ingress',
      rule: { index: 0 },
      source: { file: 'k8s/web.yaml', line: 12, path: 'spec.ingress[0]' },
      used: 1,
      peers: [],
      ports: [],
      endpoints: [2, 6],
      total: 30,
    },
  ],
  unattributed: [
    {
      reason: 'pod-gone',
      end: 'destination',
      source: 'shop/web-6bfb7f754-sp5fz (10.0.0.10)',
      destination: '10.0.0.89',
      protocol: 'TCP',
      port: 8080,
      seen: seen(12, 81),
    },
    {
      reason: 'direction-unknown',
      end: 'both',
      source: '10.0.0.10',
      destination: '10.0.0.11',
      protocol: 'UDP',
      seen: { count: 2, file: 'hubble.jsonl.gz', line: 90 },
    },
  ],
  leftAside: [{ reason: 'icmp', seen: seen(8, 3) }],
  unseen: [6],
  summary: { newlyDenied: 2, newlyAllowed: 1, stillDenied: 1, stillAllowed: 2, undecidable: 1, unusedRules: 3 },
};

/** Nothing would be denied, and nothing is left to say. */
export const replayFine: Replay = {
  ...replay,
  proposed: false,
  window: {},
  records: { total: 5, connections: 5, unattributed: 0, leftAside: 0 },
  observed: [one(1, 5, 443, 'still-allowed', { seen: { count: 5, file: 'flows.csv', line: 2 } })],
  unused: [],
  unattributed: [],
  leftAside: [],
  unseen: [],
  summary: { newlyDenied: 0, newlyAllowed: 0, stillDenied: 0, stillAllowed: 1, undecidable: 0, unusedRules: 0 },
};

/** A record that a policy dropped, and that these policies allow: every sort of reason that is known. */
export const flowDiffers: FlowExplanation = {
  apiVersion: API_VERSION,
  cni: 'default',
  assumptions: [],
  notes: [],
  incomplete: [],
  kind: 'FlowExplanation',
  record: { file: 'hubble.jsonl.gz', line: 1234 },
  says: {
    source: 'shop/web-7c5ddbdf54-x2k9p (10.0.0.10)',
    destination: '10.96.0.20',
    family: 'IPv4',
    protocol: 'TCP',
    port: 80,
    opened: 'known',
    verdict: 'denied',
    by: 'policy',
    reason: 'POLICY_DENIED',
    seenAt: 'ingress',
    policies: [policy('shop/old')],
    foreignPolicies: ['CiliumNetworkPolicy shop/l7'],
    time: '2026-11-21T03:31:31.003Z',
  },
  endpoints: [workload(0, 'web'), workload(1, 'api')],
  from: { endpoint: 0, how: 'log-workload', says: 'the log names Deployment shop/web' },
  to: [
    {
      endpoint: 1,
      how: 'service',
      says: 'Service shop/api:80 leads to its pods',
      port: 9090,
      via: { namespace: 'shop', name: 'api', port: 80 },
    },
  ],
  opened: 'the log says which end opened the connection',
  verdict: 'allowed',
  egress: open('egress'),
  ingress: open('ingress'),
  agrees: 'no',
  because: [
    {
      about: 'policy-missing',
      says: 'the log names NetworkPolicy shop/old, which the input does not hold',
      hint: 'it was removed or renamed since, or the input is not that of the cluster',
    },
    {
      about: 'plugin',
      says: 'these policies do what the log says on cilium@1.20',
      hint: '--cni cilium@1.20 answers as that plugin behaves',
    },
  ],
};

/** A record whose ends cannot be told. */
export const flowUnknown: FlowExplanation = {
  apiVersion: API_VERSION,
  cni: 'default',
  assumptions: [],
  notes: [],
  incomplete: [],
  kind: 'FlowExplanation',
  record: { file: '<argument>', line: 1 },
  says: {
    source: '10.0.0.10',
    destination: '10.0.0.99',
    family: 'IPv4',
    protocol: 'UDP',
    port: 41_532,
    opened: 'unknown',
    verdict: 'unknown',
  },
  endpoints: [],
  unattributed: { reason: 'direction-unknown', end: 'both', says: 'either end may have opened the connection' },
  because: [],
};
