// Entries of an answer about pods that could exist, made few: equal and adjoining boxes joined, implied ones left out.

import type { DecisionId } from '../compile/decision.ts';
import { entry } from '../compile/entry.ts';
import type { Namespace } from '../model/cluster.ts';
import type { Policy } from '../model/policy.ts';
import { boxIndex } from '../sets/box-index.ts';
import type { BoxId } from '../sets/box-table.ts';
import { joinBoxes } from '../sets/join-boxes.ts';
import type { DecisionLattice } from './decision-lattice.ts';
import type { PodTable } from './pod-table.ts';

/** Pods of the box meet at least this decision. */
export interface Entry {
  readonly box: BoxId;
  readonly decision: DecisionId;
  /** Policies whose rules open it, on either side; repeats mean nothing. None: nothing forbids it. */
  readonly policies: readonly Policy[];
  readonly homes: Homes;
  /** True where the box is what is left of a namespace by the policies that isolate pods there. */
  readonly unisolated: boolean;
}

/**
 * Of which of the namespaces that its box holds an entry speaks. `all`: of each. `unlimited`: those that are not limited,
 * new ones among them. `limited`: those that are, as far as their own policies let (pod-limits.ts). `any`: both of these.
 * `unlabelled`: limited ones of which only the name is known, as far as their own policies let.
 */
export type Homes = 'all' | 'unlimited' | 'limited' | 'unlabelled' | 'any';

/** Collects entries; what is said of the same box several times becomes one. */
export interface EntryList {
  add(
    homes: Exclude<Homes, 'any'>,
    box: BoxId,
    decision: DecisionId,
    own: readonly Policy[],
    others: readonly Policy[],
    unisolated?: boolean,
  ): void;
  /** What was added in few entries, in an order that depends on them alone. */
  simplified(): Entry[];
}

const HOMES: readonly Homes[] = ['all', 'unlimited', 'limited', 'unlabelled', 'any'];

/** An entry in the making; policies of those that stay are joined last. */
interface Draft extends Omit<Entry, 'policies'> {
  readonly sources: readonly (readonly Policy[])[];
}

/** What lists are made with; `limited` by name. */
export interface EntryContext {
  readonly pods: PodTable;
  readonly lattice: DecisionLattice;
  readonly limited: ReadonlyMap<string, Namespace>;
  /** Whether the labels of some of them are not known although policies ask for labels. */
  readonly isOpenLabelled: boolean;
  /** Whether entries are added for each limited namespace by itself. */
  readonly isEachSaid: boolean;
}

/** An empty list. */
export function entryList({ pods, lattice, limited, isOpenLabelled, isEachSaid }: EntryContext): EntryList {
  const drafts = new Map<Homes, Map<BoxId, Draft>>();

  /** Whether all that `other` says is said by `one` too. */
  function implies(one: Draft, other: Draft): boolean {
    const areHomesSaid = one.homes === other.homes || one.homes === 'all';
    if (!areHomesSaid && (other.homes !== 'all' || one.homes !== 'unlimited')) return false;
    if (!pods.isSubset(other.box, one.box) || !lattice.covers(one.decision, other.decision)) return false;
    if (areHomesSaid) return true;
    // What is said of namespaces that are not limited is said of those among them that are named.
    return pods.namesOf(other.box)?.every((name) => !limited.has(name)) ?? false;
  }

  /** What no other one implies; of those that imply each other the first. */
  function withoutImplied(entries: readonly Draft[]): readonly Draft[] {
    const index = boxIndex();
    for (const { box } of entries) index.add(pods.get(box));
    return entries.filter((one, i) => {
      for (const j of index.holders(pods.get(one.box))) {
        const other = entries[j]!;
        if (i !== j && implies(other, one) && (i > j || !implies(one, other))) return false;
      }
      return true;
    });
  }

  /** Joins boxes of equal decisions that together are one box. */
  function joined(entries: readonly Draft[]): readonly Draft[] {
    if (entries.length < 2) return entries;
    const alike = new Map<number, Draft[]>();
    for (const one of entries) entry(alike, 8 * one.decision + HOMES.indexOf(one.homes), () => []).push(one);
    if (alike.size === entries.length) return entries;
    return [...alike.values()].flatMap((group) =>
      joinBoxes(group.map((one) => pods.get(one.box))).map(({ box, of }): Draft => {
        const [first, ...others] = of.map((i) => group[i]!);
        if (others.length === 0) return first!;
        return {
          ...first!,
          box: pods.intern(box),
          sources: [...first!.sources, ...others.flatMap(({ sources }) => sources)],
          unisolated: first!.unisolated && others.every(({ unisolated }) => unisolated),
        };
      }),
    );
  }

  /** What is said of namespaces that are not limited, and of each limited one by itself, is said of all. */
  function everywhere(entries: readonly Draft[]): readonly Draft[] {
    const listed = entries.filter(({ homes }) => homes === 'all');
    if (!isEachSaid || listed.length === 0) return entries;
    const isSaidAt = (one: Draft, namespace: Namespace): boolean => {
      const here = pods.inNamespace(one.box, namespace);
      return listed.some((other) => lattice.covers(other.decision, one.decision) && pods.isSubset(here, other.box));
    };
    return entries.map((one): Draft => {
      if (one.homes !== 'unlimited') return one;
      // A namespace whose labels nobody knows is in a box that asks for none.
      if (isOpenLabelled && pods.anyNamespace(one.box) !== one.box) return one;
      const homes = [...limited.values()].filter((namespace) => pods.holds(one.box, namespace));
      return homes.length > 0 && homes.every((home) => isSaidAt(one, home)) ? { ...one, homes: 'all' } : one;
    });
  }

  return {
    add(homes, box, decision, own, others, unisolated = false) {
      const list = entry(drafts, homes, () => new Map());
      const one = list.get(box);
      const sources = one === undefined ? [own, others] : addSources(one.sources, own, others);
      list.set(box, {
        homes,
        box,
        decision: one === undefined ? decision : lattice.either(one.decision, decision),
        sources,
        unisolated: unisolated && (one?.unisolated ?? true),
      });
    },
    simplified() {
      const few = everywhere(joined([...drafts.values()].flatMap((list) => [...list.values()])));
      const left = withoutImplied(few);
      const finished = inBoth(left).map((one): Entry => {
        const { box, decision, homes, unisolated, sources } = one;
        return { box, decision, homes, unisolated, policies: sources.flat() };
      });
      return finished.sort((a, b) => compare(pods.keyOf(a.box), pods.keyOf(b.box)) || compare(a.homes, b.homes));
    },
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function addSources(sources: Draft['sources'], own: readonly Policy[], others: readonly Policy[]): Draft['sources'] {
  const added = [own, others].filter((list) => list.length > 0 && !sources.includes(list));
  return added.length === 0 ? sources : [...sources, ...added];
}

/** What is said of limited namespaces and of all others is said of any. */
function inBoth(entries: readonly Draft[]): readonly Draft[] {
  const limited = entries.filter(({ homes }) => homes === 'limited');
  if (limited.length === 0) return entries;
  const twins = new Map<Draft, Draft>();
  for (const one of entries) {
    if (one.homes !== 'unlimited') continue;
    const twin = limited.find(({ box, decision }) => box === one.box && decision === one.decision);
    if (twin !== undefined) twins.set(twin, one);
  }
  const merged = new Set(twins.values());
  return entries
    .filter((one) => !merged.has(one))
    .map((one): Draft => {
      const twin = twins.get(one);
      return twin === undefined ? one : { ...one, homes: 'any', sources: [...one.sources, ...twin.sources] };
    });
}
