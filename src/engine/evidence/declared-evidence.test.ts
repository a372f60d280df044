// What holds of all sources together: order of the input never shows, live pods add to templates, odd input never throws.

import { describe, expect, it } from 'vitest';
import { edgesOf, evidenceOf, loadTexts } from '../../../test/support/evidence.ts';
import { deployment, namespace, object, service } from '../../../test/support/scenario.ts';
import { declaredEvidence } from './declared-evidence.ts';
import { EVIDENCE_SOURCES } from './sources.ts';

const app = (env: string, more = '') =>
  object(
    'apps/v1',
    'Deployment',
    'shop/app',
    `{template: {metadata: {labels: {app: app}}, spec: {${more} containers: [{name: c, env: [${env}]}]}}}`,
  );
const OBJECTS: readonly string[] = [
  namespace('shop'),
  deployment('shop/db', 'app=db', '5432'),
  service('shop/db', '{type: NodePort, selector: {app: db}, ports: [{port: 5432}]}'),
  app('{name: DB_ADDR, value: "db:5432"}, {name: GONE_ADDR, value: "gone:1"}'),
  object('networking.k8s.io/v1', 'Ingress', 'shop/in', '{defaultBackend: {service: {name: db, port: {number: 5432}}}}'),
];

describe('declared evidence', () => {
  it('is the same whatever the order of the objects', () => {
    const plain = (texts: readonly string[]) =>
      JSON.stringify(evidenceOf(texts), (key, value) => (key === 'source' ? undefined : value));
    const expected = plain(OBJECTS);
    expect(expected).toContain('db:5432');
    for (let shift = 1; shift < OBJECTS.length; shift++) {
      expect(plain([...OBJECTS.slice(shift), ...OBJECTS.slice(0, shift)])).toBe(expected);
      expect(plain([...OBJECTS].reverse())).toBe(expected);
    }
  });

  it('is the same whatever the order of the sources', () => {
    const state = loadTexts(OBJECTS);
    expect(declaredEvidence(state, [...EVIDENCE_SOURCES].reverse())).toEqual(declaredEvidence(state));
  });

  it('says what pods and their template say once, and what a pod adds', () => {
    const live = (name: string, env: string) =>
      `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: shop, labels: {app: app}, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: app, uid: u, controller: true}]}\nspec: {containers: [{name: c, env: [${env}]}]}`;
    const own = '{name: DB_ADDR, value: "db:5432"}';
    const texts = [
      ...OBJECTS.slice(0, 3),
      app(own),
      live('app-1', own),
      live('app-2', `${own}, {name: X, value: "198.51.100.7:443"}`),
    ];
    expect(edgesOf(evidenceOf(texts)).filter((one) => one.startsWith('shop/app'))).toEqual([
      'shop/app -> 198.51.100.7/32:443/TCP',
      'shop/app -> shop/db:5432/TCP',
    ]);
    expect(evidenceOf(texts).evidence.filter(({ says }) => says.startsWith('DB_ADDR'))).toHaveLength(1);
  });

  it('keeps what hostNetwork pods need', () => {
    expect(
      edgesOf(evidenceOf([...OBJECTS.slice(0, 3), app('{name: A, value: "db:5432"}', 'hostNetwork: true,')])),
    ).toContain('shop/app -> shop/db:5432/TCP');
  });

  it('reads Secrets nowhere, and says so once for each workload', () => {
    const env =
      '{name: DB_URL, valueFrom: {secretKeyRef: {name: s, key: u}}}, {name: DB_PASSWORD, valueFrom: {secretKeyRef: {name: s, key: p}}}, {name: MQ_HOST, valueFrom: {secretKeyRef: {name: s, key: h}}}';
    const secret =
      'apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: shop}\nstringData: {u: "postgres://db:5432"}';
    const { evidence, questions } = evidenceOf([...OBJECTS.slice(0, 2), app(env), secret]);
    expect(evidence).toEqual([]);
    expect(questions.map(({ says }) => says)).toEqual([
      'shop/app has DB_URL, MQ_HOST from a Secret, which is never read and may name an address',
    ]);
  });

  it('reads ConfigMaps by key and as a whole, with a prefix, later ones first', () => {
    const map = (name: string, data: string) =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, namespace: shop}\ndata: {${data}}`;
    const of = (container: string) =>
      edgesOf(
        evidenceOf([
          ...OBJECTS.slice(0, 3),
          map('one', 'addr: "db:5432", DB_ADDR: "198.51.100.1:1"'),
          map('two', 'DB_ADDR: "db:5432"'),
          object(
            'apps/v1',
            'Deployment',
            'shop/app',
            `{template: {metadata: {labels: {app: app}}, spec: {containers: [{name: c, ${container}}]}}}`,
          ),
        ]),
      ).filter((one) => one.startsWith('shop/app'));
    const DB = ['shop/app -> shop/db:5432/TCP'];
    expect(of('env: [{name: A, valueFrom: {configMapKeyRef: {name: one, key: addr}}}]')).toEqual(DB);
    expect(
      of('envFrom: [{configMapRef: {name: one}}, {configMapRef: {name: two}}], env: [{name: addr, value: ""}]'),
    ).toEqual(DB);
    expect(of('envFrom: [{prefix: P_, configMapRef: {name: two}}], args: ["--x=$(P_DB_ADDR)"]')).toEqual(DB);
    expect(of('env: [{name: A, valueFrom: {configMapKeyRef: {name: gone, key: addr, optional: true}}}]')).toEqual([]);
  });

  it('knows the pod’s own node and itself by the downward API', () => {
    const field = (path: string) =>
      `{name: IP, valueFrom: {fieldRef: {fieldPath: ${path}}}}, {name: AGENT_ADDR, value: "$(IP):8126"}`;
    expect(edgesOf(evidenceOf([app(field('status.hostIP'))]))).toEqual(['shop/app -> node:8126/TCP']);
    expect(edgesOf(evidenceOf([app(field('status.podIP'))]))).toEqual([]);
    expect(
      edgesOf(
        evidenceOf([
          ...OBJECTS.slice(0, 3),
          app(
            `{name: NS, valueFrom: {fieldRef: {fieldPath: metadata.namespace}}}, {name: A, value: "db.$(NS).svc:5432"}`,
          ),
        ]),
      ),
    ).toContain('shop/app -> shop/db:5432/TCP');
  });

  it('follows selector-less Services to their endpoints', () => {
    const ext = service('shop/ext', '{ports: [{port: 443, targetPort: 8443}]}');
    const slice =
      'apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: ext-1, namespace: shop, labels: {kubernetes.io/service-name: ext}}\naddressType: IPv4\nendpoints: [{addresses: [192.0.2.10]}]\nports: [{port: 8443, protocol: TCP}]';
    const own = app('{name: A, value: "https://ext"}');
    expect(edgesOf(evidenceOf([ext, slice, own]))).toEqual(['shop/app -> 192.0.2.10/32:8443/TCP']);
    expect(evidenceOf([ext, own]).questions.map(({ about }) => about)).toEqual(['no-endpoints']);
  });

  it.each<[what: string, text: string]>([
    ['no objects', ''],
    ['a Deployment without anything', 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}'],
    [
      'fields of other types',
      object(
        'apps/v1',
        'Deployment',
        'a/b',
        '{template: {spec: {containers: [7, {env: x, args: {}, envFrom: [1], volumeMounts: 3}], volumes: {a: 1}}}}',
      ),
    ],
    [
      'a webhook of nothing',
      'apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: {name: a}\nwebhooks: [1, {clientConfig: []}]',
    ],
    ['monitors of nothing', object('monitoring.coreos.com/v1', 'ServiceMonitor', 'a/b', '{endpoints: 1, selector: 2}')],
    ['a ConfigMap of nothing', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: [1]'],
  ])('%s gives nothing and throws nothing', (_what, text) => {
    expect(evidenceOf([text]).evidence).toEqual([]);
  });
});
