// One row per kind of subject and direction: all endpoints, split into groups of peers that meet the same decision.

import type { Knobs } from '../model/behaviour.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { DIRECTIONS, type Direction } from '../model/policy.ts';
import type { Chain, PlacedPolicy } from '../model/tier.ts';
import { count, type IdSet, intersect, overlaps } from '../sets/id-set.ts';
import type { Family } from '../sets/ip-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import { contribute, type PeerContribution } from './contributions.ts';
import type { DecisionTable } from './decision.ts';
import { entry } from './entry.ts';
import type { AppliedPart, Selected } from './fold.ts';
import { foldMemo } from './fold-memo.ts';
import { ANY_NUMBER, numberedMap } from './numbered-map.ts';
import { ownNode } from './own-node.ts';
import { mergeGroups, type Row } from './row.ts';
import { type PartSizes, rowMaker } from './row-maker.ts';
import type { RuleMatcher } from './rule-matches.ts';
import type { Selection, Selections } from './selections.ts';
import { splitPeers } from './split-peers.ts';

/** What rows are computed from, whichever policies there are. */
export interface RowInput {
  readonly endpoints: readonly Endpoint[];
  readonly chain: Chain;
  readonly knobs: Knobs;
  readonly universe: traffic.TrafficSet;
  readonly matcherOf: (family: Family) => RuleMatcher;
  readonly table: DecisionTable;
  readonly partSizes: PartSizes;
}

/** Computes rows on demand; subjects that the same policies select in the same way share one. */
export interface RowSource {
  row(subject: number, direction: Direction): Row;
}

/** Rows, and what they say of few peers, which is known sooner. */
export interface PartialRows extends RowSource {
  /** What the row says of these peers, and of the rest; of others it may say anything. */
  partly(subject: number, direction: Direction, peers: IdSet): Row;
}

/** Rows under some selections, by family. Where no policy of a subject names addresses, its row is the same object in all. */
export type RowsUnder = (selections: Selections) => ReadonlyMap<Family, PartialRows>;

/**
 * Prepares rows of each family. What is worked out under some selections serves all others: equal keys of selections have
 * to mean equal selections.
 */
export function rowsUnder(input: RowInput, families: readonly Family[]): RowsUnder {
  const shared = { common: emptyWork(), ...prepare(input) };
  const apart = families.map(
    (family) =>
      [
        family,
        { ...shared, apart: emptyWork(), matcher: input.matcherOf(family), latest: emptyLatest(input) },
      ] as const,
  );
  return (selections) => new Map(apart.map(([family, work]) => [family, rowSource(input, selections, work)]));
}

function prepare(input: RowInput) {
  const { chain, knobs, universe, table, endpoints } = input;
  const node = ownNode(endpoints, knobs, universe, table);
  const everything = table.intern({ allowed: universe, unknown: [], conditional: [] });
  return {
    memo: foldMemo({ chain, universe }, table, openTraffic(knobs, universe)),
    node,
    make: rowMaker(endpoints.length, node, input.partSizes),
    trivial: { groups: [], rest: everything } satisfies Row,
    read: listReader(),
  };
}

/** What a list of selections says as a whole; equal lists have equal numbers. Lists may be long, and many share one. */
function listReader(): (own: readonly Selection[]) => {
  readonly number: number;
  readonly hasNames: boolean;
  readonly isApart: boolean;
} {
  const numbers = new Map<string, number>();
  const known = new Map<readonly Selection[], ReturnType<ReturnType<typeof listReader>>>();
  return (own) =>
    entry(known, own, () => ({
      number: entry(numbers, own.map(({ key }) => key).join(), () => numbers.size),
      hasNames: own.some((one) => one.hasNames),
      isApart: own.some((one) => one.hasBlocks),
    }));
}

/** What rows of all families and selections share, and what those of one family do. */
type Shared = ReturnType<typeof prepare> & {
  readonly common: ReturnType<typeof emptyWork>;
  readonly apart: ReturnType<typeof emptyWork>;
  readonly matcher: RuleMatcher;
  readonly latest: Readonly<Record<Direction, Latest>>;
};

/** The row that was last asked for, by subject, and the selections that it is for: after an exchange most are the same. */
interface Latest {
  readonly own: (readonly Selection[])[];
  readonly rows: (Row | undefined)[];
}

/** Selections of nobody: no subject has them. */
const NEVER_ASKED: readonly Selection[] = [];

function emptyLatest({ endpoints }: RowInput): Record<Direction, Latest> {
  const none = (): Latest => ({
    own: endpoints.map(() => NEVER_ASKED),
    rows: endpoints.map(() => undefined),
  });
  return { ingress: none(), egress: none() };
}

function rowSource({ endpoints, chain }: RowInput, selections: Selections, shared: Shared): PartialRows {
  const { memo, node, make, trivial, common, apart, matcher, latest, read } = shared;
  const seesOtherDirection = looksAtBothDirections(chain);
  const unseen = chain.tiers.map((): 'no' => 'no');
  const selectedAt = (subject: number) => (seesOtherDirection ? selectedTiers(chain, selections, subject) : unseen);

  function contributionsOf(selection: Selection, subject: number, direction: Direction) {
    const names = direction === 'ingress' && selection.hasNames ? matcher.namesAt(subject) : ANY_NUMBER;
    const { contributions } = selection.hasBlocks ? apart : common;
    return contributions.entry(selection, names, () => contribute(matcher, selection, subject, direction));
  }

  function computeRow(subject: number, direction: Direction, own: readonly Selection[]): Row {
    const all = own.flatMap((selection) => contributionsOf(selection, subject, direction));
    return make(subject, direction, memo.subject(own, selectedAt(subject)), all);
  }

  function findRow(subject: number, direction: Direction, own: readonly Selection[]): Row {
    const { number, hasNames, isApart } = read(own);
    const names = direction === 'ingress' && hasNames ? matcher.namesAt(subject) : '';
    const selected = seesOtherDirection ? selectedAt(subject).join() : '';
    const { rows } = isApart ? apart : common;
    return entry(rows, `${direction}|${number}|${names}|${selected}|${node.keyOf(subject)}`, () =>
      computeRow(subject, direction, own),
    );
  }

  return {
    row(subject, direction) {
      if (endpoints[subject]!.pod === undefined) return trivial;
      const own = selections[direction].get(subject) ?? NO_SELECTIONS;
      if (seesOtherDirection) return findRow(subject, direction, own);
      const known = latest[direction];
      if (known.own[subject] === own) return known.rows[subject]!;
      const row = findRow(subject, direction, own);
      known.own[subject] = own;
      known.rows[subject] = row;
      return row;
    },
    partly(subject, direction, peers) {
      if (endpoints[subject]!.pod === undefined) return trivial;
      const own = selections[direction].get(subject) ?? NO_SELECTIONS;
      if (!seesOtherDirection && latest[direction].own[subject] === own) return latest[direction].rows[subject]!;
      const decide = memo.subject(own, selectedAt(subject));
      // The fold knows contributions again by their identity, so that none is copied.
      const some: { readonly whole: PeerContribution; readonly peers: IdSet }[] = [];
      for (const selection of own) {
        for (const whole of contributionsOf(selection, subject, direction)) {
          if (count(whole.peers) === endpoints.length) some.push({ whole, peers: whole.peers });
          else if (overlaps(whole.peers, peers)) some.push({ whole, peers: intersect(whole.peers, peers) });
        }
      }
      const { blocks, rest } = splitPeers(endpoints.length, some);
      const say = (members: readonly (typeof some)[number][]) => decide(members.map(({ whole }) => whole));
      const groups = blocks.map((block) => ({ peers: block.peers, decision: say(block.members) }));
      return node.exempt(subject, direction, mergeGroups(groups, say(rest)));
    },
  };
}

const NO_SELECTIONS: readonly Selection[] = [];

/** What was worked out before: for one family, or for all. */
function emptyWork() {
  return {
    contributions: numberedMap<Selection, readonly PeerContribution[]>(),
    rows: new Map<string, Row>(),
  };
}

/** Reports whether being selected in one direction matters to the other (knob npTier=anyDirection). */
export function looksAtBothDirections({ tiers }: Chain): boolean {
  return tiers.some(({ unisolated }) => unisolated === 'accept-if-selected');
}

/** For each tier whether a policy of it selects the subject in either direction. */
export function selectedTiers({ tiers }: Chain, selections: Selections, subject: number): Selected[] {
  const standings = DIRECTIONS.map((one) => standingOf(selections[one].get(subject) ?? NO_SELECTIONS, tiers.length));
  return tiers.map((_, tier) => {
    const both = standings.map((standing) => standing[tier]!);
    return both.includes('yes') ? 'yes' : (both.find((one) => one !== 'no') ?? 'no');
  });
}

/** Many subjects share a list. */
const standings = new WeakMap<readonly Selection[], readonly Selected[]>();

function standingOf(own: readonly Selection[], tiers: number): readonly Selected[] {
  const known = standings.get(own);
  if (known?.length === tiers) return known;
  const result = Array.from({ length: tiers }, (): Selected => 'no');
  for (const { placed, reason } of own) {
    if (reason === undefined) result[placed.tier] = 'yes';
    else if (result[placed.tier] === 'no') result[placed.tier] = reason;
  }
  standings.set(own, result);
  return result;
}

/** Protocols about which a policy says nothing that can be known (semantics 1.7 P6; knobs icmp and sctp). */
export function openTraffic(knobs: Knobs, universe: traffic.TrafficSet): (placed: PlacedPolicy) => AppliedPart['open'] {
  const others = traffic.intersect(universe, traffic.allTraffic(['ICMP', 'ICMPv6']));
  const sctp = knobs.sctp === 'unknown' ? traffic.intersect(universe, traffic.allTraffic(['SCTP'])) : {};
  const always: AppliedPart['open'] = traffic.isEmpty(sctp) ? [] : [{ traffic: sctp, reason: 'sctp' }];
  const plain: AppliedPart['open'] = traffic.isEmpty(others)
    ? always
    : [{ traffic: others, reason: 'icmp' }, ...always];
  return (placed) => (placed.coversOtherProtocols ? always : plain);
}
