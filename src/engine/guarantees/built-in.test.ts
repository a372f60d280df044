import { describe, expect, it } from 'vitest';
import { stateOf } from '../../../test/support/lint.ts';
import type { TestReport } from '../questions/documents.ts';
import { runTests } from '../questions/run-tests.ts';
import { PORT_PROTOCOLS } from '../sets/traffic-set.ts';
import { parseGuarantee } from './built-in.ts';

const NAMESPACE = (name: string, labels = '') =>
  `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}, labels: {${labels}}}\n---\n`;
const POD = (name: string, labels: string, port = 80, more = '') =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: shop, labels: {${labels}}}\nspec: {${more}containers: [{name: c, image: c, ports: [{containerPort: ${port}}]}]}\n---\n`;
const POLICY = (name: string, spec: string) =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${name}, namespace: shop}\nspec: ${spec}\n---\n`;
const ADMIN = (spec: string) =>
  `apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: admin}\nspec: ${spec}\n---\n`;

function run(text: string, guarantee: string, newNamespaces = false): TestReport {
  const request = { guarantee: parseGuarantee(guarantee), newNamespaces, source: { path: '' } };
  return runTests(stateOf(text), [request], { defaultNamespace: 'default', protocols: PORT_PROTOCOLS });
}

const outcome = (text: string, guarantee: string, newNamespaces = false) =>
  run(text, guarantee, newNamespaces).tests.map(({ name, passed, explanation }) => [name, passed, explanation]);

const CLOSED = POLICY('deny', '{podSelector: {}, policyTypes: [Ingress, Egress]}');
const SHOP = NAMESPACE('shop') + POD('web', 'app: web');

describe('metadata-closed', () => {
  it('holds where every namespace denies, for pods that could be made there too', () => {
    expect(outcome(SHOP + CLOSED, 'metadata-closed=aws')).toEqual([
      ['no pod reaches a metadata address on port 80', true, undefined],
    ]);
  });

  it('is refuted by a pod in a namespace that could be made, unless an admin policy closes it', () => {
    const report = run(SHOP + CLOSED, 'metadata-closed=aws', true);
    expect(report.tests[0]!.passed).toBe(false);
    expect(report.tests[0]!.manifests!.map(({ kind }) => kind)).toEqual(['Namespace', 'Pod']);
    const admin = ADMIN(
      '{tier: Admin, priority: 1, subject: {namespaces: {}}, egress: [{action: Deny, to: [{networks: ["169.254.0.0/16", "fd00::/8"]}]}]}',
    );
    expect(outcome(SHOP + admin, 'metadata-closed=aws', true)[0]![1]).toBe(true);
  });

  it('asks about each port where it answers, and about nothing else there', () => {
    const dns = POLICY(
      'dns',
      '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 169.254.169.254/32}}, {ipBlock: {cidr: 168.63.129.16/32}}], ports: [{port: 53, protocol: UDP}]}]}',
    );
    expect(outcome(SHOP + dns, 'metadata-closed')).toEqual([
      ['no pod reaches a metadata address on port 80', true, undefined],
      ['no pod reaches 168.63.129.16 (Azure WireServer) on port 32526', true, undefined],
    ]);
    const wire = dns.replace('port: 53, protocol: UDP', 'port: 32526');
    expect(outcome(SHOP + wire, 'metadata-closed=azure').map(([, passed]) => passed)).toEqual([true, false]);
    expect(outcome(SHOP + wire, 'metadata-closed=gke').map(([, passed]) => passed)).toEqual([true]);
  });

  it('leaves out pods of the host network, which no policy can close', () => {
    expect(
      outcome(SHOP + CLOSED + POD('agent', 'app: agent', 80, 'hostNetwork: true, '), 'metadata-closed=aws')[0]![1],
    ).toBe(true);
  });
});

describe('tenants-apart', () => {
  it('needs a label that there can be', () => {
    expect(() => parseGuarantee('tenants-apart=te nant')).toThrow('"te nant" is no key of a label');
    expect(parseGuarantee('tenants-apart=acme.com/tenant')).toEqual({ type: 'tenants-apart', key: 'acme.com/tenant' });
  });

  const TWO = NAMESPACE('shop', 'tenant: a') + NAMESPACE('ops', 'tenant: b') + POD('web', 'app: web');

  it('is refuted by any pod of another tenant where nothing is closed', () => {
    const report = run(TWO, 'tenants-apart=tenant');
    expect(report.tests[0]).toMatchObject({ name: 'no path between namespaces of different tenant', passed: false });
    expect(report.tests[0]!.explanation).toContain('there is a path from tenant=a to tenant=b');
  });

  it('says that new namespaces are open until something cluster-wide closes them', () => {
    const policies = ['shop', 'ops'].map((name) => CLOSED.replace('namespace: shop', `namespace: ${name}`)).join('');
    expect(outcome(TWO + policies, 'tenants-apart=tenant')[0]![1]).toBe(true);
    const [[, passed, why] = []] = outcome(TWO + policies, 'tenants-apart=tenant', true);
    expect(passed).toBe(false);
    expect(why).toContain('close it with a ClusterNetworkPolicy, or say namespaces: existing');
  });

  it('is proved by admin policies for every namespace that could exist with the labels they name', () => {
    const deny = ADMIN(
      '{tier: Admin, priority: 1, subject: {namespaces: {matchExpressions: [{key: tenant, operator: Exists}]}}, ingress: [{action: Deny, from: [{namespaces: {matchExpressions: [{key: tenant, operator: Exists}]}}]}]}',
    );
    expect(outcome(TWO + deny, 'tenants-apart=tenant', true)[0]![1]).toBe(true);
  });

  it('does not take a namespace that no object declares for one without a tenant', () => {
    const report = run(POD('web', 'app: web') + NAMESPACE('ops', 'tenant: b'), 'tenants-apart=tenant');
    expect(report.tests[0]!.explanation).toContain('whose labels are not known');
  });
});

describe('database-clients', () => {
  const DB = NAMESPACE('shop') + POD('db', 'app: db', 5432);
  const ingress = (peers: string) =>
    POLICY('db', `{podSelector: {matchLabels: {app: db}}, ingress: [{from: [${peers}], ports: [{port: 5432}]}]}`);

  it.each<[string, string, boolean]>([
    ['pods by labels', '{podSelector: {matchLabels: {app: api}}}', true],
    ['pods by labels in any namespace', '{namespaceSelector: {}, podSelector: {matchLabels: {app: api}}}', true],
    ['every pod of the namespace', '{podSelector: {}}', false],
    ['every namespace', '{namespaceSelector: {}}', false],
    [
      'pods by the label that they lack',
      '{podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [x]}]}}',
      false,
    ],
    ['addresses outside', '{ipBlock: {cidr: 203.0.113.0/24}}', false],
  ])('%s: %s', (_name, peers, expected) => {
    expect(outcome(DB + ingress(peers), 'database-clients').map(([name, passed]) => [name, passed])).toEqual([
      ['only named clients reach shop/db (PostgreSQL)', expected],
    ]);
  });

  it('is refuted by a namespace that could be made, where these count', () => {
    const text = DB + ingress('{namespaceSelector: {matchLabels: {team: a}}}');
    expect(outcome(text, 'database-clients')[0]![1]).toBe(true);
    expect(outcome(text, 'database-clients', true)[0]![1]).toBe(false);
  });

  it('is refuted where nothing isolates the database', () => {
    expect(outcome(DB, 'database-clients')[0]![1]).toBe(false);
  });

  it('counts every pod of a workload, and says which are on the host network', () => {
    const host = POD('etcd', 'app: etcd', 2379, 'hostNetwork: true, ');
    const report = run(DB + host, 'database-clients');
    expect(report.tests.map(({ name }) => name)).toEqual(['only named clients reach shop/db (PostgreSQL)']);
    const note = 'database-clients: shop/etcd is on the host network, which policies do not close, and was not tested';
    expect(report.notes).toEqual([note]);
    expect(run(SHOP + host, 'database-clients').notes).toEqual([note]);
    const set =
      'apiVersion: apps/v1\nkind: ReplicaSet\nmetadata: {name: r, namespace: shop, uid: u}\nspec: {replicas: 2, selector: {matchLabels: {app: r}}, template: {metadata: {labels: {app: r}}, spec: {containers: [{name: c, image: c}]}}}\n---\n';
    const owned = (name: string, port: number) =>
      POD(name, 'app: r', port).replace(
        'labels:',
        'ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: r, uid: u, controller: true}], labels:',
      );
    const rolling = NAMESPACE('shop') + set + owned('r-1', 80) + owned('r-2', 6379);
    expect(run(rolling, 'database-clients').tests.map(({ name }) => name)).toEqual([
      'only named clients reach shop/r (Redis)',
    ]);
  });

  it('says where there is no database', () => {
    const report = run(SHOP, 'database-clients');
    expect([report.tests, report.notes]).toEqual([
      [],
      ['database-clients: no pod declares the port of a database, so nothing was tested'],
    ]);
  });
});
