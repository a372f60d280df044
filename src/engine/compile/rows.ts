// One row per kind of subject and direction: all endpoints, split into groups of peers that meet the same decision.

import type { Knobs } from '../model/behaviour.ts';
import type { Endpoint, UnknownReason } from '../model/endpoint.ts';
import type { Direction } from '../model/policy.ts';
import type { Chain, PlacedPolicy } from '../model/tier.ts';
import type { Decision } from '../model/verdict.ts';
import { contains, type IdSet, idSet, intersect, subtract, unionAll } from '../sets/id-set.ts';
import type { Family } from '../sets/ip-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import { contribute, type PeerContribution } from './contributions.ts';
import type { DecisionId, DecisionTable } from './decision.ts';
import { entry } from './entry.ts';
import type { AppliedPart } from './fold.ts';
import { foldMemo } from './fold-memo.ts';
import { ANY_NUMBER, numberedMap } from './numbered-map.ts';
import type { RuleMatcher } from './rule-matches.ts';
import type { Selection, Selections } from './selections.ts';
import { splitPeers } from './split-peers.ts';

/** Peers that meet one decision. */
export interface PeerGroup {
  readonly peers: IdSet;
  readonly decision: DecisionId;
}

/** What one subject's side says of every peer. The groups are disjoint; all other endpoints meet `rest`. */
export interface Row {
  readonly groups: readonly PeerGroup[];
  readonly rest: DecisionId;
}

/** What rows are computed from, whichever policies there are. */
export interface RowInput {
  readonly endpoints: readonly Endpoint[];
  readonly chain: Chain;
  readonly knobs: Knobs;
  readonly universe: traffic.TrafficSet;
  readonly matcherOf: (family: Family) => RuleMatcher;
  readonly table: DecisionTable;
}

/** Computes rows on demand; subjects that the same policies select in the same way share one. */
export interface RowSource {
  row(subject: number, direction: Direction): Row;
}

/** Rows under some selections, by family. Where no policy of a subject names addresses, its row is the same object in all. */
export type RowsUnder = (selections: Selections) => ReadonlyMap<Family, RowSource>;

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
  const { chain, knobs, universe, table } = input;
  return {
    memo: foldMemo({ chain, universe }, table, openTraffic(knobs, universe)),
    exempt: ownNodeExemption(input),
    trivial: { groups: [], rest: table.intern(allow(universe)) } satisfies Row,
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

function rowSource({ endpoints, chain }: RowInput, selections: Selections, shared: Shared): RowSource {
  const { memo, exempt, trivial, common, apart, matcher, latest, read } = shared;
  const seesOtherDirection = looksAtBothDirections(chain);
  const unseen = chain.tiers.map((): 'no' => 'no');
  const selectedAt = (subject: number) => (seesOtherDirection ? selectedTiers(chain, selections, subject) : unseen);

  function contributionsOf(selection: Selection, subject: number, direction: Direction) {
    const names = direction === 'ingress' && selection.hasNames ? matcher.namesAt(subject) : ANY_NUMBER;
    const { contributions } = selection.hasBlocks ? apart : common;
    return contributions.entry(selection, names, () => contribute(matcher, selection, subject, direction));
  }

  function computeRow(subject: number, direction: Direction, own: readonly Selection[]): Row {
    const decide = memo.subject(own, selectedAt(subject));
    const all = own.flatMap((selection) => contributionsOf(selection, subject, direction));
    const { blocks, rest } = splitPeers(endpoints.length, all);
    const groups = blocks.map(({ peers, members }) => ({ peers, decision: decide(members) }));
    return exempt(subject, direction, mergeGroups(groups, decide(rest)));
  }

  function findRow(subject: number, direction: Direction, own: readonly Selection[]): Row {
    const { number, hasNames, isApart } = read(own);
    const names = direction === 'ingress' && hasNames ? matcher.namesAt(subject) : '';
    const selected = seesOtherDirection ? selectedAt(subject).join() : '';
    const node = exempt.looksAtNodes ? JSON.stringify(endpoints[subject]!.nodeName ?? 0) : '';
    const { rows } = isApart ? apart : common;
    return entry(rows, `${direction}|${number}|${names}|${selected}|${node}`, () =>
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

/** The decision of a row on one peer. */
export function decisionOn(row: Row, peer: number): DecisionId {
  return row.groups.find((group) => contains(group.peers, peer))?.decision ?? row.rest;
}

function allow(universe: traffic.TrafficSet): Decision {
  return { allowed: universe, unknown: [], conditional: [] };
}

/** Reports whether being selected in one direction matters to the other (knob npTier=anyDirection). */
export function looksAtBothDirections({ tiers }: Chain): boolean {
  return tiers.some(({ unisolated }) => unisolated === 'accept-if-selected');
}

/** For each tier whether a policy of it selects the subject in either direction. */
export function selectedTiers({ tiers }: Chain, selections: Selections, subject: number): ('no' | 'maybe' | 'yes')[] {
  const [ingress, egress] = [selections.ingress, selections.egress].map((lists) =>
    standingOf(lists.get(subject) ?? NO_SELECTIONS, tiers.length),
  );
  return tiers.map((_, tier) => {
    const both = [ingress![tier]!, egress![tier]!];
    return both.includes('yes') ? 'yes' : both.includes('maybe') ? 'maybe' : 'no';
  });
}

/** Many subjects share a list. */
const standings = new WeakMap<readonly Selection[], readonly ('no' | 'maybe' | 'yes')[]>();

function standingOf(own: readonly Selection[], tiers: number): readonly ('no' | 'maybe' | 'yes')[] {
  const known = standings.get(own);
  if (known?.length === tiers) return known;
  const result = Array.from({ length: tiers }, (): 'no' | 'maybe' | 'yes' => 'no');
  for (const { placed, reason } of own) {
    if (reason === undefined) result[placed.tier] = 'yes';
    else if (result[placed.tier] === 'no') result[placed.tier] = 'maybe';
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

/** Groups of equal decisions become one; what meets the decision of the rest goes into the rest. */
function mergeGroups(groups: readonly PeerGroup[], rest: DecisionId): Row {
  const merged = new Map<DecisionId, IdSet[]>();
  for (const { peers, decision } of groups) {
    if (decision !== rest && peers.length > 0) entry(merged, decision, () => []).push(peers);
  }
  return { groups: [...merged].map(([decision, sets]) => ({ peers: unionAll(sets), decision })), rest };
}

/** Applies the exemption of the own node to a row. */
interface OwnNodeExemption {
  (subject: number, direction: Direction, row: Row): Row;
  /** Whether rows of subjects on different nodes can differ. */
  readonly looksAtNodes: boolean;
}

/** "Traffic to and from the node where a pod runs is always allowed": for whom speaks with that node's address. */
function ownNodeExemption({ endpoints, knobs, universe, table }: RowInput): OwnNodeExemption {
  const speakers = endpoints.flatMap((peer, id) =>
    peer.ownNode === undefined ? [] : [{ id, ...peer, reason: peer.ownNode }],
  );
  const exempt = (subject: number, direction: Direction, row: Row): Row => {
    const knob = direction === 'ingress' ? knobs.localNodeIngress : knobs.localNodeEgress;
    if (knob !== 'allow' || speakers.length === 0) return row;
    const own = endpoints[subject]!.nodeName;
    const isSure = ({ nodeName }: { readonly nodeName?: string }) => own !== undefined && own === nodeName;
    const surely = idSet(speakers.filter(isSure).map(({ id }) => id));
    const perhaps = new Map<UnknownReason, number[]>();
    for (const { id, nodeName, reason } of speakers) {
      if (own === undefined || nodeName === undefined) entry(perhaps, reason, () => []).push(id);
    }
    const groups: PeerGroup[] = [{ peers: surely, decision: table.intern(allow(universe)) }];
    const concerned = unionAll([surely, ...[...perhaps.values()].map(idSet)]);
    for (const group of row.groups) groups.push({ ...group, peers: subtract(group.peers, concerned) });
    for (const [reason, ids] of perhaps) {
      let left: IdSet = idSet(ids);
      for (const { peers, decision } of row.groups) {
        groups.push({
          peers: intersect(left, peers),
          decision: table.intern(loosen(table.get(decision), universe, reason)),
        });
        left = subtract(left, peers);
      }
      groups.push({ peers: left, decision: table.intern(loosen(table.get(row.rest), universe, reason)) });
    }
    return mergeGroups(groups, row.rest);
  };
  return Object.assign(exempt, { looksAtNodes: speakers.length > 0 });
}

/** What the rules do not surely allow becomes unknown. */
function loosen({ allowed }: Decision, universe: traffic.TrafficSet, reason: UnknownReason): Decision {
  const rest = traffic.subtract(universe, allowed);
  const unknown = traffic.isEmpty(rest) ? [] : [{ traffic: rest, reason, policies: [] }];
  return { allowed, unknown, conditional: [] };
}
