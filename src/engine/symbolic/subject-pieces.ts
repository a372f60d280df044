// What policies say of the traffic of a pod that could exist itself, for every end that exists: pieces that may overlap.
// As in peer-pieces.ts, a pod meets the best that the pieces holding it say.

import { contribute, type PeerContribution } from '../compile/contributions.ts';
import { DENIED, type DecisionId } from '../compile/decision.ts';
import { entry } from '../compile/entry.ts';
import { hasBlocks } from '../compile/rule-matches.ts';
import { inOrder, type Selection } from '../compile/selections.ts';
import { splitPeers } from '../compile/split-peers.ts';
import type { Namespace } from '../model/cluster.ts';
import type { UnknownReason } from '../model/endpoint.ts';
import type { Direction, Policy } from '../model/policy.ts';
import type { PlacedPolicy } from '../model/tier.ts';
import { ANY_BOX, type BoxId } from '../sets/box-table.ts';
import { everyId, type IdSet, intersect as intersectIds, subtract as subtractIds, unionAll } from '../sets/id-set.ts';
import { intersect, isEmpty } from '../sets/label-set.ts';
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
  /** Whether policies may select pods of that namespace in this direction that select none of a new one, or perhaps. */
  isLimited(namespace: Namespace): boolean;
}

/** Prepares the pieces of pods as subjects in one direction. */
export function subjectPieces(side: Side, direction: Direction): SubjectPieces {
  const { cluster } = side.context;
  const ordered = inOrder(side.placement).map((placed, position) => ({ placed, position }));
  const own = new Map<string, typeof ordered>();
  const clusterWide: typeof ordered = [];
  for (const one of ordered) {
    const { ingress, egress } = one.placed.policy;
    const scopes = [ingress, egress].flatMap((part) => (part === undefined ? [] : [part.subject.namespaces]));
    for (const name of new Set(scopes.flatMap((scope) => ('name' in scope ? [scope.name] : [])))) {
      entry(own, name, () => []).push(one);
    }
    if (scopes.some((scope) => !('name' in scope))) clusterWide.push(one);
  }
  const known = new Map<string, readonly SubjectPiece[]>();
  const asksElsewhere = side.placement.chain.tiers.some((tier) => tier.unisolated === 'accept-if-selected');
  let generic: readonly SubjectPiece[] | undefined;
  const doubt = side.endpoints[side.template]!.pod?.perhapsSubject;
  const perhaps = doubt === undefined ? {} : { perhaps: doubt };

  return {
    at: ({ name, labels, declared }) =>
      entry(known, name, () => {
        const policies = [...new Set([...(own.get(name) ?? []), ...clusterWide])].sort(
          (a, b) => a.position - b.position,
        );
        return makePieces(side, direction, policies, {
          known: knowledge(side, declared),
          namespace: { name, labels, declared },
          ...perhaps,
        });
      }),
    elsewhere() {
      generic ??= makePieces(side, direction, clusterWide, { known: 'labels', ...perhaps });
      return generic;
    },
    isLimited: ({ name }) =>
      cluster.namespaces.has(name) &&
      (own.get(name) ?? []).some(({ placed }) => placed.policy[direction] !== undefined || asksElsewhere),
  };
}

/** What is known of a namespace's labels, by the knob for those that no object declares. */
export function knowledge({ context }: Side, declared: boolean): Known {
  return declared || context.behaviour.knobs.undeclaredNamespaces === 'unlabelled' ? 'labels' : 'names';
}

type Ordered = readonly { readonly placed: PlacedPolicy; readonly position: number }[];

function makePieces(side: Side, direction: Direction, policies: Ordered, where: Where): SubjectPiece[] {
  const parts = findParts(direction, policies, where);
  const cells = parts === undefined ? undefined : subjectCells(side, direction, policies, parts, where);
  if (parts === undefined || cells === undefined) {
    return [
      {
        box: ANY_BOX,
        decision: side.undecided,
        peers: everyId(side.endpoints.length),
        policies: [],
        isUnisolated: false,
      },
    ];
  }
  const additive = parts.filter(({ placed }) => side.isAdditive(placed, direction));
  return cells.flatMap((cell) => cellPieces(side, direction, cell, additive, doubtOf(where)));
}

/** Ends for which the same of the cell's own rules hold. */
interface Target {
  readonly ids: IdSet;
  readonly members: readonly PeerContribution[];
  readonly base: DecisionId;
}

function cellPieces(
  side: Side,
  direction: Direction,
  cell: SubjectCell,
  additive: readonly Part[],
  doubt: UnknownReason,
): SubjectPiece[] {
  const { own, selected, set } = cell;
  const everybody = everyId(side.endpoints.length);
  const contributions = own.flatMap((selection) => [...contribute(side.matcher, selection, side.template, direction)]);
  const { blocks, rest } = splitPeers(side.endpoints.length, contributions);
  const listed = unionAll(blocks.map(({ peers }) => peers));
  const decide = side.memo.subject(own, selected);
  const targets = [
    ...blocks.map(({ peers, members }) => ({ ids: peers, members })),
    { ids: subtractIds(everybody, listed), members: rest },
  ].map((target): Target => ({ ...target, base: decide(target.members) }));
  const pieces: SubjectPiece[] = [];
  const add = (region: PodRegion, decision: DecisionId, peers: IdSet, policies: readonly Policy[]): void => {
    const isUnisolated = own.length === 0 && policies.length === 0;
    for (const box of region) pieces.push({ box: side.pods.intern(box), decision, peers, policies, isUnisolated });
  };
  for (const { ids, members, base } of targets) {
    if (base !== DENIED && ids.length > 0) add(set, base, ids, accepting(members));
  }
  for (const part of additive) {
    for (const { region, selection } of selectionsOf(part, doubt)) {
      const here = intersect(set, region);
      if (isEmpty(here)) continue;
      const decideWith = side.memo.subject([...own, selection], selected);
      for (const one of contribute(side.matcher, selection, side.template, direction)) {
        for (const { ids, members, base } of targets) {
          const peers = ids === everybody ? one.peers : intersectIds(ids, one.peers);
          if (peers.length === 0) continue;
          const decision = decideWith([...members, one]);
          if (decision !== base) add(here, decision, peers, [part.placed.policy]);
        }
      }
    }
  }
  return pieces;
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
    hasBlocks: part.part.rules.some(({ peers }) => hasBlocks(peers)),
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
