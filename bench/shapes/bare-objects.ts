// Objects with nothing in them but what policies look at: namespaces, pods and NetworkPolicies of shapes that are large.

import type { DrawnCluster } from './cluster-shape.ts';
import type { Json } from './policy-shape.ts';

/** Labels, as objects and matchLabels have them. */
export type Labels = Readonly<Record<string, string>>;

/** A cluster that is being put together. */
export interface OpenCluster extends DrawnCluster {
  readonly namespaces: Json[];
  readonly workloads: Json[];
  readonly policies: Json[];
}

/** A cluster without objects. */
export function emptyCluster(): OpenCluster {
  return { namespaces: [], workloads: [], policies: [] };
}

/** A Namespace. */
export function namespaceOf(name: string, labels: Labels): Json {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

/** A running Pod; `ips`: its addresses, of different families where there are two. */
export function podOf(namespace: string, name: string, labels: Labels, ips: readonly string[]): Json {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels },
    spec: {
      nodeName: 'node-0',
      containers: [
        { name: 'main', image: 'registry.example.com/main:1', ports: [{ name: 'http', containerPort: 8080 }] },
      ],
    },
    status: { phase: 'Running', podIP: ips[0], podIPs: ips.map((ip) => ({ ip })) },
  };
}

/** A NetworkPolicy. */
export function policyOf(namespace: string, name: string, spec: Json): Json {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace }, spec };
}

/** Address number `index` of the range of pods, of IPv4. */
export function addressOf(index: number): string {
  return `10.${(index >>> 16) & 255}.${(index >>> 8) & 255}.${index & 255}`;
}
