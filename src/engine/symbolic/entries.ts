// Entries of an answer about pods that could exist, made few: equal and adjoining boxes joined, implied ones left out.

import type { DecisionId } from '../compile/decision.ts';
import { entry } from '../compile/entry.ts';
import type { Namespace } from '../model/cluster.ts';
import type { Policy } from '../model/policy.ts';
import type { BoxId } from '../sets/box-table.ts';
import { boxKey } from '../sets/label-box.ts';
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

interface Draft {
  readonly box: BoxId;
  decision: DecisionId;
  policies: readonly Policy[];
  readonly homes: Homes;
  unisolated: boolean;
}

/** What lists are made with; `limited` by name. */
export interface EntryContext {
  readonly pods: PodTable;
  readonly lattice: DecisionLattice;
  readonly limited: ReadonlyMap<string, Namespace>;
  /** Whether the labels of some of them are not known although policies ask for labels. */
  readonly isOpenLabelled: boolean;
}

/** An empty list. */
export function entryList({ pods, lattice, limited, isOpenLabelled }: EntryContext): EntryList {
  const drafts = new Map<Homes, Map<BoxId, Draft>>();

  /** Whether all that `other` says is said by `one` too. */
  function implies(one: Entry, other: Entry): boolean {
    if (!lattice.covers(one.decision, other.decision) || !pods.isSubset(other.box, one.box)) return false;
    if (one.homes === other.homes || one.homes === 'all') return true;
    // What is said of namespaces that are not limited is said of those among them that are named.
    const names = other.homes === 'all' && one.homes === 'unlimited' ? pods.namesOf(other.box) : undefined;
    return names?.every((name) => !limited.has(name)) ?? false;
  }

  /** Joins boxes of equal decisions that together are one box. */
  function joined(entries: readonly Entry[]): readonly Entry[] {
    if (entries.length < 2) return entries;
    const alike = new Map<string, Entry[]>();
    for (const one of entries) {
      entry(alike, `${one.homes} ${one.decision}`, () => []).push(one);
    }
    return [...alike.values()].flatMap((group) => {
      let left = group;
      for (let i = 0; i < left.length; i++) {
        for (let j = i + 1; j < left.length; j++) {
          const [a, b] = [left[i]!, left[j]!];
          const box = pods.join(a.box, b.box);
          if (box === undefined) continue;
          const both = {
            ...a,
            box,
            policies: [...a.policies, ...b.policies],
            unisolated: a.unisolated && b.unisolated,
          };
          left = [...left.filter((_, k) => k !== i && k !== j), both];
          i = -1;
          break;
        }
      }
      return left;
    });
  }

  /** What is said of namespaces that are not limited, and of each limited one by itself, is said of all. */
  function everywhere(entries: readonly Entry[]): readonly Entry[] {
    const listed = entries.filter(({ homes }) => homes === 'all');
    if (listed.length === 0) return entries;
    const isSaidAt = (one: Entry, namespace: Namespace): boolean => {
      const here = pods.inNamespace(one.box, namespace);
      return listed.some((other) => lattice.covers(other.decision, one.decision) && pods.isSubset(here, other.box));
    };
    return entries.map((one): Entry => {
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
      const policies = own.length === 0 ? others : others.length === 0 ? own : [...own, ...others];
      const one = list.get(box);
      if (one === undefined) {
        list.set(box, { homes, box, decision, policies, unisolated });
        return;
      }
      one.decision = lattice.either(one.decision, decision);
      one.unisolated &&= unisolated;
      if (policies.length > 0 && one.policies !== policies) one.policies = [...one.policies, ...policies];
    },
    simplified() {
      const few = everywhere(joined([...drafts.values()].flatMap((list) => [...list.values()])));
      const left = few.filter(
        (one, i) => !few.some((other, j) => i !== j && implies(other, one) && (i > j || !implies(one, other))),
      );
      if (left.length < 2) return left;
      const sorted = inBoth(left).map((one) => ({ one, key: `${boxKey(pods.get(one.box))} ${one.homes}` }));
      return sorted.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ one }) => one);
    },
  };
}

/** What is said of limited namespaces and of all others is said of any. */
function inBoth(entries: readonly Entry[]): readonly Entry[] {
  const limited = entries.filter(({ homes }) => homes === 'limited');
  if (limited.length === 0) return entries;
  const twins = new Map<Entry, Entry>();
  for (const one of entries) {
    if (one.homes !== 'unlimited') continue;
    const twin = limited.find(({ box, decision }) => box === one.box && decision === one.decision);
    if (twin !== undefined) twins.set(twin, one);
  }
  const merged = new Set(twins.values());
  return entries
    .filter((one) => !merged.has(one))
    .map((one): Entry => {
      const twin = twins.get(one);
      return twin === undefined ? one : { ...one, homes: 'any', policies: [...one.policies, ...twin.policies] };
    });
}
