// The needs of one subject in one direction as a relation of peers and ports, and the rules that say exactly that.

import { toAddressPeer } from '../dialects/decoding/address-block.ts';
import type { RuleContent } from '../dialects/writer.ts';
import type { Match, Peer, PortMatch } from '../model/policy.ts';
import { printSelector, selectorKey } from '../model/selector.ts';
import { type Block, blocksOf } from '../sets/address-blocks.ts';
import {
  type IpSet,
  intersect,
  ipSetKey,
  isEmpty,
  isSingle,
  isSubset,
  NO_ADDRESSES,
  overlaps,
  subtract,
  union,
  unionAll,
} from '../sets/ip-set.ts';
import { PROTOCOLS, type Protocol } from '../sets/traffic-set.ts';
import type { Need } from './needs.ts';
import type { PeerTerm } from './peers.ts';
import { coverRelation } from './rule-cover.ts';
import { type AddressBudget, coverAddresses } from './widen-addresses.ts';

/** One need, its other end already in a rule's words. */
export interface Demand {
  readonly need: Need;
  readonly term: PeerTerm;
}

/** One rule and the needs that it serves. */
export interface PlannedRule {
  readonly content: RuleContent;
  /** In order of needs, at least one. */
  readonly needs: readonly Need[];
  /** Set where the rule's blocks hold more than was needed. */
  readonly widened?: Widened;
}

/** Blocks that hold more than was needed: how many, how many exact ones would be, how many times as many addresses, and which. */
export interface Widened {
  readonly blocks: number;
  readonly exact: number;
  readonly factor: number;
  readonly added: IpSet;
}

/** Rules of one direction. */
export interface PlannedRules {
  readonly rules: readonly PlannedRule[];
  /** True where it is proved that no fewer rules say the same. */
  readonly smallest: boolean;
}

/** A stretch of ports that no need tells apart. */
interface Column {
  readonly protocol: Protocol;
  readonly first: number;
  readonly last: number;
}

/** A row: pods by a selector, or addresses that all need the same. */
interface Row {
  /** Its place among the others: own namespace first, then by namespace and labels as people read them, addresses last. */
  readonly place: string;
  readonly term: PeerTerm;
  readonly columns: readonly number[];
}

/** Writes demands as rules. `never`: addresses that widening must not reach. Empty for no demands: nothing is allowed. */
export function writeRules(demands: readonly Demand[], budget: AddressBudget, never: IpSet): PlannedRules {
  const columns = columnsOf(demands);
  const rows = [...podRows(demands, columns), ...addressRows(demands, columns)].sort((a, b) =>
    compare(a.place, b.place),
  );
  const { rectangles, smallest } = coverRelation(rows.map((row) => row.columns));
  const parts = partsOf(demands);
  const rules = rectangles.map((rectangle) => {
    const own = rectangle.rows.map((row) => rows[row]!.term);
    const within = rectangle.columns.map((column) => columns[column]!);
    const set = unionAll([NO_ADDRESSES, ...own.map((term) => (term.type === 'addresses' ? term.set : NO_ADDRESSES))]);
    const { blocks, widened } = blocksFor(set, parts, budget, never);
    const keys = new Set(own.flatMap((term) => (term.type === 'pods' ? [peerKey(term.peer)] : [])));
    const pods = own.flatMap((term): Peer[] => (term.type === 'pods' ? [term.peer] : []));
    const peers = [...pods, ...blocks.map(({ cidr, except }) => toAddressPeer(cidr, except, []))];
    const content = { action: 'Accept' as const, peers: nonEmpty(peers), ports: nonEmpty(portsOf(demands, within)) };
    return {
      content,
      needs: demands.filter((demand) => isServed(demand, keys, set, within)).map(({ need }) => need),
      ...(widened === undefined ? {} : { widened }),
    };
  });
  return { rules, smallest };
}

/** A list that cannot be empty here: an empty one would be everybody. */
function nonEmpty<T>(items: readonly T[]): Match<T> & readonly unknown[] {
  const [first, ...rest] = items;
  if (first === undefined) throw new Error('a rule without peers or ports was about to be written');
  return [first, ...rest];
}

/** Ports cut wherever a needed range begins or ends. */
function columnsOf(demands: readonly Demand[]): Column[] {
  return PROTOCOLS.flatMap((protocol) => {
    const ranges = demands.filter(({ need }) => need.protocol === protocol).map(({ need }) => need.ports);
    /** By where ranges begin or have just ended: how many more of them hold what follows. */
    const changes = new Map<number, number>();
    const change = (at: number, by: number) => changes.set(at, (changes.get(at) ?? 0) + by);
    for (const [first, last] of ranges) {
      change(first, 1);
      change(last + 1, -1);
    }
    const starts = [...changes.keys()].sort((a, b) => a - b);
    let held = 0;
    return starts.slice(0, -1).flatMap((first, i): Column[] => {
      held += changes.get(first)!;
      return held > 0 ? [{ protocol, first, last: starts[i + 1]! - 1 }] : [];
    });
  });
}

/** Places of the columns that a need holds; columns are in order, and thousands where a log has a scan of ports. */
function columnsWithin({ protocol, ports }: Need, columns: readonly Column[]): number[] {
  const ids: number[] = [];
  for (let id = firstFrom(protocol, ports[0], columns); id < columns.length; id++) {
    const column = columns[id]!;
    if (column.protocol !== protocol || column.last > ports[1]) break;
    ids.push(id);
  }
  return ids;
}

/** The place of the first column of a protocol that begins at the port or after it, where it would be if there is none. */
function firstFrom(protocol: Protocol, port: number, columns: readonly Column[]): number {
  const order = PROTOCOLS.indexOf(protocol);
  let [low, high] = [0, columns.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const column = columns[middle]!;
    const by = PROTOCOLS.indexOf(column.protocol) - order || column.first - port;
    if (by < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function podRows(demands: readonly Demand[], columns: readonly Column[]): Row[] {
  const rows = new Map<string, { term: PeerTerm; columns: Set<number> }>();
  for (const { need, term } of demands) {
    if (term.type !== 'pods') continue;
    const key = peerKey(term.peer);
    const row = rows.get(key) ?? { term, columns: new Set<number>() };
    for (const column of columnsWithin(need, columns)) row.columns.add(column);
    rows.set(key, row);
  }
  return [...rows].map(([key, row]) => ({
    place: placeOf(row.term, key),
    term: row.term,
    columns: [...row.columns].sort((a, b) => a - b),
  }));
}

/** Addresses apart by what they need: sets that overlap are split, and equal ones come together. */
function addressRows(demands: readonly Demand[], columns: readonly Column[]): Row[] {
  let classes: { set: IpSet; columns: readonly number[] }[] = [];
  const setsOf = columns.map((): IpSet[] => []);
  for (const { need, term } of demands)
    if (term.type === 'addresses') for (const id of columnsWithin(need, columns)) setsOf[id]!.push(term.set);
  columns.forEach((_, id) => {
    const set = unionAll(setsOf[id]!);
    if (isEmpty(set)) return;
    const known = unionAll(classes.map((one) => one.set));
    classes = [
      ...classes.flatMap((one) => [
        { set: intersect(one.set, set), columns: [...one.columns, id] },
        { set: subtract(one.set, set), columns: one.columns },
      ]),
      { set: subtract(set, known), columns: [id] },
    ].filter((one) => !isEmpty(one.set));
  });
  const merged = new Map<string, { set: IpSet; columns: readonly number[] }>();
  for (const one of classes) {
    const key = one.columns.join(',');
    const before = merged.get(key);
    merged.set(key, before === undefined ? one : { ...one, set: union(before.set, one.set) });
  }
  // After every pod: `~` sorts behind all letters.
  return [...merged.values()].map(({ set, columns: own }) => ({
    place: `~${ipSetKey(set)}`,
    term: { type: 'addresses', set },
    columns: own,
  }));
}

function placeOf(term: PeerTerm, key: string): string {
  if (term.type !== 'pods') return key;
  const { namespaces, pods } = term.peer;
  return `${'name' in namespaces ? '' : printSelector(namespaces.selector)} ${printSelector(pods)} ${key}`;
}

/** A text equal for peers that mean the same: pods of the own namespace, or of selected ones. */
export function peerKey({ namespaces, pods }: Peer & { type: 'pods' }): string {
  const where = 'name' in namespaces ? '' : selectorKey(namespaces.selector);
  return `${where} ${selectorKey(pods)}`;
}

/** Sets that single needs name and that are no few addresses, such as the internet: each once. */
function partsOf(demands: readonly Demand[]): readonly IpSet[] {
  const sets = demands.flatMap(({ term }) => (term.type === 'addresses' && !isSingle(term.set) ? [term.set] : []));
  return [...new Map(sets.map((set) => [ipSetKey(set), set])).values()];
}

/** The shortest words for a set: its own, or those of one part of it beside what is left. */
function exactBlocks(set: IpSet, parts: readonly IpSet[]): readonly Block[] {
  const length = (blocks: readonly Block[]) => blocks.reduce((sum, { except }) => sum + 1 + except.length, 0);
  let shortest = blocksOf(set);
  for (const part of parts) {
    if (!isSubset(part, set)) continue;
    const blocks = [...blocksOf(part), ...blocksOf(subtract(set, part))];
    if (length(blocks) < length(shortest)) shortest = blocks;
  }
  return shortest;
}

function blocksFor(
  set: IpSet,
  parts: readonly IpSet[],
  budget: AddressBudget,
  never: IpSet,
): { readonly blocks: readonly Block[]; readonly widened?: Widened } {
  const exact = exactBlocks(set, parts);
  if (exact.length <= budget.blocks) return { blocks: exact };
  const { cidrs, added, factor } = coverAddresses(set, budget, never);
  if (isEmpty(added)) return { blocks: exact };
  return {
    blocks: cidrs.map((cidr) => ({ cidr, except: [] })),
    widened: { blocks: cidrs.length, exact: exact.length, factor: Math.max(...Object.values(factor)), added },
  };
}

/** The needed ranges that the columns hold whole, without those within others, then columns that no such range covers. */
function portsOf(demands: readonly Demand[], columns: readonly Column[]): PortMatch[] {
  const isHeld = (protocol: Protocol, first: number, last: number): boolean => {
    let next = first;
    for (let id = firstFrom(protocol, first, columns); next <= last; id++) {
      const column = columns[id];
      if (column?.protocol !== protocol || column.first !== next) return false;
      next = column.last + 1;
    }
    return true;
  };
  const ranges = new Map<string, Column>();
  const add = (one: Column) => ranges.set(`${one.protocol} ${one.first} ${one.last}`, one);
  const covered = new Set<number>();
  for (const { need } of demands) {
    const [first, last] = need.ports;
    if (!isHeld(need.protocol, first, last)) continue;
    add({ protocol: need.protocol, first, last });
    for (const id of columnsWithin(need, columns)) covered.add(id);
  }
  for (const [id, column] of columns.entries()) if (!covered.has(id)) add(column);
  const sorted = [...ranges.values()].sort(
    (a, b) => PROTOCOLS.indexOf(a.protocol) - PROTOCOLS.indexOf(b.protocol) || a.first - b.first || b.last - a.last,
  );
  // No two are equal: what ends no later than one that begins no later lies within it.
  const ends = new Map<Protocol, number>();
  const widest = sorted.filter(({ protocol, last }) => {
    if (last <= (ends.get(protocol) ?? -1)) return false;
    ends.set(protocol, last);
    return true;
  });
  return widest.map(({ protocol, first, last }) => ({ type: 'range', protocol, first, last, path: [] }));
}

/** `keys`: of the pods that the rule names. */
function isServed({ need, term }: Demand, keys: ReadonlySet<string>, set: IpSet, within: readonly Column[]): boolean {
  if (columnsWithin(need, within).length === 0) return false;
  return term.type === 'addresses' ? overlaps(term.set, set) : keys.has(peerKey(term.peer));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
