// The pod specs of a workload, each with its place: the template of its object, then pods that differ from it. Pods of one
// template are read once. Knows nothing of what a spec says.

import type { Workload } from '../model/cluster.ts';
import { labelOf } from '../model/selector.ts';
import { type ManifestObject, type Path, valueAt } from '../model/source.ts';
import type { EvidenceContext } from './context.ts';
import { type Fields, fieldsOf, listOf } from './json-fields.ts';

/** One pod spec that a workload has. */
export interface PodSpec {
  readonly workload: Workload;
  readonly object: ManifestObject;
  /** Where the spec stands in the object. */
  readonly path: Path;
  readonly spec: Fields;
}

/** One container of a spec, in which list it stands included. */
export interface Container {
  readonly fields: Fields;
  readonly path: Path;
  /** `init` ends before the pod is ready; sidecars (`restartPolicy: Always`) count as `container`. */
  readonly list: 'container' | 'init' | 'ephemeral';
}

/** Labels whose value is the same for all pods that one template makes. */
const TEMPLATE_LABELS = ['pod-template-hash', 'controller-revision-hash'];

const TEMPLATE_PATHS: readonly Path[] = [
  ['spec', 'template', 'spec'],
  ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
];

/** All specs of the workload; empty where nothing shows any. */
export function podSpecs(context: EvidenceContext, workload: Workload): readonly PodSpec[] {
  return context.remember('pod-specs', workload.key, () => readSpecs(context, workload));
}

function readSpecs(context: EvidenceContext, workload: Workload): readonly PodSpec[] {
  const found: PodSpec[] = [];
  const add = (object: ManifestObject, path: Path): void => {
    const value = valueAt(object, path);
    if (typeof value === 'object' && value !== null) found.push({ workload, object, path, spec: fieldsOf(value) });
  };
  if (workload.object !== undefined && workload.kind !== 'Pod') {
    for (const path of TEMPLATE_PATHS) add(workload.object, path);
  }
  const seen = new Set<string>();
  for (const pod of context.podsOf(workload.key)) {
    if (!pod.real) {
      // What the table of paths knows is there already.
      if (found.some(({ object, path }) => object === pod.object && same(path, pod.specPath))) continue;
      add(pod.object, pod.specPath ?? ['spec']);
      continue;
    }
    const template = TEMPLATE_LABELS.map((key) => labelOf(pod.labels, key) ?? '').join(' ');
    if (template !== ' ' && seen.has(template)) continue;
    seen.add(template);
    add(pod.object, ['spec']);
  }
  return found;
}

function same(a: Path, b: Path | undefined): boolean {
  return b !== undefined && a.length === b.length && a.every((part, index) => part === b[index]);
}

const LISTS = [
  ['containers', 'container'],
  ['initContainers', 'init'],
  ['ephemeralContainers', 'ephemeral'],
] as const;

/** The containers of a spec, in the order of the lists. */
export function containersOf({ spec, path }: PodSpec): readonly Container[] {
  return LISTS.flatMap(([key, list]) =>
    listOf(spec[key]).map((item, index): Container => {
      const fields = fieldsOf(item);
      const isSidecar = list === 'init' && fields['restartPolicy'] === 'Always';
      return { fields, path: [...path, key, index], list: isSidecar ? 'container' : list };
    }),
  );
}

/** A workload for sentences: `shop/web`. */
export function titleOfWorkload({ namespace, name }: Workload): string {
  return `${namespace}/${name}`;
}
