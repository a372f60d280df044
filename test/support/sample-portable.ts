// Documents of answers under several plugins, written by hand: every verdict, several causes, and nothing that differs.

import { API_VERSION, type Document, type EndpointDocument } from '../../src/engine/questions/documents.ts';
import type { CauseDocument, PortableExplanation, PortableMap } from '../../src/engine/questions/portable-document.ts';
import { policy } from './sample-policies.ts';

const head = { apiVersion: API_VERSION as typeof API_VERSION, assumptions: [], notes: [], incomplete: [] };

const workload = (id: number, name: string): EndpointDocument => {
  const key = `shop/Deployment.apps/${name}`;
  return { id, key, type: 'workload', namespace: 'shop', kind: 'Deployment', name, pods: 2 };
};

const CNIS = ['calico@3.32', 'cilium@1.20', 'antrea@2.7', 'antrea@1.15', 'aws-vpc-cni'];

const noPods: CauseDocument = {
  knobs: [{ knob: 'ipBlockMatchesPods', value: 'false', instead: 'true', says: 'ipBlock does not match pods' }],
  rules: [
    {
      policy: policy('shop/db-clients'),
      direction: 'ingress',
      rule: { index: 1 },
      source: { file: 'k8s/db.yaml', line: 9, column: 7, path: 'spec.ingress[1]' },
    },
  ],
};

const isolating: CauseDocument = {
  knobs: [
    { knob: 'endPort', value: 'portOnly', instead: 'range', says: 'endPort is not read: only port itself is open' },
    { knob: 'npTier', value: 'anyDirection', instead: 'perDirection', says: 'the Baseline tier is skipped' },
  ],
  rules: [{ policy: policy('shop/deny'), direction: 'egress' }],
};

const unknownPort: CauseDocument = {
  knobs: [{ knob: 'endPort', value: 'unknown', instead: 'range', says: 'whether endPort is read is not known' }],
  rules: [],
};

/** Blocks with and without something unknown, causes that hold together, or of which each is enough, and one without. */
export const portableMap: PortableMap = {
  ...head,
  cni: CNIS.join(),
  kind: 'PortableMap',
  cnis: CNIS,
  alike: [['calico@3.32'], ['cilium@1.20', 'aws-vpc-cni'], ['antrea@2.7', 'antrea@1.15']],
  endpoints: [workload(0, 'web'), workload(1, 'db'), workload(2, 'api')],
  differences: [
    {
      from: [0, 2],
      to: [1],
      ports: { TCP: [[5432, 5432]] },
      groups: [
        { cnis: ['calico@3.32', 'antrea@2.7', 'antrea@1.15'], verdict: 'allowed' },
        { cnis: ['cilium@1.20', 'aws-vpc-cni'], verdict: 'denied', because: [noPods] },
      ],
    },
    {
      from: [0],
      to: [2],
      family: 'IPv6',
      ports: 'all',
      groups: [
        { cnis: ['cilium@1.20', 'aws-vpc-cni'], verdict: 'denied' },
        { cnis: ['calico@3.32'], verdict: 'unknown', reason: 'end-port', because: [unknownPort] },
        { cnis: ['antrea@2.7'], verdict: 'allowed', because: [] },
        {
          cnis: ['antrea@1.15'],
          verdict: 'conditional',
          conditions: [{ http: { method: 'GET' } }],
          because: [isolating, noPods],
        },
      ],
    },
    ...Array.from({ length: 12 }, (_, i) => ({
      from: [1],
      to: [0],
      ports: { UDP: [[1000 + 2 * i, 1000 + 2 * i]] as [number, number][] },
      groups: [
        { cnis: CNIS.slice(1), verdict: 'denied' as const },
        {
          cnis: ['calico@3.32'],
          verdict: 'allowed' as const,
          because: [{ ...isolating, rules: [{ policy: policy(`shop/rule-${i}`), direction: 'egress' as const }] }],
        },
      ],
    })),
  ],
  protocols: ['TCP', 'UDP', 'SCTP'],
  findings: [],
};

/** Nothing differs. */
export const portableMapAlike: PortableMap = { ...portableMap, alike: [CNIS], endpoints: [], differences: [] };

/** One connection on which plugins differ, with what decides on either side. */
export const portableExplanation: PortableExplanation = {
  ...head,
  cni: CNIS.join(),
  kind: 'PortableExplanation',
  cnis: CNIS,
  alike: [
    ['calico@3.32', 'antrea@2.7', 'antrea@1.15'],
    ['cilium@1.20', 'aws-vpc-cni'],
  ],
  endpoints: [workload(0, 'web'), workload(1, 'db')],
  differences: [
    {
      from: [0],
      to: [1],
      ports: { TCP: [[5432, 5432]] },
      groups: [
        {
          cnis: ['calico@3.32', 'antrea@2.7', 'antrea@1.15'],
          verdict: 'allowed',
          egress: {
            verdict: 'allowed',
            isolatedBy: [],
            steps: [{ action: 'Default', because: 'not isolated: no policy selects the pod for egress' }],
          },
          ingress: {
            verdict: 'allowed',
            isolatedBy: [policy('shop/db-clients')],
            steps: [
              {
                tier: 'NetworkPolicy',
                policy: policy('shop/db-clients'),
                rule: { index: 1 },
                action: 'Accept',
                because: 'a rule of a policy that isolates the pod matches',
                source: { file: 'k8s/db.yaml', line: 9, column: 7, path: 'spec.ingress[1]' },
              },
            ],
          },
        },
        {
          cnis: ['cilium@1.20', 'aws-vpc-cni'],
          verdict: 'denied',
          because: [noPods],
          egress: {
            verdict: 'allowed',
            isolatedBy: [],
            steps: [{ action: 'Default', because: 'not isolated: no policy selects the pod for egress' }],
          },
          ingress: {
            verdict: 'denied',
            isolatedBy: [policy('shop/db-clients')],
            steps: [{ tier: 'NetworkPolicy', action: 'Isolated', because: 'isolated, and no rule matches' }],
          },
        },
      ],
    },
  ],
  from: 'shop/web',
  to: 'shop/db:5432',
  verdicts: [
    { cnis: ['calico@3.32', 'antrea@2.7', 'antrea@1.15'], verdict: 'allowed' },
    { cnis: ['cilium@1.20', 'aws-vpc-cni'], verdict: 'denied' },
  ],
};

/** One connection that all plugins leave open alike. */
export const portableExplanationAlike: PortableExplanation = {
  ...portableExplanation,
  alike: [CNIS],
  endpoints: [],
  differences: [],
  verdicts: [{ cnis: CNIS, verdict: 'unknown', reason: 'pod-ports' }],
};

/** Every document above, by the name of its golden files. */
export const PORTABLE_SAMPLES: Readonly<Record<string, Document>> = {
  'portable-map': portableMap,
  'portable-map-alike': portableMapAlike,
  'portable-explanation': portableExplanation,
  'portable-explanation-alike': portableExplanationAlike,
};
