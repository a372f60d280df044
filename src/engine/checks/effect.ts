// Effects in numbers, for findings: how many pods of how many namespaces, and one of them as an example.

import type { Unit } from '../endpoints/unit.ts';
import { type IdSet, membersOf } from '../sets/id-set.ts';
import type { CheckContext } from './context.ts';

/** Counts of pods and namespaces. */
export interface Impact {
  readonly pods: number;
  readonly namespaces: number;
}

/** How many pods a unit stands for: those that exist, else those that its workload asks for; one where nothing says. */
export function podCount(unit: Unit): number {
  if (unit.type !== 'workload') return 0;
  if (unit.pods.every((pod) => pod.real)) return unit.pods.length;
  return unit.workload.replicas ?? 1;
}

/** Counts the pods of a set of positions in `context.pods`. */
export function countPods({ pods }: CheckContext, ids: IdSet): Impact {
  const namespaces = new Set<string>();
  let count = 0;
  for (const id of membersOf(ids)) {
    const unit = pods[id]!;
    count += podCount(unit);
    if (unit.type === 'workload') namespaces.add(unit.workload.namespace);
  }
  return { pods: count, namespaces: namespaces.size };
}

/** Counts for a sentence: `412 pods in 19 namespaces`, `1 pod in 1 namespace`. */
export function printImpact({ pods, namespaces }: Impact): string {
  const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;
  return `${plural(pods, 'pod')} in ${plural(namespaces, 'namespace')}`;
}

/** The name of the first member, for examples; undefined for an empty set. */
export function firstName({ pods }: CheckContext, ids: IdSet): string | undefined {
  const [first] = membersOf(ids);
  return first === undefined ? undefined : pods[first]!.endpoint.name;
}
