// Pods that are not there yet, in namespaces that the plan closes: nobody knows what they need, so nothing may be open to them.

import { compileReach } from '../compile/reach.ts';
import type { FamilyDecisions } from '../compile/rectangle.ts';
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
  const outside = units.slice(newcomers.length).map((_, index) => newcomers.length + index);
  return newcomers.flatMap((newcomer, id) => [
    ...together(units, outside, (other) => reach.decide(id, other)).map((one) => ({
      ...one,
      from: [newcomer] as const,
    })),
    ...together(units, outside, (other) => reach.decide(other, id)).map(({ to, ...one }) => ({
      ...one,
      from: to,
      to: [newcomer] as const,
    })),
  ]);
}

/** The addresses to which the same traffic is open, together. */
function together(
  units: readonly Unit[],
  outside: readonly number[],
  decide: (other: number) => FamilyDecisions,
): Pick<OpenToNewcomer, 'to' | 'family' | 'traffic'>[] {
  const groups = new Map<string, { to: [Unit, ...Unit[]]; family: Family; traffic: traffic.TrafficSet }>();
  for (const other of outside) {
    const decisions = decide(other);
    for (const family of FAMILIES) {
      const open = decisions[family]?.allowed ?? traffic.NO_TRAFFIC;
      if (traffic.isEmpty(open)) continue;
      const key = `${family} ${traffic.trafficKey(open)}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { to: [units[other]!], family, traffic: open });
      else group.to.push(units[other]!);
    }
  }
  return [...groups.values()];
}

function newcomerOf({ state, context }: World, name: string): Unit | undefined {
  const namespace = state.cluster.namespaces.get(name);
  if (namespace === undefined) return undefined;
  const text = `a new pod of ${name}`;
  const endpoint = possiblePod(context, { key: `newcomer/${name}`, name: text, namespace, labels: {} });
  return { type: 'hypothetical', namespace, text, endpoint };
}
