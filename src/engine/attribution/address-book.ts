// Whose addresses the snapshot shows: pods, nodes and Services by address, and the ranges in which their like may be.
// Knows no flow.

import type { Knobs } from '../model/behaviour.ts';
import type { AddressPlan, Cluster, Pod, Service, ServicePort } from '../model/cluster.ts';
import { parseAddress, parseCidr } from '../sets/ip-address.ts';
import { contains, type Family, type IpSet, intersect, NO_ADDRESSES, union, unionAll } from '../sets/ip-set.ts';
import { ASSUMED_POD_RANGES } from '../sets/named-ranges.ts';
import { balancerAddresses } from '../snapshot/balancer-addresses.ts';
import { type HostPort, hostPortsOf } from './host-ports.ts';

/** An address as a number. */
export interface NumericAddress {
  readonly family: Family;
  readonly value: number | bigint;
}

/** The addresses of a snapshot. Texts are canonical. */
export interface AddressBook {
  /** Pods with an address of their own; more than one where the snapshot is at odds with itself. */
  pods(address: string): readonly Pod[];
  /** The name of the node with this address, also where only its hostNetwork pods show it. */
  node(address: string): string | undefined;
  /** The name of the only node whose pods have their addresses around this one: a node's own address there is its. */
  nodeOfPods(address: NumericAddress): string | undefined;
  /** hostNetwork pods that speak with this address. */
  hostPods(address: string): readonly Pod[];
  /** Services that may be called at this address: cluster, external and load balancer addresses. */
  services(address: string): readonly Service[];
  /** Services that a node passes on at this port of its own. */
  nodePort(protocol: string, port: number): readonly { readonly service: Service; readonly port: ServicePort }[];
  /**
   * Pods that a node passes on to at this port of its own (hostPort). Of a node that runs some of them only those; where it
   * runs none, or nobody knows which node it is, those that are on no node yet, or all of them.
   */
  hostPort(
    protocol: string,
    port: number,
    at: { readonly node?: string; readonly address?: string },
  ): readonly HostPort[];
  /** `sure`: only pods have addresses there; `perhaps`: pods are assumed to; `no`: none. */
  isPodRange(address: NumericAddress): 'sure' | 'perhaps' | 'no';
  /** Whether it lies between the addresses of Services that the snapshot shows, or in their range where that is given. */
  isServiceRange(address: NumericAddress): boolean;
}

/** Writes down the addresses of a snapshot. */
export function addressBook(
  { cluster, plan }: { readonly cluster: Cluster; readonly plan: AddressPlan },
  knobs: Knobs,
): AddressBook {
  const pods = new Map<string, Pod[]>();
  const hostPods = new Map<string, Pod[]>();
  const nodes = new Map<string, string>();
  const services = new Map<string, Service[]>();
  const nodePorts = new Map<string, { service: Service; port: ServicePort }[]>();
  const hostPorts = new Map<string, HostPort[]>();
  for (const pod of cluster.pods) {
    for (const address of pod.addresses) append(pod.hostNetwork ? hostPods : pods, address, pod);
    for (const port of hostPortsOf(pod)) append(hostPorts, `${port.protocol}/${port.onNode}`, port);
  }
  for (const [address, found] of hostPods) {
    const name = found[0]!.node;
    if (name !== undefined) nodes.set(address, name);
  }
  for (const node of cluster.nodes) for (const address of node.addresses) nodes.set(address, node.name);
  for (const service of cluster.services) {
    const own = new Set([...service.clusterIPs, ...service.externalIPs, ...balancerAddresses(service)]);
    for (const address of own) append(services, address, service);
    for (const port of service.ports) {
      if (port.nodePort !== undefined) append(nodePorts, `${port.protocol}/${port.nodePort}`, { service, port });
    }
  }
  const ranges = cluster.nodes.map((node) => ({ name: node.name, set: unionAll(node.podCIDRs.flatMap(cidrSet)) }));
  const shown = unionAll(ranges.map(({ set }) => set));
  const sure = knobs.podCIDRs === undefined ? shown : union(knobs.podCIDRs, shown);
  const assumed = plan.assumed.includes('podCIDRs') ? intersect(ASSUMED_POD_RANGES, plan.pods) : sure;
  // A pod outside of the ranges that are shown has its address from some other, and so have its like that are gone.
  const perhaps = union(assumed, aroundStrays(pods.keys(), sure));
  const serviceRange = knobs.serviceCIDRs ?? spanOf(cluster.services.flatMap(({ clusterIPs }) => clusterIPs));
  return {
    pods: (address) => pods.get(address) ?? [],
    node: (address) => nodes.get(address),
    nodeOfPods(address) {
      const [only, ...more] = ranges.filter(({ set }) => contains(set, address));
      return more.length === 0 ? only?.name : undefined;
    },
    hostPods: (address) => hostPods.get(address) ?? [],
    services: (address) => services.get(address) ?? [],
    nodePort: (protocol, port) => nodePorts.get(`${protocol}/${port}`) ?? [],
    hostPort(protocol, port, { node, address }) {
      const all = (hostPorts.get(`${protocol}/${port}`) ?? []).filter(
        (one) => one.address === undefined || address === undefined || one.address === address,
      );
      if (node === undefined) return all;
      const own = all.filter(({ pod }) => pod.node === node);
      return own.length > 0 ? own : all.filter(({ pod }) => pod.node === undefined);
    },
    isPodRange: (address) => (contains(sure, address) ? 'sure' : contains(perhaps, address) ? 'perhaps' : 'no'),
    isServiceRange: (address) => contains(serviceRange, address),
  };
}

function cidrSet(text: string): readonly IpSet[] {
  const cidr = parseCidr(text);
  return cidr.ok ? [cidr.set] : [];
}

/** Of which pods' addresses are taken where nothing shows their ranges; the first that holds an address counts. */
const POD_SPACES: readonly IpSet[] = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  'fc00::/7',
].flatMap(cidrSet);

/** Addresses of the same networks, as far as anybody knows, as those of pods that no range of pods holds. */
function aroundStrays(texts: Iterable<string>, sure: IpSet): IpSet {
  let around = NO_ADDRESSES;
  for (const text of texts) {
    const address = parseAddress(text);
    if (!address.ok || contains(sure, address) || contains(around, address)) continue;
    const space = POD_SPACES.find((one) => contains(one, address));
    const own = space === undefined ? cidrSet(`${text}/${address.family === 'IPv4' ? 16 : 64}`) : [space];
    around = unionAll([around, ...own]);
  }
  return around;
}

/** From the lowest to the highest address of each family: nobody but Services has one in between. */
function spanOf(texts: readonly string[]): IpSet {
  let v4: [number, number] | undefined;
  let v6: [bigint, bigint] | undefined;
  for (const text of texts) {
    const address = parseAddress(text);
    if (!address.ok) continue;
    const { value } = address;
    if (typeof value === 'number') v4 = [Math.min(v4?.[0] ?? value, value), Math.max(v4?.[1] ?? 0, value + 1)];
    else
      v6 = [v6 === undefined || value < v6[0] ? value : v6[0], v6 === undefined || value >= v6[1] ? value + 1n : v6[1]];
  }
  return { v4: v4 ?? [], v6: v6 ?? [] };
}

/** Adds to one of many lists. */
export function append<K, T>(lists: Map<K, T[]>, key: K, item: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}
