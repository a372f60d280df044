// Clusters whose policies are all in one namespace: the same policy very many times, or each about labels of its own that
// any pod may have together. Only raw objects; knows nothing of the engine.

import { addressOf, emptyCluster, type Labels, namespaceOf, podOf, policyOf } from './bare-objects.ts';
import type { DrawnCluster } from './cluster-shape.ts';

const NAMESPACE = 'ns-0';
const PODS = 10;

/** Every policy says the same, of the same pods. */
export function identicalPolicies(policies: number): DrawnCluster {
  return drawNamespace(policies, () => [{ app: 'app-0' }, { app: 'app-1' }]);
}

/** Keys of labels that selectors ask for. */
const KEYS = 40;

/** Every policy selects pods by one label and admits pods by another, of a few dozen keys: none holds what another one does. */
export function crossingSelectors(policies: number): DrawnCluster {
  return drawNamespace(policies, (index) => [
    { [`key-${index % KEYS}`]: `value-${index}` },
    { [`peer-${index % KEYS}`]: `value-${index}` },
  ]);
}

function drawNamespace(policies: number, labelsOf: (index: number) => readonly [Labels, Labels]): DrawnCluster {
  const cluster = emptyCluster();
  cluster.namespaces.push(namespaceOf(NAMESPACE, {}));
  for (let index = 0; index < PODS; index++) {
    const [subject, peer] = labelsOf(index);
    const labels = index % 2 === 0 ? subject : peer;
    cluster.workloads.push(podOf(NAMESPACE, `pod-${index}`, labels, [addressOf(index)]));
  }
  for (let index = 0; index < policies; index++) {
    const [subject, peer] = labelsOf(index);
    cluster.policies.push(
      policyOf(NAMESPACE, `np-${index}`, {
        podSelector: { matchLabels: subject },
        policyTypes: ['Ingress'],
        ingress: [{ from: [{ podSelector: { matchLabels: peer } }], ports: [{ port: 8080 }] }],
      }),
    );
  }
  return cluster;
}
