// Pods of StatefulSets by their numbers: a Service for one of them (`kafka-0`) selects by a label that a template does not show.

import type { Pod } from '../../model/cluster.ts';
import type { Selector } from '../../model/selector.ts';
import type { EvidenceContext } from '../context.ts';

const POD_NAME = 'statefulset.kubernetes.io/pod-name';
const POD_INDEX = 'apps.kubernetes.io/pod-index';

/**
 * The pods; those that stand for the template of a StatefulSet with the number that the selector asks for, as one of its pods
 * will have it: whether they are meant is for the selector to say. Others stay as they are.
 */
export function withOrdinals(context: EvidenceContext, pods: readonly Pod[], selector: Selector): readonly Pod[] {
  const [name, index] = [requiredValue(selector, POD_NAME), requiredValue(selector, POD_INDEX)];
  if (name === undefined && index === undefined) return pods;
  return pods.map((pod) => {
    const workload = context.cluster.workloads.get(pod.workload);
    if (pod.real || workload?.kind !== 'StatefulSet') return pod;
    const number = index ?? /-(\d+)$/.exec(name!)?.[1];
    if (number === undefined) return pod;
    return { ...pod, labels: { ...pod.labels, [POD_NAME]: `${workload.name}-${number}`, [POD_INDEX]: number } };
  });
}

function requiredValue(selector: Selector, key: string): string | undefined {
  const parts = selector.op === 'and' ? selector.of : [selector];
  const found = parts.find((part) => part.op === 'in' && part.key === key && part.values.length === 1);
  return found?.op === 'in' ? found.values[0] : undefined;
}
