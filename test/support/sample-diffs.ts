// Changes of connectivity written by hand: one as a reviewer meets it, one whose names mean harm, one too big to paste.

import { API_VERSION, type ConnectivityDiff, type EndpointDocument } from '../../src/engine/questions/documents.ts';
import { policy } from './sample-policies.ts';

const workload = (id: number, namespace: string, name: string, where: EndpointDocument['in']): EndpointDocument => ({
  id,
  key: `${namespace}/Deployment.apps/${name}`,
  type: 'workload',
  namespace,
  kind: 'Deployment',
  name,
  pods: 2,
  ...(where === undefined ? {} : { in: where }),
});

const addresses = (id: number, first: string, last: string, name?: string): EndpointDocument => ({
  id,
  key: `addresses/${first}-${last}`,
  type: 'addresses',
  ranges: [[first, last]],
  in: 'both',
  ...(name === undefined ? {} : { name }),
});

const placed = (name: string, file: string, line: number) => ({
  ...policy(name),
  source: { file, line, column: 1, path: '' },
});

const head = {
  apiVersion: API_VERSION as typeof API_VERSION,
  kind: 'ConnectivityDiff' as const,
  cni: 'default',
  assumptions: ['podCIDRs 10.0.0.0/8,fd00::/8: no pod in the input has an address'],
  notes: ['traffic from a node to its own pods is always allowed and not shown'],
};

/** Something of every kind that a change can open, close or alter, and findings old and new. */
export const reviewDiff: ConnectivityDiff = {
  ...head,
  incomplete: [
    { reason: 'unreadable', message: 'not YAML: a tab where blanks are wanted', namespaces: 'all', file: 'k8s/b.yaml' },
  ],
  endpoints: [
    workload(0, 'shop', 'web', 'both'),
    workload(1, 'shop', 'db', 'both'),
    workload(2, 'ops', 'prometheus', 'both'),
    workload(3, 'ops', 'grafana', 'after'),
    addresses(4, '1.0.0.0', '9.255.255.255', 'internet'),
    addresses(5, '169.254.169.254', '169.254.169.254', 'metadata'),
    addresses(6, '192.168.0.0', '192.168.0.255'),
    { id: 7, key: 'shop/Ingress/web', type: 'entry', kind: 'Ingress', namespace: 'shop', name: 'web', in: 'both' },
    { id: 8, key: 'node/n1', type: 'node', name: 'n1', in: 'both' },
  ],
  added: [
    { from: [0, 1], to: [1], allowed: { TCP: [[5432, 5432]] }, policies: [placed('shop/db', 'k8s/db.yaml', 3)] },
    { from: [2, 3], to: [0, 3], allowed: { TCP: [[9090, 9090]] }, policies: [placed('shop/web', 'k8s/web.yaml', 12)] },
    {
      from: [0, 2],
      to: [4, 5, 6],
      allowed: 'all',
      policies: [placed('ops/egress', 'k8s/egress.yaml', 1), policy('shop/live')],
    },
    { from: [4, 7], to: [0], allowed: { TCP: [[443, 443]] }, policies: [placed('shop/web', 'k8s/web.yaml', 12)] },
    { from: [6, 8], to: [1], unknown: [{ ports: { TCP: [[5432, 5432]] }, reason: 'pod-address', policies: [] }] },
  ],
  removed: [
    { from: [1], to: [2], allowed: 'all', self: false },
    { from: [2], to: [1], family: 'IPv6', allowed: { TCP: [[5432, 5432]] } },
  ],
  changed: [
    {
      from: [3],
      to: [0],
      before: { TCP: [[80, 80]] },
      after: {
        TCP: [
          [80, 80],
          [8000, 8999],
        ],
      },
      policies: [placed('shop/web', 'k8s/web.yaml', 12)],
    },
    {
      from: [0],
      to: [2],
      before: 'all',
      after: { TCP: [[9090, 9090]] },
      conditionalAfter: [{ ports: { TCP: [[80, 80]] }, conditions: [{ http: { method: 'GET' } }] }],
    },
  ],
  findings: [
    {
      check: 'metadata-open',
      severity: 'critical',
      rejectedByApi: false,
      message: 'egress to 0.0.0.0/0 includes the metadata service of the cloud',
      policy: policy('ops/egress'),
      source: { file: 'k8s/egress.yaml', line: 8, column: 7, path: 'spec.egress[0].to[0].ipBlock' },
      effect: 'opens 2 pods in 2 namespaces to 169.254.169.254:80',
      in: 'after',
    },
    {
      check: 'unknown-field',
      severity: 'high',
      rejectedByApi: true,
      message: 'unknown field "port", did you mean "ports"?',
      policy: policy('shop/db'),
      source: { file: 'k8s/db.yaml', line: 12, column: 9, path: 'spec.ingress[0].port' },
      in: 'before',
    },
    {
      check: 'unknown-field',
      severity: 'high',
      rejectedByApi: true,
      message: 'unknown field "port", did you mean "ports"?',
      policy: policy('shop/db'),
      source: { file: 'k8s/db.yaml', line: 14, column: 9, path: 'spec.ingress[0].port' },
      in: 'after',
    },
    {
      check: 'protocol-omitted',
      severity: 'low',
      rejectedByApi: false,
      message: 'a port without a protocol means TCP',
      source: { file: 'k8s/web.yaml', line: 20, column: 9, path: 'spec.ingress[0].ports[0]' },
      in: 'both',
    },
    {
      check: 'rules-ignored',
      severity: 'high',
      rejectedByApi: false,
      message: 'mended by the change',
      source: { file: 'k8s/web.yaml', line: 2, column: 1, path: 'spec' },
      in: 'before',
    },
  ],
};

const ODD = [
  '| a | `b` | <script>alert(1)</script> </details> @netweir/team #123 GH-7 ![x](https://example.com/x.png) **bold**',
  '``` \n### forged\n\n* list :tada: $x$ www.example.com ~~a~~ <!-- --> &amp; \\| \\',
];

/** Names that are written to mislead whoever reads a comment. */
export const hostileDiff: ConnectivityDiff = {
  ...head,
  cni: 'default',
  assumptions: ODD,
  notes: ODD,
  incomplete: ODD.map((message) => ({
    reason: 'unreadable',
    message,
    namespaces: 'all' as const,
    file: `${message}.yaml`,
  })),
  endpoints: ODD.map((name, id) => ({
    ...workload(id, 'shop', name, 'both'),
    was: `shop/Deployment.apps/${name} before`,
  })),
  added: [{ from: [0], to: [1], allowed: 'all', policies: ODD.map((name) => placed(`shop/${name}`, name, 3)) }],
  removed: [{ from: [1], to: [0], unknown: [{ ports: 'all', reason: ODD[0] ?? '', policies: [] }] }],
  changed: [{ from: [1], to: [1], before: 'all', after: { TCP: [[1, 1]] }, policies: [policy(`shop/${ODD[1]}`)] }],
  findings: ODD.map((text) => ({
    check: 'unknown-field',
    severity: 'high',
    rejectedByApi: true,
    message: text,
    hint: text,
    effect: text,
    example: text,
    source: { file: text, line: 1, column: 1, path: text },
    in: 'after' as const,
  })),
};

/** More changes than a comment can hold: a policy of its own for each of the workloads. */
export function bigDiff(workloads = 2000): ConnectivityDiff {
  const endpoints = Array.from({ length: workloads }, (_, id) => workload(id, `team-${id % 90}`, `app-${id}`, 'both'));
  return {
    ...head,
    incomplete: [],
    endpoints,
    added: endpoints.map(({ id }) => ({
      from: [id],
      to: [(id + 1) % workloads],
      allowed: { TCP: [[1000 + id, 1000 + id]] },
      policies: [placed(`team-${id % 90}/app-${id}`, `teams/${id % 90}/app-${id}.yaml`, 1)],
    })),
    removed: endpoints.map(({ id }) => ({
      from: [id],
      to: [(id + 2) % workloads],
      allowed: { UDP: [[1000 + id, 1000 + id]] },
    })),
    changed: [],
    findings: [],
  };
}
