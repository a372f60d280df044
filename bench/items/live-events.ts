// Events of objects on P4, with the compiled form at hand: pods like none before that come and go, and namespaces that get
// other labels; and which connections each of them opens or closes.

import { behaviourOf } from '../../src/engine/behaviours/index.ts';
import { type LiveCluster, type LiveStep, liveCluster } from '../../src/engine/live/live-cluster.ts';
import type { ManifestObject } from '../../src/engine/model/source.ts';
import { contains, membersOf } from '../../src/engine/sets/id-set.ts';
import { contains as holds } from '../../src/engine/sets/traffic-set.ts';
import { forgetPeak, nearest, peakMemory, residentMemory, timeOf } from '../measure.ts';
import { naiveEvaluator } from '../naive/naive.ts';
import { duration } from '../print.ts';
import { type Random, randomFrom } from '../random.ts';
import { drawCluster } from '../shapes/cluster-shape.ts';
import type { Json } from '../shapes/policy-shape.ts';
import { AS_LARGEST } from './all-pairs.ts';
import { clusterItem, SEED } from './cluster-item.ts';
import { objectsOf } from './command.ts';
import { CONTEXT, type ParsedCluster, parsed } from './in-process.ts';
import type { Item, Prepared } from './item.ts';

/** Events of a run, each followed by one that takes it back, and pairs of each on which it is checked. */
const EVENTS = 10;
const CHECKED = 10;
const PAIRS = 200;
const PORT = 8080;

/** events/pods and events/namespaces. Their times are those of the slowest of twenty. */
export const LIVE_EVENT_ITEMS: readonly Item[] = [
  clusterItem({
    ...AS_LARGEST,
    id: 'events/pods',
    title: 'a pod like none before comes to P4 or goes: what that changes, in process, the slowest of twenty',
    reference: 'naive evaluator, one flow',
    prepare: (size) => prepareEvents(parsed(drawCluster(size, SEED)), drawPod),
  }),
  clusterItem({
    ...AS_LARGEST,
    id: 'events/namespaces',
    title: 'the same of a namespace that gets other labels, or its own back',
    reference: 'naive evaluator, one flow',
    prepare: (size) => prepareEvents(parsed(drawCluster(size, SEED)), drawNamespace),
  }),
];

/** An object before and after an event; absent: it is not there. */
interface DrawnEvent {
  readonly before?: Json;
  readonly after: Json;
  /** Pods of which one is an end of each pair that is checked. */
  readonly near: readonly Json[];
}

type Draw = (random: Random, cluster: ParsedCluster, nth: number) => DrawnEvent;

interface Metadata {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

function metadataOf({ metadata }: Json): Metadata {
  return metadata as Metadata;
}

/** A pod with the app of one workload and the tier of another, in the namespace of a third; nobody owns it. */
function drawPod(random: Random, { workloads }: ParsedCluster, nth: number): DrawnEvent {
  const [own, other, third] = [random.pick(workloads), random.pick(workloads), random.pick(workloads)];
  const { namespace } = metadataOf(third!);
  const labels = { ...metadataOf(own!).labels, tier: metadataOf(other!).labels['tier']! };
  const podIP = `10.250.${nth >>> 8}.${nth & 255}`;
  const after = {
    ...own!,
    metadata: { name: `comes-${nth}`, namespace, labels },
    status: { phase: 'Running', podIP, podIPs: [{ ip: podIP }] },
  };
  return { after, near: [after] };
}

/** A namespace that another team takes over, and that routers are in from now on. */
function drawNamespace(random: Random, { namespaces, workloads }: ParsedCluster): DrawnEvent {
  const inhabited = metadataOf(random.pick(workloads)).namespace;
  const before = namespaces.find((one) => metadataOf(one).name === inhabited)!;
  const { labels } = metadataOf(random.pick(namespaces));
  const more = { ...labels, 'network.openshift.io/policy-group': 'ingress' };
  const after = { ...before, metadata: { ...metadataOf(before), labels: more } };
  return { before, after, near: workloads.filter((pod) => metadataOf(pod).namespace === inhabited) };
}

function prepareEvents(cluster: ParsedCluster, draw: Draw): Prepared {
  const random = randomFrom(SEED);
  const events = Array.from({ length: EVENTS }, (_, nth) => draw(random, cluster, nth));
  forgetPeak();
  const inputs = residentMemory();
  const options = { behaviour: behaviourOf('default', []), ...CONTEXT };
  let live = liveCluster(objectsOf(cluster).map(asObject), options);
  // Whoever keeps a compiled form has asked it for everything before something changes.
  for (const rows of live.reach.rows.values()) {
    for (const id of live.reach.endpoints.keys()) {
      for (const direction of ['egress', 'ingress'] as const) rows.row(id, direction);
    }
  }
  live.reach.openRests();
  const judge = naiveEvaluator(cluster.namespaces, cluster.policies);
  const [first, second] = cluster.workloads;
  let half = 0;
  return {
    inputs,
    run: () => {
      const times = events.flatMap((event) => {
        const comes = timeOf(() => {
          live = applied(live, event).live;
        });
        const goes = timeOf(() => {
          live = takenBack(live, event).live;
        });
        return [comes, goes];
      });
      half = nearest(times, 0.5);
      return nearest(times, 0.99);
    },
    reference: () =>
      timeOf(() => judge({ from: { object: first! }, to: { object: second! }, protocol: 'TCP', port: PORT })),
    memory: peakMemory,
    speed: () => `half within ${duration(half)}`,
    check: () => {
      const told = { changes: 0 };
      const differences = events.slice(0, CHECKED).flatMap((event) => {
        const step = applied(live, event);
        told.changes += step.changes.length;
        const back = takenBack(step.live, event);
        return [...compare(cluster, event, step, false), ...compare(cluster, event, back, true)];
      });
      return told.changes === 0 ? ['no event changed anything'] : differences;
    },
  };
}

function asObject(value: Json): ManifestObject {
  return { value, locate: () => ({ path: '' }) };
}

function applied(live: LiveCluster, { after }: DrawnEvent): LiveStep {
  return live.apply([{ type: 'set', object: asObject(after) }]);
}

function takenBack(live: LiveCluster, { before, after }: DrawnEvent): LiveStep {
  return live.apply([
    before === undefined ? { type: 'deleted', object: asObject(after) } : { type: 'set', object: asObject(before) },
  ]);
}

/** Differences on one port between what a step says and the naive evaluator, with and without the event. */
function compare(cluster: ParsedCluster, event: DrawnEvent, step: LiveStep, isBack: boolean): string[] {
  const random = randomFrom(SEED);
  const judges = [event.before, event.after].map((object) => {
    const isNamespace = object?.['kind'] === 'Namespace';
    const others = cluster.namespaces.filter((one) => !isNamespace || metadataOf(one).name !== metadataOf(object).name);
    return naiveEvaluator(isNamespace ? [...others, object] : others, cluster.policies);
  });
  const placeOf = podPlaces(step);
  return Array.from({ length: PAIRS }, () => {
    const [near, far] = [random.pick(event.near), random.pick(cluster.workloads)];
    return random.chance(0.5) ? ([near, far] as const) : ([far, near] as const);
  }).flatMap(([from, to]) => {
    if (from === to) return [];
    const flow = { from: { object: from }, to: { object: to }, protocol: 'TCP', port: PORT } as const;
    const comes = event.before === undefined;
    const [without, within] = [comes ? 'denied' : judges[0]!(flow), judges[1]!(flow)];
    const [was, is] = isBack ? [within, without] : [without, within];
    const [s, d] = [placeOf(from), placeOf(to)];
    const told = step.changes.find((one) => contains(one.sources, s) && contains(one.destinations, d));
    const at = (side: 'before' | 'after') =>
      told?.[side].IPv4 !== undefined && holds(told[side].IPv4.allowed, 'TCP', PORT) ? 'allowed' : 'denied';
    const said = told === undefined ? (was === is ? [was, is] : ['no change']) : [at('before'), at('after')];
    if (said[0] === was && said[1] === is) return [];
    const names = JSON.stringify([from, to].map((pod) => `${metadataOf(pod).namespace}/${metadataOf(pod).name}`));
    return [`${names}: ${said.join(' > ')}, naively ${was} > ${is}`];
  });
}

/** Places of pods, those that went included. */
function podPlaces(step: LiveStep): (pod: Json) => number {
  const places = new Map<string, number>();
  for (const place of membersOf(step.places())) {
    const { before, after } = step.at(place);
    for (const unit of [before, after]) {
      if (unit?.type !== 'workload') continue;
      for (const { namespace, name } of unit.pods) places.set(`${namespace}/${name}`, place);
    }
  }
  return ({ metadata }) => {
    const { namespace, name } = metadata as Metadata;
    return places.get(`${namespace}/${name}`)!;
  };
}
