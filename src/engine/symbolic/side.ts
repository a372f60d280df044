// What both sides of a connection are judged with where one end is a pod that could exist: one family at a time, the
// look-ups of the compiled evaluator, and a pod that stands for all of those whose labels do not matter.

import { type DecisionId, type DecisionTable, decisionTable } from '../compile/decision.ts';
import { entry } from '../compile/entry.ts';
import type { FoldContext } from '../compile/fold.ts';
import { type FoldMemo, foldMemo } from '../compile/fold-memo.ts';
import { openTraffic, selectedTiers } from '../compile/rows.ts';
import { hasBlocks, matchRules, type RuleMatcher } from '../compile/rule-matches.ts';
import { type Selections, selectSubjects } from '../compile/selections.ts';
import { indexSelectors } from '../compile/selector-index.ts';
import { addressUnit, outsideAddresses } from '../endpoints/outside.ts';
import type { EndpointContext } from '../endpoints/pod-endpoints.ts';
import { possiblePod } from '../endpoints/possible-pod.ts';
import type { Endpoint, UnknownReason } from '../model/endpoint.ts';
import {
  DIRECTIONS,
  type Direction,
  type Match,
  type NamespaceScope,
  type Peer,
  type Policy,
} from '../model/policy.ts';
import type { Selector } from '../model/selector.ts';
import type { PlacedPolicy, Placement } from '../model/tier.ts';
import { contains } from '../sets/id-set.ts';
import { FAMILIES, type Family } from '../sets/ip-set.ts';
import { simplify } from '../sets/label-set.ts';
import { allTraffic, type Protocol, type TrafficSet } from '../sets/traffic-set.ts';
import { EVERYWHERE, type Known, NO_REGION, type PodRegion, type Region, regionOf } from './pod-space.ts';
import { type PodTable, podTable } from './pod-table.ts';

/** Everything that the pieces of one family are made from. */
export interface Side {
  readonly family: Family;
  readonly context: EndpointContext;
  readonly placement: Placement;
  readonly universe: TrafficSet;
  /** The ends that exist, then {@link template} and {@link outside}. */
  readonly endpoints: readonly Endpoint[];
  /** Position of the pod that stands for pods that could exist. */
  readonly template: number;
  /** Position of what stands for addresses outside; its own set of addresses is all of them. */
  readonly outside: number;
  readonly selections: Selections;
  /** For each tier whether a policy of it selects the end in either direction. */
  selectedOf(end: number): FoldContext['selected'];
  /** What the fold sees of the end's own policies in the direction; see {@link FoldMemo.baseOf}. */
  baseOf(end: number, direction: Direction): string | undefined;
  readonly matcher: RuleMatcher;
  readonly table: DecisionTable;
  readonly memo: FoldMemo;
  /** Boxes of pods by number. */
  readonly pods: PodTable;
  readonly open: ReturnType<typeof openTraffic>;
  /** Everything allowed; everything unknown for want of trying all labels. */
  readonly allowed: DecisionId;
  readonly undecided: DecisionId;
  /**
   * Whether what the policy allows can be added to what others allow, rule by rule: nothing in its tier and direction
   * denies, passes or has conditions. Such rules need no cells (docs/adr/0007).
   */
  isAdditive(placed: PlacedPolicy, direction: Direction): boolean;
  /** Which pods a scope and a selector name; see {@link regionOf}. */
  regionOf(scope: NamespaceScope, pods: Selector, known: Known): Region | undefined;
  /** Which pods a list of peers names. */
  peersOf(peers: Match<Peer>, policy: Policy, known: Known): PeerRegion;
}

/** Pods that a list of peers names, surely and perhaps. Undefined: a selector looks into values. */
export type PeerRegion =
  | {
      readonly yes: PodRegion;
      readonly maybe: readonly (readonly [UnknownReason, PodRegion])[];
    }
  | undefined;

/** One side for each family that pods can have. `endpoints` are the ends that exist. */
export function makeSides(
  context: EndpointContext,
  placement: Placement,
  endpoints: readonly Endpoint[],
  protocols: readonly Protocol[],
): Side[] {
  const home = { name: '', labels: {}, declared: true };
  const template = possiblePod(context, { key: '', name: '', namespace: home, labels: {} });
  const outside = addressUnit(context, outsideAddresses(context), undefined).endpoint;
  const ends = [...endpoints, template, outside];
  const universe = allTraffic(protocols);
  const selectors = indexSelectors(ends);
  const selections = selectSubjects(placement, selectors);
  const table = decisionTable();
  const { knobs } = context.behaviour;
  const open = openTraffic(knobs, universe);
  const pods = podTable();
  const additive = additiveParts(placement);
  const regions = { labels: regionMemo('labels'), names: regionMemo('names') };
  const reason: UnknownReason = 'label-combinations';
  const matcherOf = matchRules(ends, selectors, universe);
  const memo = foldMemo({ chain: placement.chain, universe }, table, open);
  const allowed = table.intern({ allowed: universe, unknown: [], conditional: [] });
  const undecided = table.intern({
    allowed: {},
    unknown: [{ traffic: universe, reason, policies: [] }],
    conditional: [],
  });
  const common = emptyRegions();
  const standings = new Map<number, ReturnType<typeof selectedTiers>>();
  const selectedOf = (end: number) => entry(standings, end, () => selectedTiers(placement.chain, selections, end));
  const bases = { ingress: new Map<number, string | undefined>(), egress: new Map<number, string | undefined>() };
  const baseOf = (end: number, direction: Direction): string | undefined => {
    const known = bases[direction];
    if (!known.has(end)) known.set(end, memo.baseOf(selections[direction].get(end) ?? [], selectedOf(end)));
    return known.get(end);
  };
  return FAMILIES.filter((family) => context.plan.families.includes(family)).map((family): Side => {
    const matcher = matcherOf(family);
    const apart = emptyRegions();
    return {
      family,
      context,
      placement,
      universe,
      endpoints: ends,
      template: endpoints.length,
      outside: endpoints.length + 1,
      selections,
      selectedOf,
      baseOf,
      matcher,
      table,
      memo,
      pods,
      open,
      allowed,
      undecided,
      isAdditive: ({ tier }, direction) => additive[direction][tier]!,
      regionOf: (scope, own, known) => regions[known](scope, own),
      peersOf: (peers, policy, known) =>
        entry((hasBlocks(peers) ? apart : common)[known], peers, () => {
          const region = regions[known];
          return peerRegion(peers, policy, { matcher, template: endpoints.length, region });
        }),
    };
  });
}

/** Regions of scopes and selectors; the same selector is asked about again and again. */
function regionMemo(known: Known): (scope: NamespaceScope, pods: Selector) => Region | undefined {
  const regions = new Map<Selector, Map<string | Selector, { readonly region: Region | undefined }>>();
  return (scope, pods) =>
    entry(
      entry(regions, pods, () => new Map()),
      'name' in scope ? scope.name : scope.selector,
      () => ({ region: regionOf(scope, pods, known) }),
    ).region;
}

/** Where lists of peers lead, by what is known of namespaces. */
function emptyRegions(): Record<Known, Map<Match<Peer>, PeerRegion>> {
  return { labels: new Map(), names: new Map() };
}

/** For each direction and tier whether no rule there does anything but accept. */
function additiveParts({ chain, policies }: Placement): Record<Direction, boolean[]> {
  const result = { ingress: chain.tiers.map(() => true), egress: chain.tiers.map(() => true) };
  for (const { policy, tier } of policies) {
    for (const direction of DIRECTIONS) {
      const rules = policy[direction]?.rules ?? [];
      if (rules.some((rule) => rule.action !== 'Accept' || rule.conditions.length > 0)) result[direction][tier] = false;
    }
  }
  return result;
}

function peerRegion(
  peers: Match<Peer>,
  policy: Policy,
  look: {
    readonly matcher: RuleMatcher;
    readonly template: number;
    readonly region: (scope: NamespaceScope, pods: Selector) => Region | undefined;
  },
): PeerRegion {
  if (peers === 'any') return { yes: EVERYWHERE.yes, maybe: [] };
  if (peers === 'none') return { yes: NO_REGION.yes, maybe: [] };
  const yes: PodRegion[number][] = [];
  const open: PodRegion[number][] = [];
  for (const peer of peers) {
    if (peer.type !== 'pods') continue;
    const region = look.region(peer.namespaces, peer.pods);
    if (region === undefined) return undefined;
    yes.push(...region.yes);
    open.push(...region.maybe);
  }
  const maybe: [UnknownReason, PodRegion][] = open.length === 0 ? [] : [['namespace-labels', simplify(open)]];
  // What is no pod selector asks about the address, which is the same for all of these pods.
  const [first, ...more] = peers.filter((peer) => peer.type !== 'pods');
  if (first === undefined) return { yes: simplify(yes), maybe };
  const others = look.matcher.peers([first, ...more], policy);
  if (contains(others.yes, look.template)) return { yes: EVERYWHERE.yes, maybe: [] };
  for (const [reason, ids] of others.maybe) if (contains(ids, look.template)) maybe.push([reason, EVERYWHERE.yes]);
  return { yes: simplify(yes), maybe };
}
