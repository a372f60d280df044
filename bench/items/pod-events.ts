// P9: pods of P4 come, go and are relabelled: of which kind each is, with the endpoints at hand.

import { podPlaces } from '../../src/engine/endpoints/pod-places.ts';
import { worldOf } from '../../src/engine/endpoints/world.ts';
import type { Pod } from '../../src/engine/model/cluster.ts';
import { forgetPeak, peakMemory, residentMemory, timeOf } from '../measure.ts';
import { naiveEvaluator } from '../naive/naive.ts';
import { randomFrom } from '../random.ts';
import { drawCluster } from '../shapes/cluster-shape.ts';
import type { Json } from '../shapes/policy-shape.ts';
import { AS_LARGEST } from './all-pairs.ts';
import { clusterItem, SEED } from './cluster-item.ts';
import { parsed, stateOf } from './in-process.ts';
import type { Item, Prepared } from './item.ts';

/** Events of a run, and those whose answers are checked. */
const EVENTS = 200_000;
const CHECKED = 1000;
const PORT = 8080;

/** P9. An event is a pod in the form of the snapshot; reading it from its object is not part of it. */
export const POD_EVENT_ITEM: Item = clusterItem({
  ...AS_LARGEST,
  id: 'P9',
  title: 'pods of P4 that come, or have other labels: which endpoint each is one of, in process',
  reference: 'JSON.parse',
  prepare: (size) => preparePods(drawCluster(size, SEED)),
});

function preparePods(drawn: Parameters<typeof parsed>[0]): Prepared {
  const cluster = parsed(drawn);
  forgetPeak();
  const inputs = residentMemory();
  const state = stateOf(cluster);
  const world = worldOf(state);
  const place = podPlaces(world);
  const random = randomFrom(SEED);
  const { pods } = state.cluster;
  // Other objects than those of the state, as events bring them; every second pod takes over another's labels.
  const events = Array.from({ length: EVENTS }, (_, nth): Pod => {
    const pod = random.pick(pods);
    const { labels } = nth % 2 === 0 ? pod : random.pick(pods);
    return { ...pod, name: `new-${nth}`, labels: { ...labels, 'pod-template-hash': String(nth) } };
  });
  let places: (number | undefined)[] = [];
  return {
    inputs,
    run: () =>
      timeOf(() => {
        places = events.map(place);
      }),
    reference: () => cluster.timeToParse(),
    memory: peakMemory,
    handled: EVENTS,
    check: () => {
      const judge = naiveEvaluator(cluster.namespaces, cluster.policies);
      const chance = randomFrom(SEED);
      let found = 0;
      const differences = events.slice(0, CHECKED).flatMap((pod, nth) => {
        const unit = places[nth] === undefined ? undefined : world.pods[places[nth]!]!;
        // Every second event is a pod as there is one, so that it must have a place.
        if (unit === undefined) return nth % 2 === 0 ? [`${pod.namespace}/${pod.name}: no place`] : [];
        found++;
        const [own, member] = [objectOf(pod), unit.type === 'workload' ? objectOf(unit.pods[0]!) : {}];
        const peer = objectOf(chance.pick(pods));
        const both = [own, member].map((object) => {
          const verdicts = [
            { from: { object: peer }, to: { object } },
            { from: { object }, to: { object: peer } },
          ].map((ends) => judge({ ...ends, protocol: 'TCP', port: PORT }));
          return verdicts.join(' and ');
        });
        return both[0] === both[1] ? [] : [`${pod.namespace}/${pod.name}: naively ${both[0]}, its place ${both[1]}`];
      });
      return found === 0 ? ['no pod has a place'] : differences;
    },
  };
}

/** The object of a pod, with the labels that the pod has. */
function objectOf({ object: { value }, labels }: Pod): Json {
  return { ...value, metadata: { ...(value['metadata'] as Json), labels } };
}
