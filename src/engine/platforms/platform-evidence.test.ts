import { describe, expect, it } from 'vitest';
import {
  COREDNS,
  container,
  type Json,
  node,
  stateOfObjects,
  WEB,
  workload,
} from '../../../test/support/platform-objects.ts';
import type { Evidence, EvidenceKind } from '../model/evidence.ts';
import { detectPlatform } from './detect-platform.ts';
import { throughMesh } from './mesh-evidence.ts';
import { platformEvidence } from './platform-evidence.ts';
import { NOTHING_STATED, type StatedPlatform } from './platform-facts.ts';
import { parseDnsServer } from './platform-flags.ts';

const KEY = 'shop/Deployment.apps/web';
const account = (annotations: Json, namespace: string | undefined = 'shop'): Json => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: 'web', ...(namespace === undefined ? {} : { namespace }), annotations },
});
const withAccount = workload('Deployment', 'shop', 'web', { spec: { serviceAccountName: 'web' } });
const anetd = workload('DaemonSet', 'kube-system', 'anetd');
const calico = workload('DaemonSet', 'kube-system', 'calico-node');

function evidenceOf(
  kind: EvidenceKind,
  objects: readonly Json[],
  platform: StatedPlatform = NOTHING_STATED,
  keys = [KEY],
): readonly string[] {
  const state = stateOfObjects(objects);
  const facts = detectPlatform(state, {}, platform);
  return platformEvidence(state, facts, keys)
    .evidence.filter((one) => one.kind === kind)
    .map(print);
}

function print({ from, to, protocol, ports }: Evidence): string {
  const end = (party: Evidence['to']): string =>
    party.type === 'addresses'
      ? party.cidrs.join()
      : party.type === 'domain'
        ? party.name
        : party.type === 'pods'
          ? party.what
          : party.type;
  return `${end(from)} -> ${end(to)} ${protocol} ${ports[0]}`;
}

describe('identities of a cloud', () => {
  it.each<[string, readonly Json[], readonly string[]]>([
    ['none without an annotation', [withAccount, account({})], []],
    ['none for another account', [WEB, account({ 'eks.amazonaws.com/role-arn': 'arn:aws:iam::0:role/web' })], []],
    [
      'none for an account of another namespace',
      [withAccount, account({ 'iam.gke.io/gcp-service-account': 'x' }, 'other')],
      [],
    ],
    [
      'STS by name for roles of accounts on EKS',
      [withAccount, account({ 'eks.amazonaws.com/role-arn': 'arn' })],
      ['workload -> sts.*.amazonaws.com TCP 443', 'workload -> sts.amazonaws.com TCP 443'],
    ],
    [
      'the metadata server with Dataplane V2',
      [anetd, withAccount, account({ 'iam.gke.io/gcp-service-account': 'x' })],
      ['workload -> 169.254.169.254/32 TCP 80', 'workload -> 169.254.169.254/32 TCP 8080'],
    ],
    [
      'its own address and ports without',
      [calico, withAccount, account({ 'iam.gke.io/gcp-service-account': 'x' })],
      ['workload -> 169.254.169.252/32 TCP 987', 'workload -> 169.254.169.252/32 TCP 988'],
    ],
    [
      'Entra by name on Azure',
      [withAccount, account({ 'azure.workload.identity/client-id': 'x' })],
      ['workload -> login.microsoftonline.com TCP 443'],
    ],
  ])('%s', (_, objects, expected) => {
    expect(evidenceOf('metadata', objects)).toEqual(expected);
  });

  it('opens both of GKE where the plugin is not known', () => {
    expect(evidenceOf('metadata', [withAccount, account({ 'iam.gke.io/gcp-service-account': 'x' })])).toHaveLength(4);
  });

  it('knows Pod Identity by what it does to pods', () => {
    const uri = { name: 'AWS_CONTAINER_CREDENTIALS_FULL_URI', value: 'http://169.254.170.23/v1/credentials' };
    const pods = workload('Deployment', 'shop', 'web', { containers: [container('main', 'x', { env: [uri] })] });
    expect(evidenceOf('metadata', [pods])).toEqual(['workload -> 169.254.170.23/32,fd00:ec2::23/128 TCP 80']);
  });

  it('takes stated endpoints in place of addresses, and none for none', () => {
    const objects = [anetd, withAccount, account({ 'iam.gke.io/gcp-service-account': 'x' })];
    expect(evidenceOf('metadata', objects, { ...NOTHING_STATED, metadata: [] })).toEqual([]);
    const point = { title: 'x', cidrs: ['192.0.2.1/32'], ports: [8] } as const;
    expect(evidenceOf('metadata', objects, { ...NOTHING_STATED, metadata: [point] })).toEqual([
      'workload -> 192.0.2.1/32 TCP 8',
    ]);
  });

  it('names the account as its reason', () => {
    const state = stateOfObjects([withAccount, account({ 'azure.workload.identity/client-id': 'x' }), ...COREDNS]);
    const [found] = platformEvidence(state, detectPlatform(state), [KEY]).evidence.filter(
      ({ kind }) => kind === 'metadata',
    );
    expect(found).toMatchObject({
      confidence: 'likely',
      says: `ServiceAccount shop/web has azure.workload.identity/client-id: Deployment shop/web gets its identity from Microsoft Entra Workload ID`,
      source: { path: 'metadata.annotations[azure.workload.identity/client-id]' },
    });
  });
});

describe('service meshes', () => {
  const namespace = (labels: Json): Json => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'shop', labels },
  });
  const istiod = workload('Deployment', 'istio-system', 'istiod', { labels: { app: 'istiod' } });
  const api = workload('Deployment', 'shop', 'api');
  const base: Evidence = {
    from: { type: 'workload', key: KEY },
    to: { type: 'workload', key: 'shop/Deployment.apps/api' },
    protocol: 'TCP',
    ports: [8080, 8080],
    kind: 'environment',
    confidence: 'likely',
    says: 'web names api',
  };

  function through(objects: readonly Json[], one: Evidence): readonly string[] {
    const state = stateOfObjects(objects);
    return throughMesh(state, { evidence: [one], questions: [] }, detectPlatform(state)).evidence.map(print);
  }

  it('lets the proxies of an injected namespace call the control plane', () => {
    const istio = [istiod, WEB, namespace({ 'istio-injection': 'enabled' })];
    expect(evidenceOf('mesh', istio)).toEqual(['workload -> the control plane of Istio with sidecars TCP 15012']);
    expect(evidenceOf('mesh', [istiod, WEB, namespace({})])).toEqual([]);
    expect(
      evidenceOf('mesh', [WEB, namespace({ 'linkerd.io/inject': 'enabled' })]).map((line) => line.split(' ').at(-1)),
    ).toEqual(['4143', '8080', '8086', '8090']);
  });

  it('follows the pods that refuse a proxy, and those that have one', () => {
    const refusing = workload('Deployment', 'shop', 'web', {
      labels: { app: 'web', 'sidecar.istio.io/inject': 'false' },
    });
    expect(evidenceOf('mesh', [istiod, refusing, namespace({ 'istio-injection': 'enabled' })])).toEqual([]);
    const annotated = workload('Deployment', 'shop', 'web', { annotations: { 'linkerd.io/inject': 'disabled' } });
    expect(evidenceOf('mesh', [annotated, namespace({ 'linkerd.io/inject': 'enabled' })])).toEqual([]);
    const sidecar = workload('Deployment', 'shop', 'web', {
      containers: [container('main'), container('istio-proxy')],
    });
    expect(evidenceOf('mesh', [sidecar])).toHaveLength(1);
  });

  it('lets the control plane be called by the namespaces that ask for a proxy, and by others that have one', () => {
    const sidecar = workload('Deployment', 'ops', 'job', { containers: [container('main'), container('istio-proxy')] });
    const inPlane = ['istio-system/Deployment.apps/istiod'];
    const mesh = [istiod, WEB, sidecar, namespace({ 'istio-injection': 'enabled' })];
    expect(evidenceOf('mesh', mesh, NOTHING_STATED, inPlane)).toEqual([
      'namespaces of Istio with sidecars (shop) -> workload TCP 15012',
      'workload -> workload TCP 15012',
    ]);
    expect(evidenceOf('mesh', [istiod, WEB, namespace({})], NOTHING_STATED, inPlane)).toEqual([]);
    const linkerd = [
      workload('Deployment', 'linkerd', 'linkerd-destination', {
        labels: { 'linkerd.io/control-plane-component': 'destination' },
      }),
      WEB,
      namespace({ 'linkerd.io/inject': 'enabled' }),
    ];
    expect(evidenceOf('mesh', linkerd, NOTHING_STATED, ['linkerd/Deployment.apps/linkerd-destination'])).toHaveLength(
      4,
    );
  });

  it('brings what two workloads in ambient mode need through one more port, and nothing for others', () => {
    const ambient = [WEB, api, istiod, namespace({ 'istio.io/dataplane-mode': 'ambient' })];
    expect(through(ambient, base)).toEqual(['workload -> workload TCP 8080', 'workload -> workload TCP 15008']);
    expect(through([WEB, api, istiod, namespace({})], base)).toEqual(['workload -> workload TCP 8080']);
    expect(through(ambient, { ...base, protocol: 'UDP' })).toEqual(['workload -> workload UDP 8080']);
    expect(through(ambient, { ...base, from: { type: 'outside' } })).toEqual(['outside -> workload TCP 8080']);
    expect(evidenceOf('mesh', ambient)).toEqual([]);
  });

  it('lets probes come from the address that ambient mode gives them', () => {
    const ambient = [WEB, api, namespace({ 'istio.io/dataplane-mode': 'ambient' })];
    expect(through(ambient, { ...base, from: { type: 'node' }, kind: 'probe' })).toEqual([
      'node -> workload TCP 8080',
      '169.254.7.127/32,fd16:9254:7127:1337:ffff:ffff:ffff:ffff/128 -> workload TCP 8080',
    ]);
  });
});

describe('a DNS server that --dns names by its labels', () => {
  it('keeps what it needs, and is asked by everybody', () => {
    const dns = [parseDnsServer('kube-system/k8s-app=kube-dns')];
    const own = ['kube-system/Deployment.apps/coredns'];
    expect(evidenceOf('dns', COREDNS, { ...NOTHING_STATED, dns }, own)).toEqual([
      'every pod of the cluster -> workload UDP 53',
      'every pod of the cluster -> workload TCP 53',
      'workload -> workload UDP 53',
      'workload -> workload TCP 53',
    ]);
    const other = [parseDnsServer('kube-system/k8s-app=other')];
    expect(evidenceOf('dns', COREDNS, { ...NOTHING_STATED, dns: other }, own)).not.toContain(
      'every pod of the cluster -> workload TCP 53',
    );
  });
});

describe('evidence of a platform', () => {
  it('is for the workloads asked for, in the order of the snapshot, and passes over others', () => {
    const objects = [workload('Deployment', 'b', 'x'), workload('Deployment', 'a', 'x'), ...COREDNS];
    const state = stateOfObjects(objects);
    const facts = detectPlatform(state);
    const keys = ['b/Deployment.apps/x', 'a/Deployment.apps/x', 'no/Deployment.apps/such'];
    const froms = platformEvidence(state, facts, keys).evidence.map(({ from }) =>
      from.type === 'workload' ? from.key : '',
    );
    expect([...new Set(froms)]).toEqual(['a/Deployment.apps/x', 'b/Deployment.apps/x']);
  });

  it('is the same whatever the order of the objects', () => {
    const objects = [...COREDNS, WEB, anetd, withAccount, node('a', { address: '192.0.2.1' })];
    const of = (list: readonly Json[]) => {
      const state = stateOfObjects(list);
      return JSON.stringify(
        platformEvidence(state, detectPlatform(state), state.cluster.workloads.keys()),
        (key, value) => (key === 'source' ? undefined : value),
      );
    };
    expect(of(objects)).toBe(of([...objects].reverse()));
  });
});
