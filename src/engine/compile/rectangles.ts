// From rows to rectangles: sources that share an egress row, destinations that share an ingress row, and what both say.
// Pairs of far lines are products; what near lines say otherwise is cut out of them, and looked at by itself.

import type { Endpoint } from '../model/endpoint.ts';
import { everyId, type IdSet, idSet, idSetTable, intersect, subtract } from '../sets/id-set.ts';
import { carve, type Exception } from './carve.ts';
import type { DecisionId, DecisionTable } from './decision.ts';
import { type LinePlaces, linePlaces } from './line-places.ts';
import { type FarLine, type Layer, type Lines, makeLines } from './lines.ts';
import { type Ends, meetings } from './meeting-lines.ts';
import { type PairingTable, pairingTable } from './pairing.ts';
import { type PieceJoiner, pieceJoiner, splitBy } from './pieces.ts';

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

/** Lines of both directions, and what pairs of them are collected in. */
interface Search {
  readonly from: Lines;
  readonly to: Lines;
  readonly sources: LinePlaces;
  readonly destinations: LinePlaces;
  readonly pairings: PairingTable;
  readonly pieces: PieceJoiner;
}

/** Finds all rectangles of which some layer does not deny everything; they are disjoint. Cost grows with the pairs of lines that meet, not with the pairs of endpoints. */
export function findRectangles(input: RectangleInput): LayeredRectangle[] {
  const { endpoints, layers } = input;
  const sets = idSetTable();
  const pairings = pairingTable(input.table);
  const lineInput = { endpoints, everybody: everyId(endpoints.length), layers, pairings, sets };
  const from = makeLines(lineInput, 'egress', input.sources);
  const to = makeLines(lineInput, 'ingress', input.destinations);
  const search: Search = {
    from,
    to,
    sources: linePlaces(from, input.sources),
    destinations: linePlaces(to, input.destinations),
    pairings,
    pieces: pieceJoiner(sets),
  };
  farPairs(search, input);
  nearPairsOfSources(search);
  nearPairsOfDestinations(search);
  search.pieces.joinDestinations();
  return search.pieces.all().map(({ sources, destinations, pairing: { decisions } }) => ({
    sources,
    destinations,
    decisions,
  }));
}

function farPairs(search: Search, ends: Ends): void {
  const { from, to, pairings, pieces } = search;
  const meet = meetings(from.far, to.far, ends);
  for (const line of to.far) {
    const touched = search.destinations.touchedBy(line, search.sources);
    for (const { source, peers: sources, pairing: ingress } of meet(line)) {
      if (source.outside && line.outside) continue;
      const isUntouched = !touched.has(source) && !search.sources.touchedBy(source, search.destinations).has(line);
      // What the source says splits the destinations, and the other way round.
      for (const { peers, pairing: egress } of splitBy(line.members, source)) {
        const pairing = pairings.and(egress, ingress);
        if (!pairing.isOpen) continue;
        if (isUntouched) pieces.add({ sources, destinations: peers, pairing });
        else {
          withoutNear(search, { source, line }, sources, peers, (some, destinations) =>
            pieces.add({ sources: some, destinations, pairing }),
          );
        }
      }
    }
    pieces.joinDestinations();
  }
}

/** The pairs of some members of two far lines of which no near line says anything. */
function withoutNear(
  search: Search,
  { source, line }: { readonly source: FarLine; readonly line: FarLine },
  sources: IdSet,
  destinations: IdSet,
  give: (sources: IdSet, destinations: IdSet) => void,
): void {
  const ofSources = exceptions(search.sources, source, sources, destinations);
  carve(sources, destinations, ofSources, (rows, columns) => {
    const ofDestinations = exceptions(search.destinations, line, columns, rows);
    carve(columns, rows, ofDestinations, (some, others) => give(others, some));
  });
}

function exceptions(places: LinePlaces, line: FarLine, members: IdSet, peers: IdSet): Exception[] {
  return places.nearAmong(line, members).flatMap(({ line: { domain }, members: rows }) => {
    const columns = intersect(domain, peers);
    return columns.length === 0 ? [] : [{ rows, columns }];
  });
}

/** Pairs of which the source says something that its far line does not. */
function nearPairsOfSources({ from, destinations, pairings, pieces }: Search): void {
  for (const source of from.near) {
    for (const egress of splitBy(source.domain, source)) {
      for (const [line, ids] of destinations.split(egress.peers)) {
        if (source.far.outside && line.far.outside) continue;
        const inside = line.near === undefined ? [] : splitBy(intersect(source.members, line.near.domain), line.near);
        const others = line.near === undefined ? source.members : subtract(source.members, line.near.domain);
        for (const ingress of [...inside, ...splitBy(others, line.far)]) {
          const pairing = pairings.and(egress.pairing, ingress.pairing);
          if (pairing.isOpen) pieces.add({ sources: ingress.peers, destinations: idSet(ids), pairing });
        }
      }
    }
  }
}

/** Pairs of which the destination says something that its far line does not, and the source does not. */
function nearPairsOfDestinations({ to, sources, pairings, pieces }: Search): void {
  for (const destination of to.near) {
    for (const ingress of splitBy(destination.domain, destination)) {
      for (const [line, ids] of sources.split(ingress.peers)) {
        if (destination.far.outside && line.far.outside) continue;
        const { near } = line;
        const members = near === undefined ? destination.members : subtract(destination.members, near.domain);
        for (const egress of splitBy(members, line.far)) {
          const pairing = pairings.and(egress.pairing, ingress.pairing);
          if (pairing.isOpen) pieces.add({ sources: idSet(ids), destinations: egress.peers, pairing });
        }
      }
    }
  }
}
