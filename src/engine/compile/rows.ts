// One row per kind of subject and direction: all endpoints, split into groups of peers that meet the same decision.

import type { Knobs } from '../model/behaviour.ts';
import type { Endpoint, UnknownReason } from '../model/endpoint.ts';
import type { Direction, PolicyDirection } from '../model/policy.ts';
import { seesHostNetwork } from '../model/policy.ts';
import type { PlacedPolicy, Placement } from '../model/tier.ts';
import type { Decision } from '../model/verdict.ts';
import { BitSet } from '../sets/bit-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import type { DecisionId, DecisionTable } from './decision.ts';
import { type AppliedPart, type Contribution, type FoldContext, fold } from './fold.ts';
import type { MatchSet } from './match-set.ts';
import type { RuleMatcher } from './rule-matches.ts';
import type { SelectorIndex } from './selector-index.ts';
import { entry } from './selector-index.ts';

/** Peers that meet one decision. The groups of a row are disjoint and cover all endpoints. */
export interface PeerGroup {
  readonly peers: BitSet;
  readonly decision: DecisionId;
}

/** Everything that rows are computed from, for one family. */
export interface RowInput {
  readonly endpoints: readonly Endpoint[];
  readonly placement: Placement;
  readonly knobs: Knobs;
  readonly universe: traffic.TrafficSet;
  readonly selectors: SelectorIndex;
  readonly matcher: RuleMatcher;
  readonly table: DecisionTable;
}

/** A policy that selects a subject in one direction. */
interface Selection {
  readonly placed: PlacedPolicy;
  readonly part: PolicyDirection;
  readonly reason?: UnknownReason;
  /** Rules whose narrower subject leaves this one in: position in `part.rules` and why only perhaps. Undefined: all. */
  readonly rules?: readonly (readonly [index: number, reason?: UnknownReason])[];
}

/** Computes rows on demand; subjects that the same policies select in the same way share one. */
export interface RowSource {
  row(subject: number, direction: Direction): readonly PeerGroup[];
}

/** Prepares rows. Policies that select nobody cost one look-up each. */
export function rowSource(input: RowInput): RowSource {
  const { endpoints, placement } = input;
  const policies = inOrder(placement);
  const selections: Record<Direction, Map<number, Selection[]>> = {
    ingress: select(input, policies, 'ingress'),
    egress: select(input, policies, 'egress'),
  };
  const rows = new Map<string, readonly PeerGroup[]>();
  const position = new Map(policies.map((placed, index) => [placed, index]));
  const trivial: readonly PeerGroup[] = [
    { peers: BitSet.full(endpoints.length), decision: input.table.intern(allow(input.universe)) },
  ];
  return {
    row(subject, direction) {
      const endpoint = endpoints[subject]!;
      if (endpoint.pod === undefined) return trivial;
      const own = selections[direction].get(subject) ?? [];
      const key = JSON.stringify([
        direction,
        own.map((one) => [position.get(one.placed), one.reason ?? 0, one.rules ?? 0]),
        direction === 'ingress' && own.some(usesNames) ? endpoint.ports : 0,
        endpoint.nodeName ?? 0,
        anyDirection(placement) ? selectedTiers(placement, selections, subject) : 0,
      ]);
      return entry(rows, key, () =>
        computeRow(input, subject, direction, own, selectedTiers(placement, selections, subject)),
      );
    },
  };
}

function allow(universe: traffic.TrafficSet): Decision {
  return { allowed: universe, unknown: [], conditional: [] };
}

/** By tier, then order, then name: the order in which first-match tiers read them. */
function inOrder(placement: Placement): PlacedPolicy[] {
  const name = (placed: PlacedPolicy) => {
    const { ref } = placed.policy;
    return `${ref.name}/${ref.namespace ?? ''}/${ref.kind}`;
  };
  return placement.policies
    .map((placed) => ({ placed, name: name(placed) }))
    .sort(
      (a, b) =>
        a.placed.tier - b.placed.tier ||
        a.placed.order - b.placed.order ||
        (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
    )
    .map(({ placed }) => placed);
}

function anyDirection(placement: Placement): boolean {
  return placement.chain.tiers.some((tier) => tier.unisolated === 'accept-if-selected');
}

function selectedTiers(
  placement: Placement,
  selections: Record<Direction, Map<number, Selection[]>>,
  subject: number,
): ('no' | 'maybe' | 'yes')[] {
  const all = [...(selections.ingress.get(subject) ?? []), ...(selections.egress.get(subject) ?? [])];
  return placement.chain.tiers.map((_, index) => {
    const here = all.filter((one) => one.placed.tier === index);
    return here.length === 0 ? 'no' : here.some((one) => one.reason === undefined) ? 'yes' : 'maybe';
  });
}

function usesNames(selection: Selection): boolean {
  return selection.part.rules.some(
    (rule) => typeof rule.ports !== 'string' && rule.ports.some((p) => p.type === 'named'),
  );
}

/** For every endpoint the policies that select it in one direction, in order of evaluation. */
function select(input: RowInput, policies: readonly PlacedPolicy[], direction: Direction): Map<number, Selection[]> {
  const result = new Map<number, Selection[]>();
  const add = (id: number, selection: Selection) => entry(result, id, () => []).push(selection);
  for (const placed of policies) {
    const part = placed.policy[direction];
    if (part === undefined) continue;
    const sees = seesHostNetwork(placed.policy);
    const subjects = input.selectors.pods(part.subject.namespaces, part.subject.pods, sees);
    const narrowed = part.rules.map((rule) =>
      rule.subject === undefined ? undefined : input.selectors.pods(rule.subject.namespaces, rule.subject.pods, sees),
    );
    const rulesFor = (id: number): { rules?: NonNullable<Selection['rules']> } =>
      narrowed.every((set) => set === undefined)
        ? {}
        : {
            rules: narrowed.flatMap((set, index) =>
              set === undefined ? [[index] as const] : narrowedRule(set, index, id),
            ),
          };
    subjects.yes.forEach((id) => {
      add(id, { placed, part, ...rulesFor(id) });
    });
    for (const [reason, set] of subjects.maybe) {
      set.forEach((id) => {
        add(id, { placed, part, reason, ...rulesFor(id) });
      });
    }
  }
  return result;
}

function narrowedRule(set: MatchSet, index: number, id: number): NonNullable<Selection['rules']> {
  if (set.yes.has(id)) return [[index]];
  for (const [reason, open] of set.maybe) if (open.has(id)) return [[index, reason]];
  return [];
}

/** One contribution with the peers that it holds for. */
interface PeerContribution extends Contribution {
  readonly peers: BitSet;
  readonly selection: number;
}

function computeRow(
  input: RowInput,
  subject: number,
  direction: Direction,
  own: readonly Selection[],
  selected: FoldContext['selected'],
): readonly PeerGroup[] {
  const context: FoldContext = { chain: input.placement.chain, universe: input.universe, selected };
  const contributions = own.flatMap((selection, index) => contribute(input, subject, direction, selection, index));
  const groups = splitByMembership(input.endpoints.length, contributions).map(({ peers, members }) => {
    const parts = own.map((selection, index): AppliedPart => {
      const mine = members.filter((one) => one.selection === index);
      return appliedPart(input, selection, mine);
    });
    return { peers, decision: input.table.intern(fold(parts, context)) };
  });
  return exemptOwnNode(input, subject, direction, mergeGroups(groups));
}

function appliedPart(input: RowInput, selection: Selection, contributions: readonly Contribution[]): AppliedPart {
  const { placed, part, reason } = selection;
  return {
    policy: placed.policy,
    tier: placed.tier,
    order: placed.order,
    isolates: part.isolates,
    hasRules: part.rules.length > 0,
    ...(reason === undefined ? {} : { reason }),
    open: openTraffic(placed, input.knobs, input.universe),
    contributions,
  };
}

/** Protocols about which the policy says nothing that can be known (semantics 1.7 P6; knobs icmp and sctp). */
function openTraffic(placed: PlacedPolicy, knobs: Knobs, universe: traffic.TrafficSet): AppliedPart['open'] {
  const open: { traffic: traffic.TrafficSet; reason: UnknownReason }[] = [];
  const others = traffic.intersect(universe, traffic.allTraffic(['ICMP', 'ICMPv6']));
  if (!placed.coversOtherProtocols && !traffic.isEmpty(others)) open.push({ traffic: others, reason: 'icmp' });
  const sctp = traffic.intersect(universe, traffic.allTraffic(['SCTP']));
  if (knobs.sctp === 'unknown' && !traffic.isEmpty(sctp)) open.push({ traffic: sctp, reason: 'sctp' });
  return open;
}

function contribute(
  input: RowInput,
  subject: number,
  direction: Direction,
  selection: Selection,
  index: number,
): PeerContribution[] {
  const all = selection.part.rules;
  const rules =
    selection.rules?.map(([i, reason]) => ({ rule: all[i]!, narrowed: reason })) ??
    all.map((rule) => ({ rule, narrowed: undefined }));
  const result: PeerContribution[] = [];
  for (const { rule, narrowed } of rules) {
    const peers = input.matcher.peers(rule.peers, selection.placed.policy);
    const ports =
      direction === 'ingress'
        ? [{ ...input.matcher.portsOn(rule.ports, subject), destinations: undefined }]
        : input.matcher.portGroups(rule.ports);
    for (const { sure, perhaps, destinations } of ports) {
      const within = (set: BitSet) => (destinations === undefined ? set : set.clone().andWith(destinations));
      const add = (set: BitSet, opened: traffic.TrafficSet, open?: UnknownReason) => {
        const reason = open ?? narrowed;
        const members = within(set);
        if (traffic.isEmpty(opened) || members.isEmpty()) return;
        result.push({
          action: rule.action,
          traffic: opened,
          conditions: rule.conditions,
          ...(reason === undefined ? {} : { reason }),
          peers: members,
          selection: index,
        });
      };
      addMatches(peers, sure, perhaps, add);
    }
  }
  return result;
}

function addMatches(
  peers: MatchSet,
  sure: traffic.TrafficSet,
  perhaps: traffic.TrafficSet,
  add: (set: BitSet, opened: traffic.TrafficSet, reason?: UnknownReason) => void,
): void {
  add(peers.yes, sure);
  add(peers.yes, perhaps, 'pod-ports');
  for (const [reason, set] of peers.maybe) add(set, traffic.union(sure, perhaps), reason);
}

/** Splits all endpoints by which contributions hold for them. */
function splitByMembership(
  size: number,
  contributions: readonly PeerContribution[],
): { readonly peers: BitSet; readonly members: readonly PeerContribution[] }[] {
  let blocks: { peers: BitSet; members: PeerContribution[] }[] = [{ peers: BitSet.full(size), members: [] }];
  for (const one of contributions) {
    const next: typeof blocks = [];
    for (const block of blocks) {
      const inside = block.peers.clone().andWith(one.peers);
      if (inside.isEmpty()) {
        next.push(block);
        continue;
      }
      next.push({ peers: inside, members: [...block.members, one] });
      const outside = block.peers.andNotWith(one.peers);
      if (!outside.isEmpty()) next.push({ peers: outside, members: block.members });
    }
    blocks = next;
  }
  return blocks;
}

function mergeGroups(groups: readonly PeerGroup[]): PeerGroup[] {
  const merged = new Map<DecisionId, PeerGroup>();
  for (const group of groups) {
    const before = merged.get(group.decision);
    if (before === undefined) merged.set(group.decision, { ...group, peers: group.peers.clone() });
    else before.peers.orWith(group.peers);
  }
  return [...merged.values()];
}

/** "Traffic to and from the node where a pod runs is always allowed": for whom speaks with that node's address. */
function exemptOwnNode(
  input: RowInput,
  subject: number,
  direction: Direction,
  groups: readonly PeerGroup[],
): readonly PeerGroup[] {
  const knob = direction === 'ingress' ? input.knobs.localNodeIngress : input.knobs.localNodeEgress;
  if (knob !== 'allow') return groups;
  const own = input.endpoints[subject]!.nodeName;
  const perhaps = new Map<UnknownReason, BitSet>();
  const surely = new BitSet(input.endpoints.length);
  input.endpoints.forEach((peer, id) => {
    if (peer.ownNode === undefined) return;
    if (own === undefined || peer.nodeName === undefined) {
      entry(perhaps, peer.ownNode, () => new BitSet(input.endpoints.length)).add(id);
    } else if (own === peer.nodeName) surely.add(id);
  });
  if (surely.isEmpty() && perhaps.size === 0) return groups;
  const result: PeerGroup[] = [{ peers: surely, decision: input.table.intern(allow(input.universe)) }];
  for (const group of groups) {
    const rest = group.peers.clone().andNotWith(surely);
    for (const [reason, set] of perhaps) {
      const inside = rest.clone().andWith(set);
      rest.andNotWith(set);
      result.push({ peers: inside, decision: input.table.intern(loosen(input, group.decision, reason)) });
    }
    result.push({ peers: rest, decision: group.decision });
  }
  return mergeGroups(result.filter((group) => !group.peers.isEmpty()));
}

/** What the rules do not surely allow becomes unknown. */
function loosen(input: RowInput, id: DecisionId, reason: UnknownReason): Decision {
  const { allowed } = input.table.get(id);
  const rest = traffic.subtract(input.universe, allowed);
  const unknown = traffic.isEmpty(rest) ? [] : [{ traffic: rest, reason, policies: [] }];
  return { allowed, unknown, conditional: [] };
}
