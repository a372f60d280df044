// Pods that are not there yet, in namespaces that the plan closes: nobody knows what they need, so nothing may be open to them.

import { entry } from '../compile/entry.ts';
import { compileReach } from '../compile/reach.ts';
import type { Rectangle } from '../compile/rectangle.ts';
import { possiblePod } from '../endpoints/possible-pod.ts';
import type { Unit } from '../endpoints/unit.ts';
import type { World } from '../endpoints/world.ts';
import { FAMILIES, type Family } from '../sets/ip-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import { PORT_PROTOCOLS } from '../sets/traffic-set.ts';

/** Traffic between a pod without labels and addresses outside that is surely allowed; one end is the pod alone. */
export interface OpenToNewcomer {
  readonly from: readonly [Unit, ...Unit[]];
  readonly to: readonly [Unit, ...Unit[]];
  readonly family: Family;
  readonly traffic: traffic.TrafficSet;
}

/** What a new pod without labels may do outside and what may come to it, in each of these namespaces. Empty: nothing. */
export function openToNewcomers(world: World, namespaces: readonly string[]): readonly OpenToNewcomer[] {
  const newcomers = namespaces.flatMap((name) => newcomerOf(world, name) ?? []);
  const units = [...newcomers, ...world.outside()];
  const { placement, behaviour } = world.state;
  const reach = compileReach(
    { placement, knobs: behaviour.knobs },
    units.map(({ endpoint }) => endpoint),
    PORT_PROTOCOLS,
  );
  const ids = newcomers.map((_, id) => id);
  const outside = units.slice(newcomers.length).map((_, index) => newcomers.length + index);
  const sent = togetherBy(reach.rectangles(ids, outside), 'sources', 'destinations');
  const received = togetherBy(reach.rectangles(outside, ids), 'destinations', 'sources');
  const unitsOf = (others: readonly number[]) => others.map((id) => units[id]!) as [Unit, ...Unit[]];
  return newcomers.flatMap((newcomer, id) => [
    ...(sent.get(id) ?? []).map(({ others, ...one }) => ({ ...one, from: [newcomer] as const, to: unitsOf(others) })),
    ...(received.get(id) ?? []).map(({ others, ...one }) => ({
      ...one,
      from: unitsOf(others),
      to: [newcomer] as const,
    })),
  ]);
}

type End = 'sources' | 'destinations';

/** Addresses to which, or from which, the same traffic is open. */
interface Together {
  readonly others: number[];
  readonly family: Family;
  readonly traffic: traffic.TrafficSet;
}

/** The addresses of which the same traffic is open to one end, together: by that end, in order of the first address and the family. */
function togetherBy(rectangles: readonly Rectangle[], own: End, other: End): ReadonlyMap<number, readonly Together[]> {
  const found = new Map<number, Map<string, Together>>();
  for (const rectangle of rectangles) {
    for (const family of FAMILIES) {
      const open = rectangle.decisions[family]?.allowed ?? traffic.NO_TRAFFIC;
      if (traffic.isEmpty(open)) continue;
      const key = `${family} ${traffic.trafficKey(open)}`;
      for (const id of rectangle[own]) {
        const groups = entry(found, id, () => new Map<string, Together>());
        const { others } = entry(groups, key, () => ({ others: [], family, traffic: open }));
        for (const one of rectangle[other]) others.push(one);
      }
    }
  }
  return new Map([...found].map(([id, groups]) => [id, [...groups.values()].map(ascending).sort(byFirst)]));
}

function ascending({ others, ...one }: Together): Together {
  return { ...one, others: others.sort((a, b) => a - b) };
}

function byFirst(a: Together, b: Together): number {
  return a.others[0]! - b.others[0]! || FAMILIES.indexOf(a.family) - FAMILIES.indexOf(b.family);
}

function newcomerOf({ state, context }: World, name: string): Unit | undefined {
  const namespace = state.cluster.namespaces.get(name);
  if (namespace === undefined) return undefined;
  const text = `a new pod of ${name}`;
  const endpoint = possiblePod(context, { key: `newcomer/${name}`, name: text, namespace, labels: {} });
  return { type: 'hypothetical', namespace, text, endpoint };
}
