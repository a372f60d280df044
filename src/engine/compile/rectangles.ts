// From rows to rectangles: sources that share an egress row, destinations that share an ingress row, and what both say.

import type { Endpoint } from '../model/endpoint.ts';
import type { Direction } from '../model/policy.ts';
import { BitSet } from '../sets/bit-set.ts';
import { FAMILIES, type Family } from '../sets/ip-set.ts';
import { DENIED, type DecisionId, type DecisionTable } from './decision.ts';
import type { FamilyDecisions, Rectangle } from './reach.ts';
import type { PeerGroup, RowSource } from './rows.ts';
import { entry } from './selector-index.ts';

/** Everything that rectangles are found from; sources and destinations narrow the pairs. */
export interface RectangleInput {
  readonly endpoints: readonly Endpoint[];
  readonly families: readonly Family[];
  readonly rows: ReadonlyMap<Family, RowSource>;
  readonly table: DecisionTable;
  readonly sources: BitSet;
  readonly destinations: BitSet;
}

/** Decisions per family, in the order of FAMILIES; undefined where a pair has no such family in common. */
type Pairing = readonly (DecisionId | undefined)[];

/** Endpoints with the same row: what they say about each group of peers. */
interface Line {
  readonly members: BitSet;
  readonly outside: boolean;
  readonly groups: readonly { readonly peers: BitSet; readonly decisions: Pairing }[];
}

/** Finds all rectangles. Cost grows with the pairs of lines that meet, not with the pairs of endpoints. */
export function findRectangles(input: RectangleInput): Rectangle[] {
  const size = input.endpoints.length;
  const from = makeLines(input, 'egress', input.sources);
  const to = makeLines(input, 'ingress', input.destinations);
  const lineOf = new Int32Array(size).fill(-1);
  from.forEach((line, index) => {
    line.members.forEach((member) => {
      lineOf[member] = index;
    });
  });
  const found: Piece[] = [];
  for (const line of to) {
    for (const ingress of line.groups) {
      const meeting = new Map<number, BitSet>();
      ingress.peers.forEach((peer) => {
        const index = lineOf[peer]!;
        if (index >= 0) entry(meeting, index, () => new BitSet(size)).add(peer);
      });
      for (const [index, sources] of meeting) {
        const source = from[index]!;
        if (source.outside && line.outside) continue;
        for (const egress of source.groups) {
          if (!egress.peers.intersects(line.members)) continue;
          const decisions = combine(input.table, egress.decisions, ingress.decisions);
          if (decisions.every((decision) => decision === undefined || decision === DENIED)) continue;
          found.push({ sources, destinations: line.members.clone().andWith(egress.peers), decisions });
        }
      }
    }
  }
  const merged = mergeBy(mergeBy(found, 'sources'), 'destinations');
  return merged.map((piece) => ({
    sources: membersOf(piece.sources),
    destinations: membersOf(piece.destinations),
    decisions: decisionsOf(input.table, piece.decisions),
  }));
}

interface Piece {
  readonly sources: BitSet;
  readonly destinations: BitSet;
  readonly decisions: Pairing;
}

function combine(table: DecisionTable, a: Pairing, b: Pairing): Pairing {
  return a.map((one, i) => (one === undefined || b[i] === undefined ? undefined : table.and(one, b[i]!)));
}

function decisionsOf(table: DecisionTable, pairing: Pairing): FamilyDecisions {
  const known = FAMILIES.flatMap((family, i) =>
    pairing[i] === undefined ? [] : [[family, table.get(pairing[i]!)] as const],
  );
  return Object.fromEntries(known);
}

/** Joins pieces that differ only in one side; the pieces are disjoint, so the union is exact. */
function mergeBy(pieces: readonly Piece[], side: 'sources' | 'destinations'): Piece[] {
  const other = side === 'sources' ? 'destinations' : 'sources';
  const merged = new Map<string, Piece>();
  for (const piece of pieces) {
    const key = `${piece.decisions.join(',')}|${piece[other].key()}`;
    const before = merged.get(key);
    if (before === undefined) merged.set(key, { ...piece, [side]: piece[side].clone() });
    else before[side].orWith(piece[side]);
  }
  return [...merged.values()];
}

function membersOf(set: BitSet): number[] {
  const members: number[] = [];
  set.forEach((member) => {
    members.push(member);
  });
  return members;
}

/** Groups endpoints by their rows in all families; subjects of different families never share a line. */
function makeLines(input: RectangleInput, direction: Direction, subjects: BitSet): Line[] {
  const size = input.endpoints.length;
  const inFamily = input.families.map((family) =>
    BitSet.from(
      size,
      input.endpoints.flatMap((endpoint, id) => (endpoint.families.includes(family) ? [id] : [])),
    ),
  );
  const lines = new Map<string, Line>();
  const rowIds = new Map<readonly PeerGroup[], number>();
  subjects.forEach((subject) => {
    const endpoint = input.endpoints[subject]!;
    const outside = endpoint.type === 'addresses' || endpoint.type === 'entry';
    const rows = FAMILIES.map((family) =>
      endpoint.families.includes(family) ? input.rows.get(family)!.row(subject, direction) : undefined,
    );
    const key = `${outside} ${rows.map((row) => (row === undefined ? '-' : entry(rowIds, row, () => rowIds.size))).join(' ')}`;
    const line = entry(lines, key, () => ({
      members: new BitSet(size),
      outside,
      groups: overlay(input, rows, inFamily),
    }));
    line.members.add(subject);
  });
  return joinEqual([...lines.values()]);
}

/** Splits peers by the decisions of all families at once. Groups that deny everything are left out. */
function overlay(
  input: RectangleInput,
  rows: readonly (readonly PeerGroup[] | undefined)[],
  inFamily: readonly BitSet[],
): Line['groups'] {
  let groups: { peers: BitSet; decisions: (DecisionId | undefined)[] }[] = [
    { peers: BitSet.full(input.endpoints.length), decisions: [] },
  ];
  FAMILIES.forEach((family, i) => {
    const row = rows[i];
    if (row === undefined) {
      for (const group of groups) group.decisions.push(undefined);
      return;
    }
    const members = inFamily[input.families.indexOf(family)]!;
    groups = groups.flatMap(({ peers, decisions }) => {
      const inside = row.map((part) => ({
        peers: peers.clone().andWith(part.peers).andWith(members),
        decisions: [...decisions, part.decision],
      }));
      const without = { peers: peers.clone().andNotWith(members), decisions: [...decisions, undefined] };
      return [...inside, without].filter((group) => !group.peers.isEmpty());
    });
  });
  return groups.filter((group) => group.decisions.some((decision) => decision !== undefined && decision !== DENIED));
}

/** Subjects under different policies may still meet the same decisions: they become one line. */
function joinEqual(lines: readonly Line[]): Line[] {
  const joined = new Map<string, Line>();
  for (const line of lines) {
    const groups = line.groups.map((group) => `${group.decisions.join(',')}:${group.peers.key()}`).sort();
    const key = `${line.outside}|${groups.join('|')}`;
    const before = joined.get(key);
    if (before === undefined) joined.set(key, line);
    else before.members.orWith(line.members);
  }
  return [...joined.values()];
}
