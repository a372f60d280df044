// What an exchange of policies changes: the pairs of endpoints that meet another decision, and both decisions. Looks at the
// endpoints whose side changed and at those to which it says something else, never at all pairs.

import type { Endpoint } from '../model/endpoint.ts';
import type { Direction } from '../model/policy.ts';
import { count, EMPTY, type IdSet, idSet, intersect, membersOf, overlaps, subtract, unionAll } from '../sets/id-set.ts';
import { changedPeers, saysTheSame } from './changed-peers.ts';
import { DENIED, type DecisionId } from './decision.ts';
import { entry } from './entry.ts';
import type { Layer } from './lines.ts';
import { narrowRows } from './narrow-rows.ts';
import type { Reach } from './reach.ts';
import { type FamilyDecisions, familyDecisions } from './rectangle.ts';
import { findRectangles } from './rectangles.ts';
import { type PlainRow, partsOf, type Row } from './row.ts';
import { type PartialLayer, seeTogether } from './seen-together.ts';

/** Every pair of a source and a destination met the one decision before, and meets the other one after. */
export interface ReachChange {
  readonly sources: IdSet;
  readonly destinations: IdSet;
  readonly before: FamilyDecisions;
  readonly after: FamilyDecisions;
}

/** Pairs that have to be looked at, and the layers that know of them. */
interface Block {
  readonly sources: IdSet;
  readonly destinations: IdSet;
  readonly layers: readonly Layer[];
}

/** Both forms, and how many ends of them are few. */
interface Seen {
  readonly before: Reach;
  readonly after: Reach;
  readonly affected: Readonly<Record<Direction, IdSet>>;
  readonly endpoints: readonly Endpoint[];
  readonly layers: readonly PartialLayer[];
  readonly few: number;
}

/** What is known of endpoints that went and came. */
export interface MovedEnds {
  /** Those that take the places of others: from their numbers to those of the others. */
  readonly instead: ReadonlyMap<number, number>;
  /** {@link Exchanged.naming}. */
  readonly naming: Readonly<Record<Direction, IdSet>>;
}

/**
 * The pairs whose decisions differ, each once; empty: none. `after` has to come from `before` by exchanges, and `affected`
 * to hold every endpoint whose own side may differ. Pairs that {@link Reach.rectangles} leaves out are left out here, too.
 * Where endpoints went or came, it is one exchange: sets hold numbers of before, and of those that came, except that
 * `moved` says whose place they take. To and from an endpoint that is not there everything is denied.
 * `few`: how many ends are few; answers do not depend on it. Throws a TypeError for compilations that have nothing in common.
 */
export function reachChanges(
  before: Reach,
  after: Reach,
  affected: Readonly<Record<Direction, IdSet>>,
  moved: MovedEnds = NOBODY_MOVED,
  few: number = FEW,
): ReachChange[] {
  const { table } = before;
  if (after.endpoints !== before.endpoints || after.table !== table) throw new TypeError('not an exchange of policies');
  const { endpoints, layers, present, changed } = seeTogether(before, after, moved.instead);
  const stay = subtract(present, changed);
  /** Those that stay, and may be open to one that does not. */
  const may = (direction: Direction): IdSet => {
    if (changed.length === 0) return EMPTY;
    const rests = [before, after].map((reach) => reach.openRests()[direction]);
    return intersect(unionAll([...rests, moved.naming[direction]]), stay);
  };
  const egress = changedSides(before, after, affected.egress, 'egress', stay);
  const ingress = changedSides(before, after, affected.ingress, 'ingress', stay);
  const [toChanged, fromChanged] = [narrowRows(layers, 'ingress', changed), narrowRows(layers, 'egress', changed)];
  const seen: Seen = { before, after, affected, endpoints, layers, few };
  // A pair of which both sides changed is looked at with its source's.
  const blocks: Block[] = [
    blockOf(seen, egress.subjects, egress.peers),
    blockOf(seen, subtract(ingress.peers, egress.subjects), ingress.subjects),
    blockOf(seen, intersect(ingress.peers, egress.subjects), subtract(ingress.subjects, egress.peers)),
    openBlock(endpoints, layers, changed, changed),
    openBlock(endpoints, toChanged, changed, openPeers(layers, 'egress', changed, may('ingress'))),
    openBlock(endpoints, fromChanged, openPeers(layers, 'ingress', changed, may('egress')), changed),
  ];
  const families = before.rows.size;
  const isDifferent = (decisions: readonly (DecisionId | undefined)[]): boolean =>
    decisions.slice(0, families).some((was, index) => {
      const is = decisions[families + index];
      return was !== undefined && is !== undefined && !saysTheSame(before, was, after, is);
    });
  return blocks
    .filter(({ sources, destinations }) => sources.length > 0 && destinations.length > 0)
    .flatMap((block) => findRectangles({ endpoints, table, ...block }))
    .filter(({ decisions }) => isDifferent(decisions))
    .map(({ sources, destinations, decisions }) => ({
      sources,
      destinations,
      before: familyDecisions(table, layers.slice(0, families), decisions.slice(0, families)),
      after: familyDecisions(table, layers.slice(families), decisions.slice(families)),
    }));
}

const NOBODY_MOVED: MovedEnds = { instead: new Map(), naming: { ingress: EMPTY, egress: EMPTY } };

/** So many ends say little of what others say: what isolates a namespace is about its pods. */
const FEW = 256;

/** A side that has so many times fewer members is less than another, however many they are. */
const MUCH = 8;

/** The pairs of two sides of which none surely denies everything to the whole of the other. */
function openBlock(endpoints: readonly Endpoint[], layers: readonly Layer[], sources: IdSet, others: IdSet): Block {
  const from = openTo(endpoints, layers, 'egress', sources, others);
  return { sources: from, destinations: openTo(endpoints, layers, 'ingress', others, from), layers };
}

/**
 * A block without those that surely deny everything to the other side, which are looked up where one side is few. What is
 * left of the other side is only asked what it says of these: of very many ends that is mostly the same.
 */
function blockOf(
  { before, after, affected, endpoints, layers, few }: Seen,
  sources: IdSet,
  destinations: IdSet,
): Block {
  const isFew = (side: IdSet, other: IdSet) => count(side) <= few && count(other) > 2 * few;
  // Numbers mean the same ends in both forms.
  const canLookUp = before.present === after.present;
  const among = (direction: Direction, subjects: IdSet, peers: IdSet): IdSet => {
    if (!canLookUp || !isFew(peers, subjects)) return subjects;
    // Whose side is not affected says the same before.
    return unionAll([after.openTo(direction, subjects, peers), intersect(subjects, affected[direction])]);
  };
  const senders = among('egress', sources, destinations);
  const receivers = among('ingress', destinations, senders);
  const { sources: from, destinations: to } = openBlock(endpoints, layers, senders, receivers);
  const isMuchLess = (side: IdSet, other: IdSet) => isFew(side, other) || count(side) * MUCH <= count(other);
  if (isMuchLess(from, to)) {
    return { sources: from, destinations: to, layers: narrowRows(layers, 'ingress', from, true) };
  }
  if (isMuchLess(to, from)) return { sources: from, destinations: to, layers: narrowRows(layers, 'egress', to, true) };
  return { sources: from, destinations: to, layers };
}

/** Those among whom are all to whom one of few subjects does not surely deny everything. */
function openPeers(layers: readonly Layer[], direction: Direction, subjects: IdSet, among: IdSet): IdSet {
  const open: IdSet[] = [];
  for (const subject of membersOf(subjects)) {
    for (const { rows } of layers) {
      const row = rows.row(subject, direction);
      for (const { groups, rest } of partsOf(row)) {
        if (rest !== DENIED) return among;
        for (const { decision, peers } of groups) if (decision !== DENIED) open.push(peers);
      }
    }
  }
  return intersect(unionAll(open), among);
}

/**
 * Those of the subjects that do not surely deny everything to all of the peers, before and after: no pair of another one
 * changes. Mostly few of very many are left.
 */
function openTo(
  endpoints: readonly Endpoint[],
  layers: readonly Layer[],
  direction: Direction,
  subjects: IdSet,
  peers: IdSet,
): IdSet {
  if (peers.length === 0) return EMPTY;
  const known = new Map<PlainRow, boolean>();
  const isPartOpen = ({ rest, groups }: PlainRow): boolean =>
    rest !== DENIED || groups.some((group) => group.decision !== DENIED && overlaps(group.peers, peers));
  // Very many rows share what they say of large sets; the rest is each one's own, and short.
  const isOpen = (row: Row): boolean => {
    const shared = row.parts?.far ?? row;
    return entry(known, shared, () => isPartOpen(shared)) || (row.parts !== undefined && isPartOpen(row.parts.near));
  };
  const open: number[] = [];
  for (const subject of membersOf(subjects)) {
    const { families } = endpoints[subject]!;
    let latest: Row | undefined;
    for (const { family, rows } of layers) {
      if (!families.includes(family)) continue;
      const row = rows.row(subject, direction);
      // Mostly all layers have the same row.
      if (row === latest || !isOpen(row)) {
        latest = row;
        continue;
      }
      open.push(subject);
      break;
    }
  }
  return idSet(open);
}

/**
 * The subjects whose side says something else, and to whom any of them does, all among `stay`. Subjects with equal rows are
 * compared once.
 */
function changedSides(
  before: Reach,
  after: Reach,
  affected: IdSet,
  direction: Direction,
  stay: IdSet,
): { readonly subjects: IdSet; readonly peers: IdSet } {
  const numbers = new Map<Row, number>();
  const groups = new Map<string, number[]>();
  for (const subject of membersOf(intersect(affected, stay))) {
    let key = '';
    for (const family of before.endpoints[subject]!.families) {
      for (const reach of [before, after]) {
        const row = reach.rows.get(family)!.row(subject, direction);
        key += `${family}${entry(numbers, row, () => numbers.size)} `;
      }
    }
    entry(groups, key, () => []).push(subject);
  }
  const subjects: IdSet[] = [];
  const peers: IdSet[] = [];
  for (const members of groups.values()) {
    const changed = intersect(changedPeers(before, after, members[0]!, direction), stay);
    if (changed.length === 0) continue;
    subjects.push(idSet(members));
    peers.push(changed);
  }
  return { subjects: unionAll(subjects), peers: unionAll(peers) };
}
