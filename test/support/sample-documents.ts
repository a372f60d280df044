// Documents written by hand, one per kind and more where a kind has faces: what reporters print and schemas describe.

import type { PolicyRef } from '../../src/engine/model/policy.ts';
import {
  type Answer,
  API_VERSION,
  type ConnectivityDiff,
  type ConnectivityMap,
  type Document,
  type EndpointDocument,
  type Explanation,
  type Findings,
  type GapDocument,
  type TestReport,
  type WhoCan,
} from '../../src/engine/questions/documents.ts';
import { hostileDiff, reviewDiff } from './sample-diffs.ts';
import { exposure } from './sample-exposure.ts';
import { fullFindings, hostileFindings } from './sample-findings.ts';
import { generated, generatedNothing } from './sample-generated.ts';
import { liveFindings } from './sample-live.ts';
import { policy } from './sample-policies.ts';
import { PORTABLE_SAMPLES } from './sample-portable.ts';
import { flowDiffers, flowUnknown, replay, replayFine } from './sample-replay.ts';
import { snapshotSummary } from './sample-snapshot.ts';
import { hostileReport, witnessReport } from './sample-tests.ts';

const head = {
  apiVersion: API_VERSION as typeof API_VERSION,
  cni: 'default',
  assumptions: [] as string[],
  notes: [] as string[],
  incomplete: [] as GapDocument[],
};

/** A Deployment's endpoint, from `namespace/name`. */
export function deployment(id: number, text: string, more: Partial<EndpointDocument> = {}): EndpointDocument {
  const [namespace = '', name = ''] = text.split('/');
  const key = `${namespace}/Deployment.apps/${name}`;
  return { id, key, type: 'workload', namespace, kind: 'Deployment', name, pods: 2, ...more } as EndpointDocument;
}

const internet: EndpointDocument = {
  id: 5,
  key: 'addresses/1.0.0.0-9.255.255.255,11.0.0.0-223.255.255.255,2000::-3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
  type: 'addresses',
  ranges: [
    ['1.0.0.0', '9.255.255.255'],
    ['11.0.0.0', '223.255.255.255'],
    ['2000::', '3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ],
  name: 'internet',
};

/** A shop with every type of endpoint but hypothetical pods, both families, and parts that are unknown or conditional. */
export const shopMap: ConnectivityMap = {
  ...head,
  kind: 'ConnectivityMap',
  protocols: ['TCP', 'UDP', 'SCTP'],
  assumptions: ['podCIDRs 10.0.0.0/8,fd00::/8: no pod in the input has an address'],
  notes: ['traffic from a node to its own pods is always allowed and not shown'],
  incomplete: [{ reason: 'not-listable', message: 'Pods of ops: forbidden', namespaces: ['ops'] }],
  endpoints: [
    deployment(0, 'kube-system/coredns'),
    {
      id: 1,
      key: 'shop/StatefulSet.apps/db',
      type: 'workload',
      namespace: 'shop',
      kind: 'StatefulSet',
      name: 'db',
      pods: 3,
    },
    deployment(2, 'shop/web', { key: 'shop/Deployment.apps/web#1', variant: { tier: 'blue' }, pods: 1 } as object),
    deployment(3, 'shop/web', { key: 'shop/Deployment.apps/web#2', variant: { tier: 'green' }, pods: 1 } as object),
    deployment(4, 'ops/grafana', { incomplete: true }),
    internet,
    {
      id: 6,
      key: 'shop/Ingress.networking.k8s.io/web',
      type: 'entry',
      kind: 'Ingress',
      namespace: 'shop',
      name: 'web',
    },
    { id: 7, key: 'node/n1', type: 'node', name: 'n1' },
    {
      id: 8,
      key: 'addresses/192.0.2.0-192.0.2.255',
      type: 'addresses',
      ranges: [['192.0.2.0', '192.0.2.255']],
    },
    {
      id: 9,
      key: 'ops/DaemonSet.apps/agent',
      type: 'workload',
      namespace: 'ops',
      kind: 'DaemonSet',
      name: 'agent',
      hostNetwork: true,
    },
    deployment(10, 'ops/agent'),
    { id: 11, key: 'domain/*.example.com', type: 'domain', name: '*.example.com' },
  ],
  connections: [
    { from: [1, 2, 3, 4, 9, 10], to: [0], allowed: { TCP: [[53, 53]], UDP: [[53, 53]] } },
    { from: [0], to: [0], allowed: { TCP: [[53, 53]], UDP: [[53, 53]] } },
    { from: [2, 3], to: [1], family: 'IPv4', allowed: { TCP: [[5432, 5432]] } },
    { from: [3], to: [1], family: 'IPv6', allowed: { TCP: [[5432, 5432]] } },
    {
      from: [5, 6],
      to: [2, 3],
      allowed: {
        TCP: [
          [80, 80],
          [443, 443],
          [8000, 8999],
        ],
      },
      unknown: [{ ports: { TCP: [[9090, 9090]] }, reason: 'pod-address', policies: [policy('shop/scrape')] }],
    },
    { from: [4, 9, 10], to: [4, 9, 10, 5, 8], allowed: 'all', self: false },
    {
      from: [4],
      to: [2],
      conditional: [{ ports: { TCP: [[8080, 8080]] }, conditions: [{ http: { method: 'GET', path: '/metrics' } }] }],
    },
    {
      from: [9],
      to: [11],
      unknown: [{ ports: { TCP: [[443, 443]] }, reason: 'domain-name', policies: [] }],
    },
    { from: [7], to: [4], allowed: { TCP: [[1, 65535]], ICMP: [[2048, 2303]], ICMPv6: [[0, 65535]] } },
  ],
  findings: [
    {
      check: 'protocol-omitted',
      severity: 'low',
      rejectedByApi: false,
      message: 'a port without a protocol means TCP',
      policy: policy('shop/scrape'),
      source: { file: 'k8s/scrape.yaml', line: 12, column: 7, path: 'spec.ingress[0].ports[0]' },
    },
  ],
};

/** Twelve workloads in three namespaces behind a default deny: what a person with a small cluster sees. */
export const twelveMap: ConnectivityMap = {
  ...head,
  kind: 'ConnectivityMap',
  protocols: ['TCP', 'UDP', 'SCTP'],
  endpoints: [
    ...['api', 'cache', 'cart', 'db', 'payment', 'web'].map((name, at) => deployment(at, `shop/${name}`)),
    ...['alerts', 'grafana', 'prometheus'].map((name, at) => deployment(6 + at, `monitoring/${name}`)),
    ...['coredns', 'ingress', 'metrics'].map((name, at) => deployment(9 + at, `kube-system/${name}`)),
    { ...internet, id: 12 },
  ],
  connections: [
    { from: [0, 1, 2, 3, 4, 5], to: [9], allowed: { UDP: [[53, 53]] } },
    { from: [6, 7, 8, 9, 10, 11], to: [9], allowed: { UDP: [[53, 53]] } },
    { from: [8], to: [0, 1, 2, 4, 5], allowed: { TCP: [[9090, 9090]] } },
    { from: [0], to: [1, 3], allowed: { TCP: [[5432, 5432]] } },
    { from: [2], to: [1, 3], allowed: { TCP: [[5432, 5432]] } },
    { from: [5], to: [0, 2, 4], allowed: { TCP: [[8080, 8080]] } },
    {
      from: [12],
      to: [10],
      allowed: {
        TCP: [
          [80, 80],
          [443, 443],
        ],
      },
    },
    { from: [10], to: [5], allowed: { TCP: [[80, 80]] } },
    { from: [6, 7, 8], to: [6, 7, 8], allowed: 'all' },
    { from: [0, 2], to: [12], allowed: { TCP: [[443, 443]] } },
  ],
  findings: [],
};

/** Names that no API server accepts, as a hostile file may hold them. */
export const hostileMap: ConnectivityMap = {
  ...head,
  kind: 'ConnectivityMap',
  protocols: ['TCP'],
  endpoints: [
    deployment(0, 'shop/\u001b[2Jweb'),
    deployment(1, 'shop/a", n0 -> n1 [label="b'),
    deployment(2, 'shop/=cmd(), 1'),
    deployment(3, 'shop/\u202egnp.exe\u009b31m\n+ forged'),
    { id: 4, key: '=1+1', type: 'node', name: '__proto__' },
  ],
  connections: [
    { from: [0], to: [1, 2], allowed: { TCP: [[80, 80]] } },
    {
      from: [3, 4],
      to: [0],
      unknown: [{ ports: 'all', reason: 'constructor', policies: [policy('shop/\u0007bell')] }],
    },
  ],
  findings: [],
};

const two = [deployment(0, 'shop/web'), deployment(1, 'shop/db')];

/** One answer per verdict. */
export const answers: { readonly [Verdict in Answer['verdict']]: Answer } = {
  allowed: {
    ...head,
    kind: 'Answer',
    question: 'can',
    from: 'shop/web',
    to: 'shop/db',
    verdict: 'allowed',
    ports: { TCP: [[5432, 5432]] },
    endpoints: two,
    exceptions: [],
  },
  denied: {
    ...head,
    kind: 'Answer',
    question: 'can',
    from: 'shop/db',
    to: 'shop/web',
    verdict: 'denied',
    ports: {},
    endpoints: two,
    exceptions: [],
  },
  partly: {
    ...head,
    kind: 'Answer',
    question: 'can',
    from: 'shop/*',
    to: 'shop/db',
    verdict: 'partly',
    ports: {},
    endpoints: two,
    exceptions: [
      { from: [0], to: [1], family: 'IPv4', allowed: { TCP: [[5432, 5432]] } },
      { from: [1], to: [1] },
    ],
  },
  unknown: {
    ...head,
    kind: 'Answer',
    question: 'can',
    from: '10.1.2.3',
    to: 'shop/db',
    verdict: 'unknown',
    ports: {},
    endpoints: [],
    exceptions: [],
    reason: 'namespace-labels',
  },
};

const open = {
  verdict: 'allowed',
  isolatedBy: [],
  steps: [{ action: 'Default', because: 'not isolated: what no policy decides is allowed' }],
};

/** One cause for everything: the example of the design. */
export const explanation: Explanation = {
  ...head,
  kind: 'Explanation',
  from: 'shop/web',
  to: 'shop/db',
  verdict: 'denied',
  cases: (['IPv4', 'IPv6'] as const).map((family) => ({
    family,
    protocol: 'TCP',
    ports: [[5432, 5432]],
    fromPod: 'shop/Deployment.apps/web',
    toPod: 'shop/Deployment.apps/db',
    verdict: 'denied',
    egress: open,
    ingress: {
      verdict: 'denied',
      isolatedBy: [
        { ...policy('shop/default-deny'), source: { file: 'k8s/deny.yaml', line: 1, column: 1, path: '' } },
        { ...policy('shop/db-from-api'), source: { file: 'k8s/db.yaml', line: 1, column: 1, path: '' } },
      ],
      steps: [
        {
          tier: 'NetworkPolicy',
          action: 'Isolated',
          because: 'isolated in this direction, and no rule allows the connection',
        },
      ],
      nearest: {
        policy: policy('shop/db-from-api'),
        rule: 0,
        source: { file: 'k8s/db.yaml', line: 9, column: 7, path: 'spec.ingress[0].from[0]' },
        why: 'peer app=api, but shop/web has app=web',
      },
    },
  })),
  changes: [
    {
      title: 'add a peer to shop/db-from-api',
      verdict: 'allowed',
      smallest: true,
      beside: 0,
      exact: true,
      edits: [
        {
          source: { file: 'k8s/db.yaml', line: 10, column: 5, path: 'spec.ingress[0].from[1]' },
          insert: { podSelector: { matchLabels: { app: 'web' } } },
        },
      ],
      opens: [{ from: [0], to: [1], allowed: { TCP: [[5432, 5432]] } }],
      closes: [],
    },
    {
      title: 'add a rule to shop/default-deny',
      verdict: 'allowed',
      smallest: true,
      beside: 2,
      exact: false,
      edits: [
        {
          source: { file: 'k8s/deny.yaml', line: 7, column: 3, path: 'spec.ingress' },
          set: [{ from: [{ podSelector: { matchLabels: { app: 'web' } } }], ports: [{ protocol: 'TCP', port: 5432 }] }],
        },
        {
          source: { file: 'k8s/db.yaml', line: 8, column: 5, path: 'spec.ingress[0].ports[0]' },
          remove: true,
          was: { protocol: 'TCP', port: 'sql' },
        },
      ],
      opens: [{ from: [0], to: [1, 2], allowed: { TCP: [[5432, 5432]] } }],
      closes: [{ from: [2], to: [1], allowed: { TCP: [[5433, 5433]] } }],
    },
    {
      title: 'add NetworkPolicy shop/db-from-web',
      verdict: 'allowed',
      smallest: false,
      beside: 0,
      exact: true,
      edits: [
        {
          source: { file: 'k8s/db.yaml', path: '' },
          add: {
            apiVersion: 'networking.k8s.io/v1',
            kind: 'NetworkPolicy',
            metadata: { name: 'db-from-web', namespace: 'shop' },
            spec: {
              podSelector: { matchLabels: { app: 'db' } },
              policyTypes: ['Ingress'],
              ingress: [
                {
                  from: [
                    {
                      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'front' } },
                      podSelector: { matchLabels: { app: 'web' } },
                    },
                  ],
                },
              ],
            },
          },
        },
      ],
      opens: [],
      closes: [],
    },
  ],
  endpoints: [deployment(0, 'shop/web'), deployment(1, 'shop/db'), deployment(2, 'shop/api')],
};

const adminPolicy: PolicyRef = { dialect: 'cluster-network-policy', kind: 'ClusterNetworkPolicy', name: 'tenants' };
const accepted = {
  verdict: 'allowed',
  isolatedBy: [{ ...policy('shop/web'), source: { file: 'k8s/web.yaml', line: 1, column: 1, path: '' } }],
  steps: [
    {
      tier: 'Admin',
      policy: adminPolicy,
      rule: { index: 2, name: 'leave it to the team' },
      action: 'Pass',
      because: 'the first matching rule leaves the tier',
      source: { file: 'platform/tenants.yaml', line: 31, column: 5, path: 'spec.ingress[2]' },
    },
    {
      tier: 'NetworkPolicy',
      policy: policy('shop/web'),
      rule: { index: 0 },
      action: 'Accept',
      because: 'policies are additive: any allow rule suffices',
      source: { file: 'k8s/web.yaml', line: 11, column: 5, path: 'spec.ingress[0]' },
    },
  ],
};
const perhaps = {
  verdict: 'unknown',
  reason: 'pod-address',
  isolatedBy: accepted.isolatedBy,
  steps: [
    {
      tier: 'NetworkPolicy',
      policy: policy('shop/web'),
      rule: { index: 1 },
      action: 'Accept',
      perhaps: 'pod-address',
      because: 'policies are additive: any allow rule suffices',
      source: { file: 'k8s/web.yaml', line: 17, column: 5, path: 'spec.ingress[1]' },
    },
    {
      tier: 'NetworkPolicy',
      action: 'Isolated',
      because: 'isolated in this direction, and no rule allows the connection',
    },
  ],
};

/** Several causes: ports, families and variants differ. */
export const mixedExplanation: Explanation = {
  ...head,
  kind: 'Explanation',
  from: 'shop/api',
  to: 'shop/web:1-10000',
  verdict: 'partly',
  cases: (['IPv4', 'IPv6'] as const).flatMap((family) =>
    (['#1', '#2'] as const).flatMap((variant): Explanation['cases'] => {
      const pods = {
        family,
        fromPod: 'shop/Deployment.apps/api',
        toPod: `shop/Deployment.apps/web${variant}`,
      } as const;
      return [
        { ...pods, protocol: 'TCP', ports: [[80, 80]], verdict: 'allowed', egress: open, ingress: accepted },
        { ...pods, protocol: 'TCP', ports: [[443, 443]], verdict: 'allowed', egress: open, ingress: accepted },
        family === 'IPv6' || variant === '#2'
          ? {
              ...pods,
              protocol: 'TCP',
              ports: [[9090, 9090]],
              verdict: 'unknown',
              reason: 'pod-address',
              egress: open,
              ingress: perhaps,
            }
          : { ...pods, protocol: 'TCP', ports: [[9090, 9090]], verdict: 'allowed', egress: open, ingress: accepted },
      ];
    }),
  ),
  changes: [],
};

/** Who can reach one database. */
export const whoCan: WhoCan = {
  ...head,
  kind: 'WhoCan',
  question: 'reach',
  subject: 'shop/db',
  endpoints: shopMap.endpoints,
  connections: [
    { from: [2, 3], to: [1], family: 'IPv4', allowed: { TCP: [[5432, 5432]] } },
    { from: [3], to: [1], family: 'IPv6', allowed: { TCP: [[5432, 5432]] } },
    { from: [4, 1], to: [1], allowed: 'all', self: false },
  ],
};

/** What one web workload can be reached by, where the subject is a set. */
export const whoCanBeReached: WhoCan = {
  ...head,
  kind: 'WhoCan',
  question: 'be-reached-by',
  subject: 'shop/web',
  endpoints: shopMap.endpoints,
  connections: [
    { from: [2, 3], to: [0], allowed: { UDP: [[53, 53]] } },
    { from: [3], to: [1, 8], allowed: { TCP: [[5432, 5432]] } },
  ],
};

/** Added, removed and changed pairs, and a rename. */
export const diff: ConnectivityDiff = {
  ...head,
  kind: 'ConnectivityDiff',
  endpoints: [
    deployment(0, 'shop/api', { in: 'both' }),
    deployment(1, 'shop/db', { in: 'both' }),
    deployment(2, 'shop/frontend', { in: 'both', was: 'shop/Deployment.apps/web' }),
    deployment(3, 'shop/legacy', { in: 'before' }),
    { ...internet, id: 4, in: 'both' },
  ],
  added: [{ from: [4], to: [2], allowed: { TCP: [[443, 443]] } }],
  removed: [
    { from: [3], to: [0, 1], allowed: 'all' },
    { from: [0, 1, 2], to: [4], allowed: 'all', self: false },
  ],
  changed: [
    {
      from: [2],
      to: [0],
      before: { TCP: [[80, 80]] },
      after: {
        TCP: [
          [80, 80],
          [8080, 8080],
        ],
      },
      unknownAfter: [{ ports: { UDP: [[53, 53]] }, reason: 'domain-name', policies: [policy('shop/api')] }],
    },
    {
      from: [0],
      to: [1],
      family: 'IPv6',
      before: 'all',
      after: { TCP: [[5432, 5432]] },
      conditionalAfter: [{ ports: { TCP: [[80, 80]] }, conditions: [{ http: { method: 'GET' } }] }],
    },
  ],
  findings: [],
};

/** A test that passes and one that fails with a witness. */
export const testReport: TestReport = {
  ...head,
  kind: 'TestReport',
  tests: [
    {
      name: 'only the API may reach the database',
      passed: false,
      source: { file: 'tests/net.yaml', line: 4, column: 3, path: 'tests[0]' },
      witness: { from: [0], to: [1], allowed: { TCP: [[5432, 5432]] } },
      explanation: 'shop/web may reach shop/db on 5432/TCP, but only shop/deployment/api is listed.',
    },
    { name: 'web works', passed: true, source: { file: 'tests/net.yaml', line: 7, column: 3, path: 'tests[1]' } },
  ],
  endpoints: two,
  summary: { passed: 1, failed: 1 },
};

/** Findings in files and in a live object, out of order. */
export const findings: Findings = {
  apiVersion: API_VERSION,
  kind: 'Findings',
  findings: [
    {
      check: 'unknown-field',
      severity: 'high',
      rejectedByApi: true,
      message: 'unknown field "port", did you mean "ports"?',
      hint: 'a port directly under a rule is dropped, which opens all ports',
      policy: policy('shop/db'),
      source: { file: 'k8s/db.yaml', line: 12, column: 9, end: { line: 12, column: 13 }, path: 'spec.ingress[0].port' },
      end: { line: 12, column: 13 },
    },
    {
      check: 'protocol-omitted',
      severity: 'low',
      rejectedByApi: false,
      message: 'a port without a protocol means TCP',
      policy: policy('shop/db'),
      source: { file: 'k8s/db.yaml', line: 9, column: 11, path: 'spec.ingress[0].ports[0]' },
    },
    {
      check: 'empty-selector',
      severity: 'info',
      rejectedByApi: false,
      message: 'selects every pod of the namespace',
      policy: policy('ops/all'),
      source: { path: 'spec.podSelector' },
    },
  ],
  incomplete: [
    { reason: 'unreadable', message: 'k8s/broken.yaml: not YAML', namespaces: 'all', file: 'k8s/broken.yaml' },
  ],
  summary: { critical: 0, high: 1, medium: 0, low: 1, info: 1 },
};

/** Five thousand workloads and a hundred thousand rectangles: what has to be fast. */
export function bigMap(workloads = 5400, rectangles = 100_000): ConnectivityMap {
  const endpoints = Array.from({ length: workloads }, (_, id) => deployment(id, `team-${id % 90}/app-${id}`));
  const connections = Array.from({ length: rectangles }, (_, at) => ({
    from: [at % workloads, (at * 7 + 1 + (at % workloads)) % workloads],
    to: [Math.floor(at / workloads) + 1],
    allowed: { TCP: [[1000 + (at % 50), 1000 + (at % 50)]] as [number, number][] },
  }));
  return { ...head, kind: 'ConnectivityMap', protocols: ['TCP'], endpoints, connections, findings: [] };
}

/** Every document above, by the name of its golden files. */
export const SAMPLES: Readonly<Record<string, Document>> = {
  'map-shop': shopMap,
  'map-twelve': twelveMap,
  'map-hostile': hostileMap,
  'map-empty': { ...twelveMap, connections: [] },
  'answer-allowed': answers.allowed,
  'answer-denied': answers.denied,
  'answer-partly': answers.partly,
  'answer-unknown': answers.unknown,
  explanation,
  'explanation-mixed': mixedExplanation,
  'who-can': whoCan,
  'who-can-set': whoCanBeReached,
  exposure,
  diff,
  'diff-review': reviewDiff,
  'diff-hostile': hostileDiff,
  'diff-empty': {
    ...diff,
    added: [],
    removed: [],
    changed: [],
    endpoints: diff.endpoints.map(({ was: _, ...rest }) => rest) as EndpointDocument[],
  },
  generated,
  'generated-nothing': generatedNothing,
  ...PORTABLE_SAMPLES,
  replay,
  'replay-fine': replayFine,
  'snapshot-hostile': snapshotSummary,
  'flow-explanation': flowDiffers,
  'flow-explanation-unknown': flowUnknown,
  'test-report': testReport,
  'test-report-witness': witnessReport,
  'test-report-hostile': hostileReport,
  findings,
  'findings-full': fullFindings,
  'findings-live': liveFindings,
  'findings-hostile': hostileFindings,
  'findings-none': { ...findings, findings: [], summary: { critical: 0, high: 0, medium: 0, low: 0, info: 0 } },
};
