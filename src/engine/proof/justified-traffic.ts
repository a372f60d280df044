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

/**
 * The traffic that is needed between units, by their positions: what needs of addresses say of the pair together with what
 * other needs say of it. All are unique values of the table.
 */
export interface Justified {
  /** What needs of addresses say. The same for units of equal classes. */
  readonly byAddresses: (from: number, to: number, family: Family) => traffic.TrafficSet;
  /** What other needs say of a destination, by the source; undefined: nothing of any. */
  readonly exactTo: (to: number) => ReadonlyMap<number, traffic.TrafficSet> | undefined;
  /** By unit. */
  readonly sourceClass: readonly number[];
  readonly destinationClass: readonly number[];
}

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
  // By the destination, then by the source.
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
      const sources = idsOf(need.from, 'from');
      for (const destination of idsOf(need.to, 'to')) {
        const own = entry(exact, destination, () => new Map());
        for (const source of sources) own.set(source, table.union(own.get(source) ?? traffic.NO_TRAFFIC, set));
      }
    }
  }
  const kindOf = kindsOf(units);
  const [sent, received] = [outgoing, incoming].map((needsOf) => sums(units, needsOf, kindOf, table)) as [Sums, Sums];
  const classes = ({ listOf }: Sums): number[] => numbered(units.map((_, id) => `${listOf[id]} ${kindOf[id]}`));
  return {
    byAddresses: (from, to, family) => table.union(sent.sum(from, to, family), received.sum(to, from, family)),
    exactTo: (to) => exact.get(to),
    sourceClass: classes(sent),
    destinationClass: classes(received),
  };
}

/** Units with the same addresses (pods of templates have all that pods may have) are of one kind. */
function kindsOf(units: readonly Unit[]): readonly number[] {
  return numbered(units.map((unit) => `${isPod(unit)} ${ipSetKey(unit.endpoint.addresses)}`));
}

/** Numbers from 0, equal for equal texts. */
function numbered(texts: readonly string[]): number[] {
  const numbers = new Map<string, number>();
  return texts.map((text) => entry(numbers, text, () => numbers.size));
}

/** Sums of a direction. */
interface Sums {
  readonly sum: Sum;
  /** By unit the number of its list of needs, -1 where it has none. */
  readonly listOf: readonly number[];
}

/** What the address needs of one unit add up to for another, whose addresses they may be about. */
type Sum = (owner: number, other: number, family: Family) => traffic.TrafficSet;

/** Sums, each made once: units that need the same (every pod is probed by its node) share a list. */
function sums(
  units: readonly Unit[],
  needsOf: ReadonlyMap<number, readonly AddressNeed[]>,
  kindOf: readonly number[],
  table: TrafficTable,
): Sums {
  const numbers = new Map<string, number>();
  const lists: NeedList[] = [];
  const listOf = units.map((_, id): number => {
    const needs = needsOf.get(id);
    if (needs === undefined) return -1;
    return entry(numbers, needs.map(needKey).join(' '), () => lists.push({ needs, sums: [] }) - 1);
  });
  const sum: Sum = (owner, other, family) => {
    const list = lists[listOf[owner]!];
    if (list === undefined) return traffic.NO_TRAFFIC;
    const place = kindOf[other]! * FAMILIES.length + (family === 'IPv4' ? 0 : 1);
    let known = list.sums[place];
    if (known === undefined) {
      const unit = units[other]!;
      const side = isPod(unit) ? 'ofPods' : 'ofOthers';
      list[side] ??= stretchesOf(list.needs, side === 'ofPods');
      known = table.unique(addedUp(list[side], ofFamily(unit.endpoint.addresses, family)));
      list.sums[place] = known;
    }
    return known;
  };
  return { sum, listOf };
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
