// P10: one pair asked about in process, on a cluster that is loaded: by `explain` and by `can`.

import { can, explain, type PairExpression, parsePair } from '../../src/engine/index.ts';
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

/** P10 and P10/can. Their times are those of the slowest of a hundred questions. */
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
];

interface Asked {
  readonly flow: NaiveFlow;
  readonly pair: PairExpression;
}

function preparePairs(drawn: DrawnCluster, question: 'explain' | 'can'): Prepared {
  const cluster = parsed(drawn);
  const asked = draw(cluster.workloads);
  const judge = naiveEvaluator(cluster.namespaces, cluster.policies);
  forgetPeak();
  const inputs = residentMemory();
  const state = stateOf(cluster);
  const ask = { explain, can }[question];
  // The first question of all waits for what is worked out once.
  ask(state, asked[0]!.pair, CONTEXT);
  let verdicts: string[] = [];
  let half = 0;
  return {
    inputs,
    run: () => {
      verdicts = [];
      const times = asked.map(({ pair }) =>
        timeOf(() => {
          verdicts.push(ask(state, pair, CONTEXT).verdict);
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

function draw(pods: readonly Json[]): Asked[] {
  const random = randomFrom(SEED);
  const asked: Asked[] = [];
  while (asked.length < ASKED) {
    // Half of the pairs are neighbours in the list, and so mostly of one namespace.
    const index = random.integer(0, pods.length - 1);
    const other = random.chance(0.5)
      ? random.integer(0, pods.length - 1)
      : (index + random.integer(1, 9)) % pods.length;
    if (index === other) continue;
    const [from, to, port] = [pods[index]!, pods[other]!, random.pick(PORTS)];
    const pair = parsePair([nameOf(from), `${nameOf(to)}:${port}`]);
    asked.push({ pair, flow: { from: { object: from }, to: { object: to }, protocol: 'TCP', port } });
  }
  return asked;
}

function nameOf({ metadata }: Json): string {
  const { namespace, name } = metadata as { namespace: string; name: string };
  return `${namespace}/${name}`;
}
