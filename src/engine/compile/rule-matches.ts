// What one rule matches among all endpoints: which peers, on which traffic, surely or perhaps. One family at a time.

import type { Endpoint, UnknownReason } from '../model/endpoint.ts';
import { type Match, type Peer, type Policy, type PortMatch, seesHostNetwork } from '../model/policy.ts';
import { EVERYTHING, selectorKey, selects } from '../model/selector.ts';
import { BitSet } from '../sets/bit-set.ts';
import * as ips from '../sets/ip-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import { type AddressIndex, indexAddresses } from './address-index.ts';
import { anyOf, both, certain, type MatchSet } from './match-set.ts';
import { entry, type SelectorIndex } from './selector-index.ts';

/** Traffic that a list of port entries opens on one destination, surely and perhaps. */
export interface PortTraffic {
  readonly sure: traffic.TrafficSet;
  readonly perhaps: traffic.TrafficSet;
}

/** Looks up peers and ports of rules. */
export interface RuleMatcher {
  peers(peers: Match<Peer>, policy: Policy): MatchSet;
  /** Traffic on one destination. */
  portsOn(ports: Match<PortMatch>, destination: number): PortTraffic;
  /** Groups destinations by what names resolve to; one group where no entry is named. */
  portGroups(ports: Match<PortMatch>): readonly (PortTraffic & { readonly destinations: BitSet })[];
}

/** Prepares look-ups for one family. `universe` bounds all traffic. */
export function matchRules(
  endpoints: readonly Endpoint[],
  selectors: SelectorIndex,
  family: ips.Family,
  universe: traffic.TrafficSet,
): RuleMatcher {
  const size = endpoints.length;
  const everybody = BitSet.full(size);
  const addresses: AddressIndex = indexAddresses(endpoints, family);
  const unidentified = new Map<UnknownReason, BitSet>();
  endpoints.forEach((endpoint, id) => {
    if (endpoint.unidentified !== undefined) entry(unidentified, endpoint.unidentified, () => new BitSet(size)).add(id);
  });
  const nodeSets = new Map<string, MatchSet>();
  const groups = new Map<string, ReturnType<RuleMatcher['portGroups']>>();
  const named: string[] = endpoints.map((endpoint) =>
    endpoint.ports === 'unknown'
      ? '?'
      : endpoint.ports.map((p) => `${p.name ?? ''}/${p.protocol}/${p.number}`).join(' '),
  );

  function peerSet(peer: Exclude<Peer, { type: 'addresses' }>, policy: Policy): MatchSet {
    const known =
      peer.type === 'pods'
        ? selectors.pods(peer.namespaces, peer.pods, seesHostNetwork(policy))
        : peer.type === 'nodes'
          ? entry(nodeSets, `nodes ${selectorKey(peer.nodes)}`, () => matchNodes(endpoints, peer.nodes))
          : entry(nodeSets, 'domains', () => matchOutside(endpoints));
    if (unidentified.size === 0) return known;
    const open: MatchSet = { yes: new BitSet(size), maybe: unidentified };
    const identified = everybody.clone();
    for (const set of unidentified.values()) identified.andNotWith(set);
    return anyOf(size, [both(known, certain(identified)), open]);
  }

  function trafficOf(ports: Match<PortMatch>, destination: Endpoint): PortTraffic {
    if (ports === 'any') return { sure: universe, perhaps: traffic.NO_TRAFFIC };
    if (ports === 'none') return { sure: traffic.NO_TRAFFIC, perhaps: traffic.NO_TRAFFIC };
    let sure = traffic.NO_TRAFFIC;
    let perhaps = traffic.NO_TRAFFIC;
    for (const port of ports) {
      const protocols = port.protocol === 'any' ? traffic.PORT_PROTOCOLS : [port.protocol];
      for (const protocol of protocols) {
        if (port.type === 'all') sure = traffic.union(sure, traffic.allTraffic([protocol]));
        else if (port.type === 'range') sure = traffic.union(sure, traffic.traffic(protocol, port.first, port.last));
        else if (destination.ports === 'unknown') perhaps = traffic.union(perhaps, traffic.allTraffic([protocol]));
        else {
          for (const own of destination.ports) {
            if (own.name !== port.name || own.protocol !== protocol) continue;
            sure = traffic.union(sure, traffic.traffic(protocol, own.number));
          }
        }
      }
    }
    sure = traffic.intersect(sure, universe);
    return { sure, perhaps: traffic.subtract(traffic.intersect(perhaps, universe), sure) };
  }

  return {
    peers(peers, policy) {
      if (peers === 'any') return certain(everybody);
      if (peers === 'none') return certain(new BitSet(size));
      const blocks = peers.flatMap((peer) => (peer.type === 'addresses' ? [peer.addresses] : []));
      const sets = peers.flatMap((peer) => (peer.type === 'addresses' ? [] : [peerSet(peer, policy)]));
      // Blocks of one rule count together: what each covers in part, all may cover whole.
      if (blocks.length > 0) sets.push(addresses.within(blocks.length === 1 ? blocks[0]! : ips.unionAll(blocks)));
      return anyOf(size, sets);
    },
    portsOn: (ports, destination) => trafficOf(ports, endpoints[destination]!),
    portGroups(ports) {
      if (ports === 'any' || ports === 'none' || !ports.some((port) => port.type === 'named')) {
        return [{ ...trafficOf(ports, endpoints[0]!), destinations: everybody }];
      }
      return entry(groups, JSON.stringify(ports.map(portKey)), () => {
        const bySpelling = new Map<string, BitSet>();
        named.forEach((spelling, id) => {
          entry(bySpelling, spelling, () => new BitSet(size)).add(id);
        });
        const byTraffic = new Map<string, PortTraffic & { destinations: BitSet }>();
        for (const destinations of bySpelling.values()) {
          const opened = trafficOf(ports, endpoints[first(destinations)]!);
          const key = `${traffic.trafficKey(opened.sure)}|${traffic.trafficKey(opened.perhaps)}`;
          entry(byTraffic, key, () => ({ ...opened, destinations: new BitSet(size) })).destinations.orWith(
            destinations,
          );
        }
        return [...byTraffic.values()];
      });
    },
  };
}

function portKey(port: PortMatch): unknown {
  if (port.type === 'named') return [port.protocol, port.name];
  return port.type === 'range' ? [port.protocol, port.first, port.last] : [port.protocol];
}

function first(set: BitSet): number {
  let found = -1;
  set.forEach((id) => {
    if (found < 0) found = id;
  });
  return found;
}

/** "nodes: all addresses of matching nodes", and therefore hostNetwork pods seen as their node. */
function matchNodes(endpoints: readonly Endpoint[], selector: Parameters<typeof selects>[0]): MatchSet {
  const all = selectorKey(selector) === selectorKey(EVERYTHING);
  const yes = new BitSet(endpoints.length);
  const maybe = new Map<UnknownReason, BitSet>();
  const open = (reason: UnknownReason, id: number) => entry(maybe, reason, () => new BitSet(endpoints.length)).add(id);
  endpoints.forEach(({ node }, id) => {
    if (node === undefined) return;
    if (!node.certain) open('node-address', id);
    else if (all) yes.add(id);
    else if (node.labels === undefined) open('node-labels', id);
    else if (selects(selector, node.labels)) yes.add(id);
  });
  return { yes, maybe };
}

/** A domain name may stand for any address that is no pod. */
function matchOutside(endpoints: readonly Endpoint[]): MatchSet {
  const open = new BitSet(endpoints.length);
  endpoints.forEach((endpoint, id) => {
    if (endpoint.pod === undefined) open.add(id);
  });
  return { yes: new BitSet(endpoints.length), maybe: open.isEmpty() ? new Map() : new Map([['domain-name', open]]) };
}
