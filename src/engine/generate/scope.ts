// Which namespaces get policies where nobody says: those of applications.

import type { Cluster } from '../model/cluster.ts';
import { UserError } from '../model/user-error.ts';

/** Namespaces that belong to the cluster itself: Kubernetes' own, then those of platforms and network plugins. */
const SYSTEM: readonly RegExp[] = [
  /^kube-(system|public|node-lease)$/,
  /^openshift(-.*)?$/,
  /^(gke|gmp)-.*$/,
  /^(calico|tigera|cilium|antrea|kube-flannel|kube-ovn|ovn-kubernetes)(-.*)?$/,
];

/**
 * Throws UserError where there is nobody to write policies for: no workload at all, none in the namespace that was asked for,
 * or, where none was, only the cluster's own.
 */
export function expectWorkloads({ workloads }: Pick<Cluster, 'workloads'>, namespaces: readonly string[]): void {
  const inhabited = [...new Set([...workloads.values()].map(({ namespace }) => namespace))].sort();
  if (namespaces.some((name) => inhabited.includes(name))) return;
  const [asked] = namespaces;
  if (inhabited.length === 0) {
    throw new UserError('usage', 'there is no workload here to write policies for', {
      hint: 'read manifests that make pods as well: Deployments, StatefulSets, Jobs, Pods',
    });
  }
  if (asked !== undefined) {
    throw new UserError('usage', `there is no workload in namespace "${asked}" to write policies for`, {
      hint: `there are workloads in ${inhabited.join(', ')}`,
    });
  }
  throw new UserError('usage', `every workload here is in a namespace of the cluster itself: ${inhabited.join(', ')}`, {
    hint: 'name the one that is to get policies with -n',
  });
}

/** Namespaces that hold workloads and are not the system's own, sorted: closing those by a guess takes clusters down. */
export function applicationNamespaces({ workloads }: Pick<Cluster, 'workloads'>): readonly string[] {
  const inhabited = new Set([...workloads.values()].map(({ namespace }) => namespace));
  return [...inhabited].filter((name) => !SYSTEM.some((pattern) => pattern.test(name))).sort();
}
