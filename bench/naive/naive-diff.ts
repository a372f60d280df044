// The reference for `diff`: both versions judged by the naive evaluator, flow by flow, beside what the document says of them.

import type { ConnectivityDiff } from '../../src/engine/index.ts';
import { keyOf, workloadsWithVariants } from '../answers.ts';
import { type Random, randomFrom } from '../random.ts';
import type { DrawnCluster } from '../shapes/cluster-shape.ts';
import type { Json } from '../shapes/policy-shape.ts';
import { type NaiveFlow, type NaiveVerdict, naiveEvaluator } from './naive.ts';

type Ports = ConnectivityDiff['changed'][number]['before'];
type Unknown = readonly { readonly ports: Ports }[];

/** One entry of a document: pairs, and what they may use in either version. Absent: nothing. */
interface Entry {
  readonly from: ReadonlySet<number>;
  readonly to: ReadonlySet<number>;
  readonly before?: { readonly allowed?: Ports; readonly unknown?: Unknown };
  readonly after?: { readonly allowed?: Ports; readonly unknown?: Unknown };
}

const PROBES = [
  { protocol: 'TCP', port: 8080 },
  { protocol: 'TCP', port: 5432 },
  { protocol: 'UDP', port: 53 },
];

/**
 * Differences between a diff and the naive one, for clusters of pods with the same namespaces and pods. Two thirds of the
 * sampled pairs are ends that the document names. `isCounted`: every pair is judged.
 */
export function compareDiff(
  versions: { readonly before: DrawnCluster; readonly after: DrawnCluster },
  document: ConnectivityDiff,
  sample: { readonly pairs: number; readonly seed: number; readonly isCounted: boolean },
): string[] {
  const [before, after] = [versions.before, versions.after].map(({ namespaces, policies }) =>
    naiveEvaluator(namespaces, policies),
  );
  const entries = entriesOf(document);
  const ids = new Map(document.endpoints.map(({ key, id }) => [key, id]));
  const varied = workloadsWithVariants(document.endpoints);
  const pods = versions.before.workloads
    .filter((object) => !varied.has(keyOf(object)))
    .map((object) => ({ object, id: ids.get(keyOf(object)) }));
  const differences: string[] = [];
  const compare = (from: (typeof pods)[number], to: (typeof pods)[number]): void => {
    if (from === to) return;
    const holding = entries.filter((entry) => entry.from.has(from.id ?? -1) && entry.to.has(to.id ?? -1));
    if (holding.length > 1)
      differences.push(`${name(from.object)} -> ${name(to.object)}: in ${holding.length} entries`);
    for (const probe of PROBES) {
      const flow: NaiveFlow = { from: { object: from.object }, to: { object: to.object }, ...probe };
      const expected = [before!(flow), after!(flow)];
      const [entry] = holding;
      const says =
        entry === undefined
          ? expected[0] === expected[1]
          : verdictOf(entry.before, probe) === expected[0] && verdictOf(entry.after, probe) === expected[1];
      if (says) continue;
      const found = entry === undefined ? 'unchanged' : 'otherwise';
      differences.push(
        `${name(from.object)} -> ${name(to.object)} ${probe.port}/${probe.protocol}: ${found}, naively ${expected.join(', then ')}`,
      );
    }
  };
  if (sample.isCounted) for (const from of pods) for (const to of pods) compare(from, to);
  const random = randomFrom(sample.seed);
  for (let index = 0; index < sample.pairs; index++) compare(...drawPair(random, pods, entries));
  return differences;
}

function drawPair<T extends { readonly id: number | undefined }>(
  random: Random,
  pods: readonly T[],
  entries: readonly Entry[],
): [T, T] {
  const named = pods.filter(({ id }) => id !== undefined);
  const any = random.chance(0.33) || named.length === 0 || entries.length === 0;
  if (any) return [random.pick(pods), random.pick(pods)];
  const { from, to } = random.pick(entries);
  const [sources, destinations] = [from, to].map((set) => named.filter(({ id }) => set.has(id!)));
  if (sources!.length === 0 || destinations!.length === 0) return [random.pick(named), random.pick(named)];
  return [random.pick(sources!), random.pick(destinations!)];
}

function entriesOf({ added, removed, changed }: ConnectivityDiff): Entry[] {
  const ends = ({ from, to }: { readonly from: readonly number[]; readonly to: readonly number[] }) => ({
    from: new Set(from),
    to: new Set(to),
  });
  return [
    ...added.map((one) => ({ ...ends(one), after: one })),
    ...removed.map((one) => ({ ...ends(one), before: one })),
    ...changed.map((one) => ({
      ...ends(one),
      before: { allowed: one.before, unknown: one.unknownBefore ?? [] },
      after: { allowed: one.after, unknown: one.unknownAfter ?? [] },
    })),
  ];
}

function verdictOf(said: Entry['before'], probe: (typeof PROBES)[number]): NaiveVerdict {
  if (said?.allowed !== undefined && holds(said.allowed, probe)) return 'allowed';
  return (said?.unknown ?? []).some(({ ports }) => holds(ports, probe)) ? 'unknown' : 'denied';
}

function holds(ports: Ports, { protocol, port }: (typeof PROBES)[number]): boolean {
  if (ports === 'all') return true;
  return (ports[protocol as 'TCP'] ?? []).some(([first, last]) => port >= first && port <= last);
}

function name({ metadata }: Json): string {
  const { namespace, name: own } = metadata as { namespace: string; name: string };
  return `${namespace}/${own}`;
}
