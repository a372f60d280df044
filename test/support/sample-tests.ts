// Results of tests written by hand whose witness does not exist, and whose names mean harm.

import { API_VERSION, type TestReport } from '../../src/engine/questions/documents.ts';
import { policy } from './sample-policies.ts';

const head = {
  apiVersion: API_VERSION as typeof API_VERSION,
  kind: 'TestReport' as const,
  cni: 'default',
  assumptions: [],
  notes: [],
  incomplete: [],
};

/** A guarantee that is refuted by pods which anyone could make, and one that says nothing but its name. */
export const witnessReport: TestReport = {
  ...head,
  findings: [
    {
      check: 'invalid-test',
      severity: 'high',
      rejectedByApi: false,
      message: 'a test needs allow, only or deny',
      source: { file: 'tests/tenants.yaml', line: 9, column: 3, path: 'tests[1]' },
    },
    {
      check: 'unknown-field',
      severity: 'high',
      rejectedByApi: true,
      message: 'unknown field "port", did you mean "ports"?',
      policy: policy('shop/db'),
      source: { file: 'k8s/db.yaml', line: 12, column: 9, path: 'spec.ingress[0].port' },
    },
  ],
  tests: [
    {
      name: 'tenants are apart',
      passed: false,
      source: { file: 'tests/tenants.yaml', line: 3, column: 1, path: '' },
      witness: { from: [0], to: [1], allowed: { TCP: [[443, 443]] } },
      explanation: 'a pod of tenant a would reach one of tenant b',
      manifests: [
        { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'b', labels: { tenant: 'b' } } },
        {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: 'y', namespace: 'b', labels: { no: 'off', app: 'x y' } },
          spec: { containers: [{ name: 'shell', image: 'busybox:stable', command: ['sleep', '3600'] }] },
        },
      ],
    },
    { name: 'tenants are apart', passed: false, source: { path: '' } },
  ],
  endpoints: [
    {
      id: 0,
      key: 'a/Deployment.apps/web',
      type: 'workload',
      namespace: 'a',
      kind: 'Deployment',
      name: 'web',
    },
    { id: 1, key: 'pods/b/y', type: 'pods', namespaceSelector: {}, podSelector: {}, name: 'b/app=x y' },
  ],
  summary: { passed: 0, failed: 2 },
};

const ODD = [
  '::error::x | a | `b` <script> </details> @netweir/team #123 **bold** ]]> & "q" \u0000\u001b[2J',
  '```\n### forged\n* [x](https://example.com) $x$ %0A',
];

/** Names and explanations that are written to mislead. */
export const hostileReport: TestReport = {
  ...head,
  tests: ODD.map((text) => ({
    name: text,
    passed: false,
    source: { file: `tests/${text}.yaml`, line: 1, column: 1, path: '' },
    explanation: text,
    manifests: [{ kind: text, [text]: [text, { [text]: '```' }] }],
  })),
  endpoints: [],
  summary: { passed: 0, failed: ODD.length },
};
