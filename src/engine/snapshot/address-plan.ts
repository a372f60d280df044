// Where the pods, nodes and Services of a snapshot have their addresses: what it shows, what the user says, or what is
// assumed and then named as such.

import type { Knobs } from '../model/behaviour.ts';
import type { AddressPlan, Cluster } from '../model/cluster.ts';
import { parseAddress, parseCidr } from '../sets/ip-address.ts';
import {
  addressSet,
  FAMILIES,
  type Family,
  familiesOf,
  type IpSet,
  NO_ADDRESSES,
  ofFamily,
  union,
  unionAll,
} from '../sets/ip-set.ts';
import { ASSUMED_NODE_RANGES, ASSUMED_POD_RANGES } from '../sets/named-ranges.ts';

/** What of a snapshot has addresses. */
type Addressed = Pick<Cluster, 'pods' | 'nodes' | 'services'>;

/**
 * Plans the addresses of a snapshot (architecture.md, "Addresses of pods"). What is seen outside of a given range extends
 * it: an address that exists cannot be argued away. Ranges of pods are shown by CIDRs, those of nodes by Node objects; a
 * few addresses of pods do not tell where the next pod will be, so the assumption stands beside them. It is made for each
 * family of its own. Services are the addresses seen where no range is given.
 */
export function planAddresses(cluster: Addressed, knobs: Knobs): AddressPlan {
  const seen = seenAddresses(cluster);
  const assumed = new Set<AddressPlan['assumed'][number]>();

  let families = knobs.families.length > 0 ? inOrder(knobs.families) : shownFamilies(cluster, seen);
  if (families.length === 0) {
    families = ['IPv4'];
    assumed.add('families');
  }

  const completed = (shown: IpSet, extra: IpSet, fallback: IpSet, knob: 'podCIDRs' | 'nodeCIDRs'): IpSet => {
    const known = familiesOf(shown);
    const missing = families.filter((family) => !known.includes(family));
    if (missing.length > 0) assumed.add(knob);
    return unionAll([shown, extra, ...missing.map((family) => ofFamily(fallback, family))]);
  };

  const pods = completed(knobs.podCIDRs ?? seen.podCIDRs, seen.pods, ASSUMED_POD_RANGES, 'podCIDRs');
  const shownNodes = union(knobs.nodeCIDRs ?? NO_ADDRESSES, seen.nodes);
  const nodes = completed(shownNodes, seen.hostPods, ASSUMED_NODE_RANGES, 'nodeCIDRs');
  const services = union(knobs.serviceCIDRs ?? NO_ADDRESSES, seen.services);
  if (knobs.serviceCIDRs === undefined) assumed.add('serviceCIDRs');
  const order: AddressPlan['assumed'] = ['families', 'podCIDRs', 'nodeCIDRs', 'serviceCIDRs'];
  return { families, pods, services, nodes, assumed: order.filter((knob) => assumed.has(knob)) };
}

interface Seen {
  readonly pods: IpSet;
  /** Of pods of the host network: addresses of nodes, but perhaps not of all. */
  readonly hostPods: IpSet;
  readonly podCIDRs: IpSet;
  readonly nodes: IpSet;
  readonly services: IpSet;
}

/** Every address that the snapshot names. */
function seenAddresses(cluster: Addressed): Seen {
  const pods: string[] = [];
  const hostPods: string[] = [];
  for (const pod of cluster.pods)
    for (const address of pod.addresses) (pod.hostNetwork ? hostPods : pods).push(address);
  return {
    pods: setOfTexts(pods),
    hostPods: setOfTexts(hostPods),
    podCIDRs: unionAll(
      cluster.nodes.flatMap((node) =>
        node.podCIDRs.flatMap((text) => {
          const cidr = parseCidr(text);
          return cidr.ok ? [cidr.set] : [];
        }),
      ),
    ),
    nodes: setOfTexts(cluster.nodes.flatMap((node) => node.addresses)),
    services: setOfTexts(cluster.services.flatMap((service) => service.clusterIPs)),
  };
}

function setOfTexts(texts: Iterable<string>): IpSet {
  const v4: number[] = [];
  const v6: bigint[] = [];
  for (const text of texts) {
    const address = parseAddress(text);
    if (!address.ok) continue;
    if (address.family === 'IPv4') v4.push(address.value);
    else v6.push(address.value);
  }
  return addressSet(v4, v6);
}

/** The families that pods of the snapshot have. A node's own addresses say nothing of its pods and are not asked. */
function shownFamilies(cluster: Addressed, seen: Seen): readonly Family[] {
  const shown = new Set<Family>([...familiesOf(seen.pods), ...familiesOf(seen.podCIDRs), ...familiesOf(seen.services)]);
  for (const service of cluster.services) for (const family of service.ipFamilies) shown.add(family);
  return inOrder([...shown]);
}

function inOrder(families: readonly Family[]): readonly Family[] {
  return FAMILIES.filter((family) => families.includes(family));
}
