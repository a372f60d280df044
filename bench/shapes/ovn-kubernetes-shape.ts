// The workload that OVN-Kubernetes is scaled with, by the README and profiles_example.csv of github.com/npinaeva/k8s-netpol-scale:
// each namespace has the same pods and policies, and every rule names another set of namespaces.

import { addressOf, emptyCluster, namespaceOf, podOf, policyOf } from './bare-objects.ts';
import type { DrawnCluster } from './cluster-shape.ts';
import type { Json } from './policy-shape.ts';

/** One profile, as its name has it. Numbers are for each policy. */
export interface ScaleProfile {
  readonly localPods: number;
  readonly singlePorts: number;
  readonly portRanges: number;
  /** Rules with a selector; each names so many namespaces and selects so many pods in each. */
  readonly podSelectors: number;
  readonly peerNamespaces: number;
  readonly peerPods: number;
  /** Rules with a block of addresses. */
  readonly cidrs: number;
}

/** Policies of each direction in a namespace. */
const POLICIES_PER_NAMESPACE = 100;
/** Pods of a namespace. The last of them are selected; where none is, by a label that no pod has. */
const PODS_PER_NAMESPACE = 10;

/** A cluster of so many policies, half of them for each direction. */
export function scaleProfile(profile: ScaleProfile, policies: number): DrawnCluster {
  const cluster = emptyCluster();
  const count = Math.max(Math.round(policies / POLICIES_PER_NAMESPACE / 2), 1);
  const perDirection = Math.round(policies / 2 / count);
  const names = Array.from({ length: count }, (_, index) => `network-policy-perf-${index}`);
  const next = combinations(count, Math.min(Math.max(profile.peerNamespaces, 1), count));
  for (const [index, name] of names.entries()) {
    cluster.namespaces.push(namespaceOf(name, {}));
    for (let pod = 1; pod <= PODS_PER_NAMESPACE; pod++) {
      // Pod n has the labels 1 to n: a label selects the last of them.
      const labels = Object.fromEntries(Array.from({ length: pod }, (_, label) => [String(label + 1), 'true']));
      const address = addressOf(index * PODS_PER_NAMESPACE + pod);
      cluster.workloads.push(
        podOf(name, `test-pod-${pod}`, { ...labels, num: String(pod), 'test-pod': 'true' }, [address]),
      );
    }
    for (let replica = 0; replica < perDirection; replica++) {
      const peers = [
        ...Array.from({ length: profile.podSelectors }, () => ({
          podSelector: lastPods(profile.peerPods),
          namespaceSelector: {
            matchExpressions: [
              { key: 'kubernetes.io/metadata.name', operator: 'In', values: next().map((each) => names[each]!) },
            ],
          },
        })),
        ...Array.from({ length: profile.cidrs }, (_, nth) => ({
          ipBlock: { cidr: blockOf(replica * profile.cidrs + nth) },
        })),
      ];
      const ports = portsOf(profile);
      for (const [direction, key] of [
        ['ingress', 'from'],
        ['egress', 'to'],
      ] as const) {
        cluster.policies.push(
          policyOf(name, `${direction}-${replica}`, {
            podSelector: lastPods(profile.localPods),
            policyTypes: [direction === 'ingress' ? 'Ingress' : 'Egress'],
            [direction]: peers.map((peer) => ({ [key]: [peer], ...ports })),
          }),
        );
      }
    }
  }
  return {
    ...cluster,
    probes: [
      { protocol: 'TCP', port: 1001 },
      { protocol: 'TCP', port: 5003 },
      { protocol: 'UDP', port: 53 },
    ],
  };
}

function lastPods(count: number): Json {
  return { matchLabels: { [String(PODS_PER_NAMESPACE + 1 - count)]: 'true' } };
}

/** 1.0.0.0/24, 1.0.1.0/24, …: different within a namespace, the same in all of them. */
function blockOf(index: number): string {
  return `1.${index >>> 8}.${index & 255}.0/24`;
}

function portsOf({ singlePorts, portRanges }: ScaleProfile): Json {
  const ports = [
    ...Array.from({ length: singlePorts }, (_, nth) => ({ protocol: 'TCP', port: 1001 + nth })),
    ...Array.from({ length: portRanges }, (_, nth) => ({
      protocol: 'TCP',
      port: 5000 + 10 * nth,
      endPort: 5005 + 10 * nth,
    })),
  ];
  return ports.length === 0 ? {} : { ports };
}

/** Draws sets of `size` of `total` numbers in lexicographic order, from the beginning again after the last. */
function combinations(total: number, size: number): () => number[] {
  const first = Array.from({ length: size }, (_, index) => index);
  let current = first;
  return () => {
    const given = current;
    // The last place that can grow; all behind it follow closely.
    const place = current.findLastIndex((value, index) => value < total - size + index);
    current =
      place < 0 ? first : current.map((value, index) => (index < place ? value : current[place]! + 1 + index - place));
    return given;
  };
}
