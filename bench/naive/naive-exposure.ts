// The reference of exposure: pods that do not exist, put beside those that do and judged one flow at a time.

import type { Exposure } from '../../src/engine/index.ts';
import { keyOf } from '../answers.ts';
import { type Random, randomFrom } from '../random.ts';
import type { Probe } from '../shapes/cluster-shape.ts';
import type { Json } from '../shapes/policy-shape.ts';
import { type NaiveEnd, naiveEvaluator } from './naive.ts';

type Exposed = Exposure['exposed'][number];
type Limit = Exposure['limits'][number];
type Ports = NonNullable<Exposed['allowed']>;
type Labels = Readonly<Record<string, string>>;
type Selector = Extract<Exposed['to'], { readonly podSelector: unknown }>['podSelector'];

interface Drawn {
  readonly namespaces: readonly Json[];
  readonly workloads: readonly Json[];
  readonly policies: readonly Json[];
  /** What the policies tell apart, where that is nothing usual. */
  readonly probes?: readonly Probe[];
}

/** A pod that could exist; its namespace may be new, too. */
interface PossiblePod {
  readonly namespace: string;
  readonly namespaceLabels: Labels;
  readonly labels: Labels;
}

/** Ports that policies name, that names resolve to, and that nobody names. */
const PROBES = [
  { protocol: 'TCP', port: 8080 },
  { protocol: 'TCP', port: 5432 },
  { protocol: 'TCP', port: 32767 },
  { protocol: 'UDP', port: 53 },
  { protocol: 'SCTP', port: 7 },
] as const;

const NEW = 'new-namespace';

/**
 * Differences between the document and the naive evaluator on drawn pairs of a workload and a pod that could exist, by what
 * is surely allowed: in a namespace of the workload's own, in another, and in one that is not there yet. Half the pods have
 * labels of a workload, half are short of some. `onlyAllowed`: whether only what the document allows is looked at, since it may
 * say of much that it is unknown, or since nothing may be open.
 */
export function compareExposure(
  drawn: Drawn,
  document: Exposure,
  pairs: number,
  seed: number,
  onlyAllowed = false,
): string[] {
  const random = randomFrom(seed);
  const labelsOf = new Map(drawn.namespaces.map(({ metadata }) => namespaceOf(metadata)));
  const fresh = { metadata: { name: NEW, labels: { team: 'team-1', env: 'prod' } } };
  labelsOf.set(...namespaceOf(fresh.metadata));
  const judge = naiveEvaluator([...drawn.namespaces, fresh], drawn.policies);
  const ids = new Map(document.endpoints.map(({ key, id }) => [key, id]));
  const entries = groupBy(document.exposed, ({ endpoint }) => endpoint);
  const limits = groupBy(document.limits, ({ namespace }) => namespace);
  const differences: string[] = [];
  let open = 0;
  for (let i = 0; i < pairs; i++) {
    const object = random.pick(drawn.workloads);
    const { namespace, name } = object.metadata as { namespace: string; name: string };
    const home = [namespace, random.pick([...labelsOf.keys()]), NEW][i % 3]!;
    const pod: PossiblePod = {
      namespace: home,
      namespaceLabels: labelsOf.get(home)!,
      labels: drawLabels(drawn, random),
    };
    const id = ids.get(keyOf(object));
    if (id === undefined) return [`${namespace}/${name} is missing in the answer`];
    const other: NaiveEnd = { object: objectOf(pod) };
    for (const direction of ['ingress', 'egress'] as const) {
      const [from, to] = direction === 'ingress' ? [other, { object }] : [{ object }, other];
      const said = (entries.get(id) ?? []).filter((one) => one.direction === direction);
      const own = (limits.get(home) ?? []).filter((one) => one.direction !== direction);
      const limited = document.limited[direction === 'ingress' ? 'egress' : 'ingress'].includes(home);
      for (const probe of drawn.probes ?? PROBES) {
        const expected = judge({ from, to, ...probe }) === 'allowed';
        const found = isAllowed({ said, own, limited, pod, id }, probe);
        if (expected) open++;
        if (expected === found || (onlyAllowed && !found)) continue;
        const text = `${direction} of ${namespace}/${name} and ${JSON.stringify(pod.labels)} of ${home}`;
        differences.push(`${text} ${probe.port}/${probe.protocol}: ${found}, naively ${expected}`);
      }
    }
  }
  return open === 0 && !onlyAllowed ? [...differences, 'nothing that was drawn is open'] : differences;
}

function namespaceOf(metadata: unknown): [string, Labels] {
  const { name, labels } = metadata as { name: string; labels?: Labels };
  return [name, { ...labels, 'kubernetes.io/metadata.name': name }];
}

function drawLabels({ workloads }: Drawn, random: Random): Labels {
  const all = Object.entries(podLabelsOf(random.pick(workloads)));
  return Object.fromEntries(random.chance(0.5) ? all : all.filter(() => random.chance(0.5)));
}

/** Of a pod, or of those that a Deployment makes. */
function podLabelsOf({ metadata, spec }: Json): Labels {
  const { template } = spec as { template?: { metadata: { labels: Labels } } };
  return (template?.metadata ?? (metadata as { labels: Labels })).labels;
}

function objectOf({ namespace, labels }: PossiblePod): Json {
  return {
    kind: 'Deployment',
    metadata: { name: 'possible', namespace },
    spec: { template: { metadata: { labels }, spec: { containers: [] } } },
  };
}

function groupBy<K, V>(values: readonly V[], keyOf: (value: V) => K): Map<K, V[]> {
  const groups = new Map<K, V[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group === undefined) groups.set(keyOf(value), [value]);
    else group.push(value);
  }
  return groups;
}

interface Question {
  /** Entries of the endpoint, and limits of the pod's namespace, in their direction. */
  readonly said: readonly Exposed[];
  readonly own: readonly Limit[];
  /** Whether policies of the pod's namespace limit its pods. */
  readonly limited: boolean;
  readonly pod: PossiblePod;
  readonly id: number;
}

/** As docs/exposure.md says how the document is read. */
function isAllowed({ said, own, limited, pod, id }: Question, { protocol, port }: Probe): boolean {
  const speaking = said.filter(
    ({ to, allowed, namespaces = 'all' }) =>
      holds(allowed, protocol, port) &&
      ['all', 'any', limited ? 'limited' : 'unlimited'].includes(namespaces) &&
      (to === 'any-namespace' ||
        (typeof to === 'object' &&
          'podSelector' in to &&
          matches(to.namespaceSelector, pod.namespaceLabels) &&
          matches(to.podSelector, pod.labels))),
  );
  const isLeft = own.some(
    ({ podSelector, endpoints, allowed }) =>
      holds(allowed, protocol, port) &&
      matches(podSelector, pod.labels) &&
      (endpoints === 'all' || endpoints.includes(id)),
  );
  return speaking.some(({ namespaces }) => namespaces === undefined || !limited || isLeft);
}

function holds(ports: Ports | undefined, protocol: string, port: number): boolean {
  if (ports === undefined || ports === 'all') return ports === 'all';
  return (ports[protocol as keyof typeof ports] ?? []).some(([first, last]) => port >= first && port <= last);
}

function matches({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every((one) => {
      const { key, operator } = one;
      const values = 'values' in one ? one.values : [];
      const value = labels[key];
      if (operator === 'Exists') return value !== undefined;
      if (operator === 'DoesNotExist') return value === undefined;
      const isIn = value !== undefined && values.includes(value);
      return operator === 'In' ? isIn : !isIn;
    })
  );
}
