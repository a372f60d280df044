// Which namespaces get policies where nobody says: those of applications.

import type { Cluster } from '../model/cluster.ts';

/** Namespaces that belong to the cluster itself: Kubernetes' own, then those of platforms and network plugins. */
const SYSTEM: readonly RegExp[] = [
  /^kube-(system|public|node-lease)$/,
  /^openshift(-.*)?$/,
  /^(gke|gmp)-.*$/,
  /^(calico|tigera|cilium|antrea|kube-flannel|kube-ovn|ovn-kubernetes)(-.*)?$/,
];

/** Namespaces that hold workloads and are not the system's own, sorted: closing those by a guess takes clusters down. */
export function applicationNamespaces({ workloads }: Pick<Cluster, 'workloads'>): readonly string[] {
  const inhabited = new Set([...workloads.values()].map(({ namespace }) => namespace));
  return [...inhabited].filter((name) => !SYSTEM.some((pattern) => pattern.test(name))).sort();
}
