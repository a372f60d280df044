// The reference of generated policies: what the manifests declare, and each flow judged one at a time on the raw objects
// together with the generated ones. Says whether the needs are the declared ones, and whether the proof is true.

import { type Random, randomFrom } from '../random.ts';
import { type DeclaringCluster, portOf } from '../shapes/evidence-shape.ts';
import type { Json } from '../shapes/policy-shape.ts';
import { type NaiveEnd, naiveEvaluator } from './naive.ts';

type Ports = 'all' | Readonly<Record<string, readonly (readonly [number, number])[]>>;

/** The fields of the document that are looked at. */
export interface PrintedPolicies {
  readonly needs: readonly {
    readonly from: { readonly type: string; readonly name: string };
    readonly to: { readonly type: string; readonly name: string };
    readonly ports: readonly [number, number];
    readonly verdict: string;
  }[];
  readonly policies: readonly { readonly manifest: Json }[];
  readonly proof: {
    readonly safeOrder: boolean;
    readonly unjustified: readonly {
      readonly from: readonly string[];
      readonly to: readonly string[];
      readonly family: string;
      readonly ports: Ports;
    }[];
  };
}

/** Ports that applications listen on, that policies name, and that nobody names. */
const PROBES = [
  { protocol: 'TCP', port: 8080 },
  { protocol: 'TCP', port: 8443 },
  { protocol: 'TCP', port: 5432 },
  { protocol: 'TCP', port: 9090 },
  { protocol: 'TCP', port: 32767 },
  { protocol: 'UDP', port: 53 },
] as const;

type Probe = (typeof PROBES)[number];

/** Prefixes of the order that are judged. */
const PREFIXES = 5;

/**
 * Differences between the document and the naive evaluator: in the needs, in their verdicts, in what is open beside them on
 * sampled pairs (`isSmallest`: on all pairs of workloads), and in the states between the steps.
 */
export function compareGenerated(
  drawn: DeclaringCluster,
  document: PrintedPolicies,
  { pairs, seed, isSmallest }: { readonly pairs: number; readonly seed: number; readonly isSmallest: boolean },
): string[] {
  const manifests = document.policies.map(({ manifest }) => manifest);
  const judge = naiveEvaluator(drawn.namespaces, [...drawn.policies, ...manifests]);
  const random = randomFrom(seed);
  const ends = new Map(drawn.workloads.map((object) => [nameOf(object), { object }]));
  const sample = isSmallest ? everyPair(ends) : somePairs(ends, document, pairs, random);
  const [declared, isOpen] = [declaredOf(drawn), openBeside(document)];
  const differences = [...compareNeeds(drawn, document, judge), ...compareSteps(drawn, document, random)];
  let open = 0;
  for (const [source, destination] of sample) {
    const pair = { from: endOf(ends, source), to: endOf(ends, destination) };
    for (const probe of PROBES) {
      const isNeeded = declared.has(`${source} -> ${destination}:${probe.port}`) || isProbe(pair, probe.port);
      const expected = !(isNeeded && probe.protocol === 'TCP') && judge({ ...pair, ...probe }) === 'allowed';
      const found = isOpen(source, destination, probe);
      if (expected) open++;
      if (expected === found) continue;
      const says = (value: boolean) => (value ? 'open beside the needs' : 'not open beside the needs');
      differences.push(
        `${source} -> ${destination} ${probe.port}/${probe.protocol}: ${says(found)}, naively ${says(expected)}`,
      );
    }
  }
  if (document.proof.unjustified.length > 0 && open === 0) differences.push('nothing that was drawn is open');
  return differences;
}

function nameOf({ metadata }: Json): string {
  const { namespace, name } = metadata as { namespace: string; name: string };
  return `${namespace}/${name}`;
}

/** Nothing shows the addresses of nodes, so that any address may be that of the node that probes a pod. */
function isProbe({ from, to }: { readonly from: NaiveEnd; readonly to: NaiveEnd }, port: number): boolean {
  return 'address' in from && 'object' in to && portOf(to.object) === port;
}

function declaredOf({ needs }: DeclaringCluster): ReadonlySet<string> {
  return new Set(needs.map(({ from, to, port }) => `${nameOf(from)} -> ${nameOf(to)}:${port}`));
}

/** Each declared connection must be a need, no other may be, and what becomes of it must be true. */
function compareNeeds(
  drawn: DeclaringCluster,
  { needs }: PrintedPolicies,
  judge: ReturnType<typeof naiveEvaluator>,
): string[] {
  const printed = new Map(
    needs
      .filter(({ from, to }) => from.type === 'workload' && to.type === 'workload')
      .map(({ from, to, ports, verdict }) => [`${from.name} -> ${to.name}:${ports[0]}`, verdict]),
  );
  const differences: string[] = [];
  for (const { from, to, port } of drawn.needs) {
    const key = `${nameOf(from)} -> ${nameOf(to)}:${port}`;
    const found = printed.get(key) ?? 'no need';
    const expected = judge({ from: { object: from }, to: { object: to }, protocol: 'TCP', port });
    if (found !== expected) differences.push(`${key}: ${found}, naively ${expected}`);
    printed.delete(key);
  }
  return [...differences, ...[...printed.keys()].map((key) => `${key}: a need that nothing declares`)];
}

/** What works before the first step and after the last one must work in between, if the order is said to be safe. */
function compareSteps(drawn: DeclaringCluster, { policies, proof }: PrintedPolicies, random: Random): string[] {
  if (!proof.safeOrder) return ['the order is said to be unsafe'];
  const judges = [
    0,
    policies.length,
    ...Array.from({ length: PREFIXES }, () => random.integer(1, policies.length)),
  ].map((steps) => {
    const applied = policies.slice(0, steps).map(({ manifest }) => manifest);
    return { steps, judge: naiveEvaluator(drawn.namespaces, [...drawn.policies, ...applied]) };
  });
  return drawn.needs.flatMap(({ from, to, port }) => {
    const works = judges.map(
      ({ judge }) => judge({ from: { object: from }, to: { object: to }, protocol: 'TCP', port }) === 'allowed',
    );
    if (!works[0] || !works[1]) return [];
    const broken = judges.find((_, i) => !works[i]);
    return broken === undefined
      ? []
      : [`${nameOf(from)} -> ${nameOf(to)}:${port}: does not work after ${broken.steps}`];
  });
}

/** Looks up whether the document lists a flow as open beside the needs. */
function openBeside({ proof: { unjustified } }: PrintedPolicies): (from: string, to: string, probe: Probe) => boolean {
  const byDestination = new Map<string, { readonly from: ReadonlySet<string>; readonly ports: Ports }[]>();
  for (const { from, to, family, ports } of unjustified) {
    if (family !== 'IPv4') continue;
    const entry = { from: new Set(from), ports };
    for (const one of to) {
      const own = byDestination.get(one);
      if (own === undefined) byDestination.set(one, [entry]);
      else own.push(entry);
    }
  }
  return (source, destination, { protocol, port }) =>
    (byDestination.get(destination) ?? []).some(({ from, ports }) => {
      if (!from.has(source)) return false;
      return ports === 'all' || (ports[protocol] ?? []).some(([first, last]) => first <= port && port <= last);
    });
}

type Ends = ReadonlyMap<string, NaiveEnd>;

/** A workload, or an address: names of blocks are looked at by their first address. */
function endOf(ends: Ends, name: string): NaiveEnd {
  return ends.get(name) ?? { address: name.split('/')[0]! };
}

function everyPair(ends: Ends): (readonly [string, string])[] {
  const names = [...ends.keys()];
  return names.flatMap((from) => names.flatMap((to) => (from === to ? [] : [[from, to] as const])));
}

/** Half of them from what is said to be open; blocks with exceptions and pods that are not there yet are passed over. */
function somePairs(
  ends: Ends,
  { proof: { unjustified } }: PrintedPolicies,
  count: number,
  random: Random,
): (readonly [string, string])[] {
  const names = [...ends.keys()];
  const isKnown = (name: string): boolean => ends.has(name) || /^[\d.]+(\/\d+)?$/.test(name);
  const pairs: (readonly [string, string])[] = [];
  for (let tries = 0; pairs.length < count && tries < count * 20; tries++) {
    const open = unjustified.length > 0 && random.chance(0.5) ? random.pick(unjustified) : undefined;
    const [from, to] = [random.pick(open?.from ?? names), random.pick(open?.to ?? names)];
    if (from !== to && isKnown(from) && isKnown(to)) pairs.push([from, to]);
  }
  return pairs;
}
