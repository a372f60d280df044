// Addresses of tunnels: with an overlay network a node reaches pods on other nodes from the address of its tunnel, which lies
// among the pods' and is no Node's. What a plugin writes onto nodes tells them.

import type { Node } from '../model/cluster.ts';
import { parseCidr, printAddress } from '../sets/ip-address.ts';
import { type Known, shown } from './fact.ts';
import { metadataText } from './other-objects.ts';

/** Annotations that hold the address of a tunnel: https://docs.tigera.io/calico/latest/reference/resources/node. */
const CALICO = [
  'projectcalico.org/IPv4VXLANTunnelAddr',
  'projectcalico.org/IPv4IPIPTunnelAddr',
  'projectcalico.org/IPv6VXLANTunnelAddr',
  'projectcalico.org/IPv4WireguardInterfaceAddr',
] as const;

/** Says that flannel runs with a tunnel of its own: its interface has the first address of the node's pods. */
const FLANNEL_BACKEND = 'flannel.alpha.coreos.com/backend-type';

/** The addresses of a node's tunnels; empty: none that the node shows. */
export function findTunnels(node: Node): readonly Known<string>[] {
  const place = node.object.locate(['metadata', 'annotations']);
  const found: Known<string>[] = [];
  for (const key of CALICO) {
    const value = metadataText(node.object, 'annotations', key);
    if (value !== undefined && value !== '') found.push(shown(value, `annotation ${key} of node ${node.name}`, place));
  }
  const backend = metadataText(node.object, 'annotations', FLANNEL_BACKEND);
  if (backend !== undefined && backend !== 'host-gw') {
    for (const text of node.podCIDRs) {
      const cidr = parseCidr(text);
      if (!cidr.ok) continue;
      const first = cidr.family === 'IPv4' ? cidr.set.v4[0]! : cidr.set.v6[0]!;
      found.push(shown(printAddress(cidr.family, first), `flannel's ${backend} interface on node ${node.name}`, place));
    }
  }
  return found;
}
