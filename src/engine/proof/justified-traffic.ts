// What needs justify between two units of a map. Units of addresses may be cut coarser than needs: two neighbours that are
// needed one by one are one range to policies, so needs are added up before they are compared.

import { entry } from '../compile/entry.ts';
import type { Unit } from '../endpoints/unit.ts';
import type { Need } from '../generate/needs.ts';
import { setOf } from '../generate/widen-addresses.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { FAMILIES, type Family, type IpSet, ipSetKey, isEmpty, isSubset, ofFamily, unionAll } from '../sets/ip-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import type { TrafficTable } from '../sets/traffic-table.ts';
import type { Court } from './soundness.ts';

/** The traffic that is needed from one unit in a family, to each other one, by their positions. */
export type Justified = (from: number, family: Family) => (to: number) => traffic.TrafficSet;

/** A need of which one end is addresses. */
interface AddressNeed {
  readonly set: IpSet;
  /** It is about everybody outside or about nodes, whichever addresses those have: never about pods of their own. */
  readonly isNoPod: boolean;
  readonly need: Need;
}

/**
 * Prepares the answers for all pairs of the units, as unique values of the table; `nodes` are the addresses of nodes, empty where
 * nothing shows them.
 */
export function justifiedTraffic(
  units: readonly Unit[],
  needs: readonly Need[],
  { ends }: Pick<Court, 'ends'>,
  nodes: IpSet,
  table: TrafficTable,
): Justified {
  const byKey = new Map<string, number>();
  for (const [id, unit] of units.entries()) byKey.set(unit.endpoint.key, id);
  const idsOf = (party: Need['from'], end: 'from' | 'to'): readonly number[] =>
    ends(party, end).flatMap(({ key }) => byKey.get(key) ?? []);
  // By the source, then by the destination.
  const exact = new Map<number, Map<number, traffic.TrafficSet>>();
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
      const set = table.unique(traffic.traffic(need.protocol, ...need.ports));
      for (const source of idsOf(need.from, 'from')) {
        const own = entry(exact, source, () => new Map());
        for (const destination of idsOf(need.to, 'to')) {
          own.set(destination, table.union(own.get(destination) ?? traffic.NO_TRAFFIC, set));
        }
      }
    }
  }
  const [sumTo, sumFrom] = [outgoing, incoming].map((needsOf) => sums(units, needsOf, table)) as [Sum, Sum];
  return (from, family) => {
    const own = exact.get(from);
    return (to) => {
      const known = own?.get(to) ?? traffic.NO_TRAFFIC;
      return table.union(table.union(known, sumTo(from, to, family)), sumFrom(to, from, family));
    };
  };
}

/** What the address needs of one unit add up to for another, whose addresses they may be about. */
type Sum = (owner: number, other: number, family: Family) => traffic.TrafficSet;

/**
 * Sums, each made once: units that need the same (every pod is probed by its node) share a list, and units with the same
 * addresses (pods of templates have all that pods may have) are of one kind.
 */
function sums(units: readonly Unit[], needsOf: ReadonlyMap<number, readonly AddressNeed[]>, table: TrafficTable): Sum {
  if (needsOf.size === 0) return () => traffic.NO_TRAFFIC;
  const lists = new Map<string, NeedList>();
  const listOf = units.map((_, id): NeedList | undefined => {
    const needs = needsOf.get(id);
    return needs && entry(lists, needs.map(needKey).join(' '), () => ({ needs, sums: [] }));
  });
  const kinds = new Map<string, number>();
  const kindOf = units.map((unit) => {
    const key = `${isPod(unit)} ${ipSetKey(unit.endpoint.addresses)}`;
    return entry(kinds, key, () => kinds.size);
  });
  return (owner, other, family) => {
    const list = listOf[owner];
    if (list === undefined) return traffic.NO_TRAFFIC;
    const place = kindOf[other]! * FAMILIES.length + (family === 'IPv4' ? 0 : 1);
    let sum = list.sums[place];
    if (sum === undefined) {
      const unit = units[other]!;
      const side = isPod(unit) ? 'ofPods' : 'ofOthers';
      list[side] ??= stretchesOf(list.needs, side === 'ofPods');
      sum = table.unique(addedUp(list[side], ofFamily(unit.endpoint.addresses, family)));
      list.sums[place] = sum;
    }
    return sum;
  };
}

/** Needs and their sums by kind of the other unit and family, all as far as they were asked for. */
interface NeedList {
  readonly needs: readonly AddressNeed[];
  ofPods?: readonly Stretch[];
  ofOthers?: readonly Stretch[];
  readonly sums: traffic.TrafficSet[];
}

/** A stretch of ports that no need tells apart, and all addresses that are needed on it. */
interface Stretch {
  readonly protocol: traffic.Protocol;
  readonly first: number;
  readonly last: number;
  readonly set: IpSet;
}

/** A text equal for needs that add the same to every sum. */
function needKey({ set, isNoPod, need: { protocol, ports } }: AddressNeed): string {
  return `${isNoPod} ${protocol} ${ports.join('-')} ${ipSetKey(set)};`;
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
 * The addresses that needs name together, by stretches of ports. A pod is never outside, even where nobody knows which
 * addresses are pods': a rule for all addresses then opens more than was needed.
 */
function stretchesOf(needs: readonly AddressNeed[], inCluster: boolean): readonly Stretch[] {
  return traffic.PROTOCOLS.flatMap((protocol) => {
    const mine = needs.filter(({ need, isNoPod }) => need.protocol === protocol && !(isNoPod && inCluster));
    const starts = [...new Set(mine.flatMap(({ need: { ports } }) => [ports[0], ports[1] + 1]))].sort((a, b) => a - b);
    return starts.slice(0, -1).flatMap((first, i): Stretch[] => {
      const last = starts[i + 1]! - 1;
      const sets = mine.filter(({ need: { ports } }) => ports[0] <= first && last <= ports[1]).map(({ set }) => set);
      return sets.length === 0 ? [] : [{ protocol, first, last, set: unionAll(sets) }];
    });
  });
}

/** Ports on which every one of the addresses is needed; nothing for no address. */
function addedUp(stretches: readonly Stretch[], addresses: IpSet): traffic.TrafficSet {
  if (isEmpty(addresses)) return traffic.NO_TRAFFIC;
  return stretches
    .filter(({ set }) => isSubset(addresses, set))
    .reduce(
      (sum, { protocol, first, last }) => traffic.union(sum, traffic.traffic(protocol, first, last)),
      traffic.NO_TRAFFIC,
    );
}

function push(lists: Map<number, AddressNeed[]>, id: number, need: AddressNeed): void {
  const list = lists.get(id);
  if (list === undefined) lists.set(id, [need]);
  else list.push(need);
}
