// Exactness before speed: compares an answer with the naive evaluator on sampled pairs, and counts allowed pairs one by one.

import {
  type Family,
  familiesOf,
  type NaiveEnd,
  type NaiveFlow,
  type NaiveVerdict,
  naiveEvaluator,
} from './naive/naive.ts';
import { type Random, randomFrom } from './random.ts';
import type { Probe } from './shapes/cluster-shape.ts';
import type { Json } from './shapes/policy-shape.ts';

/** Every member of `from` meets every member of `to` with these verdicts. Members are positions of the answer. */
export interface AnsweredRectangle {
  readonly from: readonly number[];
  readonly to: readonly number[];
  verdict(protocol: string, port: number): NaiveVerdict;
}

/** An answer in the form that it is compared in. What stands in no rectangle is denied. */
export interface Answered {
  readonly rectangles: readonly AnsweredRectangle[];
  /** Absent: IPv4. */
  readonly family?: Family;
  /** The position of a Pod or workload; undefined where the answer does not tell it; throws where the answer forgot it. */
  positionOf(object: Json): number | undefined;
  /** One address of each class of addresses outside. */
  readonly addresses: readonly { readonly address: string; readonly position: number }[];
}

/** What the answer is about. */
export interface Question {
  readonly namespaces: readonly Json[];
  readonly workloads: readonly Json[];
  readonly policies: readonly Json[];
  /** Traffic that is asked about; absent: {@link PROBES}. */
  readonly probes?: readonly Probe[];
}

/** Ports that policies name, names resolve to, and nobody names. */
const PROBES: readonly Probe[] = [
  { protocol: 'TCP', port: 8080 },
  { protocol: 'TCP', port: 5432 },
  { protocol: 'TCP', port: 9090 },
  { protocol: 'TCP', port: 32767 },
  { protocol: 'UDP', port: 53 },
  { protocol: 'SCTP', port: 7 },
];

interface Pair {
  readonly from: NaiveEnd;
  readonly to: NaiveEnd;
  readonly source: number;
  readonly destination: number;
}

/** Differences between the answer and the naive evaluator, printed; empty: none. Half of the pairs are open ones. */
export function compareSamples(question: Question, answered: Answered, pairs: number, seed: number): string[] {
  const judge = naiveEvaluator(question.namespaces, question.policies);
  const family = answered.family === undefined ? {} : { family: answered.family };
  const sample = samplePairs(question, answered, pairs, randomFrom(seed));
  const sources = new Set(sample.map(({ source }) => source));
  const bySource = new Map<number, AnsweredRectangle[]>();
  for (const rectangle of answered.rectangles) {
    for (const source of rectangle.from) {
      if (!sources.has(source)) continue;
      const list = bySource.get(source);
      if (list === undefined) bySource.set(source, [rectangle]);
      else list.push(rectangle);
    }
  }
  const differences: string[] = [];
  const told = question.workloads.filter((object) => answered.positionOf(object) !== undefined);
  if (told.length * 2 < question.workloads.length) differences.push(`the answer tells only ${told.length} workloads`);
  for (const { from, to, source, destination } of sample) {
    const holding = (bySource.get(source) ?? []).filter((one) => one.to.includes(destination));
    if (holding.length > 1) differences.push(`${name(from)} -> ${name(to)}: in ${holding.length} rectangles`);
    for (const probe of question.probes ?? PROBES) {
      const flow: NaiveFlow = { from, to, ...family, ...probe };
      const [expected, found] = [judge(flow), holding[0]?.verdict(probe.protocol, probe.port) ?? 'denied'];
      if (expected === found) continue;
      differences.push(`${name(from)} -> ${name(to)} ${probe.port}/${probe.protocol}: ${found}, naively ${expected}`);
    }
  }
  return differences;
}

/** Pairs of two different ends, at least one of them in the cluster. */
function samplePairs({ workloads }: Question, answered: Answered, count: number, random: Random): Pair[] {
  const at = new Map<number, NaiveEnd[]>();
  const add = (position: number, end: NaiveEnd): void => {
    const list = at.get(position);
    if (list === undefined) at.set(position, [end]);
    else list.push(end);
  };
  for (const { position, ...end } of endsOf(workloads, answered)) add(position, end);
  for (const { address, position } of answered.addresses) add(position, { address });
  const positions = [...at.keys()];
  const pairs: Pair[] = [];
  for (let tries = 0; pairs.length < count && tries < count * 20; tries++) {
    const open = answered.rectangles.length > 0 && random.chance(0.5) ? random.pick(answered.rectangles) : undefined;
    const source = random.pick(open?.from ?? positions);
    const destination = random.pick(open?.to ?? positions);
    const [from, to] = [at.get(source), at.get(destination)];
    if (from === undefined || to === undefined) continue;
    const pair = { from: random.pick(from), to: random.pick(to), source, destination };
    if (pair.from === pair.to || ('address' in pair.from && 'address' in pair.to)) continue;
    pairs.push(pair);
  }
  return pairs;
}

/** Pods or workloads that have an address of the family and whose position is told. */
function endsOf(
  workloads: readonly Json[],
  answered: Answered,
): { readonly object: Json; readonly position: number }[] {
  const { family = 'IPv4' } = answered;
  return workloads.flatMap((object) => {
    if (!familiesOf({ object }).includes(family)) return [];
    const position = answered.positionOf(object);
    return position === undefined ? [] : [{ object, position }];
  });
}

function name(end: NaiveEnd): string {
  if ('address' in end) return end.address;
  const { namespace, name: own } = end.object.metadata as { namespace: string; name: string };
  return `${namespace}/${own}`;
}

/** Both: sampled pairs, and where `isSmallest` the numbers of allowed pairs. */
export function compareAnswer(question: Question, answered: Answered, pairs: number, isSmallest: boolean): string[] {
  const differences = compareSamples(question, answered, pairs, 1);
  return isSmallest ? [...differences, ...compareCounts(question, answered)] : differences;
}

/** Differences in the number of ordered pairs of two Pods (or workloads) that each probe is surely allowed for. */
export function compareCounts(question: Question, answered: Answered): string[] {
  const judge = naiveEvaluator(question.namespaces, question.policies);
  const ends = endsOf(question.workloads, answered);
  const family = answered.family === undefined ? {} : { family: answered.family };
  const weights = new Map<number, number>();
  for (const { position } of ends) {
    weights.set(position, (weights.get(position) ?? 0) + 1);
  }
  return (question.probes ?? PROBES).slice(0, 2).flatMap((probe) => {
    const expected = countPairs(ends, (from, to) => judge({ from, to, ...family, ...probe }) === 'allowed');
    const found = countInRectangles(answered, weights, probe);
    return expected === found ? [] : [`${probe.port}/${probe.protocol}: ${found} pairs, one by one ${expected}`];
  });
}

function countPairs(ends: readonly NaiveEnd[], isAllowed: (from: NaiveEnd, to: NaiveEnd) => boolean): number {
  let count = 0;
  for (const from of ends) for (const to of ends) if (from !== to && isAllowed(from, to)) count++;
  return count;
}

function countInRectangles(
  answered: Answered,
  weights: ReadonlyMap<number, number>,
  { protocol, port }: Probe,
): number {
  const weigh = (members: readonly number[]) => members.reduce((sum, one) => sum + (weights.get(one) ?? 0), 0);
  return answered.rectangles.reduce((sum, rectangle) => {
    if (rectangle.verdict(protocol, port) !== 'allowed') return sum;
    const to = new Set(rectangle.to);
    const withItself = weigh(rectangle.from.filter((one) => to.has(one)));
    return sum + weigh(rectangle.from) * weigh(rectangle.to) - withItself;
  }, 0);
}
