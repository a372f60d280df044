// P8: one policy added to P4 or taken away again, and which connections that opens or closes, with the compiled form at hand.

import type { PolicyChange, Reach } from '../../src/engine/compile/reach.ts';
import { compileReach } from '../../src/engine/compile/reach.ts';
import { type ReachChange, reachChanges } from '../../src/engine/compile/reach-changes.ts';
import type { Unit } from '../../src/engine/endpoints/unit.ts';
import { worldOf } from '../../src/engine/endpoints/world.ts';
import { contains, EMPTY } from '../../src/engine/sets/id-set.ts';
import { contains as holds, PORT_PROTOCOLS } from '../../src/engine/sets/traffic-set.ts';
import { placementOf } from '../../src/engine/state.ts';
import { forgetPeak, nearest, peakMemory, residentMemory, timeOf } from '../measure.ts';
import { naiveEvaluator } from '../naive/naive.ts';
import { duration } from '../print.ts';
import { type Random, randomFrom } from '../random.ts';
import { type DrawnCluster, drawCluster } from '../shapes/cluster-shape.ts';
import type { Json } from '../shapes/policy-shape.ts';
import { AS_LARGEST } from './all-pairs.ts';
import { clusterItem, SEED } from './cluster-item.ts';
import { parsed, stateOf } from './in-process.ts';
import type { Item, Prepared } from './item.ts';

/** Policies that a run adds and takes away, and how many that change something are checked, each on so many pairs. */
const CHANGES = 150;
const CHECKED = 8;
const PAIRS = 300;
const PORT = 8080;

/** P8 and P8/cluster-wide. Their times are those of the slowest of a hundred changes. */
export const POLICY_CHANGE_ITEMS: readonly Item[] = [
  clusterItem({
    ...AS_LARGEST,
    id: 'P8',
    title: 'a policy within a namespace of P4 comes or goes: what that changes, in process, the slowest of a hundred',
    reference: 'naive evaluator, one flow',
    prepare: (size) => prepareChanges(drawCluster(size, SEED), drawWithin),
  }),
  clusterItem({
    ...AS_LARGEST,
    id: 'P8/cluster-wide',
    title: 'the same of a policy that admits an app of every namespace, or isolates its own',
    reference: 'naive evaluator, one flow',
    prepare: (size) => prepareChanges(drawCluster(size, SEED), drawWide),
  }),
];

/** Draws the spec of a change. `app` is the app of some pod of its namespace, or of another one. */
export type Draw = (random: Random, app: () => string, nth: number) => Json;

/** Admits one app of the namespace to another. */
function drawWithin(_: Random, app: () => string): Json {
  return {
    podSelector: { matchLabels: { app: app() } },
    policyTypes: ['Ingress'],
    ingress: [{ from: [{ podSelector: { matchLabels: { app: app() } } }], ports: [{ port: PORT }] }],
  };
}

/** Every third denies everything to its namespace; the others admit an app of every namespace. */
function drawWide(_: Random, app: () => string, nth: number): Json {
  if (nth % 3 === 0) return { podSelector: {}, policyTypes: ['Ingress', 'Egress'] };
  const from = [{ namespaceSelector: {}, podSelector: { matchLabels: { app: app() } } }];
  return {
    podSelector: { matchLabels: { app: app() } },
    policyTypes: ['Ingress'],
    ingress: [{ from, ports: [{ port: PORT }] }],
  };
}

/** Adds and takes away policies that are drawn so, and times each. */
export function prepareChanges(drawn: DrawnCluster, draw: Draw): Prepared {
  const cluster = parsed(drawn);
  const random = randomFrom(SEED);
  const policies = Array.from({ length: CHANGES }, (_, nth): Json => {
    const [pod, other] = [random.pick(cluster.workloads), random.pick(cluster.workloads)];
    const apps = [pod, other].map(({ metadata }) => (metadata as { labels: Record<string, string> }).labels['app']!);
    const { namespace } = pod['metadata'] as { namespace: string };
    const metadata = { name: `change-${nth}`, namespace };
    const spec = draw(random, () => random.pick(apps), nth);
    return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec };
  });
  forgetPeak();
  const inputs = residentMemory();
  const state = stateOf(cluster);
  const world = worldOf(state);
  const ends = [...world.pods, ...world.outside()].map(({ endpoint }) => endpoint);
  const { placement, behaviour } = state;
  const reach = compileReach({ placement, knobs: behaviour.knobs }, ends, PORT_PROTOCOLS);
  // Whoever keeps a compiled form has asked it for everything before something changes.
  for (const rows of reach.rows.values()) {
    for (const id of ends.keys()) for (const direction of ['egress', 'ingress'] as const) rows.row(id, direction);
  }
  for (const direction of ['egress', 'ingress'] as const) reach.openTo(direction, reach.present, EMPTY);
  const added = policies.map((policy) => {
    const { policies: own } = stateOf({ namespaces: cluster.namespaces, workloads: [], policies: [policy] });
    return placementOf(own, state).policies;
  });
  const judge = naiveEvaluator(cluster.namespaces, cluster.policies);
  const [first, second] = cluster.workloads;
  let half = 0;
  return {
    inputs,
    run: () => {
      const times = added.flatMap((own) => {
        let there = reach;
        const come = timeOf(() => {
          there = change(reach, { removed: [], added: own }).reach;
        });
        return [come, timeOf(() => change(there, { removed: own, added: [] }))];
      });
      half = nearest(times, 0.5);
      return nearest(times, 0.99);
    },
    reference: () =>
      timeOf(() => judge({ from: { object: first! }, to: { object: second! }, protocol: 'TCP', port: PORT })),
    memory: peakMemory,
    speed: () => `half within ${duration(half)}`,
    check: () => {
      let changed = 0;
      const differences = added.flatMap((own, nth) => {
        const { changes } = change(reach, { removed: [], added: own });
        if (changes.length === 0 || changed >= CHECKED) return [];
        changed++;
        return compare(cluster, policies[nth]!, changes, world.pods);
      });
      return changed === 0 ? ['no policy changed anything'] : differences;
    },
  };
}

function change(
  reach: Reach,
  policies: PolicyChange,
): { readonly reach: Reach; readonly changes: readonly ReachChange[] } {
  const { reach: next, affected } = reach.exchange(policies);
  return { reach: next, changes: reachChanges(reach, next, affected) };
}

/** Differences on one port between what is told and the naive evaluator: of pairs with an end in the policy's namespace. */
function compare(
  cluster: DrawnCluster,
  policy: Json,
  changes: readonly ReachChange[],
  units: readonly Unit[],
): string[] {
  const random = randomFrom(SEED);
  const [before, after] = [cluster.policies, [...cluster.policies, policy]].map((policies) =>
    naiveEvaluator(cluster.namespaces, policies),
  );
  const namespaceOf = ({ metadata }: Json) => (metadata as { namespace: string }).namespace;
  const own = cluster.workloads.filter((pod) => namespaceOf(pod) === namespaceOf(policy));
  const idOf = endNumbers(units);
  return Array.from({ length: PAIRS }, (_, nth) => {
    const [near, far] = [random.pick(own), random.pick(nth % 2 === 0 ? own : cluster.workloads)];
    return random.chance(0.7) ? ([far, near] as const) : ([near, far] as const);
  }).flatMap(([from, to]) => {
    if (from === to) return [];
    const flow = { from: { object: from }, to: { object: to }, protocol: 'TCP', port: PORT } as const;
    const [was, is] = [before!(flow), after!(flow)];
    const told = changes.find((one) => contains(one.sources, idOf(from)) && contains(one.destinations, idOf(to)));
    const at = (side: 'before' | 'after') =>
      told?.[side].IPv4 === undefined ? undefined : holds(told[side].IPv4.allowed, 'TCP', PORT) ? 'allowed' : 'denied';
    if ((at('before') ?? was) === was && (at('after') ?? was) === is) return [];
    const text = JSON.stringify([from, to].map(({ metadata }) => (metadata as { name: string }).name));
    return [`${text} in ${namespaceOf(policy)}: ${at('before')} > ${at('after')}, naively ${was} > ${is}`];
  });
}

/** Positions of drawn pods among the endpoints: those of pods come first, in the order of the units. */
function endNumbers(units: readonly Unit[]): (pod: Json) => number {
  const numbers = new Map(
    units.flatMap((unit, id) =>
      unit.type === 'workload' ? unit.pods.map(({ namespace, name }) => [`${namespace}/${name}`, id] as const) : [],
    ),
  );
  return ({ metadata }) => {
    const { namespace, name } = metadata as { namespace: string; name: string };
    return numbers.get(`${namespace}/${name}`)!;
  };
}
