// P10: one pair asked about in process, on a cluster that is loaded: by `explain`, by `can`, and by `why` of flow verdicts.

import { can, explain, flowVerdicts, type PairExpression, parsePair, type State } from '../../src/engine/index.ts';
import { forgetPeak, nearest, peakMemory, residentMemory, timeOf } from '../measure.ts';
import { type NaiveFlow, naiveEvaluator } from '../naive/naive.ts';
import { duration } from '../print.ts';
import { randomFrom } from '../random.ts';
import { type DrawnCluster, drawCluster } from '../shapes/cluster-shape.ts';
import type { Json } from '../shapes/policy-shape.ts';
import { AS_LARGEST } from './all-pairs.ts';
import { clusterItem, SEED } from './cluster-item.ts';
import { CONTEXT, parsed, stateOf } from './in-process.ts';
import type { Item, Prepared } from './item.ts';

/** Pairs that a run asks about, one after the other. */
const ASKED = 500;
const PORTS = [8080, 8443, 5432, 9090];

/** P10, P10/can and P10/why. Their times are those of the slowest of a hundred questions. */
export const ONE_PAIR_ITEMS: readonly Item[] = [
  clusterItem({
    ...AS_LARGEST,
    id: 'P10',
    title: 'explain one pair of pods of P4, in process, the slowest of a hundred',
    reference: 'naive evaluator',
    prepare: (size) => preparePairs(drawCluster(size, SEED), 'explain'),
  }),
  clusterItem({
    ...AS_LARGEST,
    id: 'P10/can',
    title: 'can one pod of P4 reach another, in process, the slowest of a hundred',
    reference: 'naive evaluator',
    prepare: (size) => preparePairs(drawCluster(size, SEED), 'can'),
  }),
  clusterItem({
    ...AS_LARGEST,
    id: 'P10/why',
    title: 'why has a flow of P4 its verdict, without a document, in process, the slowest of a hundred',
    reference: 'naive evaluator',
    prepare: (size) => preparePairs(drawCluster(size, SEED), 'why'),
  }),
];

/** One question. */
export interface Asked {
  readonly flow: NaiveFlow;
  /** Namespaces and names of the pods. */
  readonly names: readonly [readonly [string, string], readonly [string, string]];
  readonly pair: PairExpression;
}

/** The verdict that each question comes to. */
const ASK = {
  explain: (state: State, { pair }: Asked): string => explain(state, pair, CONTEXT).verdict,
  can: (state: State, { pair }: Asked): string => can(state, pair, CONTEXT).verdict,
  why: (state: State, { names: [from, to], flow: { port } }: Asked): string => {
    const { numbers, why } = flowVerdicts(state);
    return why(numbers.pod(...from), numbers.pod(...to), { family: 'IPv4', protocol: 'TCP', port }).verdict;
  },
};

/** Asks about drawn pairs, and times each question. */
export function preparePairs(drawn: DrawnCluster, question: keyof typeof ASK): Prepared {
  const cluster = parsed(drawn);
  const asked = drawPairs(cluster.workloads, ASKED);
  const judge = naiveEvaluator(cluster.namespaces, cluster.policies);
  forgetPeak();
  const inputs = residentMemory();
  const state = stateOf(cluster);
  const ask = ASK[question];
  // The first question of all waits for what is worked out once.
  ask(state, asked[0]!);
  let verdicts: string[] = [];
  let half = 0;
  return {
    inputs,
    run: () => {
      verdicts = [];
      const times = asked.map((one) =>
        timeOf(() => {
          verdicts.push(ask(state, one));
        }),
      );
      half = nearest(times, 0.5);
      return nearest(times, 0.99);
    },
    reference: () =>
      nearest(
        asked.map(({ flow }) => timeOf(() => judge(flow))),
        0.99,
      ),
    memory: peakMemory,
    speed: () => `half within ${duration(half)}`,
    check: () =>
      asked.flatMap(({ flow, pair }, index) => {
        const [found, expected] = [verdicts[index]!, judge(flow)];
        return found === expected ? [] : [`${pair.from.text} -> ${pair.to.text}: ${found}, naively ${expected}`];
      }),
  };
}

/** So many questions about two pods, the same for the same pods. */
export function drawPairs(pods: readonly Json[], count: number): Asked[] {
  const random = randomFrom(SEED);
  const asked: Asked[] = [];
  while (asked.length < count) {
    // Half of the pairs are neighbours in the list, and so mostly of one namespace.
    const index = random.integer(0, pods.length - 1);
    const other = random.chance(0.5)
      ? random.integer(0, pods.length - 1)
      : (index + random.integer(1, 9)) % pods.length;
    if (index === other) continue;
    const [from, to, port] = [pods[index]!, pods[other]!, random.pick(PORTS)];
    const pair = parsePair([nameOf(from), `${nameOf(to)}:${port}`]);
    asked.push({
      pair,
      names: [namesOf(from), namesOf(to)],
      flow: { from: { object: from }, to: { object: to }, protocol: 'TCP', port },
    });
  }
  return asked;
}

function namesOf({ metadata }: Json): readonly [string, string] {
  const { namespace, name } = metadata as { namespace: string; name: string };
  return [namespace, name];
}

function nameOf(object: Json): string {
  return namesOf(object).join('/');
}
