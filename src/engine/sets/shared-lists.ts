// Lists of what holds for each endpoint, where very much may hold for very many: endpoints for which the same holds share one
// list, and sets that are equal are walked over once. Knows no policies.

import { type IdSet, idSetTable, membersOf } from './id-set.ts';

/** Collects items with the endpoints that they hold for. */
export interface SharedLists<T> {
  /** Items come in the order in which lists have them; for an empty set nothing is added. */
  add(members: IdSet, item: T): void;
  /** For each endpoint its items in order; endpoints that equal items hold for have the same list object. Absent: none. */
  lists(): ReadonlyMap<number, readonly T[]>;
}

/** Items of one set: their places among all items. */
interface Group {
  readonly members: IdSet;
  readonly places: number[];
}

/** Nothing collected yet. */
export function sharedLists<T>(): SharedLists<T> {
  const sets = idSetTable();
  const groups = new Map<IdSet, Group>();
  const items: T[] = [];
  return {
    add(members, item) {
      if (members.length === 0) return;
      const set = sets.intern(members);
      let group = groups.get(set);
      if (group === undefined) {
        group = { members: set, places: [] };
        groups.set(set, group);
      }
      group.places.push(items.push(item) - 1);
    },
    lists: () => listsOf([...groups.values()], items),
  };
}

/**
 * Each endpoint walks down a tree, one step for each of its groups in turn; endpoints that end at the same node belong to
 * the same groups.
 */
function listsOf<T>(groups: readonly Group[], items: readonly T[]): ReadonlyMap<number, readonly T[]> {
  const nodes = new Map<number, number>();
  const parents: number[] = [0];
  const groupOf: number[] = [-1];
  groups.forEach(({ members }, index) => {
    const steps = new Map<number, number>();
    for (const id of membersOf(members)) {
      const here = nodes.get(id) ?? 0;
      let next = steps.get(here);
      if (next === undefined) {
        next = parents.push(here) - 1;
        groupOf.push(index);
        steps.set(here, next);
      }
      nodes.set(id, next);
    }
  });
  const known = new Map<number, readonly T[]>();
  const listAt = (node: number): readonly T[] => {
    const before = known.get(node);
    if (before !== undefined) return before;
    const places: number[] = [];
    for (let at = node; at !== 0; at = parents[at]!)
      for (const place of groups[groupOf[at]!]!.places) places.push(place);
    const list = ascending(places).map((place) => items[place]!);
    known.set(node, list);
    return list;
  };
  const lists = new Map<number, readonly T[]>();
  for (const [id, node] of nodes) lists.set(id, listAt(node));
  return lists;
}

function ascending(numbers: number[]): readonly number[] {
  if (numbers.length < FEW) return numbers.sort((a, b) => a - b);
  // Without a function for each comparison.
  return Array.from(Float64Array.from(numbers).sort());
}

const FEW = 16;
