// Which workload of the snapshot is meant by what a log calls a pod: workload, pod name, labels, the form of the name.
// Knows no addresses.

import type { Cluster, Pod, Workload } from '../model/cluster.ts';
import type { FlowEnd } from '../model/flow.ts';
import { isEverything, type Labels, labelOf, type Selector, selects } from '../model/selector.ts';
import { CONTROLLER_LABELS } from '../snapshot/controller-labels.ts';
import { selectorAt } from '../snapshot/label-selector.ts';
import { isObject, startReading } from '../snapshot/reading.ts';
import { append } from './address-book.ts';
import type { HowKnown } from './attribution.ts';
import { type NameReading, readOwnerName, readPodName } from './pod-names.ts';

/** The workload that a log means. */
export interface NamedOwner {
  readonly workload: Workload;
  /** The pod itself, where the snapshot holds it. */
  readonly pod?: Pod;
  readonly how: HowKnown;
  readonly says: string;
}

/** A workload, not found for the reason; undefined: the log names none. */
export type NamedResult = NamedOwner | 'pod-gone' | 'unknown-workload' | undefined;

/** Workloads by what logs may call them. */
export interface WorkloadNames {
  ownerOf(end: FlowEnd): NamedResult;
  /** All pods of a workload, in the snapshot's order. */
  podsOf(key: string): readonly Pod[];
}

/** How pods of a workload are recognised by their labels. */
interface Fit {
  readonly workload: Workload;
  /** Absent: Jobs and CronJobs, whose selectors name one run, and workloads without an object. */
  readonly selector?: Selector;
  /** Labels that every pod of it has, without those that controllers add. */
  readonly labels: Labels;
}

/** Prepares a snapshot's workloads. */
export function workloadNames(cluster: Cluster): WorkloadNames {
  const named = new Map<string, Workload[]>();
  for (const workload of cluster.workloads.values())
    append(named, nameKey(workload.namespace, workload.kind, workload.name), workload);
  const pods = new Map<string, Pod[]>();
  const real = new Map<string, Pod>();
  for (const pod of cluster.pods) {
    append(pods, pod.workload, pod);
    if (pod.real) real.set(`${pod.namespace}/${pod.name}`, pod);
  }
  const fits = new Map<string, Fit[]>();
  for (const workload of cluster.workloads.values()) {
    const own = pods.get(workload.key);
    if (own !== undefined) append(fits, workload.namespace, fitOf(workload, own));
  }

  const lookup = (namespace: string, readings: readonly NameReading[]): readonly Workload[] => {
    const found = readings.flatMap(({ kinds, name }) =>
      kinds.flatMap((kind) => named.get(nameKey(namespace, kind, name)) ?? []),
    );
    return found.filter(({ key }, index) => pods.has(key) && found.findIndex((one) => one.key === key) === index);
  };

  const byWorkload = (namespace: string, { kind, name }: NonNullable<FlowEnd['workload']>): NamedOwner | undefined => {
    const exact = lookup(namespace, [{ kinds: [kind], name }]);
    const found = exact.length > 0 ? exact : lookup(namespace, readOwnerName(kind, name));
    if (found.length !== 1) return undefined;
    return { workload: found[0]!, how: 'log-workload', says: `the log names ${kind} ${namespace}/${name}` };
  };

  const byPod = (namespace: string, name: string): NamedOwner | undefined => {
    const pod = real.get(`${namespace}/${name}`);
    const workload = pod && cluster.workloads.get(pod.workload);
    return workload && { workload, pod: pod!, how: 'log-pod', says: `the log names pod ${namespace}/${name}` };
  };

  const byLabels = (namespace: string, labels: Labels, isNamed: boolean): NamedOwner | undefined => {
    // A pod that nobody owns is only itself, and not another of other name with the same labels.
    const candidates = (fits.get(namespace) ?? []).filter(({ workload }) => !isNamed || workload.kind !== 'Pod');
    const found = candidates.filter((fit) => fitsLabels(fit, labels));
    if (found.length !== 1) return undefined;
    const { workload } = found[0]!;
    return {
      workload,
      how: 'log-labels',
      says: `of all workloads in ${namespace} only ${workload.kind} ${workload.name} has such labels`,
    };
  };

  const byForm = (namespace: string, pod: string, labels: Labels | undefined): NamedOwner | undefined => {
    const found = lookup(namespace, readPodName(pod));
    const [workload] = found;
    if (workload === undefined || found.length > 1) return undefined;
    const fit = fits.get(namespace)!.find((one) => one.workload.key === workload.key)!;
    if (labels !== undefined && contradicts(fit, labels)) return undefined;
    return {
      workload,
      how: 'pod-name',
      says: `only ${workload.kind} ${workload.name} in ${namespace} makes pods with names like ${pod}`,
    };
  };

  return {
    podsOf: (key) => pods.get(key) ?? [],
    ownerOf({ namespace, pod, workload, labels }) {
      if (namespace === undefined) return undefined;
      if (pod === undefined && workload === undefined && labels === undefined) return undefined;
      const own = pod === undefined ? undefined : byPod(namespace, pod);
      const top = workload && byWorkload(namespace, workload);
      // A pod of the snapshot by that name is also known as itself, if it is of the workload that the log names.
      if (top !== undefined) return own?.workload.key === top.workload.key ? { ...top, pod: own.pod! } : top;
      if (own !== undefined && workload === undefined) return own;
      const found =
        (labels && byLabels(namespace, labels, pod !== undefined)) ??
        (pod === undefined || workload !== undefined ? undefined : byForm(namespace, pod, labels));
      return found ?? (workload === undefined ? 'pod-gone' : 'unknown-workload');
    },
  };
}

function nameKey(namespace: string, kind: string, name: string): string {
  return `${namespace}/${kind}/${name}`;
}

function fitOf(workload: Workload, pods: readonly Pod[]): Fit {
  const shared = Object.entries(pods[0]!.labels).filter(
    ([key, value]) => !CONTROLLER_LABELS.includes(key) && pods.every((pod) => labelOf(pod.labels, key) === value),
  );
  const selector = selectorOf(workload);
  return { workload, ...(selector === undefined ? {} : { selector }), labels: Object.fromEntries(shared) };
}

/** The selector by which a controller knows its pods again. */
function selectorOf({ kind, object }: Workload): Selector | undefined {
  if (object === undefined || kind === 'Job' || kind === 'CronJob' || kind === 'Pod') return undefined;
  const spec = object.value['spec'];
  if (!isObject(spec) || !isObject(spec['selector'])) return undefined;
  const isPlain = kind === 'ReplicationController' || kind === 'DeploymentConfig';
  const parent = isPlain ? { selector: { matchLabels: spec['selector'] } } : spec;
  const reading = startReading(object);
  const selector = selectorAt(reading, parent, 'selector', ['spec']);
  return selector === undefined || isEverything(selector) || reading.problems.length > 0 ? undefined : selector;
}

function fitsLabels({ selector, labels: own }: Fit, labels: Labels): boolean {
  if (selector !== undefined) return selects(selector, labels);
  const keys = Object.keys(own);
  return keys.length > 0 && keys.every((key) => labelOf(labels, key) === own[key]);
}

function contradicts({ selector, labels: own }: Fit, labels: Labels): boolean {
  if (selector !== undefined) return !selects(selector, labels);
  return Object.keys(own).some((key) => labelOf(labels, key) !== undefined && labelOf(labels, key) !== own[key]);
}
