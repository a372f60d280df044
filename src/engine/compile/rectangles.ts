// From rows to rectangles: sources that share an egress row, destinations that share an ingress row, and what both say.

import type { Endpoint } from '../model/endpoint.ts';
import { everyId, type IdSet, idSetTable, intersect, membersOf, subtract, unionAll } from '../sets/id-set.ts';
import type { DecisionId, DecisionTable } from './decision.ts';
import { entry } from './entry.ts';
import { type Layer, type Line, type LineGroup, makeLines } from './lines.ts';
import { type Pairing, pairingTable } from './pairing.ts';

/** What rectangles are found in. */
export interface RectangleInput {
  readonly endpoints: readonly Endpoint[];
  /** Families, of one set of policies or of several that are compared; the decisions come in their order. */
  readonly layers: readonly Layer[];
  readonly table: DecisionTable;
  readonly sources: IdSet;
  readonly destinations: IdSet;
}

/** Pairs of a source and a destination of which every layer says the same. */
export interface LayeredRectangle {
  readonly sources: IdSet;
  readonly destinations: IdSet;
  /** By layer; undefined where the pair does not share its family. */
  readonly decisions: readonly (DecisionId | undefined)[];
}

/** Sets on one side, by what stands on the other side and by what both say. */
type Pieces = Map<IdSet, Map<Pairing, IdSet[]>>;

/** Finds all rectangles of which some layer does not deny everything; they are disjoint. Cost grows with the pairs of lines that meet, not with the pairs of endpoints. */
export function findRectangles(input: RectangleInput): LayeredRectangle[] {
  const sets = idSetTable();
  const pairings = pairingTable(input.table);
  const everybody = everyId(input.endpoints.length);
  const lineInput = { endpoints: input.endpoints, everybody, layers: input.layers, pairings, sets };
  const from = makeLines(lineInput, 'egress', input.sources);
  const to = makeLines(lineInput, 'ingress', input.destinations);
  const meet = meetingLines(from, to, input.endpoints.length);
  const bySources: Pieces = new Map();
  for (const [index, line] of to.entries()) {
    const byDestinations: Pieces = new Map();
    for (const other of meet(index)) {
      const source = from[other]!;
      if (source.outside && line.outside) continue;
      // What the source says splits the destinations, and the other way round.
      const egress = splitBy(line.members, source);
      for (const ingress of splitBy(source.members, line)) {
        for (const { peers, pairing } of egress) {
          const said = pairings.and(pairing, ingress.pairing);
          if (said.isOpen) add(byDestinations, sets.intern(peers), said, ingress.peers);
        }
      }
    }
    // Pieces with the same destinations are joined first, then those with the same sources: they are disjoint.
    for (const [destinations, said] of byDestinations) {
      for (const [pairing, sources] of said) add(bySources, sets.intern(unionAll(sources)), pairing, destinations);
    }
  }
  return [...bySources].flatMap(([sources, said]) =>
    [...said].map(([{ decisions }, destinations]) => ({ sources, destinations: unionAll(destinations), decisions })),
  );
}

function add(pieces: Pieces, key: IdSet, pairing: Pairing, set: IdSet): void {
  entry(
    entry(pieces, key, () => new Map<Pairing, IdSet[]>()),
    pairing,
    () => [],
  ).push(set);
}

/** Splits endpoints by what a line says to them; what it surely denies is left out. Cost does not grow with `members`. */
function splitBy(members: IdSet, line: Line): LineGroup[] {
  const parts: LineGroup[] = [];
  for (const { peers, pairing } of line.groups) {
    if (!pairing.isOpen) continue;
    const inside = intersect(members, peers);
    if (inside.length > 0) parts.push({ peers: inside, pairing });
  }
  if (!line.rest.isOpen) return parts;
  // Only here everybody has to be looked at: most lines are closed to whom they do not name.
  const left = line.groups.reduce((some, { peers }) => subtract(some, peers), members);
  if (left.length > 0) parts.push({ peers: left, pairing: line.rest });
  return parts;
}

/**
 * For each destination line the source lines that can be part of a rectangle with it: both sides are open to somebody
 * of the other. More may be given than are, never fewer.
 */
function meetingLines(
  from: readonly Line[],
  to: readonly Line[],
  size: number,
): (destination: number) => Iterable<number> {
  const openFrom = from.flatMap((line, index) => (line.rest.isOpen ? [index] : []));
  const openTo = to.flatMap((line, index) => (line.rest.isOpen ? [index] : []));
  const named = { from: namedLines(from, to, size), to: namedLines(to, from, size) };
  const isOpenFrom = new Set(openFrom);
  const isOpenTo = new Set(openTo);
  const naming: number[][] = to.map(() => []);
  named.from.forEach((destinations, source) => {
    for (const destination of destinations) naming[destination]!.push(source);
  });
  return (destination) => {
    const namedBack = named.to[destination]!;
    const namesUs = naming[destination]!;
    if (isOpenTo.has(destination)) return new Set([...openFrom, ...namesUs]);
    const both = new Set(namesUs);
    return namedBack.filter((source) => isOpenFrom.has(source) || both.has(source));
  };
}

/** For each line the lines of the other side that have a member in one of its open groups. */
function namedLines(lines: readonly Line[], others: readonly Line[], size: number): number[][] {
  const lineOf = new Int32Array(size).fill(-1);
  others.forEach(({ members }, index) => {
    for (const member of membersOf(members)) lineOf[member] = index;
  });
  const seenBy = new Int32Array(others.length).fill(-1);
  return lines.map(({ groups }, index) => {
    const found: number[] = [];
    for (const { peers, pairing } of groups) {
      if (!pairing.isOpen) continue;
      for (const peer of membersOf(peers)) {
        const line = lineOf[peer]!;
        if (line < 0 || seenBy[line] === index) continue;
        seenBy[line] = index;
        found.push(line);
      }
    }
    return found;
  });
}
