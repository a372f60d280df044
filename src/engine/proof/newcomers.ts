// Pods that are not there yet, in namespaces that the plan closes: nobody knows what they need, so nothing may be open to them.

import { possiblePod } from '../endpoints/possible-pod.ts';
import type { Unit } from '../endpoints/unit.ts';
import type { World } from '../endpoints/world.ts';
import { commonFamilies, evaluatePorts } from '../evaluate/cases.ts';
import type { Family } from '../sets/ip-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import { PORT_PROTOCOLS } from '../sets/traffic-set.ts';
import type { Court } from './soundness.ts';

/** Traffic between a pod without labels and addresses outside that is surely allowed. */
export interface OpenToNewcomer {
  readonly from: Unit;
  readonly to: Unit;
  readonly family: Family;
  readonly traffic: traffic.TrafficSet;
}

/** What a new pod without labels may do outside and what may come to it, in each of these namespaces. Empty: nothing. */
export function openToNewcomers(
  world: World,
  namespaces: readonly string[],
  { near, knobs }: Pick<Court, 'near' | 'knobs'>,
): readonly OpenToNewcomer[] {
  const outside = world.outside();
  const found: OpenToNewcomer[] = [];
  for (const name of namespaces) {
    const newcomer = newcomerOf(world, name);
    if (newcomer === undefined) continue;
    for (const [from, to] of outside.flatMap((unit) => [[newcomer, unit] as const, [unit, newcomer] as const])) {
      const pair = { from: from.endpoint, to: to.endpoint };
      const rules = { placement: near(pair.from, pair.to), knobs };
      for (const family of commonFamilies(pair.from, pair.to)) {
        const open = PORT_PROTOCOLS.flatMap((protocol) =>
          [...evaluatePorts(rules, pair, family, protocol)].flatMap(({ first, last, trace }) =>
            trace.verdict === 'allowed' ? [traffic.traffic(protocol, first, last)] : [],
          ),
        ).reduce<traffic.TrafficSet>((sum, one) => traffic.union(sum, one), traffic.NO_TRAFFIC);
        if (!traffic.isEmpty(open)) found.push({ from, to, family, traffic: open });
      }
    }
  }
  return found;
}

function newcomerOf({ state, context }: World, name: string): Unit | undefined {
  const namespace = state.cluster.namespaces.get(name);
  if (namespace === undefined) return undefined;
  const text = `a new pod of ${name}`;
  const endpoint = possiblePod(context, { key: `newcomer/${name}`, name: text, namespace, labels: {} });
  return { type: 'hypothetical', namespace, text, endpoint };
}
