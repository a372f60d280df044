// Where pods that could exist may be told apart as subjects: who selects them, whether anything isolates them. Rules that
// only ever add something need no cells of their own (side.ts).

import { entry } from '../compile/entry.ts';
import type { FoldContext, Selected } from '../compile/fold.ts';
import { peersNamedBy, type Selection } from '../compile/selections.ts';
import type { Namespace } from '../model/cluster.ts';
import type { UnknownReason } from '../model/endpoint.ts';
import type { Direction, NamespaceScope, PolicyDirection, Subject } from '../model/policy.ts';
import { EVERYTHING } from '../model/selector.ts';
import type { PlacedPolicy } from '../model/tier.ts';
import { labelCells } from '../sets/label-cells.ts';
import { isEmpty, type LabelSet, overlaps, simplify } from '../sets/label-set.ts';
import { BOX_LIMIT } from './peer-pieces.ts';
import { anyNamespace, EVERYWHERE, holdsNamespace, type Known, type PodRegion, type Region } from './pod-space.ts';
import type { Side } from './side.ts';

/** Where the pods are: in a namespace of the snapshot, or (absent) in any that no policy of its own selects pods in. */
export interface Where {
  readonly known: Known;
  readonly namespace?: Namespace;
  /** Set where policies may not apply to such pods although they select them: the reason. */
  readonly perhaps?: UnknownReason;
}

/** A policy that may select pods there, and which. */
export interface Part {
  readonly placed: PlacedPolicy;
  readonly position: number;
  readonly part: PolicyDirection;
  readonly region: Region;
  /** For rules with a narrower subject, by their position, the pods of that. */
  readonly narrower: ReadonlyMap<number, Region>;
}

/** Pods of which the same policies make the same, rules that only add left aside. */
export interface SubjectCell {
  readonly set: LabelSet;
  /** In order of evaluation; what isolates stands here as a selection without rules. */
  readonly own: readonly Selection[];
  readonly selected: FoldContext['selected'];
}

type Ordered = readonly { readonly placed: PlacedPolicy; readonly position: number }[];

/** Why a policy selects pods there only perhaps. */
export function doubtOf({ perhaps }: Where): UnknownReason {
  return perhaps ?? 'namespace-labels';
}

/** The parts of policies that select pods there, in order. Undefined: a selector looks into values. */
export function findParts(side: Side, direction: Direction, policies: Ordered, where: Where): Part[] | undefined {
  const result: Part[] = [];
  for (const { placed, position } of policies) {
    const part = placed.policy[direction];
    if (part === undefined) continue;
    const region = regionAt(side, part.subject, where);
    if (region === undefined) return undefined;
    if (isEmpty(region.yes) && isEmpty(region.maybe)) continue;
    const narrower = new Map<number, Region>();
    for (const [index, { subject }] of part.rules.entries()) {
      if (subject === undefined) continue;
      const own = regionAt(side, subject, where);
      if (own === undefined) return undefined;
      narrower.set(index, own);
    }
    result.push({ placed, position, part, region, narrower });
  }
  return result;
}

function regionAt(side: Side, { namespaces, pods }: Subject, { known, namespace, perhaps }: Where): Region | undefined {
  const region = regionIn(side, { namespaces, pods }, known, namespace);
  if (region === undefined || perhaps === undefined) return region;
  return { yes: [], maybe: simplify([...region.yes, ...region.maybe]) };
}

/** Pods of the subject; in a namespace of the snapshot by their own labels alone. */
function regionIn(
  side: Side,
  { namespaces, pods }: Subject,
  known: Known,
  namespace: Namespace | undefined,
): Region | undefined {
  if (namespace === undefined) return side.regionOf(namespaces, pods, known);
  // Mostly it is a policy of the namespace itself, and many ask for the same pods.
  if ('name' in namespaces && namespaces.name === namespace.name) return side.regionOf(ANYWHERE, pods, known);
  const region = side.regionOf(namespaces, pods, known);
  if (region === undefined) return undefined;
  const here = (set: PodRegion) => set.filter((box) => holdsNamespace(box, namespace)).map(anyNamespace);
  return { yes: here(region.yes), maybe: here(region.maybe) };
}

const ANYWHERE: NamespaceScope = { selector: EVERYTHING };

/** The cells. Undefined: there would be too many, or a selector looks into values. */
export function subjectCells(
  side: Side,
  direction: Direction,
  policies: Ordered,
  parts: readonly Part[],
  where: Where,
): SubjectCell[] | undefined {
  const splitting = parts.filter(({ placed }) => !side.isAdditive(placed, direction));
  const additive = parts.filter(({ placed }) => side.isAdditive(placed, direction));
  const eitherWay = tiersThatAskEitherWay(side);
  const others =
    eitherWay.size === 0 ? [] : findParts(side, direction === 'ingress' ? 'egress' : 'ingress', policies, where);
  if (others === undefined) return undefined;
  const selecting = [...parts, ...others].filter(({ placed }) => eitherWay.has(placed.tier));
  const tests = [...splitting.flatMap(selectingMarks), ...endMarks(side, additive), ...eitherWayMarks(selecting)];
  const sets = tests.filter(({ region }) => !isEmpty(region));
  const cells = labelCells(
    EVERYWHERE.yes,
    sets.map(({ region }) => region),
    BOX_LIMIT,
  );
  const doubt = doubtOf(where);
  return cells?.map(({ set, inside }) => {
    const marks = sets.filter((_, i) => inside[i]);
    return readCell(side, set, marks, doubt);
  });
}

function tiersThatAskEitherWay({ placement }: Side): ReadonlySet<number> {
  return new Set(placement.chain.tiers.flatMap((tier, i) => (tier.unisolated === 'accept-if-selected' ? [i] : [])));
}

/** A set that splits pods, and what being inside means. `sure: false`: it holds perhaps. */
type Mark = { readonly region: PodRegion; readonly sure: boolean } & (
  | { readonly type: 'selects'; readonly part: Part }
  | { readonly type: 'narrows'; readonly part: Part; readonly rule: number }
  /** The pod meets the end of a tier that isolates it, or of which a policy leaves protocols open. */
  | { readonly type: 'ends'; readonly isolates: boolean; readonly parts: readonly Part[] }
  | { readonly type: 'selected'; readonly tier: number }
);

function bothMarks<M>(region: Region, rest: M): (M & { readonly region: PodRegion; readonly sure: boolean })[] {
  return [
    { ...rest, region: region.yes, sure: true },
    { ...rest, region: region.maybe, sure: false },
  ];
}

function selectingMarks(part: Part): Mark[] {
  return [
    ...bothMarks(part.region, { type: 'selects' as const, part }),
    ...[...part.narrower].flatMap(([rule, region]) => bothMarks(region, { type: 'narrows' as const, part, rule })),
  ];
}

/** Policies that add up matter together: one mark for all that isolate, one for all that leave protocols open. */
function endMarks(side: Side, parts: readonly Part[]): Mark[] {
  const groups = new Map<string, { readonly isolates: boolean; readonly parts: Part[] }>();
  for (const one of parts) {
    const { isolates, rules } = one.part;
    const speaks = rules.length > 0 && side.open(one.placed).length > 0;
    if (!isolates && !speaks) continue;
    const key = `${one.placed.tier} ${one.placed.coversOtherProtocols} ${isolates}`;
    entry(groups, key, () => ({ isolates, parts: [] })).parts.push(one);
  }
  return [...groups.values()].flatMap((group) => bothMarks(unionOf(group.parts), { type: 'ends' as const, ...group }));
}

function eitherWayMarks(parts: readonly Part[]): Mark[] {
  const tiers = new Map<number, Part[]>();
  for (const part of parts) entry(tiers, part.placed.tier, () => []).push(part);
  return [...tiers].flatMap(([tier, own]) => bothMarks(unionOf(own), { type: 'selected' as const, tier }));
}

function unionOf(parts: readonly Part[]): Region {
  return {
    yes: simplify(parts.flatMap(({ region }) => [...region.yes])),
    maybe: simplify(parts.flatMap(({ region }) => [...region.maybe])),
  };
}

function readCell(side: Side, set: LabelSet, marks: readonly Mark[], doubt: UnknownReason): SubjectCell {
  const own: Selection[] = [];
  const selected = side.placement.chain.tiers.map((): Selected => 'no');
  const isSure = (mark: Mark) =>
    mark.sure || !marks.some((other) => other.sure && isSameMark(mark, other)) ? mark.sure : undefined;
  for (const mark of marks) {
    const sure = isSure(mark);
    if (sure === undefined) continue;
    const reason = sure ? {} : { reason: doubt };
    if (mark.type === 'selected') selected[mark.tier] = sure ? 'yes' : doubt;
    else if (mark.type === 'selects') own.push({ ...selectionOf(mark.part, marks, doubt), ...reason });
    else if (mark.type === 'ends') own.push({ ...endOf(mark.parts, mark.isolates, set), ...reason });
  }
  return { set, own: own.sort((a, b) => a.position - b.position), selected };
}

function isSameMark(a: Mark, b: Mark): boolean {
  if (a.type === 'selects') return b.type === 'selects' && a.part === b.part;
  if (a.type === 'narrows') return b.type === 'narrows' && a.part === b.part && a.rule === b.rule;
  if (a.type === 'ends') return b.type === 'ends' && a.parts === b.parts;
  return b.type === 'selected' && a.tier === b.tier;
}

function selectionOf(part: Part, marks: readonly Mark[], doubt: UnknownReason): Selection {
  const { placed, position, narrower } = part;
  const base = {
    placed,
    part: part.part,
    position,
    key: '',
    hasNames: true,
    ...peersNamedBy(part.part),
  };
  if (narrower.size === 0) return base;
  const rules = part.part.rules.flatMap((_, index): (readonly [number, UnknownReason?])[] => {
    if (!narrower.has(index)) return [[index]];
    const own = marks.filter((mark) => mark.type === 'narrows' && mark.part === part && mark.rule === index);
    if (own.length === 0) return [];
    return [own.some(({ sure }) => sure) ? [index] : [index, doubt]];
  });
  return { ...base, rules };
}

/** Stands for all policies of the mark: a selection without rules that are looked at, named after one that is concerned. */
function endOf(parts: readonly Part[], isolates: boolean, set: LabelSet): Selection {
  const first = parts.find(({ region }) => overlaps(region.yes, set) || overlaps(region.maybe, set)) ?? parts[0]!;
  return {
    placed: first.placed,
    part: { ...first.part, isolates },
    // Before every policy: what the fold makes of a selection without matching rules does not depend on its place.
    position: -1 - first.position,
    key: '',
    hasNames: false,
    hasBlocks: false,
    namesOnlyPods: true,
    rules: [],
  };
}
