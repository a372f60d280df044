// State and exact answer for all pairs, in process, of objects that are parsed already: P4, P5 and P15.

import { worldOf } from '../../src/engine/endpoints/world.ts';
import type { State } from '../../src/engine/index.ts';
import { mapUnits, type UnitMap } from '../../src/engine/questions/map.ts';
import { PORT_PROTOCOLS } from '../../src/engine/sets/traffic-set.ts';
import { answerOfUnits } from '../answers.ts';
import { compareAnswer } from '../exactness.ts';
import { forgetPeak, peakMemory, residentMemory, timeOf } from '../measure.ts';
import type { Family } from '../naive/naive.ts';
import { type DrawnCluster, drawCluster } from '../shapes/cluster-shape.ts';
import { clusterItem, SEED, times } from './cluster-item.ts';
import { CONTEXT, isCountable, parsed, sampledPairs, stateOf } from './in-process.ts';
import type { Item, Prepared } from './item.ts';

/** The largest cluster that Kubernetes supports. */
export const LARGEST = { namespaces: 10_000, workloads: 50_000, policies: 100_000, pods: 150_000 };

/** Its growth by fours, for full and for smoke runs. */
export const AS_LARGEST = {
  sizes: times([1 / 16, 1 / 4, 1], LARGEST),
  smokeSizes: times([1 / 320, 1 / 80], LARGEST),
  margin: 10,
} as const;

/** P4 with a tenth of its size, P5 and P15. */
export const ALL_PAIRS_ITEMS: readonly Item[] = [
  clusterItem({
    id: 'P4/10',
    title: 'all pairs of a tenth of P4, in process',
    reference: 'JSON.parse',
    sizes: times([1 / 160, 1 / 40, 1 / 10], LARGEST),
    smokeSizes: AS_LARGEST.smokeSizes,
    margin: 10,
    prepare: (size) => prepareAllPairs(drawCluster(size, SEED)),
  }),
  clusterItem({
    ...AS_LARGEST,
    id: 'P4',
    title: 'all pairs of the largest cluster that Kubernetes supports, objects parsed already, in process',
    reference: 'JSON.parse',
    prepare: (size) => prepareAllPairs(drawCluster(size, SEED)),
  }),
  clusterItem({
    ...AS_LARGEST,
    id: 'P5',
    title: 'all pairs of P4 alone, its state and its endpoints being there, in process',
    reference: 'JSON.parse',
    prepare: (size) => prepareRectangles(drawCluster(size, SEED)),
  }),
  clusterItem({
    id: 'P15',
    title: 'all pairs of a million pods and a million policies, in process',
    reference: 'JSON.parse',
    sizes: times([1 / 16, 1 / 4, 1], { namespaces: 100_000, workloads: 333_333, policies: 1_000_000, pods: 1_000_000 }),
    smokeSizes: times([1, 4], { namespaces: 60, workloads: 200, policies: 600, pods: 600 }),
    margin: 10,
    prepare: (size) => prepareAllPairs(drawCluster(size, SEED)),
  }),
];

/** State and rectangles, nothing read and nothing printed. `families`: of the pods; absent: IPv4. */
export function prepareAllPairs(drawn: DrawnCluster, families?: readonly Family[]): Prepared {
  const begin = (): State | undefined => undefined;
  return prepare(drawn, families, begin, (cluster) => mapOf(stateOf(cluster)));
}

/** Rectangles alone; the state is new for each run. */
export function prepareRectangles(drawn: DrawnCluster): Prepared {
  const begin = (cluster: DrawnCluster): State => {
    const state = stateOf(cluster);
    worldOf(state).outside();
    return state;
  };
  return prepare(drawn, undefined, begin, (_, state) => mapOf(state!));
}

function mapOf(state: State): UnitMap {
  return mapUnits(state, { protocols: PORT_PROTOCOLS }, CONTEXT);
}

/** A run begins with what `begin` makes, which is not timed. */
function prepare(
  drawn: DrawnCluster,
  families: readonly Family[] = ['IPv4'],
  begin: (cluster: DrawnCluster) => State | undefined,
  run: (cluster: DrawnCluster, state: State | undefined) => UnitMap,
): Prepared {
  const cluster = parsed(drawn);
  forgetPeak();
  const inputs = residentMemory();
  let last: UnitMap | undefined;
  return {
    inputs,
    run: () => {
      last = undefined;
      const state = begin(cluster);
      globalThis.gc?.();
      return timeOf(() => {
        last = run(cluster, state);
      });
    },
    reference: () => cluster.timeToParse(),
    memory: peakMemory,
    check: (isSmallest) =>
      families.flatMap((family) =>
        compareAnswer(cluster, answerOfUnits(last!, family), sampledPairs(cluster), isSmallest && isCountable(cluster)),
      ),
  };
}
