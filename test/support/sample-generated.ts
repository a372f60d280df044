// A document of generate written by hand, with every sort of part.

import { API_VERSION } from '../../src/engine/questions/documents.ts';
import type { GeneratedPolicies, NeedDocument, PartyDocument } from '../../src/engine/questions/generated-document.ts';
import { policy } from './sample-policies.ts';

const workload = (name: string): PartyDocument => {
  const [namespace = '', own = ''] = name.split('/');
  return { type: 'workload', name, key: `${namespace}/Deployment.apps/${own}` };
};

const needs: NeedDocument[] = [
  {
    id: 0,
    from: workload('shop/web'),
    to: workload('shop/cart'),
    protocol: 'TCP',
    ports: [7070, 7070],
    confidence: 'certain',
    evidence: [
      {
        kind: 'observed',
        confidence: 'certain',
        says: 'seen in 140 records of the log',
        seen: {
          count: 140,
          first: '2026-06-01T08:00:00.000Z',
          last: '2026-06-01T09:30:00.000Z',
          place: { file: 'flows.jsonl', line: 12 },
        },
      },
      {
        kind: 'environment',
        confidence: 'likely',
        says: 'CART_ADDR of shop/web names Service shop/cart, port 80',
        source: { file: 'k8s/web.yaml', line: 21, column: 18, path: 'spec.template.spec.containers[0].env[0].value' },
        via: { namespace: 'shop', name: 'cart', port: 80 },
      },
    ],
    verdict: 'allowed',
    unwritten: [],
  },
  {
    id: 1,
    from: workload('shop/web'),
    to: { type: 'domain', name: 'payments.example.com' },
    protocol: 'TCP',
    ports: [443, 443],
    confidence: 'likely',
    evidence: [
      {
        kind: 'environment',
        confidence: 'likely',
        says: 'PAYMENTS_URL of shop/web names payments.example.com, port 443',
        source: { file: 'k8s/web.yaml', line: 23, column: 18, path: 'spec.template.spec.containers[0].env[1].value' },
      },
    ],
    verdict: 'unproved',
    reason: 'one end has no address that is known',
    unwritten: [
      {
        direction: 'egress',
        why: 'NetworkPolicies cannot name payments.example.com: they know addresses only',
        hint: 'give its addresses, if they are fixed: --allow "SRC -> ADDRESS:PORT"',
      },
    ],
  },
  {
    id: 2,
    from: { type: 'outside', name: 'anywhere outside' },
    to: workload('shop/web'),
    protocol: 'TCP',
    ports: [8000, 8999],
    confidence: 'likely',
    evidence: [{ kind: 'exposed-service', confidence: 'likely', says: 'Service shop/web is a load balancer, port 80' }],
    verdict: 'denied',
    reason: 'denied at shop/web (ingress) by shop/web',
    unwritten: [{ direction: 'ingress', why: 'it is of the part app', hint: 'add app to --include' }],
  },
  {
    id: 3,
    from: workload('shop/cart'),
    to: { type: 'addresses', name: '203.0.113.8', cidrs: ['203.0.113.8/32'] },
    protocol: 'UDP',
    ports: [53, 53],
    confidence: 'certain',
    evidence: [{ kind: 'stated', confidence: 'certain', says: 'allowed by hand: shop/cart -> 203.0.113.8:53/udp' }],
    verdict: 'allowed',
    unwritten: [],
  },
];

const manifest = (name: string): Readonly<Record<string, unknown>> => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace: 'shop', labels: { 'app.kubernetes.io/managed-by': 'netweir' } },
  spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
});

/** Every sort of need, workload, question and remark; not sound, not tight, not safe, not ready. */
export const generated: GeneratedPolicies = {
  apiVersion: API_VERSION,
  cni: 'default',
  assumptions: [],
  notes: [],
  incomplete: [],
  kind: 'GeneratedPolicies',
  namespaces: ['shop'],
  closed: [{ namespace: 'shop', policies: [policy('shop/closed-in'), policy('shop/closed-out')] }],
  platform: ['DNS: Deployment kube-system/coredns'],
  unattributed: [
    {
      reason: 'pod-gone',
      end: 'source',
      source: 'shop/old-5 (10.0.0.9)',
      destination: 'shop/web-1 (10.0.0.1)',
      protocol: 'TCP',
      port: 8080,
      seen: { count: 3, file: 'flows.csv', line: 7 },
    },
  ],
  workloads: [
    {
      key: 'shop/Deployment.apps/cart',
      namespace: 'shop',
      kind: 'Deployment',
      name: 'cart',
      pods: 2,
      status: 'planned',
      selector: 'app=cart',
      alsoSelects: ['shop/Deployment.apps/cart-canary'],
      ingress: [0],
      egress: [3],
    },
    {
      key: 'shop/DaemonSet.apps/agent',
      namespace: 'shop',
      kind: 'DaemonSet',
      name: 'agent',
      status: 'host-network',
      alsoSelects: [],
      ingress: [],
      egress: [],
    },
    {
      key: 'shop/Deployment.apps/web',
      namespace: 'shop',
      kind: 'Deployment',
      name: 'web',
      pods: 3,
      status: 'planned',
      selector: 'app=web',
      alsoSelects: [],
      ingress: [2],
      egress: [0, 1],
    },
    {
      key: 'shop/Deployment.apps/idle',
      namespace: 'shop',
      kind: 'Deployment',
      name: 'idle',
      status: 'planned',
      selector: 'app=idle',
      alsoSelects: [],
      ingress: [],
      egress: [],
    },
  ],
  needs,
  policies: [
    {
      policy: policy('shop/cart'),
      purpose: 'workload',
      workload: 'shop/Deployment.apps/cart',
      ingress: [{ needs: [0] }],
      egress: [{ needs: [3], widened: { blocks: 1, exact: 60, factor: 4.3 } }],
      smallest: true,
      manifest: manifest('cart'),
    },
    {
      policy: policy('shop/web'),
      purpose: 'workload',
      workload: 'shop/Deployment.apps/web',
      ingress: [],
      egress: [{ needs: [0] }],
      smallest: false,
      manifest: manifest('web'),
    },
    {
      policy: policy('shop/default-deny'),
      purpose: 'default-deny',
      ingress: [],
      egress: [],
      smallest: true,
      manifest: manifest('default-deny'),
    },
  ],
  questions: [
    {
      about: 'denied',
      workload: 'shop/Deployment.apps/web',
      says: 'shop/web -> shop/admin, 9000/TCP, was tried and refused by a policy (12 records)',
      hint: 'if it is wanted: --allow "shop/web -> shop/admin:9000"',
    },
    {
      about: 'unresolved-name',
      workload: 'shop/Deployment.apps/web',
      says: 'SEARCH_ADDR of shop/web names search:80, and no Service shop/search is here',
      hint: 'read what is missing as well',
      source: { file: 'k8s/web.yaml', line: 25, column: 18, path: 'spec.template.spec.containers[0].env[2].value' },
    },
  ],
  proof: {
    sound: false,
    needs: 4,
    allowed: 2,
    tight: false,
    connections: 9,
    unjustified: [
      {
        from: ['shop/cart-canary'],
        to: ['203.0.113.8'],
        family: 'IPv4',
        ports: { UDP: [[53, 53]] },
        policies: [policy('shop/cart')],
        reason: 'no label tells shop/cart apart',
      },
      {
        from: ['shop/cart', 'shop/web'],
        to: ['203.0.113.8'],
        family: 'IPv4',
        ports: 'all',
        policies: [policy('shop/old')],
        reason: 'allowed by shop/old, which is not generated',
      },
    ],
    unjustifiedPairs: 3,
    undecided: [{ reason: 'sctp', pairs: 4, example: 'shop/web -> shop/cart' }],
    safeOrder: false,
    steps: 3,
    unsafeSteps: [{ step: 1, policy: policy('shop/web'), need: 0 }],
    surprises: [{ workload: 'shop/Deployment.apps/cart', when: 'second-release', what: 'taken' }],
  },
  obsolete: [policy('shop/cart-v1')],
  ready: false,
  readiness: [
    {
      level: 'blocks',
      about: 'window',
      says: 'only 90 minutes were observed: what happens less often is not known',
      hint: 'observe for a week, month ends and releases included',
    },
    {
      level: 'warns',
      about: 'host-network',
      workload: 'shop/DaemonSet.apps/agent',
      says: 'no policy can isolate shop/agent: it is on the host network',
      hint: 'take it off the host network, or filter on the nodes',
    },
  ],
  forbidden: [
    {
      ban: 'shop/ -> internet',
      from: 'shop/cart',
      to: '198.51.100.7',
      says: 'seen in 3 records of the log',
    },
  ],
};

/** The least there can be: a namespace without workloads that need anything, proved. */
export const generatedNothing: GeneratedPolicies = {
  ...generated,
  closed: [],
  platform: [],
  unattributed: [],
  workloads: [],
  needs: [],
  policies: [],
  questions: [],
  proof: {
    sound: true,
    needs: 0,
    allowed: 0,
    tight: true,
    connections: 0,
    unjustified: [],
    unjustifiedPairs: 0,
    undecided: [],
    safeOrder: true,
    steps: 0,
    unsafeSteps: [],
    surprises: [],
  },
  obsolete: [],
  ready: true,
  readiness: [],
  forbidden: [],
};
