// What policies say of the traffic of a pod that could exist itself, for every end that exists: pieces that may overlap.
// As in peer-pieces.ts, a pod meets the best that the pieces holding it say.

import { contribute, type PeerContribution } from '../compile/contributions.ts';
import { DENIED, type DecisionId } from '../compile/decision.ts';
import { entry } from '../compile/entry.ts';
import { hasBlocks } from '../compile/rule-matches.ts';
import { inOrder, peersNamedBy, type Selection } from '../compile/selections.ts';
import { splitPeers } from '../compile/split-peers.ts';
import type { Namespace } from '../model/cluster.ts';
import type { UnknownReason } from '../model/endpoint.ts';
import type { Direction, Policy } from '../model/policy.ts';
import type { PlacedPolicy } from '../model/tier.ts';
import { ANY_BOX, type BoxId } from '../sets/box-table.ts';
import { everyId, type IdSet, intersect as intersectIds, subtract as subtractIds, unionAll } from '../sets/id-set.ts';
import { intersect, isEmpty, isSubset } from '../sets/label-set.ts';
import { accepting } from './peer-pieces.ts';
import type { Known, PodRegion } from './pod-space.ts';
import type { Side } from './side.ts';
import { doubtOf, findParts, type Part, type SubjectCell, subjectCells, type Where } from './subject-cells.ts';

/** Pods of the box and these ends meet at least this decision, never denied. */
export interface SubjectPiece {
  readonly box: BoxId;
  readonly decision: DecisionId;
  readonly peers: IdSet;
  readonly policies: readonly Policy[];
  /** True for pods that no policy isolates, or looks at in any other way than to add to what is open. */
  readonly isUnisolated: boolean;
}

/** Looks up pieces by where the pod is; each place is worked out once. */
export interface SubjectPieces {
  /** Of a namespace of the snapshot: boxes ask nothing of the namespace. */
  at(namespace: Namespace): readonly SubjectPiece[];
  /** Of all namespaces that no policy of their own selects pods in: boxes ask for labels of the namespace. */
  elsewhere(): readonly SubjectPiece[];
  /** Whether {@link SubjectPieces.elsewhere} says the same on all sides. */
  readonly isSharedElsewhere: boolean;
  /** Whether policies may select pods of that namespace in this direction that select none of a new one, or perhaps. */
  isLimited(namespace: Namespace): boolean;
}

/** Prepares the pieces of pods as subjects in one direction, one look-up for each of the sides, of which there are some. */
export function subjectPieces(sides: readonly Side[], direction: Direction): SubjectPieces[] {
  // What is asked of the first here is the same of all: families differ in addresses only.
  const side = sides[0]!;
  const { cluster } = side.context;
  const ordered = inOrder(side.placement).map((placed, position) => ({ placed, position }));
  const own = new Map<string, typeof ordered>();
  const clusterWide: typeof ordered = [];
  for (const one of ordered) {
    const { ingress, egress } = one.placed.policy;
    let last: string | undefined;
    let isClusterWide = false;
    for (const part of [ingress, egress]) {
      if (part === undefined) continue;
      const scope = part.subject.namespaces;
      if (!('name' in scope)) isClusterWide = true;
      else if (scope.name !== last) {
        last = scope.name;
        entry(own, last, () => []).push(one);
      }
    }
    if (isClusterWide) clusterWide.push(one);
  }
  const known = new Map<string, readonly (readonly SubjectPiece[])[]>();
  const asksElsewhere = side.placement.chain.tiers.some((tier) => tier.unisolated === 'accept-if-selected');
  let generic: readonly (readonly SubjectPiece[])[] | undefined;
  const doubt = side.endpoints[side.template]!.pod?.perhapsSubject;
  const perhaps = doubt === undefined ? {} : { perhaps: doubt };

  const at = ({ name, labels, declared }: Namespace) =>
    entry(known, name, () => {
      const policies = [...new Set([...(own.get(name) ?? []), ...clusterWide])].sort((a, b) => a.position - b.position);
      return makePieces(sides, direction, policies, {
        known: knowledge(side, declared),
        namespace: { name, labels, declared },
        ...perhaps,
      });
    });
  const elsewhere = () => {
    generic ??= makePieces(sides, direction, clusterWide, { known: 'labels', ...perhaps });
    return generic;
  };
  const isSharedElsewhere = clusterWide.every(
    ({ placed }) => !(placed.policy[direction]?.rules.some(({ peers }) => hasBlocks(peers)) ?? false),
  );
  return sides.map((_, i) => ({
    isSharedElsewhere,
    at: (namespace) => at(namespace)[i]!,
    elsewhere: () => elsewhere()[i]!,
    isLimited: ({ name }) =>
      cluster.namespaces.has(name) &&
      (own.get(name) ?? []).some(({ placed }) => placed.policy[direction] !== undefined || asksElsewhere),
  }));
}

/** What is known of a namespace's labels, by the knob for those that no object declares. */
export function knowledge({ context }: Side, declared: boolean): Known {
  return declared || context.behaviour.knobs.undeclaredNamespaces === 'unlabelled' ? 'labels' : 'names';
}

type Ordered = readonly { readonly placed: PlacedPolicy; readonly position: number }[];

/** The pieces for each side. */
function makePieces(sides: readonly Side[], direction: Direction, policies: Ordered, where: Where): SubjectPiece[][] {
  const side = sides[0]!;
  const parts = findParts(side, direction, policies, where);
  const cells = parts === undefined ? undefined : subjectCells(side, direction, policies, parts, where);
  if (parts === undefined || cells === undefined) {
    return sides.map(({ endpoints, undecided }) => [
      { box: ANY_BOX, decision: undecided, peers: everyId(endpoints.length), policies: [], isUnisolated: false },
    ]);
  }
  const additive = parts.filter(({ placed }) => side.isAdditive(placed, direction));
  const adding = additive.flatMap((part) =>
    selectionsOf(part, doubtOf(where)).map(({ region, selection }) => ({
      region,
      selection,
      contributions: sides.map((one) => contribute(one.matcher, selection, one.template, direction)),
    })),
  );
  const pieces = sides.map((): SubjectPiece[] => []);
  for (const cell of cells) addPieces(sides, direction, cell, adding, pieces);
  return pieces;
}

/** Ends for which the same of the cell's own rules hold. */
interface Target {
  readonly ids: IdSet;
  readonly members: readonly PeerContribution[];
  readonly base: DecisionId;
}

/** How a policy that only adds something selects pods, and what its rules add on each side. */
interface Adding {
  readonly region: PodRegion;
  readonly selection: Selection;
  readonly contributions: readonly (readonly PeerContribution[])[];
}

/** Adds the pieces of a cell to those of each side. */
function addPieces(
  sides: readonly Side[],
  direction: Direction,
  cell: SubjectCell,
  adding: readonly Adding[],
  into: readonly SubjectPiece[][],
): void {
  const { own, selected, set } = cell;
  const { pods, memo } = sides[0]!;
  const targets = sides.map((side) => targetsOf(side, direction, cell));
  const add = (
    to: SubjectPiece[],
    region: PodRegion,
    said: Pick<SubjectPiece, 'decision' | 'peers' | 'policies'>,
  ): void => {
    const isUnisolated = own.length === 0 && said.policies.length === 0;
    for (const box of region) to.push({ box: pods.intern(box), ...said, isUnisolated });
  };
  targets.forEach((list, i) => {
    for (const { ids, members, base } of list) {
      if (base === DENIED || ids.length === 0) continue;
      add(into[i]!, set, { decision: base, peers: ids, policies: accepting(members) });
    }
  });
  const areTargetsAlike = own.every(({ hasBlocks }) => !hasBlocks);
  for (const { region, selection, contributions } of adding) {
    // Mostly it lies in one cell, that of what is isolated.
    const here = region.length === 1 && isSubset(region, set) ? region : intersect(set, region);
    if (isEmpty(here)) continue;
    const decide = memo.subject([...own, selection], selected);
    const policies = [selection.placed.policy];
    const piecesOn = (i: number): SubjectPiece[] => {
      const found: SubjectPiece[] = [];
      for (const one of contributions[i]!) {
        for (const { ids, members, base } of targets[i]!) {
          // Rules that name the same ends go on sharing one set.
          const peers = targets[i]!.length === 1 ? one.peers : intersectIds(ids, one.peers);
          if (peers.length === 0) continue;
          const decision = decide([...members, one]);
          if (decision !== base) add(found, here, { decision, peers, policies });
        }
      }
      return found;
    };
    const first = piecesOn(0);
    const isAlike = areTargetsAlike && !selection.hasBlocks;
    for (const [i, list] of into.entries()) list.push(...(i === 0 || isAlike ? first : piecesOn(i)));
  }
}

function targetsOf(side: Side, direction: Direction, { own, selected }: SubjectCell): Target[] {
  const everybody = everyId(side.endpoints.length);
  const contributions = own.flatMap((selection) => [...contribute(side.matcher, selection, side.template, direction)]);
  const { blocks, rest } = splitPeers(side.endpoints.length, contributions);
  const listed = unionAll(blocks.map(({ peers }) => peers));
  const decide = side.memo.subject(own, selected);
  // A single target is everybody.
  return [
    ...blocks.map(({ peers, members }) => ({ ids: peers, members })),
    { ids: subtractIds(everybody, listed), members: rest },
  ].map((target): Target => ({ ...target, base: decide(target.members) }));
}

/** How the policy selects pods, surely or perhaps, and which of its rules are theirs. */
function selectionsOf(
  part: Part,
  doubt: UnknownReason,
): { readonly region: PodRegion; readonly selection: Selection }[] {
  const { placed, position, narrower, region } = part;
  const base: Selection = {
    placed,
    part: part.part,
    position,
    key: '',
    hasNames: true,
    ...peersNamedBy(part.part),
  };
  const open: Selection = { ...base, reason: doubt };
  const ways = [
    { region: region.yes, selection: base },
    ...(isEmpty(region.maybe) ? [] : [{ region: region.maybe, selection: open }]),
  ];
  if (narrower.size === 0) return ways;
  const plain = part.part.rules.flatMap((_, index) => (narrower.has(index) ? [] : [[index] as const]));
  return ways.flatMap((way) => [
    { ...way, selection: { ...way.selection, rules: plain } },
    ...[...narrower].flatMap(([index, { yes, maybe }]) => [
      { region: intersect(way.region, yes), selection: { ...way.selection, rules: [[index] as const] } },
      { region: intersect(way.region, maybe), selection: { ...way.selection, rules: [[index, doubt] as const] } },
    ]),
  ]);
}
