// Draws clusters with the published shape of a large OpenShift cluster: 22 policies a namespace of which 26 % select no
// pod, small and local peers with rare cluster-wide ones. Only raw objects; knows nothing of the engine.

import { randomFrom } from '../random.ts';
import { drawPolicy, type Json, type NamespaceShape, TIERS } from './policy-shape.ts';

/** How much to draw. */
export interface ClusterSize {
  readonly namespaces: number;
  readonly workloads: number;
  readonly policies: number;
  /** Absent: workloads are Deployments, without addresses. Otherwise so many real pods, spread over the workloads. */
  readonly pods?: number;
}

/** Objects of one cluster, by what they are. */
export interface DrawnCluster {
  readonly namespaces: readonly Json[];
  /** Deployments or Pods. */
  readonly workloads: readonly Json[];
  readonly policies: readonly Json[];
  /** Traffic that the policies tell apart; absent: that of `policy-shape.ts`. */
  readonly probes?: readonly Probe[];
}

/** Traffic that is asked about. */
export interface Probe {
  readonly protocol: string;
  readonly port: number;
}

const TEAMS = 40;

/** Draws a cluster; equal sizes and seeds give equal objects. */
export function drawCluster(size: ClusterSize, seed: number): DrawnCluster {
  const random = randomFrom(seed);
  const weights = Array.from({ length: size.namespaces }, () => Math.min(random.skewed(5, 0.9), 60));
  const workloadsOf = shares(size.workloads, weights);
  // Policies are spread more evenly than pods: every namespace gets its defaults.
  const policiesOf = shares(
    size.policies,
    weights.map((weight) => weight + 8),
  );
  const shapes = workloadsOf.map(
    (count, index): NamespaceShape => ({
      name: `ns-${String(index).padStart(5, '0')}`,
      team: `team-${index % TEAMS}`,
      apps: Array.from(
        { length: count },
        (_, app) => `${APPS[app % APPS.length]}${Math.floor(app / APPS.length) || ''}`,
      ),
    }),
  );
  const namespaces = shapes.map(({ name, team }, index) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { team, env: index % 3 === 0 ? 'prod' : 'test', ...(index % 50 === 0 ? ROUTERS : {}) } },
  }));
  const replicas = shares(
    size.pods ?? 0,
    shapes.flatMap(({ apps }) => apps.map(() => random.skewed(2, 0.7))),
  );
  let workload = 0;
  let address = 0;
  const workloads = shapes.flatMap(({ name, apps }) =>
    apps.flatMap((app): Json[] => {
      const labels = labelsOf(app, random.integer(0, 9));
      const count = replicas[workload++]!;
      if (size.pods === undefined) return [deployment(name, app, labels, random.integer(1, 3))];
      return Array.from({ length: count }, (_, index) => podOf(name, app, labels, index, address++));
    }),
  );
  const policies = shapes.flatMap((shape, index) =>
    Array.from({ length: policiesOf[index]! }, (_, nth) => drawPolicy(random, shape, shapes, nth)),
  );
  return { namespaces, workloads, policies };
}

const ROUTERS = { 'network.openshift.io/policy-group': 'ingress' };
const APPS = ['web', 'api', 'db', 'cache', 'worker', 'auth', 'billing', 'search', 'mail', 'gateway', 'report', 'queue'];

/** Splits a total by weights, exactly: rounding is carried along. */
function shares(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  let before = 0;
  let given = 0;
  return weights.map((weight) => {
    before += weight;
    const share = Math.round((total * before) / sum) - given;
    given += share;
    return share;
  });
}

function labelsOf(app: string, version: number): Record<string, string> {
  const tier = TIERS[app.length % TIERS.length]!;
  return { app, tier, 'app.kubernetes.io/name': app, 'app.kubernetes.io/version': `1.${version}.0` };
}

function podSpec(app: string): Json {
  const main = app.length % 2 === 0 ? 8080 : 8443;
  return {
    serviceAccountName: app,
    containers: [
      {
        name: app,
        image: `registry.example.com/${app}:1.0.0`,
        ports: [
          { name: 'http', containerPort: main, protocol: 'TCP' },
          { name: 'metrics', containerPort: 9090 },
        ],
        env: [
          { name: 'LOG_LEVEL', value: 'info' },
          { name: 'TOKEN', valueFrom: { secretKeyRef: { name: app, key: 'token' } } },
        ],
        resources: { limits: { cpu: '500m', memory: '256Mi' }, requests: { cpu: '100m', memory: '128Mi' } },
        readinessProbe: { httpGet: { path: '/ready', port: 'http' }, periodSeconds: 10 },
      },
    ],
  };
}

function deployment(namespace: string, app: string, labels: Record<string, string>, replicas: number): Json {
  const spec = { replicas, selector: { matchLabels: { app } }, template: { metadata: { labels }, spec: podSpec(app) } };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: app, namespace, labels }, spec };
}

function podOf(namespace: string, app: string, labels: Record<string, string>, index: number, address: number): Json {
  const hash = `${app.length}c9f${app.charCodeAt(0)}b`;
  const owner = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    name: `${app}-${hash}`,
    uid: `${namespace}-${app}`,
    controller: true,
  };
  const podIP = `10.${address >>> 16}.${(address >>> 8) & 255}.${address & 255}`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${app}-${hash}-${index}`,
      namespace,
      labels: { ...labels, 'pod-template-hash': hash },
      ownerReferences: [owner],
    },
    spec: { ...podSpec(app), nodeName: `node-${address % 200}` },
    status: { phase: 'Running', podIP, podIPs: [{ ip: podIP }] },
  };
}
