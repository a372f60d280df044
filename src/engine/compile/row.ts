// What one side says of every peer. Large groups of peers are the same for very many subjects, small ones are not: a row may
// keep both apart, so that what is shared is there once.

import { contains, type IdSet, intersect, subtract, unionAll } from '../sets/id-set.ts';
import type { DecisionId } from './decision.ts';
import { entry } from './entry.ts';

/** Peers that meet one decision. */
export interface PeerGroup {
  readonly peers: IdSet;
  readonly decision: DecisionId;
}

/** Disjoint groups; all other endpoints meet `rest`. */
export interface PlainRow {
  readonly groups: readonly PeerGroup[];
  readonly rest: DecisionId;
}

/** What one subject's side says of every peer, and the parts that this is made of where it is kept in parts. */
export interface Row extends PlainRow {
  readonly parts?: RowParts;
}

/** `near` holds for the peers of its domain, `far` for all others. */
export interface RowParts {
  readonly far: PlainRow;
  readonly near: NearRow;
}

/** Groups within a domain; the rest of the domain meets `rest`. */
export interface NearRow extends PlainRow {
  readonly domain: IdSet;
}

/** A row in parts. Its groups are worked out when somebody asks for them. */
export function rowOfParts(far: PlainRow, near: NearRow): Row {
  return new PartedRow({ far, near });
}

/** A class, since there are very many of them: a getter of its own would cost each of them more than all else. */
class PartedRow implements Row {
  readonly parts: RowParts;
  #whole: readonly PeerGroup[] | undefined;

  constructor(parts: RowParts) {
    this.parts = parts;
  }

  get rest(): DecisionId {
    return this.parts.far.rest;
  }

  get groups(): readonly PeerGroup[] {
    this.#whole ??= wholeGroups(this.parts.far, this.parts.near);
    return this.#whole;
  }
}

function wholeGroups(far: PlainRow, near: NearRow): readonly PeerGroup[] {
  const beyond = far.groups.map((group) => ({ ...group, peers: subtract(group.peers, near.domain) }));
  return mergeGroups([...beyond, ...allGroups(near, near.domain)], far.rest).groups;
}

/** All parts of a row: together they say no less than the row does. */
export function partsOf(row: Row): readonly PlainRow[] {
  return row.parts === undefined ? [row] : [row.parts.far, row.parts.near];
}

/** The groups of a row, with those of some peers that meet the rest as one of them. */
export function allGroups({ groups, rest }: PlainRow, peers: IdSet): PeerGroup[] {
  const others = groups.length === 0 ? peers : subtract(peers, unionAll(groups.map((group) => group.peers)));
  return others.length === 0 ? [...groups] : [...groups, { peers: others, decision: rest }];
}

/** What a row says of the peers of a domain; to others its rest says nothing. */
export function rowWithin(domain: IdSet, row: Row): PlainRow {
  const { far, near } = row.parts ?? { far: row, near: undefined };
  const others = near === undefined ? domain : subtract(domain, near.domain);
  if (near !== undefined && others.length === 0) return near;
  const beyond = far.groups.map(({ peers, decision }) => ({ peers: intersect(others, peers), decision }));
  const inside = near === undefined ? [] : allGroups(near, near.domain);
  return { groups: [...beyond.filter(({ peers }) => peers.length > 0), ...inside], rest: far.rest };
}

/** Groups of equal decisions become one; what meets the decision of the rest goes into the rest. */
export function mergeGroups(groups: readonly PeerGroup[], rest: DecisionId): PlainRow {
  const merged = new Map<DecisionId, IdSet[]>();
  for (const { peers, decision } of groups) {
    if (decision !== rest && peers.length > 0) entry(merged, decision, () => []).push(peers);
  }
  return { groups: [...merged].map(([decision, sets]) => ({ peers: unionAll(sets), decision })), rest };
}

/** The decision of a row on one peer. */
export function decisionOn(row: Row, peer: number): DecisionId {
  if (row.parts === undefined) return plainDecision(row, peer);
  const { far, near } = row.parts;
  return plainDecision(contains(near.domain, peer) ? near : far, peer);
}

function plainDecision({ groups, rest }: PlainRow, peer: number): DecisionId {
  return groups.find((group) => contains(group.peers, peer))?.decision ?? rest;
}
