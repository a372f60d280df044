// The whole way from objects to a cluster: order, duplicates, malformed input, size.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelOf, selects } from '../model/selector.ts';
import { type ManifestObject, printPath } from '../model/source.ts';
import { type BuiltCluster, buildCluster } from './build-cluster.ts';

type Json = Record<string, unknown>;

function read(value: unknown, file: string = 'a.yaml', line: number = 1): ManifestObject {
  return { value: value as Json, file, locate: (path) => ({ file, line, path: printPath(path) }) };
}

function build(...values: unknown[]): BuiltCluster {
  return buildObjects(values.map((value, index) => read(value, 'a.yaml', index + 1)));
}

function buildObjects(objects: readonly ManifestObject[]): BuiltCluster {
  return buildCluster(objects, {
    defaultNamespace: 'default',
    isPolicy: (apiVersion, kind) =>
      (apiVersion === 'networking.k8s.io/v1' && kind === 'NetworkPolicy') || kind === 'ClusterNetworkPolicy',
  });
}

function deployment(name: string, labels: Json, more: Json = {}): Json {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'shop' },
    spec: { ...more, template: { metadata: { labels }, spec: { containers: [{ name: 'c' }] } } },
  };
}

function pod(name: string, more: Json = {}): Json {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', labels: { app: name } },
    spec: { containers: [{ name: 'c' }] },
    ...more,
  };
}

/** One object of every sort, each with a key of its own. */
const SAMPLES: readonly Json[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { team: 'a' } } },
  deployment('web', { app: 'web' }),
  pod('debug', { status: { podIPs: [{ ip: '10.1.0.5' }, { ip: 'FD00::5' }] } }),
  {
    ...pod('run-1'),
    metadata: {
      name: 'run-1',
      namespace: 'shop',
      ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: 'run', controller: true }],
    },
  },
  {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'run', namespace: 'shop' },
    spec: { template: { spec: { containers: [] } } },
  },
  {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'n1', labels: { zone: 'a' } },
    spec: { podCIDR: '10.1.0.0/24' },
    status: {
      addresses: [
        { type: 'InternalIP', address: '192.0.2.1' },
        { type: 'Hostname', address: 'n1' },
      ],
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { selector: { app: 'web' }, clusterIP: '10.96.0.7', ports: [{ port: 80, targetPort: 'http' }] },
  },
  {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'web-x', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.1.0.5'], targetRef: { kind: 'Pod', name: 'debug' } }],
    ports: [{ port: 8080 }],
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'front', namespace: 'shop' },
    spec: { defaultBackend: { service: { name: 'web', port: { number: 80 } } } },
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'deny', namespace: 'closed' },
    spec: {},
  },
  { apiVersion: 'monitoring.coreos.com/v1', kind: 'Prometheus', metadata: { name: 'k8s', namespace: 'mon' }, spec: {} },
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 'config' }, data: {} },
  {
    apiVersion: 'kubeflow.org/v1',
    kind: 'TFJob',
    metadata: { name: 'train', namespace: 'ml' },
    spec: {
      tfReplicaSpecs: {
        PS: { replicas: 2, template: { metadata: { labels: { role: 'ps' } }, spec: { containers: [] } } },
        Worker: { replicas: 3, template: { metadata: { labels: { role: 'worker' } }, spec: { containers: [] } } },
      },
    },
  },
];

describe('buildCluster', () => {
  it('sorts every sort of object to its place', () => {
    const { cluster, policyObjects, other, findings } = build(...SAMPLES);
    expect(findings).toEqual([]);
    expect(cluster.gaps).toEqual([]);
    expect([...cluster.namespaces.keys()]).toEqual(['closed', 'config', 'ml', 'mon', 'shop']);
    expect([...cluster.workloads.keys()]).toEqual([
      'ml/TFJob.kubeflow.org/train',
      'shop/Deployment.apps/web',
      'shop/Job.batch/run',
      'shop/Pod/debug',
    ]);
    expect(cluster.pods.map(({ workload, name, real }) => [workload, name, real])).toEqual([
      ['ml/TFJob.kubeflow.org/train', 'train', false],
      ['ml/TFJob.kubeflow.org/train', 'train', false],
      ['shop/Deployment.apps/web', 'web', false],
      ['shop/Job.batch/run', 'run-1', true],
      ['shop/Pod/debug', 'debug', true],
    ]);
    expect(cluster.pods.at(-1)?.addresses).toEqual(['10.1.0.5', 'fd00::5']);
    expect(cluster.operatorObjects.map(({ kind, name }) => [kind, name])).toEqual([['Prometheus', 'k8s']]);
    expect(policyObjects.map(({ value }) => value.kind)).toEqual(['NetworkPolicy']);
    expect(other.map(({ value }) => value.kind)).toEqual(['ConfigMap']);
  });

  it('does not depend on the order of the input', () => {
    // Each sample three times under other names, so that every list has an order.
    const values = SAMPLES.flatMap((value) =>
      ['', '-b', '-a'].map((suffix) => {
        const metadata = value.metadata as Json;
        return { ...value, metadata: { ...metadata, name: `${String(metadata.name)}${suffix}` } };
      }),
    );
    const objects = values.map((value, index) => read(value, `f${index % 4}.yaml`, index));
    const expected = buildObjects(objects);
    fc.assert(
      fc.property(fc.shuffledSubarray(objects, { minLength: objects.length }), (shuffled) => {
        expect(buildObjects(shuffled)).toEqual(expected);
        expect([...buildObjects(shuffled).cluster.workloads.keys()]).toEqual([...expected.cluster.workloads.keys()]);
        expect([...buildObjects(shuffled).cluster.namespaces.keys()]).toEqual([...expected.cluster.namespaces.keys()]);
      }),
      { numRuns: 60 },
    );
  });

  it('names namespaces itself, whatever their objects say, and declares only those that were read', () => {
    const { cluster } = build(
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a', labels: { 'kubernetes.io/metadata.name': 'b' } } },
      { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { containers: [] } },
    );
    expect(cluster.namespaces.get('a')).toMatchObject({
      labels: { 'kubernetes.io/metadata.name': 'a' },
      declared: true,
    });
    expect(cluster.namespaces.get('default')).toEqual({
      name: 'default',
      labels: { 'kubernetes.io/metadata.name': 'default' },
      declared: false,
    });
    expect(cluster.namespaces.size).toBe(2);
  });

  it('puts a NetworkPolicy without a namespace into the default one', () => {
    const { cluster } = build({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'deny' },
    });
    expect([...cluster.namespaces.keys()]).toEqual(['default']);
    const policy = {
      apiVersion: 'policy.networking.k8s.io/v1alpha2',
      kind: 'ClusterNetworkPolicy',
      metadata: { name: 'c' },
    };
    expect(build(policy).policyObjects).toHaveLength(1);
    expect(build(policy).cluster.namespaces.size).toBe(0);
  });

  it('merges equal duplicates in silence and keeps the first place', () => {
    const objects = [read(deployment('web', { app: 'a' }), 'z.yaml'), read(deployment('web', { app: 'a' }), 'b.yaml')];
    const { cluster, findings } = buildObjects(objects);
    expect(findings).toEqual([]);
    expect(cluster.workloads.get('shop/Deployment.apps/web')?.object?.file).toBe('b.yaml');
    expect(cluster.pods).toHaveLength(1);
  });

  it('lets the last of differing duplicates win and names both places', () => {
    const objects = [
      read(deployment('web', { app: 'a' }), 'z.yaml', 3),
      read(deployment('web', { app: 'b' }), 'b.yaml', 9),
    ];
    const { cluster, findings } = buildObjects(objects);
    expect(cluster.pods.map(({ labels }) => labels)).toEqual([{ app: 'b' }]);
    expect(findings).toMatchObject([
      { check: 'duplicate-object', severity: 'high', source: { file: 'b.yaml', line: 9 } },
    ]);
    expect(findings[0]?.message).toContain('z.yaml:3 and b.yaml:9');
    expect(buildObjects([...objects].reverse()).cluster.pods.map(({ labels }) => labels)).toEqual([{ app: 'a' }]);
  });

  it('takes an object of an old group for the same object', () => {
    const old = { ...deployment('web', { app: 'b' }), apiVersion: 'extensions/v1beta1' };
    const { cluster, findings } = build(deployment('web', { app: 'a' }), old);
    expect([...cluster.workloads.keys()]).toEqual(['shop/Deployment.apps/web']);
    expect(findings.map(({ check, severity }) => [check, severity])).toEqual([
      ['duplicate-object', 'high'],
      ['removed-api-version', 'low'],
    ]);
  });

  it('keeps objects with generated names apart', () => {
    const run = (image: string): Json => ({
      ...pod('x'),
      metadata: { generateName: 'run-', namespace: 'shop' },
      spec: { containers: [{ image }] },
    });
    const { cluster, findings } = build(run('a'), run('b'), run('a'));
    expect(findings).toEqual([]);
    expect(cluster.pods.map(({ name }) => name)).toEqual(['run-', 'run-#2']);
  });

  it('counts a kind under a wrong apiVersion as absent and says so', () => {
    const { cluster, other, findings } = build({ ...deployment('web', {}), apiVersion: 'v1' });
    expect(cluster.workloads.size).toBe(0);
    expect(other).toHaveLength(1);
    expect(findings).toMatchObject([
      { check: 'wrong-api-version', rejectedByApi: true, source: { path: 'apiVersion' } },
    ]);
  });

  it('reads what it can of a malformed object and leaves a gap for its namespace', () => {
    const { cluster, findings } = build(
      deployment('web', { app: 'web', version: 1.5, empty: null }),
      pod('broken', { spec: { containers: null, hostNetwork: 'yes' }, metadata: { name: 'broken', labels: ['a'] } }),
    );
    expect(cluster.pods.map(({ labels }) => labels)).toEqual([{}, { app: 'web', empty: '' }]);
    expect(findings.map(({ check, source }) => [check, source.path])).toEqual([
      ['wrong-type', 'spec.template.metadata.labels.version'],
      ['missing-field', 'spec.containers'],
      ['wrong-type', 'metadata.labels'],
      ['wrong-type', 'spec.hostNetwork'],
    ]);
    expect(cluster.gaps.map(({ reason, namespaces, file }) => [reason, namespaces, file])).toEqual([
      ['not-understood', ['shop'], 'a.yaml'],
      ['not-understood', ['default'], 'a.yaml'],
    ]);
  });

  it.each([
    ['no metadata', { ...deployment('web', {}), metadata: undefined }, ['default']],
    ['metadata of a wrong type', { ...deployment('web', {}), metadata: [] }, 'all'],
    ['a namespace of a wrong type', { ...deployment('web', {}), metadata: { name: 'a', namespace: 7 } }, 'all'],
    [
      'an operator object without a name',
      { apiVersion: 'kafka.strimzi.io/v1', kind: 'Kafka', metadata: {} },
      ['default'],
    ],
    [
      'a node with a bad address',
      { ...SAMPLES[5], status: { addresses: [{ type: 'InternalIP', address: 'x' }] } },
      'all',
    ],
  ])('leaves a gap for %s', (_, value, namespaces) => {
    const { cluster, findings } = build(value);
    expect(cluster.gaps.map((gap) => gap.namespaces)).toEqual([namespaces]);
    expect(findings.length).toBeGreaterThan(0);
  });

  it('survives labels and objects called like members of Object', () => {
    const labels = JSON.parse('{"__proto__": "x", "constructor": "y"}') as Json;
    const { cluster } = build(
      deployment('constructor', labels),
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: '__proto__', labels } },
      { apiVersion: 'v1', kind: 'toString', metadata: { name: 'hasOwnProperty' } },
    );
    expect(labelOf(cluster.pods[0]!.labels, '__proto__')).toBe('x');
    const namespace = cluster.namespaces.get('__proto__')!;
    expect(labelOf(namespace.labels, '__proto__')).toBe('x');
    expect(selects({ op: 'in', key: 'constructor', values: ['y'] }, namespace.labels)).toBe(true);
  });

  it('never throws, whatever a field is replaced by, and either finds or ignores it', () => {
    const paths = SAMPLES.map(pathsOf);
    const place = fc
      .nat(SAMPLES.length - 1)
      .chain((index) => fc.tuple(fc.constant(index), fc.constantFrom(...paths[index]!)));
    fc.assert(
      fc.property(fc.array(fc.tuple(place, fc.jsonValue({ maxDepth: 3 })), { minLength: 1, maxLength: 4 }), (edits) => {
        const values = structuredClone(SAMPLES) as Json[];
        for (const [[index, path], value] of edits) replace(values[index]!, path, value);
        const { cluster, findings } = build(...values);
        expect(cluster.gaps.length === 0 || findings.length > 0).toBe(true);
        for (const pod of cluster.pods) {
          expect(Object.values(pod.labels).every((label) => typeof label === 'string')).toBe(true);
          expect(cluster.workloads.has(pod.workload)).toBe(true);
          expect(cluster.namespaces.has(pod.namespace)).toBe(true);
        }
      }),
      { numRuns: 1500 },
    );
  });

  it('never throws for arbitrary values', () => {
    fc.assert(fc.property(fc.array(fc.anything()), (values) => void build(...values)));
  });

  it('does not go deep into nested lists', () => {
    let deep: unknown = { spec: { containers: [] } };
    for (let i = 0; i < 50_000; i++) deep = [deep];
    const custom = { apiVersion: 'example.com/v1', kind: 'Deep', metadata: { name: 'd' }, spec: { deep } };
    expect(build(custom, structuredCloneOfDeep(custom)).other).toHaveLength(1);
  });

  it('reads many pods with linear work', () => {
    const objects: ManifestObject[] = [];
    for (let i = 0; i < 30_000; i++) {
      const app = `app-${i % 5000}`;
      const value = {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          name: `${app}-5d9c7b-${i}`,
          namespace: `ns-${i % 200}`,
          labels: { app, 'pod-template-hash': '5d9c7b' },
          ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${app}-5d9c7b`, controller: true }],
        },
        spec: { nodeName: `n${i % 1000}`, containers: [{ ports: [{ containerPort: 8080, name: 'http' }] }] },
        status: { phase: 'Running', podIPs: [{ ip: `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}` }] },
      };
      objects.push(read(value));
    }
    const { cluster } = buildObjects(objects);
    expect(cluster.pods).toHaveLength(30_000);
    expect(cluster.workloads.size).toBe(5000);
  });
});

/** All field paths of a JSON value. */
function pathsOf(value: unknown): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => [
    [key],
    ...pathsOf(child).map((path) => [key, ...path] as (string | number)[]),
  ]);
}

function replace(root: Json, path: readonly (string | number)[], value: unknown): void {
  let here: unknown = root;
  for (const key of path.slice(0, -1)) {
    if (typeof here !== 'object' || here === null) return;
    here = (here as Json)[key];
  }
  if (typeof here === 'object' && here !== null) (here as Json)[path.at(-1)!] = value;
}

function structuredCloneOfDeep(custom: { spec: { deep: unknown } }): Json {
  let inner = custom.spec.deep;
  while (Array.isArray(inner)) inner = inner[0];
  let deep: unknown = { ...(inner as Json) };
  for (let i = 0; i < 50_000; i++) deep = [deep];
  return { ...custom, spec: { deep } };
}
