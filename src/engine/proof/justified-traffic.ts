// What needs justify between two units of a map. Units of addresses may be cut coarser than needs: two neighbours that are
// needed one by one are one range to policies, so needs are added up before they are compared.

import type { Unit } from '../endpoints/unit.ts';
import type { Need } from '../generate/needs.ts';
import { setOf } from '../generate/widen-addresses.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { type Family, type IpSet, ipSetKey, isEmpty, isSubset, ofFamily, overlaps, unionAll } from '../sets/ip-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import type { Court } from './soundness.ts';

/** The traffic that is needed from one unit to another, by their positions, in a family. */
export type Justified = (from: number, to: number, family: Family) => traffic.TrafficSet;

/** A need of which one end is addresses. */
interface AddressNeed {
  readonly set: IpSet;
  /** It is about everybody outside or about nodes, whichever addresses those have: never about pods of their own. */
  readonly isNoPod: boolean;
  readonly need: Need;
}

/** Prepares the answers for all pairs of the units; `nodes` are the addresses of nodes, empty where nothing shows them. */
export function justifiedTraffic(
  units: readonly Unit[],
  needs: readonly Need[],
  { ends }: Pick<Court, 'ends'>,
  nodes: IpSet,
): Justified {
  const byKey = new Map<string, number>();
  for (const [id, unit] of units.entries()) byKey.set(unit.endpoint.key, id);
  const idsOf = (party: Need['from'], end: 'from' | 'to'): readonly number[] =>
    ends(party, end).flatMap(({ key }) => byKey.get(key) ?? []);
  const exact = new Map<number, traffic.TrafficSet>();
  const sumFor = remembered();
  // By the end that is no address.
  const outgoing = new Map<number, AddressNeed[]>();
  const incoming = new Map<number, AddressNeed[]>();
  for (const need of needs) {
    const [from, to] = [
      addressesOf(need.from, ends(need.from, 'from'), nodes),
      addressesOf(need.to, ends(need.to, 'to'), nodes),
    ];
    if (to !== undefined) {
      for (const id of idsOf(need.from, 'from'))
        push(outgoing, id, { set: to, isNoPod: need.to.type !== 'addresses', need });
    } else if (from !== undefined) {
      for (const id of idsOf(need.to, 'to'))
        push(incoming, id, { set: from, isNoPod: need.from.type !== 'addresses', need });
    } else {
      const set = traffic.traffic(need.protocol, ...need.ports);
      for (const source of idsOf(need.from, 'from')) {
        for (const destination of idsOf(need.to, 'to')) {
          const at = source * units.length + destination;
          exact.set(at, traffic.union(exact.get(at) ?? traffic.NO_TRAFFIC, set));
        }
      }
    }
  }
  return (from, to, family) => {
    const known = exact.get(from * units.length + to) ?? traffic.NO_TRAFFIC;
    const [out, into] = [outgoing.get(from), incoming.get(to)];
    const more = [
      ...(out === undefined ? [] : [sumFor(out, units[to]!, family)]),
      ...(into === undefined ? [] : [sumFor(into, units[from]!, family)]),
    ].filter((one) => one !== traffic.NO_TRAFFIC);
    return more.reduce(traffic.union, known);
  };
}

/** Sums that were made before: pods of templates have one set of addresses in common, and many needs are about others. */
function remembered(): (needs: readonly AddressNeed[], unit: Unit, family: Family) => traffic.TrafficSet {
  const reaches = new Map<readonly AddressNeed[], IpSet>();
  // By what they are, as every endpoint has a value of its own.
  const keys = new Map<IpSet, string>();
  const sums = new Map<readonly AddressNeed[], Map<string, traffic.TrafficSet>>();
  return (needs, unit, family) => {
    let reach = reaches.get(needs);
    if (reach === undefined) {
      reach = unionAll(needs.map(({ set }) => set));
      reaches.set(needs, reach);
    }
    const { addresses } = unit.endpoint;
    if (!overlaps(addresses, reach)) return traffic.NO_TRAFFIC;
    let key = keys.get(addresses);
    if (key === undefined) {
      key = ipSetKey(addresses);
      keys.set(addresses, key);
    }
    const own = sums.get(needs) ?? new Map<string, traffic.TrafficSet>();
    sums.set(needs, own);
    const place = `${family} ${isPod(unit)} ${key}`;
    const sum = own.get(place) ?? addedUp(needs, unit, family);
    own.set(place, sum);
    return sum;
  };
}

function isPod({ type, endpoint }: Unit): boolean {
  return type === 'workload' && endpoint.pod !== undefined;
}

/**
 * The addresses that a party stands for; undefined for pods, which have keys. Pods of the host network have those of nodes, and
 * of all of them where they are shown: a DaemonSet is on every node.
 */
function addressesOf(party: Need['from'], found: readonly Endpoint[], nodes: IpSet): IpSet | undefined {
  if (party.type === 'addresses') return setOf(party.cidrs);
  const own = unionAll(found.map(({ addresses }) => addresses));
  if (party.type === 'outside' || party.type === 'node') return own;
  const isOnHosts = party.type === 'workload' && found.length > 0 && found.every(({ pod }) => pod === undefined);
  return isOnHosts ? unionAll([own, nodes]) : undefined;
}

/**
 * Ports of which the needs together name every address that the unit may have in the family. A pod is never outside, even where
 * nobody knows which addresses are pods': a rule for all addresses then opens more than was needed.
 */
function addedUp(needs: readonly AddressNeed[], unit: Unit, family: Family): traffic.TrafficSet {
  const own = ofFamily(unit.endpoint.addresses, family);
  if (isEmpty(own)) return traffic.NO_TRAFFIC;
  const inCluster = isPod(unit);
  let sum = traffic.NO_TRAFFIC;
  for (const protocol of traffic.PROTOCOLS) {
    const mine = needs.filter(({ need, isNoPod }) => need.protocol === protocol && !(isNoPod && inCluster));
    const starts = [...new Set(mine.flatMap(({ need: { ports } }) => [ports[0], ports[1] + 1]))].sort((a, b) => a - b);
    for (const [i, first] of starts.slice(0, -1).entries()) {
      const last = starts[i + 1]! - 1;
      const sets = mine.filter(({ need: { ports } }) => ports[0] <= first && last <= ports[1]).map(({ set }) => set);
      if (sets.length > 0 && isSubset(own, unionAll(sets)))
        sum = traffic.union(sum, traffic.traffic(protocol, first, last));
    }
  }
  return sum;
}

function push(lists: Map<number, AddressNeed[]>, id: number, need: AddressNeed): void {
  const list = lists.get(id);
  if (list === undefined) lists.set(id, [need]);
  else list.push(need);
}
