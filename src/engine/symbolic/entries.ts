// Entries of an answer about pods that could exist, made few: equal and adjoining boxes joined, implied ones left out.

import type { DecisionId } from '../compile/decision.ts';
import { entry } from '../compile/entry.ts';
import type { Policy } from '../model/policy.ts';
import { boxKey, isSubset, join } from '../sets/label-box.ts';
import type { DecisionLattice } from './decision-lattice.ts';
import { namesOf, type PodBox } from './pod-space.ts';

/** Pods of the box meet at least this decision. */
export interface Entry {
  readonly box: PodBox;
  readonly decision: DecisionId;
  /** Policies whose rules open it, on either side, each once. None: nothing forbids it. */
  readonly policies: readonly Policy[];
  /** True where the box is not confined to named namespaces: then it says nothing of limited ones. */
  readonly across: boolean;
}

/** The same answer in fewer entries, in an order that depends on them alone. */
export function simplifyEntries(
  entries: readonly Entry[],
  lattice: DecisionLattice,
  limited: ReadonlySet<string>,
): Entry[] {
  const byBox = new Map<string, Entry>();
  for (const one of entries) {
    const key = `${one.across} ${boxKey(one.box)}`;
    const before = byBox.get(key);
    byBox.set(key, before === undefined ? one : both(before, one, lattice.either(before.decision, one.decision)));
  }
  const joined = joinBoxes([...byBox.values()]);
  const left = joined.filter(
    (one, i) =>
      !joined.some(
        (other, j) =>
          i !== j && implies(other, one, lattice, limited) && (i > j || !implies(one, other, lattice, limited)),
      ),
  );
  return left
    .map((one) => ({ one, key: boxKey(one.box) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ one }) => one);
}

function both(a: Entry, b: Entry, decision: DecisionId): Entry {
  return { ...a, decision, policies: [...new Set([...a.policies, ...b.policies])] };
}

/** Joins boxes of equal decisions that together are one box. */
function joinBoxes(entries: readonly Entry[]): Entry[] {
  const alike = new Map<string, Entry[]>();
  for (const one of entries) entry(alike, `${one.across} ${one.decision}`, () => []).push(one);
  return [...alike.values()].flatMap((group) => {
    let list = group;
    for (let i = 0; i < list.length; i++) {
      for (let j = i + 1; j < list.length; j++) {
        const [a, b] = [list[i]!, list[j]!];
        const box = join(a.box, b.box);
        if (box === undefined) continue;
        list = [...list.filter((_, k) => k !== i && k !== j), { ...both(a, b, a.decision), box }];
        i = -1;
        break;
      }
    }
    return list;
  });
}

/** Whether all that `other` says is said by `one` too. */
function implies(one: Entry, other: Entry, lattice: DecisionLattice, limited: ReadonlySet<string>): boolean {
  if (!isSubset(other.box, one.box) || !lattice.covers(one.decision, other.decision)) return false;
  if (!one.across || other.across) return true;
  return !namesOf(other.box)!.some((name) => limited.has(name));
}
