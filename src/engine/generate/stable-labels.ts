// Which labels a workload's pods keep: over all replicas, the next rollout, the next run of a Job. Knows nothing of policies.

import { EPHEMERAL_LABELS } from '../checks/selectors/ephemeral-labels.ts';
import type { Cluster, Pod, Workload } from '../model/cluster.ts';
import { type Labels, labelOf } from '../model/selector.ts';
import { CONTROLLER_LABELS } from '../snapshot/controller-labels.ts';

/** What is known of a workload's labels. */
export interface StableLabels {
  /** Labels that all of its pods have and keep; empty: it has none. */
  readonly labels: Labels;
  /** Those of them by which its controller finds its pods, which never change; empty: the controller names none. */
  readonly own: Labels;
}

/** Labels that tell one release of a chart from another; older charts use the second. */
export const RELEASE_LABELS: readonly string[] = ['app.kubernetes.io/instance', 'release'];

/** Pods by the key of their workload. */
export function podsByWorkload({ pods }: Pick<Cluster, 'pods'>): ReadonlyMap<string, readonly Pod[]> {
  const groups = new Map<string, Pod[]>();
  for (const pod of pods) {
    const group = groups.get(pod.workload);
    if (group === undefined) groups.set(pod.workload, [pod]);
    else group.push(pod);
  }
  return groups;
}

/** The labels that pods of a workload have in common with each other and with its template, less what does not last. */
export function stableLabels(workload: Workload, pods: readonly Pod[]): StableLabels {
  const template = templateLabels(workload);
  const all = [...pods.map(({ labels }) => labels), ...(template === undefined ? [] : [template])];
  const [first, ...rest] = all;
  const open = new Set(pods.flatMap(({ openLabels = [] }) => openLabels));
  const kept = Object.entries(first ?? {}).filter(
    ([key, value]) => lasts(key) && !open.has(key) && rest.every((labels) => labelOf(labels, key) === value),
  );
  const labels = Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)));
  const selector = ownSelector(workload);
  const own = Object.entries(selector).filter(([key, value]) => labelOf(labels, key) === value);
  return { labels, own: Object.fromEntries(own.sort(([a], [b]) => (a < b ? -1 : 1))) };
}

/** Reports whether the value of a label outlives a rollout, a release of the application and a run of a Job. */
export function lasts(key: string): boolean {
  return !Object.hasOwn(EPHEMERAL_LABELS, key) && !CONTROLLER_LABELS.includes(key);
}

/** Labels of the template that makes the next pods; undefined where the object is absent or has no template there. */
export function templateLabels({ object, kind }: Workload): Labels | undefined {
  const spec = fieldsOf(object?.value['spec']);
  const holder = kind === 'CronJob' ? fieldsOf(fieldsOf(spec?.['jobTemplate'])?.['spec']) : spec;
  const template = fieldsOf(holder?.['template']);
  if (template === undefined) return undefined;
  return textsOf(fieldsOf(template['metadata'])?.['labels']);
}

/** `spec.selector` where a person wrote it; a Job's is made up by the server, and names one run. */
function ownSelector({ object, kind }: Workload): Labels {
  if (kind === 'Job' || kind === 'CronJob' || kind === 'Pod') return {};
  const selector = fieldsOf(fieldsOf(object?.value['spec'])?.['selector']);
  // ReplicationControllers and DeploymentConfigs have a plain map there.
  return textsOf(selector?.['matchLabels'] ?? selector);
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}

function textsOf(value: unknown): Labels {
  const texts = Object.entries(fieldsOf(value) ?? {}).filter(([, text]) => typeof text === 'string');
  return Object.fromEntries(texts) as Labels;
}
