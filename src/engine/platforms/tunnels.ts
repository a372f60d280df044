// Addresses from which a node reaches pods on other nodes where they are not the node's own: those of tunnels and gateways of
// a plugin, which lie among the pods'. What the plugin writes onto nodes tells them.

import type { Node } from '../model/cluster.ts';
import { parseCidr, printAddress } from '../sets/ip-address.ts';
import { type Known, shown } from './fact.ts';
import { metadataText } from './other-objects.ts';

/** Annotations that hold such an address: https://docs.tigera.io/calico/latest/reference/resources/node. */
const CALICO = [
  'projectcalico.org/IPv4VXLANTunnelAddr',
  'projectcalico.org/IPv4IPIPTunnelAddr',
  'projectcalico.org/IPv6VXLANTunnelAddr',
  'projectcalico.org/IPv4WireguardInterfaceAddr',
] as const;

/** Says that flannel runs with a tunnel of its own: its interface has the first address of the node's pods. */
const FLANNEL_BACKEND = 'flannel.alpha.coreos.com/backend-type';

/** OVN-Kubernetes: the management port has the third address of the node's subnet, after the network's own and the gateway. */
const OVN_SUBNETS = 'k8s.ovn.org/node-subnets';

/** Antrea: its gateway has the second address of the node's pods: https://antrea.io/docs/main/docs/design/architecture/. */
const ANTREA_MARK = 'node.antrea.io/mac-address';

/** The addresses of a node's tunnels and gateways; empty: none that the node shows. */
export function findTunnels(node: Node): readonly Known<string>[] {
  const annotation = (key: string) => metadataText(node.object, 'annotations', key);
  const found: (readonly [address: string, because: string])[] = [];
  for (const key of CALICO) {
    const value = annotation(key);
    if (value !== undefined && value !== '') found.push([value, `annotation ${key}`]);
  }
  const backend = annotation(FLANNEL_BACKEND);
  if (backend !== undefined && backend !== 'host-gw') {
    found.push(...addressesAt(node.podCIDRs, 0).map((one) => [one, `flannel's ${backend} interface`] as const));
  }
  if (annotation(ANTREA_MARK) !== undefined) {
    found.push(...addressesAt(node.podCIDRs, 1).map((one) => [one, 'the gateway of Antrea'] as const));
  }
  const subnets = [...(annotation(OVN_SUBNETS) ?? '').matchAll(/"([0-9a-fA-F.:]+\/\d+)"/g)].map(([, text]) => text!);
  found.push(...addressesAt(subnets, 2).map((one) => [one, 'the management port of OVN-Kubernetes'] as const));
  const place = node.object.locate(['metadata', 'annotations']);
  return found.map(([address, because]) => shown(address, `${because} on node ${node.name}`, place));
}

/** The address at a place from the start of each block. */
function addressesAt(cidrs: readonly string[], place: number): readonly string[] {
  return cidrs.flatMap((text) => {
    const cidr = parseCidr(text);
    if (!cidr.ok) return [];
    if (cidr.family === 'IPv4') return [printAddress('IPv4', cidr.set.v4[0]! + place)];
    return [printAddress('IPv6', cidr.set.v6[0]! + BigInt(place))];
  });
}
