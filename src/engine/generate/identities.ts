// How policies name each workload: a selector of labels that last, which selects its pods and nobody else's. Where there is
// none, that is said, and nobody is selected by mistake.

import type { Cluster, Pod } from '../model/cluster.ts';
import { type Labels, labelOf, type Selector, selects } from '../model/selector.ts';
import { podsByWorkload, RELEASE_LABELS, type StableLabels, stableLabels } from './stable-labels.ts';

/** How a workload is named. */
export interface Identity {
  /** Key of the workload. */
  readonly workload: string;
  readonly namespace: string;
  /** Undefined: its pods have no label that lasts, so that only a selector for everybody would select them. */
  readonly selector?: Selector;
  /** Keys of other workloads of the namespace whose pods the selector selects too, sorted. Empty: it is exact. */
  readonly alsoSelects: readonly string[];
}

/** Labels that people choose to tell applications apart, the most telling first. */
const TELLING: readonly string[] = [
  'app.kubernetes.io/name',
  'app.kubernetes.io/instance',
  'app.kubernetes.io/component',
  'app',
  'k8s-app',
  'name',
  'component',
  'tier',
  'role',
  'release',
];

/** An identity for every workload of the snapshot that has pods or a template, by key. */
export function findIdentities(cluster: Cluster): ReadonlyMap<string, Identity> {
  const groups = podsByWorkload(cluster);
  const byNamespace = new Map<string, Candidate[]>();
  for (const [key, workload] of cluster.workloads) {
    const pods = groups.get(key);
    if (pods === undefined) continue;
    const candidate = { key, namespace: workload.namespace, pods, stable: stableLabels(workload, pods) };
    const list = byNamespace.get(workload.namespace);
    if (list === undefined) byNamespace.set(workload.namespace, [candidate]);
    else list.push(candidate);
  }
  const identities = new Map<string, Identity>();
  for (const candidates of byNamespace.values()) {
    const index = indexLabels(candidates);
    for (const candidate of candidates) identities.set(candidate.key, identify(candidate, index));
  }
  return identities;
}

interface Candidate {
  readonly key: string;
  readonly namespace: string;
  readonly pods: readonly Pod[];
  readonly stable: StableLabels;
}

/** Candidates of a namespace by each label that a pod of theirs has: whoever has all of some labels is found quickly. */
type LabelIndex = { having(key: string, value: string): readonly Candidate[]; readonly all: readonly Candidate[] };

function indexLabels(candidates: readonly Candidate[]): LabelIndex {
  const index = new Map<string, Set<Candidate>>();
  for (const candidate of candidates) {
    for (const { labels } of candidate.pods) {
      for (const [key, value] of Object.entries(labels)) {
        const text = `${key}=${value}`;
        const found = index.get(text);
        if (found === undefined) index.set(text, new Set([candidate]));
        else found.add(candidate);
      }
    }
  }
  const lists = new Map([...index].map(([text, found]) => [text, [...found]]));
  return { having: (key, value) => lists.get(`${key}=${value}`) ?? [], all: candidates };
}

function identify(candidate: Candidate, index: LabelIndex): Identity {
  const { key, namespace, stable } = candidate;
  const { labels } = stable;
  if (Object.keys(labels).length === 0) return { workload: key, namespace, alsoSelects: [] };
  const chosen = chooseLabels(candidate, index);
  const selector = selectorOf(chosen);
  const rivals = selectedBeside(candidate, selector, index);
  if (rivals.length === 0) return { workload: key, namespace, selector, alsoSelects: [] };
  const narrowed = withoutKeys(candidate, selector, rivals);
  const left = selectedBeside(candidate, narrowed, index);
  return { workload: key, namespace, selector: narrowed, alsoSelects: left.map((rival) => rival.key).sort() };
}

/** The fewest labels that tell the workload from its neighbours, those of its controller and its release always among them. */
function chooseLabels(candidate: Candidate, index: LabelIndex): Labels {
  const { labels, own } = candidate.stable;
  const releases = Object.entries(labels).filter(([key]) => RELEASE_LABELS.includes(key));
  // Without a controller's selector the label that says what it is: `version=1` alone would take others that will have it.
  const [telling] = TELLING.filter((key) => Object.hasOwn(labels, key));
  const named = Object.keys(own).length > 0 || telling === undefined ? {} : { [telling]: labels[telling]! };
  const base: Labels = { ...own, ...named, ...Object.fromEntries(releases) };
  const more = Object.keys(labels)
    .filter((key) => !Object.hasOwn(base, key))
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  const isExact = (one: Labels): boolean =>
    Object.keys(one).length > 0 && selectedBeside(candidate, selectorOf(one), index).length === 0;
  for (let size = 0; size <= Math.min(3, more.length); size++) {
    for (const keys of subsets(more, size)) {
      const tried = { ...base, ...Object.fromEntries(keys.map((key) => [key, labels[key]!])) };
      if (isExact(tried)) return tried;
    }
  }
  return labels;
}

/** A label that a neighbour has and the workload has not: its absence tells them apart. */
function withoutKeys(candidate: Candidate, selector: Selector, rivals: readonly Candidate[]): Selector {
  const keys = new Set<string>();
  for (const rival of rivals) {
    const differing = Object.keys(rival.stable.labels)
      .filter((key) => candidate.pods.every(({ labels }) => labelOf(labels, key) === undefined))
      .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
    const [first] = differing;
    if (first !== undefined) keys.add(first);
  }
  const parts = selector.op === 'and' ? selector.of : [selector];
  const absent = [...keys].sort().map((key): Selector => ({ op: 'not-exists', key }));
  return { op: 'and', of: [...parts, ...absent] };
}

/** Workloads of the namespace, the candidate aside, of which the selector selects a pod. */
function selectedBeside(candidate: Candidate, selector: Selector, index: LabelIndex): Candidate[] {
  const parts = selector.op === 'and' ? selector.of : [selector];
  const having = parts.flatMap((part) =>
    part.op === 'in' && part.values.length === 1 ? [index.having(part.key, part.values[0]!)] : [],
  );
  // The label that fewest have: half of a namespace may be of one application.
  const near = having.reduce((fewest, one) => (one.length < fewest.length ? one : fewest), index.all);
  return near.filter((other) => other !== candidate && other.pods.some(({ labels }) => selects(selector, labels)));
}

function selectorOf(labels: Labels): Selector {
  const keys = Object.keys(labels).sort();
  return { op: 'and', of: keys.map((key) => ({ op: 'in', key, values: [labels[key]!] })) };
}

function rank(key: string): number {
  const place = TELLING.indexOf(key);
  return place < 0 ? TELLING.length : place;
}

/** All subsets of a size, those of earlier items first. */
function* subsets(items: readonly string[], size: number, from: number = 0): Generator<readonly string[]> {
  if (size === 0) yield [];
  else
    for (let i = from; i <= items.length - size; i++)
      for (const rest of subsets(items, size - 1, i + 1)) yield [items[i]!, ...rest];
}
