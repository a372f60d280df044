// The workloads of a snapshot as a platform shows itself in them: name, containers with image, arguments and environment.
// Knows no plugin, no distribution and no policy.

import type { Cluster, Pod, Workload } from '../model/cluster.ts';
import { type ManifestObject, type Path, type Source, valueAt } from '../model/source.ts';
import { isObject, type JsonObject } from '../snapshot/reading.ts';
import type { State } from '../state.ts';

/** One container, as far as detection asks. */
export interface ComponentContainer {
  readonly name: string;
  readonly image: string;
  /** Command and arguments, in order. */
  readonly words: readonly string[];
  /** Plain values only. */
  readonly env: ReadonlyMap<string, string>;
}

/** One workload with its pods. */
export interface Component {
  readonly workload: Workload;
  /** Never empty. */
  readonly pods: readonly Pod[];
}

const byCluster = new WeakMap<Cluster, ReadonlyMap<string, Component>>();

/** The workloads that have pods, by key, in the order of the snapshot. */
export function componentsOf({ cluster }: Pick<State, 'cluster'>): ReadonlyMap<string, Component> {
  const known = byCluster.get(cluster);
  if (known !== undefined) return known;
  const pods = new Map<string, Pod[]>();
  for (const pod of cluster.pods) {
    const list = pods.get(pod.workload);
    if (list === undefined) pods.set(pod.workload, [pod]);
    else list.push(pod);
  }
  const components = new Map<string, Component>();
  for (const [key, workload] of cluster.workloads) {
    const own = pods.get(key);
    if (own !== undefined) components.set(key, { workload, pods: own });
  }
  byCluster.set(cluster, components);
  return components;
}

/** Reports whether a DaemonSet has no pod, and says that no node is to have one: what is left of a plugin that was replaced. */
export function runsNowhere({ workload: { object }, pods }: Component): boolean {
  const wanted = object === undefined ? undefined : valueAt(object, ['status', 'desiredNumberScheduled']);
  return wanted === 0 && pods.every(({ real }) => !real);
}

/** The spec of a pod or of the template that would make it, with its path; undefined where it has none. */
export function podSpecOf({
  object,
  specPath = ['spec'],
}: Pod): { readonly spec: JsonObject; readonly path: Path } | undefined {
  const spec = valueAt(object, specPath);
  return isObject(spec) ? { spec, path: specPath } : undefined;
}

/** The containers of a pod, init containers after them. */
export function containersOf(pod: Pod): readonly ComponentContainer[] {
  const spec = podSpecOf(pod)?.spec;
  if (spec === undefined) return [];
  return [...listOf(spec['containers']), ...listOf(spec['initContainers'])].map((container) => ({
    name: textOf(container['name']),
    image: textOf(container['image']),
    words: [...textsOf(container['command']), ...textsOf(container['args'])],
    env: new Map(
      listOf(container['env']).flatMap(({ name, value }) =>
        typeof name === 'string' && typeof value === 'string' ? [[name, value] as const] : [],
      ),
    ),
  }));
}

/** The value of `--flag=value` or `--flag value` (one dash or two) among words; the last one counts. */
export function flagOf(words: readonly string[], flag: string): string | undefined {
  let found: string | undefined;
  // A shell line in one argument counts as its words.
  const split = words.flatMap((word) => word.split(/\s+/));
  split.forEach((word, index) => {
    const match = /^--?([^=]+)(?:=(.*))?$/.exec(word);
    if (match?.[1] !== flag) return;
    const next = split[index + 1];
    found = match[2] ?? (next === undefined || next.startsWith('-') ? 'true' : next);
  });
  return found;
}

/** `Kind namespace/name` of a workload. */
export function titleOf({ kind, namespace, name }: Workload): string {
  return `${kind} ${namespace}/${name}`;
}

/** The object of a workload; that of a pod where the workload's own was not read. */
export function objectOf({ workload, pods }: Component): ManifestObject {
  return workload.object ?? pods[0]!.object;
}

/** Where a workload is written. */
export function placeOf(component: Component): Source {
  return objectOf(component).locate([]);
}

/** `1.15.19` of `quay.io/cilium/cilium:v1.15.19@sha256:…`; undefined for a tag that is no version. */
export function versionOfImage(image: string): string | undefined {
  const tag = /:([^/:@]+)(?:@.*)?$/.exec(image)?.[1];
  return tag === undefined ? undefined : /^v?(\d+\.\d+(?:\.\d+)?)/.exec(tag)?.[1];
}

function listOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
