// Draws a whole application from a seed: a cluster, workloads, Services, and calls of which some are written in manifests, some
// happen while a log is written, some both.

import type { Application, SimNode, SimService, SimWorkload } from './application.ts';
import { type CallWorld, drawCalls } from './draw-calls.ts';
import { serviceFor, serviceNumbers } from './draw-services.ts';
import { drawTemplates } from './draw-templates.ts';
import { addPods, makeWorkload, poolOf } from './draw-workloads.ts';
import { type Random, randomFrom } from './random.ts';

/** How large an application is to be. */
export interface Size {
  readonly workloads: readonly [number, number];
  readonly namespaces: readonly string[];
  /** Whether everything that an application may have is there, or each only by chance. */
  readonly complete: boolean;
}

/** A few workloads: thousands of these are looked at. */
export const SMALL: Size = { workloads: [3, 7], namespaces: ['shop', 'data'], complete: false };
/** Forty workloads, with those of the cluster. */
export const LARGE: Size = { workloads: [36, 36], namespaces: ['shop', 'pay', 'data', 'batch'], complete: true };

const BEGIN = Date.UTC(2026, 0, 5);
const DAY = 86_400_000;

/** The application of a seed; the same seed and size always give the same one. */
export function drawApplication(seed: number, size: Size): Application {
  const random = randomFrom(seed);
  const maybe = (share: number) => size.complete || random.chance(share);
  const isDualStack = size.complete ? seed % 2 === 0 : random.chance(0.35);
  const times = { begin: BEGIN, middle: BEGIN + 4 * DAY, end: BEGIN + 8 * DAY };
  const nodes = Array.from({ length: size.complete ? 3 : random.between(1, 2) }, (_, i): SimNode => {
    const v4 = `172.18.0.${i + 2}`;
    return { name: `node-${i + 1}`, addresses: isDualStack ? [v4, `fd00:172::${i + 2}`] : [v4] };
  });
  const namespaces = size.complete ? size.namespaces : size.namespaces.slice(0, random.between(1, 2));
  const [least, most] = size.workloads;
  const own = drawTemplates(random, namespaces, random.between(least, most));
  const { workloads: infra, services: infraServices, isWanted } = drawInfrastructure(random, maybe, isDualStack);
  const workloads = [...own, ...infra];
  const pool = poolOf(random, nodes, isDualStack);
  const world = { nodes, pool, times };
  for (const workload of workloads) {
    const rollout = workload.kind !== 'Job' && random.chance(size.complete ? 0.4 : 0.3);
    addPods(random, workload, world, { replicas: workload.kind === 'Job' ? 1 : random.between(1, 2), rollout });
  }
  const numbers = serviceNumbers(isDualStack);
  const services: SimService[] = [...infraServices];
  for (const workload of own) {
    if (workload.ports.length === 0 || !random.chance(0.85)) continue;
    services.push(serviceFor(random, workload, numbers));
  }
  const home = random.pick(namespaces);
  if (maybe(0.15)) services.push(withoutSelector(home, numbers.addresses()));
  if (maybe(0.15)) services.push(externalName(home));
  const more = drawCalls(random, { own, workloads, services, nodes, isDualStack, isWanted, complete: size.complete });
  return {
    seed,
    nodes,
    isDualStack,
    hasNodes: size.complete || random.chance(0.85),
    namespaces: [...new Set([...namespaces, ...workloads.map(({ namespace }) => namespace)])].sort(),
    workloads,
    services,
    policies: size.complete || !random.chance(0.12) ? [] : [existingPolicy(random, home)],
    ...more,
    ...times,
  };
}

/** What else a cluster runs. */
interface Infrastructure extends Pick<CallWorld, 'isWanted'> {
  readonly workloads: readonly SimWorkload[];
  readonly services: readonly SimService[];
}

function drawInfrastructure(random: Random, maybe: (share: number) => boolean, isDualStack: boolean): Infrastructure {
  const isWanted = {
    dns: maybe(0.7),
    scraper: maybe(0.25),
    controller: maybe(0.25),
    agent: maybe(0.25),
    webhook: maybe(0.15),
  };
  const port = (number: number, protocol: 'TCP' | 'UDP' = 'TCP', name?: string) => ({
    number,
    protocol,
    declared: true,
    ...(name === undefined ? {} : { name }),
  });
  const dnsAddresses = isDualStack ? ['10.96.0.10', 'fd00:10:96::a'] : ['10.96.0.10'];
  const workloads: SimWorkload[] = [];
  const services: SimService[] = [apiServer()];
  if (isWanted.dns) {
    workloads.push(
      makeWorkload({
        kind: 'Deployment',
        namespace: 'kube-system',
        name: 'coredns',
        labels: { 'k8s-app': 'kube-dns' },
        ports: [port(53, 'UDP', 'dns'), port(53, 'TCP', 'dns-tcp'), port(9153, 'TCP', 'metrics')],
        image: 'registry.k8s.io/coredns/coredns:v1.11.1',
      }),
    );
    services.push({
      namespace: 'kube-system',
      name: 'kube-dns',
      type: 'ClusterIP',
      headless: false,
      clusterIPs: dnsAddresses,
      selector: { 'k8s-app': 'kube-dns' },
      ports: [
        { name: 'dns', port: 53, protocol: 'UDP' },
        { name: 'dns-tcp', port: 53, protocol: 'TCP' },
      ],
    });
  }
  if (isWanted.scraper) {
    workloads.push(
      makeWorkload({
        kind: 'StatefulSet',
        namespace: 'monitoring',
        name: 'prometheus',
        labels: { 'app.kubernetes.io/name': 'prometheus' },
        ports: [port(9090, 'TCP', 'web')],
        image: 'quay.io/prometheus/prometheus:v3.0.0',
      }),
    );
  }
  if (isWanted.controller) {
    const labels = { 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/component': 'controller' };
    const onHost = random.chance(0.3);
    workloads.push(
      makeWorkload({
        kind: onHost ? 'DaemonSet' : 'Deployment',
        namespace: 'ingress-nginx',
        name: 'ingress-nginx-controller',
        labels,
        hostNetwork: onHost,
        ports: [port(80, 'TCP', 'http'), port(443, 'TCP', 'https')],
        image: 'registry.k8s.io/ingress-nginx/controller:v1.11.0',
      }),
    );
    services.push({
      namespace: 'ingress-nginx',
      name: 'ingress-nginx-controller',
      type: 'LoadBalancer',
      headless: false,
      clusterIPs: isDualStack ? ['10.96.0.11', 'fd00:10:96::b'] : ['10.96.0.11'],
      selector: labels,
      externalTrafficPolicy: random.pick(['Cluster', 'Local'] as const),
      ports: [{ name: 'https', port: 443, protocol: 'TCP', target: 'https', nodePort: 30_443 }],
    });
  }
  if (isWanted.agent) {
    workloads.push(
      makeWorkload({
        kind: 'DaemonSet',
        namespace: random.pick(['kube-system', 'monitoring'] as const),
        name: 'node-agent',
        labels: { app: 'node-agent' },
        hostNetwork: true,
        ports: [port(9100, 'TCP', 'metrics')],
      }),
    );
  }
  return { workloads, services, isWanted };
}

function apiServer(): SimService {
  return {
    namespace: 'default',
    name: 'kubernetes',
    type: 'ClusterIP',
    headless: false,
    clusterIPs: ['10.96.0.1'],
    ports: [{ name: 'https', port: 443, protocol: 'TCP', target: 6443 }],
    endpoints: { addresses: ['172.18.0.2'], port: 6443 },
  };
}

/** A database outside of the cluster that is called by a name of the cluster. */
function withoutSelector(namespace: string, clusterIPs: readonly string[]): SimService {
  return {
    namespace,
    name: 'legacy-db',
    type: 'ClusterIP',
    headless: false,
    clusterIPs,
    ports: [{ name: 'db', port: 5432, protocol: 'TCP', target: 15_432 }],
    endpoints: { addresses: ['192.168.50.5', '192.168.50.6'], port: 15_432 },
  };
}

function externalName(namespace: string): SimService {
  return {
    namespace,
    name: 'partner',
    type: 'ExternalName',
    headless: false,
    clusterIPs: [],
    externalName: 'api.partner.example.com',
    ports: [],
  };
}

/** A policy that somebody wrote before: it opens something, or closes names for everybody. */
function existingPolicy(random: Random, namespace: string): Readonly<Record<string, unknown>> {
  const closesNames = random.chance(0.4);
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'by-hand', namespace: closesNames ? 'kube-system' : namespace },
    spec: closesNames
      ? { podSelector: {}, policyTypes: ['Ingress'] }
      : { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ from: [{ podSelector: {} }] }] },
  };
}
