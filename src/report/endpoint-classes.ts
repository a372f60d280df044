// Endpoints that stand in the same rectangles, on one side: whatever is said of one is said of all. Knows no texts.

import { type IdSet, idSet } from '../engine/sets/id-set.ts';
import { sharedLists } from '../engine/sets/shared-lists.ts';

/** Classes of one side, in order of their first members. */
export interface EndpointClasses {
  /** By class: its endpoints. */
  readonly members: readonly IdSet[];
  /** By class: the rectangles that it stands in, ascending. */
  readonly places: readonly (readonly number[])[];
  /** By rectangle: the classes that stand in it, ascending. */
  readonly classesAt: readonly (readonly number[])[];
}

/** The classes of one side, which is given by rectangle; ids may come in any order, and twice. */
export function endpointClasses(sides: readonly (readonly number[])[]): EndpointClasses {
  const shared = sharedLists<number>();
  sides.forEach((ids, place) => {
    shared.add(idSet(ids), place);
  });
  const lists = shared.lists();
  const byList = new Map<readonly number[], number[]>();
  for (const id of [...lists.keys()].sort((a, b) => a - b)) {
    const list = lists.get(id)!;
    const members = byList.get(list);
    if (members === undefined) byList.set(list, [id]);
    else members.push(id);
  }
  const places = [...byList.keys()];
  const classesAt: number[][] = sides.map(() => []);
  places.forEach((list, at) => {
    for (const place of list) classesAt[place]!.push(at);
  });
  return { members: [...byList.values()].map(idSet), places, classesAt };
}
