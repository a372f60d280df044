// Lays the rows of several layers over one another: what a line says of its peers in all layers at once. Knows no endpoints.

import { count, type IdSet, intersect, subtract, unionAll } from '../sets/id-set.ts';
import type { DecisionId } from './decision.ts';
import { entry } from './entry.ts';
import type { Pairing, PairingTable } from './pairing.ts';
import type { PlainRow } from './row.ts';

/** What is said to some groups of peers, and to all others. */
export interface Line {
  readonly groups: readonly LineGroup[];
  readonly rest: Pairing;
}

/** Peers to which a line says the same; disjoint within the line. */
export interface LineGroup {
  readonly peers: IdSet;
  readonly pairing: Pairing;
}

/** Splits peers by the decisions of all layers at once. Whether a peer has an address of a family is left open here. */
export function overlay(pairings: PairingTable, rows: readonly (PlainRow | undefined)[]): Line {
  const said = pairings.intern;
  const [first] = rows;
  if (first !== undefined && rows.every((row) => row === first)) {
    // Most subjects have one row for all layers, which needs no overlaying.
    const everywhere = (decision: DecisionId): Pairing => said(rows.map(() => decision));
    const groups = first.groups.map(({ peers, decision }) => ({ peers, pairing: everywhere(decision) }));
    return { groups, rest: everywhere(first.rest) };
  }
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
  return { groups: [...merged].map(([pairing, list]) => ({ pairing, peers: unionAll(list) })), rest: own };
}

/** Equal lines look equal, and stay short: the rest is what most peers meet; of a tie, what was met first. */
export function mostAsRest(line: Line, everybody: IdSet): Line {
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

/** Leaves in the domain only peers of which the near line says something else than the far one. */
export function differing(domain: IdSet, near: Line, far: Line): Line & { readonly domain: IdSet } {
  const others = subtract(domain, unionAll(near.groups.map(({ peers }) => peers)));
  const groups = near.groups.flatMap(({ peers, pairing }) => {
    const left = otherThan(peers, pairing, far);
    return left.length === 0 ? [] : [{ peers: left, pairing }];
  });
  const rest = otherThan(others, near.rest, far);
  return { domain: unionAll([rest, ...groups.map(({ peers }) => peers)]), groups, rest: near.rest };
}

/** Those of the peers that the line says something else to. */
function otherThan(peers: IdSet, pairing: Pairing, line: Line): IdSet {
  const same = line.groups.filter((group) => group.pairing === pairing);
  let left = peers;
  if (line.rest === pairing) {
    const listed = line.groups.map((group) => intersect(peers, group.peers));
    left = unionAll(listed);
  }
  for (const group of same) left = subtract(left, group.peers);
  return left;
}
