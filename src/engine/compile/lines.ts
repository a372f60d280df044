// Groups endpoints that say the same to everybody, in all layers at once: the rows and columns of the rectangles. What rows
// keep in parts, lines do: far lines are shared by very many endpoints, near lines say what some of them say otherwise.

import type { Endpoint } from '../model/endpoint.ts';
import type { Direction } from '../model/policy.ts';
import { EMPTY, type IdSet, type IdSetTable, idSet, membersOf, unionAll } from '../sets/id-set.ts';
import type { Family } from '../sets/ip-set.ts';
import { entry } from './entry.ts';
import { differing, type Line, type LineGroup, mostAsRest, overlay } from './overlay.ts';
import type { PairingTable } from './pairing.ts';
import { type PlainRow, type Row, rowWithin } from './row.ts';
import type { RowSource } from './rows.ts';

/** Endpoints with the same row, but for what near lines say. */
export interface FarLine extends Line {
  readonly members: IdSet;
  /** Addresses and entry points: nobody asks about pairs of two of them. */
  readonly outside: boolean;
}

/** Members of a far line that say something else to the peers of a domain. An endpoint is in one near line at most. */
export interface NearLine extends Line {
  readonly members: IdSet;
  readonly far: FarLine;
  readonly domain: IdSet;
}

/** The lines of one direction. */
export interface Lines {
  readonly far: readonly FarLine[];
  readonly near: readonly NearLine[];
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

/** Endpoints whose rows are the same objects. */
interface Alike {
  readonly rows: readonly (Row | undefined)[];
  readonly outside: boolean;
  readonly members: number[];
}

/** The lines of some subjects in one direction. Subjects of different families never share one. */
export function makeLines(input: LineInput, direction: Direction, subjects: IdSet): Lines {
  const groups = alikeSubjects(input, direction, subjects).map(({ rows, outside, members }) => ({
    rows,
    fars: rows.map((row) => row?.parts?.far ?? row),
    outside,
    members: idSet(members),
  }));
  const lineOf = farLines(input, groups);
  const near = new Map<string, { readonly line: Omit<NearLine, 'members'>; readonly members: IdSet[] }>();
  const numbers = new Map<FarLine | IdSet, number>();
  const numberOf = (one: FarLine | IdSet) => entry(numbers, one, () => numbers.size);
  for (const group of groups) {
    const domain = unionAll(group.rows.map((row) => row?.parts?.near.domain ?? EMPTY));
    if (domain.length === 0) continue;
    const far = lineOf(group);
    const said = differing(
      domain,
      overlay(
        input.pairings,
        group.rows.map((row) => row && rowWithin(domain, row)),
      ),
      far,
    );
    if (said.domain.length === 0) continue;
    const line = { far, ...said, domain: input.sets.intern(said.domain), groups: interned(input.sets, said.groups) };
    const key = `${numberOf(far)} ${numberOf(line.domain)} ${line.rest.number} ${keyOf(line.groups, numberOf)}`;
    entry(near, key, () => ({ line, members: [] as IdSet[] })).members.push(group.members);
  }
  return {
    far: lineOf.all,
    // Written field by field: objects that are spread and added to share no shape, and there are very many lines.
    near: [...near.values()].map(({ line: { far, domain, groups: said, rest }, members }) => {
      return { members: unionAll(members), far, domain, groups: said, rest };
    }),
  };
}

function alikeSubjects({ endpoints, layers }: LineInput, direction: Direction, subjects: IdSet): Alike[] {
  // Most subjects have one row for all layers.
  const byRow = { inside: new Map<Row, Alike>(), outside: new Map<Row, Alike>() };
  const byRows = new Map<string, Alike>();
  const rowIds = new Map<Row, number>();
  const found: Alike[] = [];
  const make = (rows: Alike['rows'], outside: boolean): Alike => {
    const alike = { rows, outside, members: [] };
    found.push(alike);
    return alike;
  };
  for (const subject of membersOf(subjects)) {
    const { type, families } = endpoints[subject]!;
    const outside = type === 'addresses' || type === 'entry';
    const rowIn = ({ family, rows }: Layer): Row | undefined =>
      families.includes(family) ? rows.row(subject, direction) : undefined;
    const first = layers[0] && rowIn(layers[0]);
    if (first !== undefined && layers.every((layer, index) => index === 0 || rowIn(layer) === first)) {
      const alike = entry(byRow[outside ? 'outside' : 'inside'], first, () =>
        make(
          layers.map(() => first),
          outside,
        ),
      );
      alike.members.push(subject);
      continue;
    }
    const rows = layers.map(rowIn);
    let key = outside ? 'outside' : '';
    for (const row of rows) key += row === undefined ? ' -' : ` ${entry(rowIds, row, () => rowIds.size)}`;
    entry(byRows, key, () => make(rows, outside)).members.push(subject);
  }
  return found;
}

/** Subjects under different policies may still say the same to all who are far: they become one line. */
function farLines(
  { everybody, pairings, sets }: LineInput,
  groups: readonly { readonly fars: readonly (PlainRow | undefined)[]; outside: boolean; members: IdSet }[],
) {
  const rowIds = new Map<PlainRow | undefined, number>();
  const keys = new Map<string, string>();
  const setIds = new Map<IdSet, number>();
  const lines = new Map<string, { readonly line: Line; readonly outside: boolean; readonly members: IdSet[] }>();
  const keysOf = groups.map(({ fars, outside, members }) => {
    const rows = `${outside}|${fars.map((row) => entry(rowIds, row, () => rowIds.size))}`;
    const key = entry(keys, rows, () => {
      const raw = mostAsRest(overlay(pairings, fars), everybody);
      const line = { groups: interned(sets, raw.groups), rest: raw.rest };
      const said = `${outside}|${line.rest.number}|${keyOf(line.groups, (set) => entry(setIds, set, () => setIds.size))}`;
      entry(lines, said, () => ({ line, outside, members: [] as IdSet[] }));
      return said;
    });
    lines.get(key)!.members.push(members);
    return key;
  });
  const made = new Map(
    [...lines].map(([key, { line, outside, members }]): [string, FarLine] => [
      key,
      { members: unionAll(members), outside, groups: line.groups, rest: line.rest },
    ]),
  );
  const byGroup = new Map(groups.map((group, index) => [group, made.get(keysOf[index]!)!]));
  return Object.assign((group: (typeof groups)[number]): FarLine => byGroup.get(group)!, { all: [...made.values()] });
}

function interned(sets: IdSetTable, groups: readonly LineGroup[]): LineGroup[] {
  return groups.map(({ pairing, peers }) => ({ pairing, peers: sets.intern(peers) }));
}

/** Equal for groups that say the same, in whatever order. */
function keyOf(groups: readonly LineGroup[], numberOf: (set: IdSet) => number): string {
  return groups
    .map(({ pairing, peers }) => `${pairing.number}:${numberOf(peers)}`)
    .sort()
    .join('|');
}
