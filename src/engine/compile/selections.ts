// Which policies select a subject: for every endpoint and direction, in order of evaluation.

import type { UnknownReason } from '../model/endpoint.ts';
import { DIRECTIONS, type Direction, type PolicyDirection, seesHostNetwork } from '../model/policy.ts';
import type { PlacedPolicy, Placement } from '../model/tier.ts';
import { contains, type IdSet, idSet, membersOf } from '../sets/id-set.ts';
import { sharedLists } from '../sets/shared-lists.ts';
import { entry } from './entry.ts';
import type { MatchSet } from './match-set.ts';
import { openReasons } from './open-reasons.ts';
import { hasBlocks, hasNames, namesOnlyPods } from './rule-matches.ts';
import type { SelectorIndex } from './selector-index.ts';

/** A policy that selects a subject in one direction. Subjects that it selects in the same way share one object. */
export interface Selection {
  readonly placed: PlacedPolicy;
  readonly part: PolicyDirection;
  readonly reason?: UnknownReason;
  /** Rules whose narrower subject leaves this one in: position in `part.rules` and why only perhaps. Undefined: all. */
  readonly rules?: readonly (readonly [index: number, reason?: UnknownReason])[];
  /** A number of the policy alone, ascending in order of evaluation among policies that were selected together. */
  readonly position: number;
  /** Equal for equal selections only. */
  readonly key: string;
  /** Whether what a rule opens depends on the names of the destination's ports. */
  readonly hasNames: boolean;
  /** Whether a rule names addresses: without any, what the rules say is the same in all families. */
  readonly hasBlocks: boolean;
  /** Whether every rule names pods and nobody else: to addresses outside they say nothing. */
  readonly namesOnlyPods: boolean;
}

/** Selections by subject, in order of evaluation; a subject that nothing selects has none. */
export type Selections = Readonly<Record<Direction, Pick<ReadonlyMap<number, readonly Selection[]>, 'get'>>>;

/**
 * Selects subjects for all policies. A policy that selects nobody costs one look-up, and subjects that the same policies
 * select share one list. `first` is the number of the first policy: selections that are compared with others need numbers
 * of their own.
 */
export function selectSubjects(
  placement: Pick<Placement, 'policies'>,
  selectors: SelectorIndex,
  first = 0,
): Record<Direction, ReadonlyMap<number, readonly Selection[]>> {
  const found = { ingress: sharedLists<Selection>(), egress: sharedLists<Selection>() };
  inOrder(placement).forEach((placed, index) => {
    for (const direction of DIRECTIONS) {
      const part = placed.policy[direction];
      if (part !== undefined) select({ placed, part, position: first + index }, selectors, found[direction].add);
    }
  });
  return { ingress: found.ingress.lists(), egress: found.egress.lists() };
}

/** By tier, then order, then name: the order in which first-match tiers read them. */
export function inOrder(placement: Pick<Placement, 'policies'>): readonly PlacedPolicy[] {
  const known = ordered.get(placement) ?? sorted(placement);
  ordered.set(placement, known);
  return known;
}

/** Placements never change, and several look-ups of one question start from the order. */
const ordered = new WeakMap<Pick<Placement, 'policies'>, readonly PlacedPolicy[]>();

function sorted({ policies }: Pick<Placement, 'policies'>): readonly PlacedPolicy[] {
  return policies
    .map((placed) => ({ placed, name: nameOf(placed) }))
    .sort((a, b) => compareRank(a.placed, b.placed) || compareNames(a.name, b.name))
    .map(({ placed }) => placed);
}

/** The order of {@link inOrder}, for two policies. */
export function compareInOrder(a: PlacedPolicy, b: PlacedPolicy): number {
  return compareRank(a, b) || compareNames(nameOf(a), nameOf(b));
}

function compareRank(a: PlacedPolicy, b: PlacedPolicy): number {
  return a.tier - b.tier || a.order - b.order;
}

function nameOf({ policy: { ref } }: PlacedPolicy): string {
  return `${ref.name}/${ref.namespace ?? ''}/${ref.kind}`;
}

function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Of what kinds the peers of the rules are. */
export function peersNamedBy({ rules }: PolicyDirection): Pick<Selection, 'hasBlocks' | 'namesOnlyPods'> {
  return {
    hasBlocks: rules.some(({ peers }) => hasBlocks(peers)),
    namesOnlyPods: rules.every(({ peers }) => namesOnlyPods(peers)),
  };
}

function select(
  one: Pick<Selection, 'placed' | 'part' | 'position'>,
  selectors: SelectorIndex,
  add: (subjects: IdSet, selection: Selection) => void,
): void {
  const { subject, rules } = one.part;
  const sees = seesHostNetwork(one.placed.policy);
  const subjects = selectors.subjects(subject.namespaces, subject.pods, sees);
  if (subjects.yes.length === 0 && subjects.maybe.size === 0) return;
  const isNarrowed = rules.some((rule) => rule.subject !== undefined);
  const narrower = isNarrowed
    ? rules.map((rule) =>
        rule.subject === undefined ? undefined : selectors.subjects(rule.subject.namespaces, rule.subject.pods, sees),
      )
    : [];
  const named = rules.some((rule) => hasNames(rule.ports));
  const peers = peersNamedBy(one.part);
  const make = (key: string, reason: UnknownReason | undefined, left: Selection['rules']): Selection => {
    const { placed, part, position } = one;
    const plain = { placed, part, position, key, hasNames: named, ...peers };
    if (reason === undefined && left === undefined) return plain;
    return { ...plain, ...(reason === undefined ? {} : { reason }), ...(left === undefined ? {} : { rules: left }) };
  };
  if (!isNarrowed && subjects.maybe.size === 0) {
    // Mostly a policy selects all of its subjects in one way.
    add(subjects.yes, make(String(one.position), undefined, undefined));
    return;
  }
  const apart = new Map<string, { readonly selection: Selection; readonly ids: number[] }>();
  const addApart = (id: number, reason?: UnknownReason): void => {
    const left = isNarrowed ? narrower.flatMap((set, index) => narrow(set, index, id)) : undefined;
    const key = `${one.position}${reason ?? ''}${left === undefined ? '' : JSON.stringify(left)}`;
    entry(apart, key, () => ({ selection: make(key, reason, left), ids: [] })).ids.push(id);
  };
  for (const id of membersOf(subjects.yes)) addApart(id);
  for (const [reason, set] of openReasons(subjects.maybe)) for (const id of membersOf(set)) addApart(id, reason);
  for (const { selection, ids } of apart.values()) add(idSet(ids), selection);
}

/** The rule if its narrower subject leaves the endpoint in. */
function narrow(set: MatchSet | undefined, index: number, id: number): NonNullable<Selection['rules']> {
  if (set === undefined || contains(set.yes, id)) return [[index]];
  for (const [reason, open] of openReasons(set.maybe)) if (contains(open, id)) return [[index, reason]];
  return [];
}
