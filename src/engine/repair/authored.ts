// Peers, ports and subjects for the ends of a goal, as an author would write them: no wider than needed.

import { toAddressPeer } from '../dialects/decoding/address-block.ts';
import type { Unit } from '../endpoints/unit.ts';
import type { Match, Peer, PortMatch, Subject } from '../model/policy.ts';
import type { Selector } from '../model/selector.ts';
import { blocksOf } from '../sets/address-blocks.ts';
import { type IpSet, NO_ADDRESSES, union } from '../sets/ip-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import type { RepairContext } from './repair-context.ts';
import { selectorOf, selectorOfAll } from './single-out.ts';

/** The label that every namespace carries, with its name. */
export const NAME_LABEL = 'kubernetes.io/metadata.name';

/** Selects exactly the namespaces of these names. */
export function namespacesNamed(names: readonly string[]): Selector {
  return { op: 'and', of: [{ op: 'in', key: NAME_LABEL, values: names }] };
}

/**
 * Peers that mean these units. `home`: the namespace of the policy, where a peer of its own namespace needs no selector
 * for it; absent for cluster-scoped kinds. Undefined where a unit cannot be named: an entry point, a pod on the host
 * network whose addresses are not known.
 */
export function peersFor(
  context: RepairContext,
  units: readonly Unit[],
  home: string | undefined,
): readonly [Peer, ...Peer[]] | undefined {
  const byNamespace = new Map<string, Unit[]>();
  let outside: IpSet = NO_ADDRESSES;
  for (const unit of units) {
    const { pod } = unit.endpoint;
    if (pod !== undefined && !pod.hostNetwork) {
      const own = byNamespace.get(pod.namespace);
      if (own === undefined) byNamespace.set(pod.namespace, [unit]);
      else own.push(unit);
      continue;
    }
    const known = knownAddresses(unit);
    if (known === undefined) return undefined;
    outside = union(outside, known);
  }
  const pods = [...byNamespace].flatMap(([namespace, own]): Peer[] => {
    const namespaces = namespace === home ? { name: namespace } : { selector: namespacesNamed([namespace]) };
    const joint = selectorOfAll(context, own);
    const selectors = joint === undefined ? own.map((unit) => selectorOf(context, unit)) : [joint];
    return selectors.map((selector) => ({ type: 'pods', namespaces, pods: selector, path: [] }));
  });
  const blocks = blocksOf(outside).map(({ cidr, except }) => toAddressPeer(cidr, except, []));
  const [first, ...rest] = [...pods, ...blocks];
  return first === undefined ? undefined : [first, ...rest];
}

/** The addresses by which a rule can name the unit; undefined where they are not known one by one. */
export function knownAddresses(unit: Unit): IpSet | undefined {
  switch (unit.type) {
    case 'addresses':
      return unit.set;
    case 'node':
      return unit.endpoint.addresses;
    case 'workload':
      return unit.pods.every(({ addresses }) => addresses.length > 0) ? unit.endpoint.addresses : undefined;
    default:
      return undefined;
  }
}

/** The pods that a new policy is to be about: those of a unit, in its namespace; undefined for what is no pod. */
export function subjectFor(
  context: RepairContext,
  units: readonly Unit[],
  home: string | undefined,
): Subject | undefined {
  const namespace = units[0]?.endpoint.pod?.namespace;
  if (namespace === undefined || units.some(({ endpoint }) => endpoint.pod?.namespace !== namespace)) return undefined;
  const pods = selectorOfAll(context, units);
  if (pods === undefined) return undefined;
  return { namespaces: home === undefined ? { selector: namespacesNamed([namespace]) } : { name: home }, pods };
}

/** Port entries for the traffic; `any` for all of it, where nothing else is left that one could ask for. */
export function portsFor(set: traffic.TrafficSet): Match<PortMatch> {
  if (traffic.isSubset(traffic.allTraffic(traffic.PORT_PROTOCOLS), set)) return 'any';
  const [first, ...rest] = portEntries(set);
  return first === undefined ? 'none' : [first, ...rest];
}

/** One entry for each range, and one for all ports of a protocol. */
export function portEntries(set: traffic.TrafficSet): readonly PortMatch[] {
  return traffic.PROTOCOLS.flatMap((protocol) => {
    const bounds = set[protocol] ?? [];
    const every = traffic.everyPort(protocol);
    if (bounds.length === 2 && bounds[0] === every[0] && bounds[1] === every[1]) {
      return [{ type: 'all' as const, protocol, path: [] }];
    }
    const entries: PortMatch[] = [];
    for (let i = 0; i < bounds.length; i += 2) {
      entries.push({ type: 'range', protocol, first: bounds[i]!, last: bounds[i + 1]! - 1, path: [] });
    }
    return entries;
  });
}

/** The traffic of port entries, names aside. */
export function trafficOf(ports: readonly PortMatch[]): traffic.TrafficSet {
  return ports.reduce<traffic.TrafficSet>((sum, port) => {
    if (port.protocol === 'any' || port.type === 'named') return sum;
    const own =
      port.type === 'all' ? traffic.allTraffic([port.protocol]) : traffic.traffic(port.protocol, port.first, port.last);
    return traffic.union(sum, own);
  }, traffic.NO_TRAFFIC);
}
