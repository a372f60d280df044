// Of which kind a pod is that comes, or is relabelled, after the endpoints were made: mostly there is one like it, and then
// whatever was compiled for the endpoints holds for the pod.

import type { Pod } from '../model/cluster.ts';
import type { ParsedAddress } from '../sets/ip-address.ts';
import { contains } from '../sets/ip-set.ts';
import { podNumbers } from './pod-numbers.ts';
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
  const numbers = podNumbers(context);
  const looksNamesUpEverywhere = knobs.ingressNamedPorts === 'perPolicy' || knobs.egressNamedPorts === 'clusterWide';
  const standaloneMatters = knobs.standalonePods === 'unknown';
  // The workload of a pod that comes need not be known yet; a pod that nobody owns is its own.
  const markOf = (pod: Pod): string =>
    standaloneMatters && pod.workload === `${pod.namespace}/Pod/${pod.name}` ? 'alone' : '';
  const places: number[] = [];
  pods.forEach((unit, place) => {
    if (unit.type !== 'workload') return;
    const number = numbers.add(unit.pods[0]!, markOf(unit.pods[0]!));
    places[number] ??= place;
  });
  const { plan } = context;
  // All addresses of a pod have to lie where pods were expected, so that nothing else becomes known of any address.
  const isForPods = (address: ParsedAddress) => address.ok && contains(plan.pods, address);
  const isForNodes = (address: ParsedAddress) => address.ok && contains(plan.nodes, address);
  return (pod) => {
    if (looksNamesUpEverywhere && pod.ports.some(({ name }) => name !== undefined)) return undefined;
    const number = numbers.find(pod, markOf(pod), pod.hostNetwork ? isForNodes : isForPods);
    return number === undefined ? undefined : places[number];
  };
}
