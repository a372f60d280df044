// Of which kind a pod is that comes, or is relabelled, after the endpoints were made: mostly there is one like it, and then
// whatever was compiled for the endpoints holds for the pod.

import type { Pod } from '../model/cluster.ts';
import { parseAddress } from '../sets/ip-address.ts';
import { contains } from '../sets/ip-set.ts';
import { type EndpointContext, signer } from './pod-endpoints.ts';
import type { World } from './world.ts';

/**
 * The position in {@link World.pods} of a unit whose pods no policy can tell from this one, of whatever workload; of several
 * the first. Undefined: there is none, or the pod changes what is known of others (a name of a port that the plugin looks
 * up on all pods, an address outside of the pods' range), and endpoints have to be made anew. On which node a pod is
 * matters only where policies or the plugin ask.
 */
export type PodPlace = (pod: Pod) => number | undefined;

/** Prepares the look-up; a pod costs about a microsecond. */
export function podPlaces({ context, pods }: World): PodPlace {
  const { knobs } = context.behaviour;
  const sign = signer(context);
  const isInRange = rangeCheck(context);
  const looksNamesUpEverywhere = knobs.ingressNamedPorts === 'perPolicy' || knobs.egressNamedPorts === 'clusterWide';
  const standaloneMatters = knobs.standalonePods === 'unknown';
  const keyOf = (pod: Pod): string => {
    // The workload of a pod that comes need not be known yet; a pod that nobody owns is its own.
    const isAlone = standaloneMatters && pod.workload === `${pod.namespace}/Pod/${pod.name}`;
    return `${pod.namespace} ${isAlone ? '1' : '0'}${sign(pod)}`;
  };
  const places = new Map<string, number>();
  pods.forEach((unit, place) => {
    if (unit.type !== 'workload') return;
    const key = keyOf(unit.pods[0]!);
    if (!places.has(key)) places.set(key, place);
  });
  return (pod) => {
    if (looksNamesUpEverywhere && pod.ports.some(({ name }) => name !== undefined)) return undefined;
    if (!isInRange(pod)) return undefined;
    return places.get(keyOf(pod));
  };
}

/** Whether all addresses of a pod lie where pods were expected, so that nothing else becomes known of any address. */
function rangeCheck(context: EndpointContext): (pod: Pod) => boolean {
  const { pods, nodes } = context.plan;
  return ({ addresses, hostNetwork }) =>
    addresses.every((text) => {
      const address = parseAddress(text);
      return address.ok && contains(hostNetwork ? nodes : pods, address);
    });
}
