// The grid of profiles that OVN-Kubernetes is scaled with, each up to the number of policies that it was seen to handle.

import { type ScaleProfile, scaleProfile } from '../shapes/ovn-kubernetes-shape.ts';
import type { Item } from './item.ts';
import { shapeItem } from './shape-item.ts';

/** LOCAL_PODS-SINGLE_PORTS-PORT_RANGES-POD_SELECTORS-PEER_NAMESPACES-PEER_PODS-CIDRS, and policies. */
const GRID: readonly (readonly [string, number])[] = [
  ['1-0-0-0-0-0-1', 100_000],
  ['1-0-0-1-0-0-1', 90_000],
  ['1-1-0-0-1-3-0', 80_000],
  ['1-1-0-0-1-3-1', 60_000],
  ['10-0-0-0-0-0-1', 50_000],
  ['1-1-0-0-10-10-0', 30_000],
  ['1-0-0-0-0-0-10', 20_000],
  ['10-1-0-0-10-10-1', 5_000],
];

/** One item a profile. */
export const OVN_KUBERNETES_ITEMS: readonly Item[] = GRID.map(([name, policies]) =>
  shapeItem({
    id: `ovn-kubernetes/${name}`,
    title: `all pairs of the scale profile ${name}, in process`,
    largest: policies,
    smoke: [400, 1600],
    text: (size) => `${size} policies`,
    draw: (size) => scaleProfile(profileOf(name), size),
  }),
);

/**
 * The profile of a name. The csv has profiles with peers and no selectors ("0-1-3"): these are one rule with a selector, or
 * nothing would select the peers.
 */
function profileOf(name: string): ScaleProfile {
  const [localPods, singlePorts, portRanges, podSelectors, peerNamespaces, peerPods, cidrs] = name
    .split('-')
    .map(Number);
  return {
    localPods: localPods!,
    singlePorts: singlePorts!,
    portRanges: portRanges!,
    podSelectors: peerPods! > 0 ? Math.max(podSelectors!, 1) : podSelectors!,
    peerNamespaces: peerNamespaces!,
    peerPods: peerPods!,
    cidrs: cidrs!,
  };
}
