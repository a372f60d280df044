// Workloads and the pods that they had: templates, labels of people and of controllers, addresses that are given and given
// again, a rollout, runs of Jobs that are over.

import type { Labels } from '../../../src/engine/model/selector.ts';
import type { SimKind, SimNode, SimPod, SimPort, SimWorkload } from './application.ts';
import type { Random } from './random.ts';

/** Gives addresses to pods and takes them back. */
export interface Pool {
  take(node: SimNode, since: number): readonly string[];
  /** Whoever comes later may get them again. */
  giveBack(node: SimNode, addresses: readonly string[], at: number): void;
}

/** Addresses of pods: a range for each node, both families where the cluster has both. */
export function poolOf(random: Random, nodes: readonly SimNode[], isDualStack: boolean): Pool {
  const used = nodes.map(() => 9);
  const free = nodes.map((): { addresses: readonly string[]; at: number }[] => []);
  return {
    take(node, since) {
      const at = nodes.indexOf(node);
      const again = free[at]!.findIndex((one) => one.at < since);
      if (again >= 0 && random.chance(0.5)) return free[at]!.splice(again, 1)[0]!.addresses;
      const host = ++used[at]!;
      const v4 = `10.244.${at}.${host}`;
      return isDualStack ? [v4, `fd00:10:244:${at + 1}::${host.toString(16)}`] : [v4];
    },
    giveBack: (node, addresses, at) => void free[nodes.indexOf(node)]!.push({ addresses, at }),
  };
}

/** What a workload is drawn with. */
export interface WorkloadParts {
  readonly kind: SimKind;
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  readonly matchLabels?: Labels;
  readonly hostNetwork?: boolean;
  readonly ports?: readonly SimPort[];
  readonly image?: string;
  readonly usesApiServer?: boolean;
}

/** A workload without pods. */
export function makeWorkload(parts: WorkloadParts): SimWorkload {
  return {
    hostNetwork: false,
    ports: [],
    image: 'registry.example.com/app:1',
    usesApiServer: false,
    matchLabels: parts.labels,
    ...parts,
    pods: [],
    gone: [],
    env: [],
    args: [],
    configMaps: [],
    probes: [],
    annotations: {},
  };
}

/** Times of the log. */
export interface Times {
  readonly begin: number;
  readonly middle: number;
  readonly end: number;
}

/** Gives a workload its pods. `rollout`: in the middle of the log all of them are replaced. */
export function addPods(
  random: Random,
  workload: SimWorkload,
  world: { readonly nodes: readonly SimNode[]; readonly pool: Pool; readonly times: Times },
  { replicas, rollout }: { readonly replicas: number; readonly rollout: boolean },
): void {
  const { nodes, pool, times } = world;
  const make = (index: number, revision: string, node: SimNode, since: number, until: number): SimPod => {
    const named = nameOf(random, workload, index, revision, since);
    const template = until < times.end && rollout ? asOfLastRelease(workload.labels) : workload.labels;
    return {
      name: named.name,
      workload,
      labels: { ...template, ...named.labels },
      addresses: workload.hostNetwork ? node.addresses : pool.take(node, since),
      node,
      since,
      until,
    };
  };
  if (workload.kind === 'CronJob') {
    // Runs of an hour's schedule; the last may still go on while the snapshot is taken.
    for (let run = 0; run < replicas + 1; run++) {
      const since =
        times.begin + Math.floor(((run + random.below(90) / 100) * (times.end - times.begin)) / (replicas + 1));
      const node = random.pick(nodes);
      const pod = make(0, letters(random, 5), node, since, since + 60_000);
      workload.gone.push(pod);
      if (!workload.hostNetwork) pool.giveBack(node, pod.addresses, pod.until);
    }
    return;
  }
  const before = times.begin - 86_400_000;
  const places = workload.kind === 'DaemonSet' ? nodes : Array.from({ length: replicas }, () => random.pick(nodes));
  const [old, fresh] = [letters(random, 10), letters(random, 10)];
  for (const [index, node] of places.entries()) {
    const pod = make(index, old, node, before, rollout ? times.middle : times.end);
    if (rollout) workload.gone.push(pod);
    else workload.pods.push(pod);
  }
  if (!rollout) return;
  if (!workload.hostNetwork)
    for (const { node, addresses } of workload.gone) pool.giveBack(node, addresses, times.middle);
  for (const [index, node] of places.entries()) {
    const place = workload.kind === 'DaemonSet' ? node : random.pick(nodes);
    workload.pods.push(make(index, fresh, place, times.middle + 1000, times.end));
  }
}

/** What a rollout changes in the labels that charts write. */
function asOfLastRelease(labels: Labels): Labels {
  const before = { 'app.kubernetes.io/version': '0.9.0', 'helm.sh/chart': 'before-0.9.0' };
  const changed = Object.entries(before).filter(([key]) => Object.hasOwn(labels, key));
  return { ...labels, ...Object.fromEntries(changed) };
}

/** A pod's name and the labels that its controller adds. */
function nameOf(
  random: Random,
  { kind, name }: SimWorkload,
  index: number,
  revision: string,
  since: number,
): { readonly name: string; readonly labels: Labels } {
  switch (kind) {
    case 'Deployment':
      return { name: `${name}-${revision}-${letters(random, 5)}`, labels: { 'pod-template-hash': revision } };
    case 'StatefulSet': {
      const pod = `${name}-${index}`;
      return {
        name: pod,
        labels: {
          'controller-revision-hash': `${name}-${revision}`,
          'statefulset.kubernetes.io/pod-name': pod,
          'apps.kubernetes.io/pod-index': `${index}`,
        },
      };
    }
    case 'DaemonSet':
      return {
        name: `${name}-${letters(random, 5)}`,
        labels: { 'controller-revision-hash': revision, 'pod-template-generation': '1' },
      };
    case 'Job':
    case 'CronJob': {
      const job = kind === 'Job' ? name : `${name}-${Math.floor(since / 60_000)}`;
      return {
        name: `${job}-${letters(random, 5)}`,
        labels: {
          'batch.kubernetes.io/job-name': job,
          'job-name': job,
          'batch.kubernetes.io/controller-uid': `uid-${revision}`,
          'controller-uid': `uid-${revision}`,
        },
      };
    }
  }
}

/** The letters of which Kubernetes makes names. */
function letters(random: Random, length: number): string {
  return Array.from({ length }, () => random.pick([...'bcdfghjklmnpqrstvwxz2456789'])).join('');
}
