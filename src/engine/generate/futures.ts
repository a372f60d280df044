// What becomes of a selector when time goes on: pods of the next rollout and of the next run of a Job, and a second release
// of the same chart beside the first. Simulated with the labels that controllers and charts set. Decides nothing.

import type { Cluster, Pod, Workload } from '../model/cluster.ts';
import { type Labels, selects } from '../model/selector.ts';
import { labelsUnknownFor } from '../snapshot/controller-labels.ts';
import type { Identity } from './identities.ts';
import { podsByWorkload, RELEASE_LABELS, templateLabels } from './stable-labels.ts';

/** A pod that is not there yet, and whether it is meant. */
interface FuturePod {
  readonly when: 'rollout' | 'next-run' | 'second-release';
  readonly labels: Labels;
  readonly isMeant: boolean;
}

/** A selector that will not do what it does now. */
export interface Surprise {
  readonly workload: string;
  readonly when: FuturePod['when'];
  /** `missed`: pods that are meant are not selected. `taken`: pods that are not meant are. */
  readonly what: 'missed' | 'taken';
}

/** What goes wrong later with the selectors of these identities; empty: nothing that is simulated here. */
export function findSurprises(cluster: Cluster, identities: Iterable<Identity>): Surprise[] {
  const groups = podsByWorkload(cluster);
  const surprises: Surprise[] = [];
  for (const { workload: key, selector } of identities) {
    const workload = cluster.workloads.get(key);
    if (workload === undefined || selector === undefined) continue;
    for (const { when, labels, isMeant } of futurePods(workload, groups.get(key) ?? [])) {
      if (selects(selector, labels) !== isMeant)
        surprises.push({ workload: key, when, what: isMeant ? 'missed' : 'taken' });
    }
  }
  return surprises;
}

/** Pods that the workload, or a twin of it, will make. */
export function futurePods(workload: Workload, pods: readonly Pod[]): FuturePod[] {
  const template = templateLabels(workload) ?? pods[0]?.labels;
  if (template === undefined) return [];
  const isJob = workload.kind === 'Job' || workload.kind === 'CronJob';
  const fresh = madeBy(workload, template, 'next');
  const future: FuturePod[] = [{ when: isJob ? 'next-run' : 'rollout', labels: fresh, isMeant: true }];
  const releases = RELEASE_LABELS.filter((label) => Object.hasOwn(template, label));
  if (releases.length > 0) {
    const renamed = Object.fromEntries(releases.map((label) => [label, `${template[label]}-second`]));
    future.push({
      when: 'second-release',
      labels: madeBy(workload, { ...template, ...renamed }, 'second'),
      isMeant: false,
    });
  }
  return future;
}

/** The labels of a template's pod with those that its controller adds, at values of their own. */
function madeBy({ kind }: Workload, template: Labels, salt: string): Labels {
  const added = labelsUnknownFor(kind).map((key) => [key, `${salt}-${key.replaceAll(/[^a-z]/g, '')}`]);
  return { ...template, ...Object.fromEntries(added) };
}
