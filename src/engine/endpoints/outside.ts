// Endpoints outside of the pod network: classes of addresses, and nodes.

import type { Node } from '../model/cluster.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { parseAddress, printAddresses, printRanges } from '../sets/ip-address.ts';
import {
  familiesOf,
  type IpSet,
  isEmpty,
  isSubset,
  NO_ADDRESSES,
  singleAddress,
  subtract,
  unionAll,
} from '../sets/ip-set.ts';
import { nameRange } from '../sets/named-ranges.ts';
import { classifyAddresses } from './address-classes.ts';
import { type EndpointContext, inFamilies, seenByBlocks } from './pod-endpoints.ts';
import type { Unit } from './unit.ts';

/**
 * The addresses that a map shows as outside: everything in the snapshot's families but the ranges of pods, nodes and
 * Services. Where the pods' range is only assumed, blocks that policies name within it stay visible: they may be outside.
 */
export function outsideAddresses({ plan, relevance }: EndpointContext): IpSet {
  const everything = inFamilies({ v4: [0, 2 ** 32], v6: [0n, 1n << 128n] }, plan.families);
  const isAssumed = (range: (typeof plan.assumed)[number]) => plan.assumed.includes(range);
  const named = isAssumed('podCIDRs')
    ? unionAll(relevance.blocks.filter((block) => isSubset(block, plan.pods)))
    : NO_ADDRESSES;
  const inside = [
    subtract(plan.pods, named),
    isAssumed('nodeCIDRs') ? NO_ADDRESSES : plan.nodes,
    isAssumed('serviceCIDRs') ? NO_ADDRESSES : plan.services,
  ];
  return subtract(everything, unionAll(inside));
}

/** Splits a set into units that no policy can tell apart. `name` is used where the set is not split. */
export function addressUnits(context: EndpointContext, set: IpSet, name?: string): Unit[] {
  const classes = classifyAddresses(set, context.relevance.blocks);
  return classes.map((one) =>
    addressUnit(context, one, classes.length === 1 ? (name ?? nameRange(one)) : nameRange(one)),
  );
}

/** One address as a unit; nothing can split it, so the blocks of policies are not looked at. */
export function singleAddressUnit(context: EndpointContext, set: IpSet): Unit {
  return addressUnit(context, set, nameRange(set));
}

/** One unit of addresses, whether or not policies can tell them apart. */
export function addressUnit({ plan }: EndpointContext, set: IpSet, name: string | undefined): Unit {
  const ranges = printRanges(set).map(([first, last]) => (first === last ? first : `${first}-${last}`));
  const endpoint: Endpoint = {
    key: `addresses/${ranges.join(',')}`,
    name: name ?? printAddresses(set),
    type: 'addresses',
    addresses: set,
    addressReason: 'client-address',
    families: familiesOf(set),
    ports: [],
    matchesBlocks: 'yes',
    // Without Node objects nobody knows which addresses are nodes.
    ...(plan.assumed.includes('nodeCIDRs') ? { node: { certain: false } } : {}),
  };
  return { type: 'addresses', endpoint, set, ...(name === undefined ? {} : { name }) };
}

/** A node as an end of connections. Its own pods are within reach whatever the policies (semantics 1.8 T1). */
export function nodeUnit({ plan, behaviour }: EndpointContext, node: Node): Unit {
  const known = unionAll(
    node.addresses.map((text) => {
      const parsed = parseAddress(text);
      return parsed.ok ? singleAddress(parsed) : NO_ADDRESSES;
    }),
  );
  const addresses = isEmpty(known) ? inFamilies(plan.nodes, plan.families) : known;
  const endpoint: Endpoint = {
    key: `node/${node.name}`,
    name: `node/${node.name}`,
    type: 'node',
    node: { labels: node.labels, certain: true },
    addresses,
    ...seenByBlocks(behaviour.knobs.ipBlockMatchesNodes, 'node-address'),
    families: familiesOf(addresses),
    ports: [],
    nodeName: node.name,
    ownNode: 'local-node',
  };
  return { type: 'node', endpoint, node };
}
