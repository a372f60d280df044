// Lists of what holds for each endpoint, where very much may hold for very many: endpoints for which the same holds share one
// list, and sets that are equal are walked over once. Knows no policies.

import { type IdSet, idSetTable, membersOf } from '../sets/id-set.ts';

/** Collects items with the endpoints that they hold for. */
export interface SharedLists<T> {
  /** Items come in the order in which lists have them; for an empty set nothing is added. */
  add(members: IdSet, item: T): void;
  /** For each endpoint its items in order; endpoints that equal items hold for have the same list object. Absent: none. */
  lists(): ReadonlyMap<number, readonly T[]>;
}

/** Items of one set, with their places among all items. */
interface Group<T> {
  readonly members: IdSet;
  readonly items: T[];
  readonly places: number[];
}

/** Nothing collected yet. */
export function sharedLists<T>(): SharedLists<T> {
  const sets = idSetTable();
  const groups = new Map<IdSet, Group<T>>();
  let count = 0;
  return {
    add(members, item) {
      if (members.length === 0) return;
      const set = sets.intern(members);
      let group = groups.get(set);
      if (group === undefined) {
        group = { members: set, items: [], places: [] };
        groups.set(set, group);
      }
      group.items.push(item);
      group.places.push(count++);
    },
    lists: () => listsOf([...groups.values()]),
  };
}

/**
 * Each endpoint walks down a tree, one step for each of its groups in turn; endpoints that end at the same node belong to
 * the same groups.
 */
function listsOf<T>(groups: readonly Group<T>[]): ReadonlyMap<number, readonly T[]> {
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
    const own: Group<T>[] = [];
    for (let at = node; at !== 0; at = parents[at]!) own.push(groups[groupOf[at]!]!);
    const list = own.length === 1 ? own[0]!.items : inOrder(own);
    known.set(node, list);
    return list;
  };
  const lists = new Map<number, readonly T[]>();
  for (const [id, node] of nodes) lists.set(id, listAt(node));
  return lists;
}

function inOrder<T>(groups: readonly Group<T>[]): T[] {
  return groups
    .flatMap(({ items, places }) => items.map((item, index) => ({ item, place: places[index]! })))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
