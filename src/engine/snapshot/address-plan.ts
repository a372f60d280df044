// Where the pods, nodes and Services of a snapshot have their addresses: what it shows, what the user says, or what is
// assumed and then named as such.

import type { Knobs } from '../model/behaviour.ts';
import type { AddressPlan, Cluster } from '../model/cluster.ts';
import { parseAddress, parseCidr } from '../sets/ip-address.ts';
import { FAMILIES, type Family, familiesOf, type IpSet, ofFamily, union, unionAll } from '../sets/ip-set.ts';
import { ASSUMED_NODE_RANGES, ASSUMED_POD_RANGES } from '../sets/named-ranges.ts';

/**
 * Plans the addresses of a snapshot (architecture.md, "Addresses of pods"). `--assume` wins over what is seen, and what
 * is seen outside of it extends it: an address that exists cannot be argued away. A range is assumed in the families
 * of which nothing is known; Services without a known address have none, as their addresses are never on the wire
 * behind DNAT.
 */
export function planAddresses(cluster: Cluster, knobs: Knobs): AddressPlan {
  const seen = seenAddresses(cluster);
  const assumed = new Set<AddressPlan['assumed'][number]>();

  let families = knobs.families.length > 0 ? inOrder(knobs.families) : shownFamilies(cluster, seen);
  if (families.length === 0) {
    families = ['IPv4'];
    assumed.add('families');
  }

  const complete = (given: IpSet | undefined, shown: IpSet, fallback: IpSet, knob: 'podCIDRs' | 'nodeCIDRs'): IpSet => {
    let range = given === undefined ? shown : union(given, shown);
    const known = familiesOf(range);
    for (const family of families) {
      if (known.includes(family)) continue;
      range = union(range, ofFamily(fallback, family));
      assumed.add(knob);
    }
    return range;
  };

  const pods = complete(knobs.podCIDRs, union(seen.podCIDRs, seen.pods), ASSUMED_POD_RANGES, 'podCIDRs');
  const nodes = complete(knobs.nodeCIDRs, seen.nodes, ASSUMED_NODE_RANGES, 'nodeCIDRs');
  const services = knobs.serviceCIDRs === undefined ? seen.services : union(knobs.serviceCIDRs, seen.services);
  if (knobs.serviceCIDRs === undefined) assumed.add('serviceCIDRs');
  const order: AddressPlan['assumed'] = ['families', 'podCIDRs', 'nodeCIDRs', 'serviceCIDRs'];
  return { families, pods, services, nodes, assumed: order.filter((knob) => assumed.has(knob)) };
}

interface Seen {
  readonly pods: IpSet;
  readonly podCIDRs: IpSet;
  readonly nodes: IpSet;
  readonly services: IpSet;
}

/** Every address that the snapshot names. Pods of the host network speak with the address of their node. */
function seenAddresses(cluster: Cluster): Seen {
  const pods = new Set<string>();
  const nodes = new Set<string>(cluster.nodes.flatMap((node) => node.addresses));
  for (const pod of cluster.pods) for (const address of pod.addresses) (pod.hostNetwork ? nodes : pods).add(address);
  return {
    pods: addressSet(pods),
    podCIDRs: unionAll(
      cluster.nodes.flatMap((node) =>
        node.podCIDRs.flatMap((text) => {
          const cidr = parseCidr(text);
          return cidr.ok ? [cidr.set] : [];
        }),
      ),
    ),
    nodes: addressSet(nodes),
    services: addressSet(new Set(cluster.services.flatMap((service) => service.clusterIPs))),
  };
}

function addressSet(texts: ReadonlySet<string>): IpSet {
  const v4: number[] = [];
  const v6: bigint[] = [];
  for (const text of texts) {
    const address = parseAddress(text);
    if (!address.ok) continue;
    if (address.family === 'IPv4') v4.push(address.value);
    else v6.push(address.value);
  }
  return unionAll([
    ...v4.map((value): IpSet => ({ v4: [value, value + 1], v6: [] })),
    ...v6.map((value): IpSet => ({ v4: [], v6: [value, value + 1n] })),
  ]);
}

/**
 * The families that pods of the snapshot have. A node's own addresses say nothing of its pods and are not asked, except
 * through pods of the host network where there is no other sign.
 */
function shownFamilies(cluster: Cluster, seen: Seen): readonly Family[] {
  const shown = new Set<Family>([...familiesOf(seen.pods), ...familiesOf(seen.podCIDRs), ...familiesOf(seen.services)]);
  for (const service of cluster.services) for (const family of service.ipFamilies) shown.add(family);
  return inOrder([...shown]);
}

function inOrder(families: readonly Family[]): readonly Family[] {
  return FAMILIES.filter((family) => families.includes(family));
}
