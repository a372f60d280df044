// The five clusters that Antrea's controller is measured with, by the counts and labels of its
// networkpolicy_controller_perf_test.go (github.com/antrea-io/antrea). Names are numbers where that test draws them.

import {
  addressOf,
  emptyCluster,
  type Labels,
  namespaceOf,
  type OpenCluster,
  podOf,
  policyOf,
} from './bare-objects.ts';
import type { DrawnCluster } from './cluster-shape.ts';
import type { Json } from './policy-shape.ts';

/** As the test: both directions, one ingress rule at most, nothing that egress allows. */
function policy(namespace: string, name: string, subject: Labels | undefined, peer?: Json): Json {
  return policyOf(namespace, name, {
    podSelector: subject === undefined ? {} : { matchLabels: subject },
    policyTypes: ['Ingress', 'Egress'],
    ...(peer === undefined ? {} : { ingress: [{ from: [peer] }] }),
  });
}

function podsOf(labels: Labels): Json {
  return { podSelector: { matchLabels: labels } };
}

function addPod(cluster: OpenCluster, namespace: string, labels: Labels): void {
  const index = cluster.workloads.length;
  cluster.workloads.push(podOf(namespace, `pod-${index}`, labels, [addressOf(index)]));
}

/** Namespaces of four pods in two pairs, a default deny and a policy for each pair; 25,000 in the test. */
export function smallNamespaces(namespaces: number): DrawnCluster {
  const cluster = emptyCluster();
  for (let index = 0; index < namespaces; index++) {
    const name = `ns-${index}`;
    cluster.namespaces.push(namespaceOf(name, { app: name }));
    cluster.policies.push(policy(name, 'default-deny-all', undefined));
    for (const pair of [1, 2]) {
      const labels = { [`app-${pair}`]: `scale-${pair}` };
      cluster.policies.push(policy(name, `np-${pair}`, labels, podsOf(labels)));
      addPod(cluster, name, labels);
      addPod(cluster, name, labels);
    }
  }
  return cluster;
}

/** Namespaces of a thousand pods in groups of ten, a default deny and a policy for each group; 100 in the test. */
export function largeNamespaces(namespaces: number, groups = 100): DrawnCluster {
  const cluster = emptyCluster();
  for (let index = 0; index < namespaces; index++) {
    const name = `ns-${index}`;
    cluster.namespaces.push(namespaceOf(name, { app: name }));
    cluster.policies.push(policy(name, 'default-deny-all', undefined));
    for (let group = 0; group < groups; group++) {
      const labels = { [`app-${group}`]: `scale-${group}` };
      cluster.policies.push(policy(name, `np-${group}`, labels, podsOf(labels)));
      for (let pod = 0; pod < 10; pod++) addPod(cluster, name, labels);
    }
  }
  return cluster;
}

/** One namespace, as many policies as pods, each of which selects all pods and admits all; 10,000 in the test. */
export function oneNamespace(pods: number): DrawnCluster {
  const cluster = emptyCluster();
  const labels = { 'app-1': 'scale-1' };
  cluster.namespaces.push(namespaceOf('ns', { app: 'ns' }));
  for (let index = 0; index < pods; index++) {
    cluster.policies.push(policy('ns', `np-${index}`, labels, podsOf(labels)));
    addPod(cluster, 'ns', labels);
  }
  return cluster;
}

/** One namespace of pairs of pods, each pod with a label and a policy of its own that admits the other; 5,000 pairs. */
export function policyPerPod(pods: number): DrawnCluster {
  const cluster = emptyCluster();
  cluster.namespaces.push(namespaceOf('ns', { app: 'ns' }));
  for (let pair = 0; pair < pods / 2; pair++) {
    const [one, other] = [{ app: `scale-a${pair}` }, { app: `scale-b${pair}` }];
    cluster.policies.push(
      policy('ns', `np-a${pair}`, one, podsOf(other)),
      policy('ns', `np-b${pair}`, other, podsOf(one)),
    );
    addPod(cluster, 'ns', one);
    addPod(cluster, 'ns', other);
  }
  return cluster;
}

/**
 * Namespaces of a hundred pods in groups of ten; a policy for each group that admits the same group of all namespaces of
 * the company, of which there are a hundred; 1,000 namespaces in the test.
 */
export function clusterScoped(namespaces: number): DrawnCluster {
  const cluster = emptyCluster();
  for (let index = 0; index < namespaces; index++) {
    const company = `company-${index % 100}`;
    const name = `${company}-${index}`;
    cluster.namespaces.push(namespaceOf(name, { company }));
    for (let group = 0; group < 10; group++) {
      const labels = { app: `scale-${group}` };
      const peer = { ...podsOf(labels), namespaceSelector: { matchLabels: { company } } };
      cluster.policies.push(policy(name, `np-${group}`, labels, peer));
      for (let pod = 0; pod < 10; pod++) addPod(cluster, name, labels);
    }
  }
  return cluster;
}
