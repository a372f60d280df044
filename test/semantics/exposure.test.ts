// What exposure leaves out, joins and tells apart. That it is right for every pod is test/properties/exposure.test.ts.

import { describe, expect, it } from 'vitest';
import { behaviourOf } from '../../src/engine/behaviours/index.ts';
import { type ExposureFilter, exposure } from '../../src/engine/questions/exposure.ts';
import type { ExposedDocument, Exposure } from '../../src/engine/questions/exposure-document.ts';
import { PORT_PROTOCOLS } from '../../src/engine/sets/traffic-set.ts';
import { loadState } from '../../src/engine/state.ts';
import { readText } from '../../src/manifests/index.ts';
import { selectorText, targetText } from '../../src/report/exposure-text.ts';
import { validateDocument } from '../support/schemas.ts';

const NAMESPACES = ['shop', 'dev'].map((name) => `{apiVersion: v1, kind: Namespace, metadata: {name: ${name}}}`);

function pod(namespace: string, name: string, spec = '', labels = `{app: ${name}}`): string {
  return `{apiVersion: v1, kind: Pod, metadata: {namespace: ${namespace}, name: ${name}, labels: ${labels}}, spec: {containers: [{name: c, image: i}]${spec}}}`;
}

function policy(namespace: string, name: string, spec: string): string {
  return `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {namespace: ${namespace}, name: ${name}}, spec: ${spec}}`;
}

const from = (...peers: string[]) =>
  `{podSelector: {matchLabels: {app: db}}, ingress: [{from: [${peers.join(', ')}]}]}`;

interface Options {
  readonly filter?: ExposureFilter;
  readonly assume?: readonly string[];
}

function exposureOf(texts: readonly string[], { filter = {}, assume = [] }: Options = {}): Exposure {
  const read = readText(texts.join('\n---\n'), 'input.yaml');
  const state = loadState({ ...read, behaviour: behaviourOf('default', assume), defaultNamespace: 'default' });
  expect(state.findings.map(({ message }) => message)).toEqual([]);
  const document = exposure(state, filter, { defaultNamespace: 'default', protocols: PORT_PROTOCOLS });
  expect(validateDocument(JSON.parse(JSON.stringify(document)))).toEqual([]);
  return document;
}

/** Entries of one endpoint and direction in words, policies behind them. */
function entries(document: Exposure, direction: 'ingress' | 'egress' = 'ingress', endpoint = 0): string[] {
  return document.exposed
    .filter((one) => one.endpoint === endpoint && one.direction === direction)
    .map((one) => {
      const ports =
        one.allowed === 'all' ? '' : ` ${JSON.stringify(one.allowed ?? one.unknown?.map(({ reason }) => reason))}`;
      return `${targetText(one.to, false).replaceAll('\u00a0', ' ')}${bounds(one)}${ports}`;
    });
}

const bounds = ({ namespaces }: ExposedDocument) => (namespaces === undefined ? '' : ` (${namespaces})`);

describe('selectors', () => {
  it.each([
    [
      'what a wider one implies is left out',
      ['{namespaceSelector: {}}', '{podSelector: {matchLabels: {app: api}}}'],
      ['any namespace'],
    ],
    [
      'values of one label become one list',
      ['{podSelector: {matchLabels: {app: api}}}', '{podSelector: {matchLabels: {app: web}}}'],
      ['shop/app in (api,web)'],
    ],
    [
      'a value and all others become everything',
      [
        '{podSelector: {matchLabels: {app: api}}}',
        '{podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [api]}]}}',
      ],
      ['any pod of shop'],
    ],
    [
      'what no pod can satisfy is left out',
      ['{podSelector: {matchLabels: {app: api}, matchExpressions: [{key: app, operator: DoesNotExist}]}}'],
      [],
    ],
    [
      'a name of the snapshot has the labels that it has',
      ['{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: dev, team: a}}}'],
      [],
    ],
    [
      'a name that no namespace has yet may have any',
      ['{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: soon, team: a}}}'],
      ['namespaces with kubernetes.io/metadata.name=soon,team=a'],
    ],
  ])('%s', (_, peers, expected) => {
    expect(entries(exposureOf([...NAMESPACES, pod('shop', 'db'), policy('shop', 'p', from(...peers))]))).toEqual(
      expected,
    );
  });

  it('a narrower one with more ports stays', () => {
    const rules =
      '[{from: [{namespaceSelector: {}}], ports: [{port: 80}]}, {from: [{podSelector: {matchLabels: {app: api}}}]}]';
    const document = exposureOf([
      ...NAMESPACES,
      pod('shop', 'db'),
      policy('shop', 'p', `{podSelector: {}, ingress: ${rules}}`),
    ]);
    expect(entries(document)).toEqual(['any namespace {"TCP":[[80,80]]}', 'shop/app=api']);
  });

  it('names who has the labels today', () => {
    const texts = [
      ...NAMESPACES,
      pod('shop', 'db'),
      pod('shop', 'api'),
      policy('shop', 'p', from('{podSelector: {matchLabels: {app: api}}}')),
    ];
    const document = exposureOf(texts, { filter: { namespaces: ['shop'] } });
    const db = document.endpoints.find(({ key }) => key === 'shop/Pod/db')!.id;
    const api = document.endpoints.find(({ key }) => key === 'shop/Pod/api')!.id;
    expect(document.exposed.find((one) => one.endpoint === db && one.direction === 'ingress')?.matches).toEqual([api]);
  });
});

describe('both sides', () => {
  const closed = policy('dev', 'closed', '{podSelector: {}, policyTypes: [Egress]}');
  const out = policy(
    'dev',
    'out',
    '{podSelector: {matchLabels: {out: "yes"}}, egress: [{ports: [{port: 80}]}], policyTypes: [Egress]}',
  );
  const input = [...NAMESPACES, pod('shop', 'db'), policy('shop', 'p', from('{namespaceSelector: {}}'))];

  it('a new pod is subject to the policies of its namespace, one of a new namespace is not', () => {
    expect(entries(exposureOf(input))).toEqual(['any namespace']);
    expect(entries(exposureOf([...input, closed]))).toEqual(['any namespace (unlimited)']);
    expect(entries(exposureOf([...input, closed, out]))).toEqual([
      'any namespace (unlimited)',
      'dev/out=yes {"TCP":[[80,80]]}',
    ]);
  });

  it('what policies leave open of a namespace makes no exception of it', () => {
    const open = policy('dev', 'open', '{podSelector: {}, egress: [{}], policyTypes: [Egress]}');
    expect(entries(exposureOf([...input, open]))).toEqual(['any namespace']);
  });

  it('says once for each limited namespace what is left, where there are many', () => {
    const document = exposureOf([...input, closed, out], { filter: { fewPairs: 0 } });
    expect(entries(document)).toEqual(['any namespace (any)']);
    expect(document.limited).toEqual({ ingress: ['shop'], egress: ['dev'] });
    const said = document.limits
      .filter(({ direction }) => direction === 'egress')
      .map((one) => [one.namespace, selectorText(one.podSelector), one.endpoints, one.allowed]);
    expect(said).toEqual([['dev', 'out=yes', 'all', { TCP: [[80, 80]] }]]);
  });

  it('pods that nothing isolates are told by what their policies do not select', () => {
    const some = policy('dev', 'some', '{podSelector: {matchLabels: {a: first, b: second}}, policyTypes: [Egress]}');
    const document = exposureOf([...input, some]);
    expect(entries(document)).toEqual(['any namespace (unlimited)', 'dev/a=first,b!=second', 'dev/a!=first']);
    expect(document.exposed.filter(({ unisolated }) => unisolated === true)).toHaveLength(2);
  });

  it('a cluster-scoped policy is the business of new namespaces too', () => {
    const admin =
      '{apiVersion: policy.networking.k8s.io/v1alpha2, kind: ClusterNetworkPolicy, metadata: {name: a}, spec: {tier: Admin, priority: 1, subject: {namespaces: {matchLabels: {team: x}}}, egress: [{action: Deny, to: [{namespaces: {}}]}]}}';
    expect(entries(exposureOf([...input, admin]))).toEqual(['namespaces with team!=x']);
  });
});

describe('labels of namespaces that nobody knows', () => {
  const peer = '{namespaceSelector: {matchLabels: {team: a}}}';
  const input = [pod('shop', 'db'), policy('shop', 'p', from(peer))];

  it('are unknown where a policy asks for them', () => {
    const document = exposureOf(input);
    expect(document.unlabelled).toEqual(['shop']);
    expect(entries(document)).toEqual(['any pod of shop ["namespace-labels"]', 'namespaces with team=a (unlimited)']);
  });

  it('are none if that is assumed', () => {
    const document = exposureOf(input, { assume: ['undeclaredNamespaces=unlabelled'] });
    expect(entries(document)).toEqual(['namespaces with team=a']);
  });

  it('do not matter where none asks for them', () => {
    const document = exposureOf([pod('shop', 'db'), policy('shop', 'p', from('{namespaceSelector: {}}'))]);
    expect([document.unlabelled, entries(document)]).toEqual([[], ['any namespace']]);
  });
});

describe('addresses', () => {
  it('the internet is one, other blocks are told by their ranges', () => {
    const block = (cidr: string) => `{ipBlock: {cidr: ${cidr}}}`;
    const rule = (...peers: string[]) => `{podSelector: {}, ingress: [{from: [${peers.join(', ')}]}]}`;
    const at = (...cidrs: string[]) =>
      exposureOf([...NAMESPACES, pod('shop', 'db'), policy('shop', 'p', rule(...cidrs.map(block)))])
        .exposed.filter(({ direction }) => direction === 'ingress')
        .map(({ to }) =>
          typeof to === 'object' && 'ranges' in to ? to : targetText(to, false).replaceAll('\u00a0', ' '),
        );
    expect(at('0.0.0.0/0')).toEqual(['internet', 'any namespace']);
    expect(at('203.0.113.0/24', '192.168.0.0/31')).toEqual([
      {
        ranges: [
          ['192.168.0.0', '192.168.0.1'],
          ['203.0.113.0', '203.0.113.255'],
        ],
      },
    ]);
    expect(at('169.254.169.254/32')).toEqual([{ ranges: [['169.254.169.254', '169.254.169.254']], name: 'metadata' }]);
  });
});

describe('who is asked about', () => {
  it('is every workload, or those of a namespace', () => {
    const input = [...NAMESPACES, pod('shop', 'db'), pod('dev', 'x')];
    expect(exposureOf(input).unisolated).toHaveLength(4);
    const document = exposureOf(input, { filter: { namespaces: ['dev'] } });
    expect(document.endpoints.map(({ key }) => key)).toEqual(['dev/Pod/x']);
    expect(document.unisolated).toEqual([
      { endpoint: 0, direction: 'egress' },
      { endpoint: 0, direction: 'ingress' },
    ]);
  });

  it('is the subjects of policies where there are no workloads', () => {
    const document = exposureOf([...NAMESPACES, policy('shop', 'p', from('{podSelector: {}}'))]);
    expect(document.endpoints.map((one) => [one.type, 'name' in one ? one.name : ''])).toEqual([
      ['pods', 'shop/app=db'],
    ]);
    expect(entries(document)).toEqual(['any pod of shop']);
    expect(exposureOf(NAMESPACES).endpoints).toEqual([]);
  });

  it('a pod on the host network is open to everybody: no policy selects it', () => {
    const deny = policy('shop', 'deny', '{podSelector: {}}');
    const document = exposureOf([...NAMESPACES, pod('shop', 'db', ', hostNetwork: true'), deny]);
    expect(entries(document)).toEqual(['internet', 'any namespace']);
    expect(document.unisolated).toHaveLength(2);
  });
});

describe('pods of any namespace that Admin policies apply to', () => {
  const admin = `{apiVersion: policy.networking.k8s.io/v1alpha1, kind: AdminNetworkPolicy, metadata: {name: no-db}, spec: {priority: 1, subject: {namespaces: {}}, egress: [{action: Deny, to: [{pods: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}, podSelector: {matchLabels: {app: db}}}}]}]}}`;

  it('reach an end as far as these let them, and another end otherwise', () => {
    const document = exposureOf([...NAMESPACES, pod('shop', 'api'), pod('shop', 'db'), admin]);
    expect(document.endpoints.map(({ name }) => name)).toEqual(['api', 'db']);
    expect(entries(document, 'ingress', 0)).toContain('any namespace');
    expect(entries(document, 'ingress', 1).filter((text) => text.startsWith('any namespace'))).toEqual([]);
  });
});
