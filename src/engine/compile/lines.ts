// Groups endpoints that say the same to everybody, in all layers at once: the rows and columns of the rectangles.

import type { Endpoint } from '../model/endpoint.ts';
import type { Direction } from '../model/policy.ts';
import { count, type IdSet, type IdSetTable, idSet, intersect, membersOf, subtract, unionAll } from '../sets/id-set.ts';
import type { Family } from '../sets/ip-set.ts';
import type { DecisionId } from './decision.ts';
import { entry } from './entry.ts';
import type { Pairing, PairingTable } from './pairing.ts';
import type { Row, RowSource } from './rows.ts';

/** Endpoints with the same row: what they say to some groups of peers, and to all others. */
export interface Line {
  readonly members: IdSet;
  /** Addresses and entry points: nobody asks about pairs of two of them. */
  readonly outside: boolean;
  readonly groups: readonly LineGroup[];
  readonly rest: Pairing;
}

/** Peers to which a line says the same; disjoint within the line. */
export interface LineGroup {
  readonly peers: IdSet;
  readonly pairing: Pairing;
}

/** One family under one set of policies. */
export interface Layer {
  readonly family: Family;
  readonly rows: RowSource;
}

/** What lines are made from. */
export interface LineInput {
  readonly endpoints: readonly Endpoint[];
  /** All endpoints. */
  readonly everybody: IdSet;
  readonly layers: readonly Layer[];
  readonly pairings: PairingTable;
  readonly sets: IdSetTable;
}

/** The lines of some subjects in one direction. Subjects of different families never share one. */
export function makeLines(input: LineInput, direction: Direction, subjects: IdSet): Line[] {
  const byRows = new Map<
    string,
    { readonly rows: readonly (Row | undefined)[]; outside: boolean; members: number[] }
  >();
  const rowIds = new Map<Row, number>();
  for (const subject of membersOf(subjects)) {
    const { type, families } = input.endpoints[subject]!;
    const outside = type === 'addresses' || type === 'entry';
    const rows: (Row | undefined)[] = [];
    let key = outside ? 'outside' : '';
    for (const { family, rows: source } of input.layers) {
      const row = families.includes(family) ? source.row(subject, direction) : undefined;
      rows.push(row);
      key += row === undefined ? ' -' : ` ${entry(rowIds, row, () => rowIds.size)}`;
    }
    const alike = byRows.get(key);
    if (alike === undefined) byRows.set(key, { rows, outside, members: [subject] });
    else alike.members.push(subject);
  }
  return joinEqual(
    [...byRows.values()].map(({ rows, outside, members }) => ({
      ...overlay(input, rows),
      outside,
      members: idSet(members),
    })),
  );
}

/** Splits peers by the decisions of all layers at once. Whether a peer has an address of a family is left open here. */
function overlay(
  { everybody, pairings, sets }: LineInput,
  rows: readonly (Row | undefined)[],
): Pick<Line, 'groups' | 'rest'> {
  const [first] = rows;
  if (first !== undefined && rows.every((row) => row === first)) {
    // Most subjects have one row for all layers, which needs no overlaying.
    const said = (decision: DecisionId): Pairing => pairings.intern(rows.map(() => decision));
    const groups = first.groups.map(({ peers, decision }) => ({ peers, pairing: said(decision) }));
    return internPeers(sets, mostAsRest({ groups, rest: said(first.rest) }, everybody));
  }
  const said = pairings.intern;
  let groups: { readonly peers: IdSet; readonly decisions: Pairing['decisions'] }[] = [];
  let rest: Pairing['decisions'] = [];
  for (const row of rows) {
    const own = row?.groups ?? [];
    if (own.length === 0) {
      groups = groups.map(({ peers, decisions }) => ({ peers, decisions: [...decisions, row?.rest] }));
      rest = [...rest, row?.rest];
      continue;
    }
    const listed = unionAll(groups.map(({ peers }) => peers));
    groups = [
      ...groups.flatMap(({ peers, decisions }) => {
        const inside = own.map((group) => ({
          peers: intersect(peers, group.peers),
          decisions: [...decisions, group.decision],
        }));
        const others = own.reduce((left, group) => subtract(left, group.peers), peers);
        return [...inside, { peers: others, decisions: [...decisions, row?.rest] }];
      }),
      ...own.map((group) => ({ peers: subtract(group.peers, listed), decisions: [...rest, group.decision] })),
    ].filter(({ peers }) => peers.length > 0);
    rest = [...rest, row?.rest];
  }
  const merged = new Map<Pairing, IdSet[]>();
  for (const { peers, decisions } of groups) entry(merged, said(decisions), () => []).push(peers);
  const own = said(rest);
  merged.delete(own);
  const apart = [...merged].map(([pairing, list]) => ({ pairing, peers: unionAll(list) }));
  return internPeers(sets, mostAsRest({ groups: apart, rest: own }, everybody));
}

function internPeers(sets: IdSetTable, { groups, rest }: Pick<Line, 'groups' | 'rest'>): Pick<Line, 'groups' | 'rest'> {
  return { groups: groups.map(({ pairing, peers }) => ({ pairing, peers: sets.intern(peers) })), rest };
}

/** Equal lines look equal, and stay short: the rest is what most peers meet; of a tie, what was met first. */
function mostAsRest(line: Pick<Line, 'groups' | 'rest'>, everybody: IdSet): Pick<Line, 'groups' | 'rest'> {
  const { groups, rest } = line;
  const restSize = groups.reduce((left, { peers }) => left - count(peers), count(everybody));
  let most: LineGroup | undefined;
  for (const group of groups) {
    const [own, other] = [count(group.peers), most === undefined ? restSize : count(most.peers)];
    if (own > other || (own === other && group.pairing.number < (most?.pairing ?? rest).number)) most = group;
  }
  if (most === undefined) return line;
  const others = groups.filter((group) => group !== most);
  const left = subtract(everybody, unionAll(groups.map(({ peers }) => peers)));
  return { groups: left.length === 0 ? others : [...others, { peers: left, pairing: rest }], rest: most.pairing };
}

/** Subjects under different policies may still say the same: they become one line. */
function joinEqual(lines: readonly Line[]): Line[] {
  const setIds = new Map<IdSet, number>();
  const joined = new Map<string, Line[]>();
  for (const line of lines) {
    const groups = line.groups.map(
      ({ pairing, peers }) => `${pairing.number}:${entry(setIds, peers, () => setIds.size)}`,
    );
    entry(joined, `${line.outside}|${line.rest.number}|${groups.sort().join('|')}`, () => []).push(line);
  }
  return [...joined.values()].map((alike) => ({
    ...alike[0]!,
    members: unionAll(alike.map(({ members }) => members)),
  }));
}
