// Boxes by number: equal boxes share one, and what two of them have in common is worked out once. For speed on very many
// pairs of few distinct boxes; the algebra is label-box.ts.

import * as boxes from './label-box.ts';
import { pairTable } from './pair-table.ts';

/** The number of a box in its table. */
export type BoxId = number;

/** The number of {@link boxes.ALL_LABELS} in every table. */
export const ANY_BOX: BoxId = 0;

/** Stands for no box where results are kept. */
const NONE = -1;

/** All boxes of one computation. */
export interface BoxTable {
  intern(box: boxes.LabelBox): BoxId;
  get(id: BoxId): boxes.LabelBox;
  /** The text that is equal for equal boxes of any table. */
  keyOf(id: BoxId): string;
  /** Undefined: no label set is in both. */
  intersect(a: BoxId, b: BoxId): BoxId | undefined;
  /** Both as one box, where that is one; see label-box.ts. */
  join(a: BoxId, b: BoxId): BoxId | undefined;
  isSubset(a: BoxId, b: BoxId): boolean;
}

/** A table that holds only {@link ANY_BOX}. */
export function boxTable(): BoxTable {
  const list: boxes.LabelBox[] = [boxes.ALL_LABELS];
  const keys: string[] = [boxes.boxKey(boxes.ALL_LABELS)];
  const byKey = new Map<string, BoxId>([[keys[ANY_BOX]!, ANY_BOX]]);
  const byObject = new Map<boxes.LabelBox, BoxId>([[boxes.ALL_LABELS, ANY_BOX]]);
  const intern = (box: boxes.LabelBox): BoxId => {
    const known = byObject.get(box);
    if (known !== undefined) return known;
    const key = boxes.boxKey(box);
    let id = byKey.get(key);
    if (id === undefined) {
      id = list.length;
      list.push(box);
      keys.push(key);
      byKey.set(key, id);
    }
    byObject.set(box, id);
    return id;
  };
  const pairwise = (operation: (a: boxes.LabelBox, b: boxes.LabelBox) => boxes.LabelBox | undefined) => {
    const results = pairTable();
    // One function for all pairs: they are asked about millions of times.
    const make = (low: BoxId, high: BoxId): BoxId => {
      const result = operation(list[low]!, list[high]!);
      return result === undefined ? NONE : intern(result);
    };
    return (a: BoxId, b: BoxId): BoxId | undefined => {
      if (a === b) return a;
      const id = a < b ? results.entry(a, b, make) : results.entry(b, a, make);
      return id === NONE ? undefined : id;
    };
  };
  const intersect = pairwise(boxes.intersect);
  const subsets = pairTable();
  const findSubset = (a: BoxId, b: BoxId): number => (boxes.isSubset(list[a]!, list[b]!) ? 1 : 0);
  return {
    intern,
    get: (id) => list[id]!,
    keyOf: (id) => keys[id]!,
    intersect: (a, b) => (a === ANY_BOX ? b : b === ANY_BOX ? a : intersect(a, b)),
    join: pairwise(boxes.join),
    isSubset: (a, b) => a === b || b === ANY_BOX || (a !== ANY_BOX && subsets.entry(a, b, findSubset) === 1),
  };
}
