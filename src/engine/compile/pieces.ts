// Products of sources and destinations that meet the same, joined where a side is equal. All that is handed in is disjoint.

import { type IdSet, type IdSetTable, intersect, subtract, unionAll } from '../sets/id-set.ts';
import { entry } from './entry.ts';
import type { Line, LineGroup } from './overlay.ts';
import type { Pairing } from './pairing.ts';

/** Sets on one side, by what stands on the other side and by what both say. */
type Pieces = Map<IdSet, Map<Pairing, IdSet[]>>;

/** Pairs of which every layer says the same. */
export interface Piece {
  readonly sources: IdSet;
  readonly destinations: IdSet;
  readonly pairing: Pairing;
}

/** Collects pieces. */
export interface PieceJoiner {
  add(piece: Piece): void;
  /** Joins what was added since: pieces with the same destinations first, all with the same sources in the end. */
  joinDestinations(): void;
  all(): Piece[];
}

/** Nothing collected. */
export function pieceJoiner(sets: IdSetTable): PieceJoiner {
  const bySources: Pieces = new Map();
  let byDestinations: Pieces = new Map();
  // Mostly one piece after the other has the same destinations.
  let latest: { readonly destinations: IdSet; readonly said: Map<Pairing, IdSet[]> } | undefined;
  return {
    add({ sources, destinations, pairing }) {
      if (latest?.destinations !== destinations) {
        const said = entry(byDestinations, sets.intern(destinations), () => new Map<Pairing, IdSet[]>());
        latest = { destinations, said };
      }
      const alike = latest.said.get(pairing);
      if (alike === undefined) latest.said.set(pairing, [sources]);
      else alike.push(sources);
    },
    joinDestinations() {
      for (const [destinations, said] of byDestinations) {
        for (const [pairing, sources] of said) {
          put(bySources, sets.intern(unionAll(sources)), pairing, destinations);
        }
      }
      byDestinations = new Map();
      latest = undefined;
    },
    all: () =>
      [...bySources].flatMap(([sources, said]) =>
        [...said].map(([pairing, destinations]) => ({ sources, destinations: unionAll(destinations), pairing })),
      ),
  };
}

function put(pieces: Pieces, key: IdSet, pairing: Pairing, set: IdSet): void {
  entry(
    entry(pieces, key, () => new Map<Pairing, IdSet[]>()),
    pairing,
    () => [],
  ).push(set);
}

/** Splits endpoints by what a line says to them; what it surely denies is left out. Cost does not grow with `members`. */
export function splitBy(members: IdSet, line: Line): LineGroup[] {
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
