// What one rule matches among all endpoints: which peers, on which traffic, surely or perhaps. One family at a time.

import type { Endpoint, UnknownReason } from '../model/endpoint.ts';
import { type Match, type Peer, type Policy, type PortMatch, seesHostNetwork } from '../model/policy.ts';
import { EVERYTHING, selectorKey, selects } from '../model/selector.ts';
import { EMPTY, everyId, type IdSet, idSet, unionAll } from '../sets/id-set.ts';
import * as ips from '../sets/ip-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import { type AddressIndex, indexAddresses } from './address-index.ts';
import { entry } from './entry.ts';
import { anyOf, both, certain, type MatchSet, openBy, partly } from './match-set.ts';
import { ANY_NUMBER, numberedMap } from './numbered-map.ts';
import type { SelectorIndex } from './selector-index.ts';

/** Traffic that a list of port entries opens on one destination, surely and perhaps. */
export interface PortTraffic {
  readonly sure: traffic.TrafficSet;
  readonly perhaps: traffic.TrafficSet;
}

/** Looks up peers and ports of rules. The same list is worked out once. */
export interface RuleMatcher {
  peers(peers: Match<Peer>, policy: Policy): MatchSet;
  /** Traffic on one destination. */
  portsOn(ports: Match<PortMatch>, destination: number): PortTraffic;
  /** Groups destinations by what names resolve to; absent destinations are all, where no entry is named. */
  portGroups(ports: Match<PortMatch>): readonly (PortTraffic & { readonly destinations?: IdSet })[];
  /** A number that is equal for endpoints whose ports have the same names. */
  namesAt(destination: number): number;
}

/** Prepares look-ups for families; what does not depend on the family is worked out once. `universe` bounds all traffic. */
export function matchRules(
  endpoints: readonly Endpoint[],
  selectors: SelectorIndex,
  universe: traffic.TrafficSet,
): (family: ips.Family) => RuleMatcher {
  const everybody = everyId(endpoints.length);
  const { unidentified, identified } = splitByIdentity(endpoints);
  const perhapsSelected = openBy(endpoints, (endpoint) => endpoint.perhapsSelected);
  const nodeSets = new Map<string, MatchSet>();
  const namedSets = emptyPeerSets();
  const ports = matchPorts(endpoints, universe);

  function podSet(peer: Peer & { type: 'pods' }, policy: Policy): MatchSet {
    const known = selectors.pods(peer.namespaces, peer.pods, seesHostNetwork(policy));
    if (perhapsSelected.size === 0 || !seesHostNetwork(policy)) return known;
    return anyOf([known, { yes: EMPTY, maybe: perhapsSelected }]);
  }

  function peerSet(peer: Exclude<Peer, { type: 'addresses' }>, policy: Policy): MatchSet {
    const known =
      peer.type === 'pods'
        ? podSet(peer, policy)
        : peer.type === 'nodes'
          ? entry(nodeSets, `nodes ${selectorKey(peer.nodes)}`, () => matchNodes(endpoints, peer.nodes))
          : entry(nodeSets, 'domains', () => matchOutside(endpoints));
    if (unidentified.size === 0) return known;
    return anyOf([both(known, certain(identified)), { yes: EMPTY, maybe: unidentified }]);
  }

  return (family) => {
    const addresses: AddressIndex = indexAddresses(endpoints, family);
    const addressed = emptyPeerSets();
    return {
      ...ports,
      peers(peers, policy) {
        if (peers === 'any') return certain(everybody);
        if (peers === 'none') return certain(EMPTY);
        const known = hasBlocks(peers) ? addressed : namedSets;
        return entry(known[seesHostNetwork(policy) ? 'seeing' : 'blind'], peers, () => {
          const blocks = peers.flatMap((peer) => (peer.type === 'addresses' ? [peer.addresses] : []));
          const sets = peers.flatMap((peer) => (peer.type === 'addresses' ? [] : [peerSet(peer, policy)]));
          // Blocks of one rule count together: what each covers in part, all may cover whole.
          if (blocks.length > 0) sets.push(addresses.within(blocks.length === 1 ? blocks[0]! : ips.unionAll(blocks)));
          return anyOf(sets);
        });
      },
    };
  };
}

/** What lists of peers match, by whether hostNetwork pods are seen. */
function emptyPeerSets() {
  return { seeing: new Map<Match<Peer>, MatchSet>(), blind: new Map<Match<Peer>, MatchSet>() };
}

/** Looks up ports; they mean the same in every family. */
function matchPorts(endpoints: readonly Endpoint[], universe: traffic.TrafficSet): Omit<RuleMatcher, 'peers'> {
  const portSets = numberedMap<Match<PortMatch>, PortTraffic>();
  // Lists that say the same share one object, which is then not compared again.
  const plain = new Map<string, PortTraffic>();
  const groups = new Map<string, ReturnType<RuleMatcher['portGroups']>>();
  const groupsOf = new Map<Match<PortMatch>, ReturnType<RuleMatcher['portGroups']>>();
  const spellings = new Map<string, number[]>();
  let spelledSets: readonly IdSet[] | undefined;
  const spelledAs = endpoints.map((endpoint, id) => {
    const spelling =
      endpoint.ports === 'unknown'
        ? '?'
        : endpoint.ports.map((port) => `${port.name ?? ''}/${port.protocol}/${port.number}`).join(' ');
    const members = entry(spellings, spelling, () => []);
    members.push(id);
    return members[0]!;
  });

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
    portsOn(ports, destination) {
      const names = hasNames(ports) ? spelledAs[destination]! : ANY_NUMBER;
      return portSets.entry(ports, names, () => {
        const make = () => trafficOf(ports, endpoints[destination]!);
        return names === ANY_NUMBER ? entry(plain, spell(ports), make) : make();
      });
    },
    namesAt: (destination) => spelledAs[destination]!,
    portGroups(ports) {
      if (!hasNames(ports)) return [this.portsOn(ports, 0)];
      spelledSets ??= [...spellings.values()].map(idSet);
      const spelled = spelledSets;
      const make = () => {
        const names = namesIn(ports);
        const alike = new Map<string, IdSet[]>();
        for (const one of spelled) entry(alike, resolvedBy(endpoints[one[0]!]!, names), () => []).push(one);
        const byTraffic = new Map<string, PortTraffic & { readonly members: IdSet[] }>();
        for (const members of alike.values()) {
          const opened = trafficOf(ports, endpoints[members[0]![0]!]!);
          const key = `${traffic.trafficKey(opened.sure)}|${traffic.trafficKey(opened.perhaps)}`;
          entry(byTraffic, key, () => ({ ...opened, members: [] })).members.push(...members);
        }
        return [...byTraffic.values()].map(({ sure, perhaps, members }) => {
          return { sure, perhaps, destinations: unionAll(members) };
        });
      };
      return entry(groupsOf, ports, () => entry(groups, JSON.stringify(ports.map(portKey)), make));
    },
  };
}

/** Reports whether the list is one of pods alone; the list that matches nobody is, too. */
export function namesOnlyPods(peers: Match<Peer>): boolean {
  return typeof peers === 'string' ? peers === 'none' : peers.every((peer) => peer.type === 'pods');
}

/** Reports whether some entry names addresses. */
export function hasBlocks(peers: Match<Peer>): boolean {
  return typeof peers !== 'string' && peers.some((peer) => peer.type === 'addresses');
}

/** Reports whether what the entries open depends on the destination. */
export function hasNames(ports: Match<PortMatch>): ports is readonly [PortMatch, ...PortMatch[]] {
  return typeof ports !== 'string' && ports.some((port) => port.type === 'named');
}

/** Endpoints whose identity is open, by reason, and all others. */
function splitByIdentity(endpoints: readonly Endpoint[]): {
  readonly unidentified: MatchSet['maybe'];
  readonly identified: IdSet;
} {
  const identified = endpoints.flatMap(({ unidentified }, id) => (unidentified === undefined ? [id] : []));
  return { unidentified: openBy(endpoints, (endpoint) => endpoint.unidentified), identified: idSet(identified) };
}

/** Equal for lists without names that say the same in the same order. */
function spell(ports: Match<PortMatch>): string {
  if (typeof ports === 'string') return ports;
  let text = '';
  for (const port of ports) text += `${port.protocol}${port.type === 'range' ? `${port.first}-${port.last}` : ''} `;
  return text;
}

function namesIn(ports: readonly PortMatch[]): ReadonlySet<string> {
  return new Set(ports.flatMap((port) => (port.type === 'named' ? [port.name] : [])));
}

/** The ports of the destination that have one of the names, as a text: all that a list with these names opens there follows. */
function resolvedBy({ ports }: Endpoint, names: ReadonlySet<string>): string {
  if (ports === 'unknown') return '?';
  let text = '';
  for (const { name, protocol, number } of ports) {
    if (name !== undefined && names.has(name)) text += `${name}/${protocol}/${number} `;
  }
  return text;
}

function portKey(port: PortMatch): unknown {
  if (port.type === 'named') return [port.protocol, port.name];
  return port.type === 'range' ? [port.protocol, port.first, port.last] : [port.protocol];
}

/** "nodes: all addresses of matching nodes", and therefore hostNetwork pods seen as their node. */
function matchNodes(endpoints: readonly Endpoint[], selector: Parameters<typeof selects>[0]): MatchSet {
  const all = selectorKey(selector) === selectorKey(EVERYTHING);
  const yes: number[] = [];
  const maybe = new Map<UnknownReason, number[]>();
  const open = (reason: UnknownReason, id: number) => entry(maybe, reason, () => []).push(id);
  endpoints.forEach(({ node }, id) => {
    if (node === undefined) return;
    if (!node.certain) open('node-address', id);
    else if (all) yes.push(id);
    else if (node.labels === undefined) open('node-labels', id);
    else if (selects(selector, node.labels)) yes.push(id);
  });
  return { yes: idSet(yes), maybe: new Map([...maybe].map(([reason, ids]) => [reason, idSet(ids)])) };
}

/** A domain name may stand for any address that is no pod. */
function matchOutside(endpoints: readonly Endpoint[]): MatchSet {
  const open = endpoints.flatMap((endpoint, id) => (endpoint.pod === undefined ? [id] : []));
  return partly(EMPTY, 'domain-name', idSet(open));
}
