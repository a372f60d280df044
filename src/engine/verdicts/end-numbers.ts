// From names and addresses to the numbers of ends, apart from the verdicts: whoever has many flows resolves each name once.
// What is not surely one end is -1, never a guess.

import type { World } from '../endpoints/world.ts';
import { parseAddress } from '../sets/ip-address.ts';
import { balancerAddresses } from '../snapshot/balancer-addresses.ts';
import { type AddressTable, addressTable, type NumberedAddress, type NumberedStretch } from './address-table.ts';
import type { NumberedEnds } from './numbered-ends.ts';

/** Finds numbers of ends. -1 everywhere: there is none, or more than one, and verdicts on it are unknown. */
export interface EndNumbers {
  /** A pod that exists, by namespace and name. */
  pod(namespace: string, name: string): number;
  /**
   * Pods of a workload as one end, by its key (`shop/Deployment.apps/web`). -1 also where policies can tell its pods apart:
   * ask about one of them.
   */
  workload(key: string): number;
  /** A node by its name. */
  node(name: string): number;
  /**
   * Who has an address, as a text: a pod, a node, or the class of addresses outside that it belongs to. -1: a Service's, one
   * of several owners, an address of the cluster's ranges that nobody is known to have, or no address at all.
   */
  address(text: string): number;
  /** As {@link EndNumbers.address}; the address as a number from 0 to 2^32 - 1. */
  ipv4(address: number): number;
  /** As {@link EndNumbers.address}; the address as a number. */
  ipv6(address: bigint): number;
}

/** Prepares look-ups; each table is made when it is first asked. */
export function endNumbers(world: World, ends: NumberedEnds): EndNumbers {
  const { cluster } = world.state;
  const pods = once(() => {
    const numbers = new Map<string, number>();
    for (const pod of cluster.pods) {
      if (pod.real) note(numbers, `${pod.namespace}/${pod.name}`, ends.ofPod(pod) ?? -1);
    }
    return numbers;
  });
  const workloads = once(() => {
    const numbers = new Map<string, number>();
    ends.units.forEach((unit, position) => {
      if (unit.type === 'workload') note(numbers, unit.workload.key, ends.ofUnit(position));
    });
    return numbers;
  });
  const nodes = once(() => {
    const numbers = new Map<string, number>();
    ends.units.forEach((unit, position) => {
      if (unit.type === 'node') note(numbers, unit.node.name, ends.ofUnit(position));
    });
    return numbers;
  });
  const addresses = once(() => addressesOf(world, ends, nodes()));
  return {
    pod: (namespace, name) => pods().get(`${namespace}/${name}`) ?? -1,
    workload: (key) => workloads().get(key) ?? -1,
    node: (name) => nodes().get(name) ?? -1,
    address(text) {
      const address = parseAddress(text);
      if (!address.ok) return -1;
      return address.family === 'IPv4' ? addresses().ipv4(address.value) : addresses().ipv6(address.value);
    },
    ipv4: (address) => addresses().ipv4(address),
    ipv6: (address) => addresses().ipv6(address),
  };
}

function addressesOf({ state }: World, ends: NumberedEnds, nodes: ReadonlyMap<string, number>): AddressTable {
  const { cluster } = state;
  const owners = new Map<number | bigint, number>();
  const own = (text: string, number: number) => {
    const address = parseAddress(text);
    if (address.ok) note(owners, address.value, number);
  };
  for (const node of cluster.nodes) for (const text of node.addresses) own(text, nodes.get(node.name) ?? -1);
  const onNodes = new Set(cluster.nodes.flatMap((node) => node.addresses));
  for (const pod of cluster.pods) {
    for (const text of pod.addresses) {
      if (!pod.hostNetwork) own(text, ends.ofPod(pod) ?? -1);
      // Of a node that is known by its pods only: it may be any of them, or the node.
      else if (!onNodes.has(text)) own(text, -1);
    }
  }
  for (const service of cluster.services) {
    for (const text of [...service.clusterIPs, ...service.externalIPs, ...balancerAddresses(service)]) own(text, -1);
  }
  const v4: NumberedStretch<number>[] = [];
  const v6: NumberedStretch<bigint>[] = [];
  ends.units.forEach((unit, position) => {
    if (unit.type !== 'addresses') return;
    const number = ends.ofUnit(position);
    const { set } = unit;
    for (let i = 0; i < set.v4.length; i += 2) v4.push({ start: set.v4[i]!, end: set.v4[i + 1]!, number });
    for (let i = 0; i < set.v6.length; i += 2) v6.push({ start: set.v6[i]!, end: set.v6[i + 1]!, number });
  });
  const list = [...owners].map(([address, number]): NumberedAddress => ({ address, number }));
  return addressTable(list, { v4, v6 });
}

/** Writes a number down; of two different ones nobody knows which is meant. */
function note<K>(numbers: Map<K, number>, key: K, number: number): void {
  const before = numbers.get(key);
  numbers.set(key, before === undefined || before === number ? number : -1);
}

function once<T extends object>(make: () => T): () => T {
  let value: T | undefined;
  return () => {
    value ??= make();
    return value;
  };
}
