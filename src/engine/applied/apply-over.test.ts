import { describe, expect, it } from 'vitest';
import { manifestObject } from '../../../test/support/manifest-object.ts';
import { applyOver } from './apply-over.ts';

type Json = Record<string, unknown>;
const object = (kind: string, name: string, more: Json = {}, metadata: Json = {}) => {
  const apiVersion =
    { Deployment: 'apps/v1', ReplicaSet: 'apps/v1', NetworkPolicy: 'networking.k8s.io/v1' }[kind] ?? 'v1';
  return { apiVersion, kind, metadata: { name, namespace: 'shop', ...metadata }, ...more };
};
const applied = (value: Json) => ({
  annotations: { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(value) },
});
const owned = (kind: string, name: string) => ({
  ownerReferences: [{ apiVersion: kind === 'Pod' ? 'v1' : 'apps/v1', kind, name, controller: true }],
});
const lay = (live: Json[], manifests: Json[]) =>
  applyOver(live.map(manifestObject), manifests.map(manifestObject), 'shop').map(({ value }) => value as Json);

describe('applying manifests', () => {
  it('adds what is new, changes what is there, and leaves the rest', () => {
    const [web, db] = [object('NetworkPolicy', 'web', { spec: { a: 1 } }), object('NetworkPolicy', 'db')];
    const result = lay([web, db], [object('NetworkPolicy', 'web', { spec: { a: 2 } }), object('NetworkPolicy', 'api')]);
    expect(result.map(({ metadata, spec }) => [(metadata as Json).name, spec])).toEqual([
      ['db', undefined],
      ['web', { a: 2 }],
      ['api', undefined],
    ]);
  });

  it('takes back what was applied before and is gone, and keeps what others set', () => {
    const before = object('NetworkPolicy', 'web', { spec: { podSelector: { matchLabels: { a: 'b' } }, egress: [] } });
    const live = object(
      'NetworkPolicy',
      'web',
      { spec: { podSelector: { matchLabels: { a: 'b' } }, egress: [], policyTypes: ['Egress'] } },
      applied(before),
    );
    const [result] = lay(
      [live],
      [object('NetworkPolicy', 'web', { spec: { podSelector: { matchLabels: { c: 'd' } } } })],
    );
    expect(result?.spec).toEqual({ podSelector: { matchLabels: { c: 'd' } }, policyTypes: ['Egress'] });
  });

  it('of null removes a field, and lists are replaced', () => {
    const live = object('Service', 'web', { spec: { clusterIP: '10.0.0.1', ports: [1, 2], x: 1 } });
    const [result] = lay([live], [object('Service', 'web', { spec: { ports: [3], x: null } })]);
    expect(result?.spec).toEqual({ clusterIP: '10.0.0.1', ports: [3] });
  });

  it('says nothing of the status of an object', () => {
    const [live, stale] = ['10.0.0.1', '10.0.0.2'].map((podIP) => object('Pod', 'web', { status: { podIP } }));
    expect(lay([live!], [stale!])).toEqual([live]);
    expect(lay([], [stale!])).toEqual([object('Pod', 'web')]);
    // As kubectl run --dry-run=client -o yaml prints them.
    const printed = object('Pod', 'web', { status: {} });
    const first = object('Pod', 'web', { status: { podIP: '10.0.0.1' } }, applied(printed));
    expect(lay([first], [printed])[0]?.status).toEqual({ podIP: '10.0.0.1' });
    expect(lay([first], [object('Pod', 'web')])[0]?.status).toEqual({ podIP: '10.0.0.1' });
  });

  it('finds an object whatever version it is written in, and whether or not its namespace is written', () => {
    const live = object('Deployment', 'web');
    const manifest = { apiVersion: 'extensions/v1beta1', kind: 'Deployment', metadata: { name: 'web' } };
    expect(lay([live], [manifest])).toHaveLength(1);
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { a: 'b' } } };
    expect(lay([namespace], [{ ...namespace, metadata: { name: 'shop' } }])).toEqual([namespace]);
    const role = {
      apiVersion: 'policy.networking.k8s.io/v1alpha2',
      kind: 'ClusterNetworkPolicy',
      metadata: { name: 'a' },
    };
    expect(lay([role], [role])).toHaveLength(1);
    // A database that an operator makes: two of one name in two namespaces.
    const database = (namespace: string) => ({
      apiVersion: 'postgresql.cnpg.io/v1',
      kind: 'Cluster',
      metadata: { name: 'db', namespace },
    });
    expect(lay([database('shop'), database('bank')], [database('shop')])).toHaveLength(2);
  });
});

describe('over files', () => {
  const over = (before: Json, after: Json) =>
    applyOver([manifestObject(before)], [manifestObject(after)], 'shop', 'files').map(({ value }) => value as Json);

  it('a manifest stands in the place of another, but for what a server sets', () => {
    const [policy] = over(
      object('NetworkPolicy', 'web', { spec: { podSelector: {}, egress: [] } }, { uid: 'u', labels: { a: 'b' } }),
      object('NetworkPolicy', 'web', { spec: { podSelector: {} } }),
    );
    expect(policy).toEqual(object('NetworkPolicy', 'web', { spec: { podSelector: {} } }, { uid: 'u' }));
    const [pod] = over(
      object('Pod', 'web', { spec: { nodeName: 'n1', hostNetwork: true }, status: { podIP: '10.0.0.1' } }),
      object('Pod', 'web', { spec: {} }),
    );
    expect(pod).toEqual(object('Pod', 'web', { spec: { nodeName: 'n1' }, status: { podIP: '10.0.0.1' } }));
    const service = { clusterIP: '10.96.0.1', clusterIPs: ['10.96.0.1'], selector: { a: 'b', c: 'd' } };
    const [found] = over(
      object('Service', 'web', { spec: service }),
      object('Service', 'web', { spec: { selector: { a: 'b' } } }),
    );
    expect(found?.spec).toEqual({ ...service, selector: { a: 'b' } });
    const twice = { spec: { template: { spec: { containers: [{ name: 'a' }, { name: 'b' }] } } } };
    const once = { spec: { template: { spec: { containers: [{ name: 'a' }] } } } };
    expect(over(object('Deployment', 'web', twice), object('Deployment', 'web', once))[0]?.spec).toEqual(once.spec);
  });
});

it.each(['cluster', 'files'] as const)('a Service of a %s keeps its ports of nodes as long as it has any', (from) => {
  const live = [
    { port: 80, nodePort: 30080 },
    { port: 81, protocol: 'UDP', nodePort: 30081 },
  ];
  const lays = (type: string, ports: Json[]) =>
    applyOver(
      [manifestObject(object('Service', 'web', { spec: { type: 'NodePort', ports: live } }))],
      [manifestObject(object('Service', 'web', { spec: { type, ports } }))],
      'shop',
      from,
    )[0]?.value['spec'];
  expect(lays('NodePort', [{ port: 80, protocol: 'TCP' }, { port: 81 }, { port: 82, nodePort: 30082 }])).toEqual({
    type: 'NodePort',
    ports: [{ port: 80, protocol: 'TCP', nodePort: 30080 }, { port: 81 }, { port: 82, nodePort: 30082 }],
  });
  expect(lays('ClusterIP', [{ port: 80 }])).toEqual({ type: 'ClusterIP', ports: [{ port: 80 }] });
});

describe('a template that changes', () => {
  const template = (labels: Json, ports: Json[] = [], more: Json = {}) => ({
    spec: { replicas: 2, template: { metadata: { labels }, spec: { containers: [{ name: 'c', ports }], ...more } } },
  });
  const names = (values: Json[]) =>
    values.map(({ kind, metadata }) => `${String(kind)} ${String((metadata as Json).name)}`);
  const LIVE = [
    object('Deployment', 'web', template({ app: 'web' }, [{ containerPort: 80, protocol: 'TCP' }])),
    object('ReplicaSet', 'web-1', template({ app: 'web' }), owned('Deployment', 'web')),
    object('Pod', 'web-1-a', {}, owned('ReplicaSet', 'web-1')),
    object('Pod', 'other'),
  ];

  it('makes new pods in the place of those that are there', () => {
    const result = lay(LIVE, [object('Deployment', 'web', template({ app: 'web', tier: 'front' }))]);
    expect(names(result)).toEqual(['Pod other', 'Deployment web']);
  });

  it('in nothing that connections see keeps its pods', () => {
    const same = object('Deployment', 'web', template({ app: 'web' }, [{ containerPort: 80 }], { schedulerName: 's' }));
    expect(names(lay(LIVE, [same]))).toEqual(['ReplicaSet web-1', 'Pod web-1-a', 'Pod other', 'Deployment web']);
  });

  it('keeps containers that somebody else put beside its own', () => {
    const live = object(
      'Deployment',
      'web',
      template({}, [], { containers: [{ name: 'c' }, { name: 'proxy', ports: [] }] }),
    );
    const [result] = lay([live], [object('Deployment', 'web', template({}))]);
    expect(JSON.stringify(result)).toContain('proxy');
    const own = object('Deployment', 'web', template({}, [], { containers: [{ name: 'c' }, { name: 'proxy' }] }));
    const [removed] = lay(
      [{ ...live, metadata: { ...live.metadata, ...applied(own) } }],
      [object('Deployment', 'web', template({}))],
    );
    expect(JSON.stringify(removed?.spec)).not.toContain('proxy');
  });
});
