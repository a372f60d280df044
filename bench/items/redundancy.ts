// P14: every redundant policy of the largest cluster, beside what it takes to gather what policies say to whom.

import { worldOf } from '../../src/engine/endpoints/world.ts';
import type { State } from '../../src/engine/index.ts';
import type { Policy } from '../../src/engine/model/policy.ts';
import { type RedundancySearch, searchRedundancy } from '../../src/engine/redundancy/find-redundancy.ts';
import { PORT_PROTOCOLS } from '../../src/engine/sets/traffic-set.ts';
import { forgetPeak, peakMemory, residentMemory, timeOf } from '../measure.ts';
import { changeWithout, namespaceOf } from '../naive/naive-redundancy.ts';
import { randomFrom } from '../random.ts';
import { type DrawnCluster, drawCluster } from '../shapes/cluster-shape.ts';
import { AS_LARGEST, LARGEST } from './all-pairs.ts';
import { clusterItem, SEED, times } from './cluster-item.ts';
import { parsed, stateOf } from './in-process.ts';
import type { Item, Prepared } from './item.ts';

/** Policies that a check takes away naively, of those that are called redundant and of the others. */
const SAMPLE = 12;
/** Pods of other namespaces that it asks as well. */
const ELSEWHERE = 40;

/** Smaller ones are over before the compiler has seen anything. */
export const AS_LARGEST_BUT = { ...AS_LARGEST, smokeSizes: times([1 / 160, 1 / 40], LARGEST) };

/** The search alone, and with what it stands on. */
export const REDUNDANCY_ITEMS: readonly Item[] = [
  clusterItem({
    ...AS_LARGEST_BUT,
    id: 'P14',
    title: 'every redundant policy of P4, what policies say to whom being gathered, in process',
    reference: 'JSON.parse',
    prepare: (size) => prepareRedundancy(drawCluster(size, SEED), false),
  }),
  clusterItem({
    ...AS_LARGEST_BUT,
    id: 'P14/gathered',
    title: 'the same, with gathering what policies say to whom',
    reference: 'JSON.parse',
    prepare: (size) => prepareRedundancy(drawCluster(size, SEED), true),
  }),
];

/** The search, timed with or without what it stands on. */
export function prepareRedundancy(drawn: DrawnCluster, isGathered: boolean): Prepared {
  const cluster = parsed(drawn);
  forgetPeak();
  const inputs = residentMemory();
  const state = stateOf(cluster);
  const world = worldOf(state);
  const endpoints = [...world.pods, ...world.outside(), ...world.entries()].map(({ endpoint }) => endpoint);
  const { placement, behaviour } = state;
  const search = () => searchRedundancy({ placement, knobs: behaviour.knobs, endpoints, protocols: PORT_PROTOCOLS });
  let last: RedundancySearch | undefined;
  return {
    inputs,
    run() {
      const gathered = isGathered ? undefined : search();
      return timeOf(() => {
        last = gathered ?? search();
        last.policies();
      });
    },
    reference: () => cluster.timeToParse(),
    memory: peakMemory,
    check: (isSmallest) => compareRedundancy(cluster, state, last!, isSmallest),
  };
}

/** What is called redundant must change nothing naively; on the smallest size, all else must change something. */
function compareRedundancy(
  cluster: DrawnCluster,
  state: State,
  search: RedundancySearch,
  isSmallest: boolean,
): string[] {
  const random = randomFrom(SEED);
  const { policies, needed } = search.policies();
  const redundant = new Set([
    ...policies.filter(({ subjects }) => subjects.length > 0).map((one) => one.policy),
    ...needed,
  ]);
  const nobody = new Set(policies.filter(({ subjects }) => subjects.length === 0).map((one) => one.policy));
  const placed = state.placement.policies.map(({ policy }) => policy);
  const raw = new Map(cluster.policies.map((object) => [keyOf(object), object]));
  const differences: string[] = [];
  const sampled = (list: readonly Policy[]) =>
    Array.from({ length: Math.min(SAMPLE, list.length) }, () => random.pick(list));
  for (const policy of sampled([...redundant])) {
    const object = raw.get(`${policy.ref.namespace}/${policy.ref.name}`)!;
    const change = changeWithout(cluster, object, endsFor(cluster, object, false, random.pick));
    if (change !== undefined) differences.push(`${keyOf(object)} is not redundant: ${change}`);
  }
  if (isSmallest) {
    for (const policy of sampled(placed.filter((one) => !redundant.has(one) && !nobody.has(one)))) {
      const object = raw.get(`${policy.ref.namespace}/${policy.ref.name}`)!;
      const change = changeWithout(cluster, object, endsFor(cluster, object, true, random.pick));
      if (change === undefined) differences.push(`${keyOf(object)} is redundant`);
    }
  }
  return redundant.size > 0 ? differences : [...differences, 'no policy is redundant'];
}

/** The pods of the namespace and some others, or all pods. */
function endsFor(
  { workloads }: DrawnCluster,
  policy: DrawnCluster['policies'][number],
  isAll: boolean,
  pick: <T>(list: readonly T[]) => T,
): DrawnCluster['workloads'] {
  if (isAll) return workloads;
  const near = workloads.filter((one) => namespaceOf(one) === namespaceOf(policy));
  return [...near, ...Array.from({ length: ELSEWHERE }, () => pick(workloads))];
}

function keyOf(object: DrawnCluster['policies'][number]): string {
  return `${namespaceOf(object)}/${(object['metadata'] as { readonly name: string }).name}`;
}
