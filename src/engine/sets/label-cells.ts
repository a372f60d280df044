// Splits label sets into cells on which every one of some given sets is constant: inside as a whole, or outside.

import * as boxes from './label-box.ts';
import { disjoint, type LabelSet, subtractBox } from './label-set.ts';

/** Label sets that none of the given sets tells apart. */
export interface LabelCell {
  /** Boxes of which no two overlap; at least one. */
  readonly set: LabelSet;
  /** For each of the given sets whether the cell is inside. */
  readonly inside: readonly boolean[];
}

/**
 * The cells of `within`: disjoint, none empty, together all of it, in an order that depends on the sets alone. Undefined
 * where it would take more than `limit` boxes; k values of one label take k + 1.
 */
export function labelCells(within: LabelSet, sets: readonly LabelSet[], limit: number): LabelCell[] | undefined {
  const { distinct, numbers } = distinctSets(sets);
  let cells = new Map<string, LabelSet>();
  const start = disjoint(within);
  if (start.length > 0) cells.set('', start);
  for (const set of distinct) {
    // Each part lies in a cell, and so takes a box at least.
    const parts = disjointWithin(set, within, limit);
    if (parts === undefined) return undefined;
    const next = new Map<string, LabelSet>();
    let count = 0;
    for (const [sides, own] of cells) {
      const inside: boxes.LabelBox[] = [];
      let outside: readonly boxes.LabelBox[] = own;
      for (const part of parts) {
        for (const box of own) {
          const both = boxes.intersect(box, part);
          if (both !== undefined) inside.push(both);
        }
        if (count + inside.length > limit) return undefined;
        outside = subtractBox(outside, part);
      }
      count += inside.length + outside.length;
      if (count > limit) return undefined;
      if (inside.length > 0) next.set(`${sides}+`, inside);
      if (outside.length > 0) next.set(`${sides}-`, outside);
    }
    cells = next;
  }
  return [...cells].map(([sides, set]) => ({ set, inside: numbers.map((number) => sides[number] === '+') }));
}

/** Each set of boxes once, and for every set its number among them: what was split by a set is not split by it again. */
function distinctSets(sets: readonly LabelSet[]): {
  readonly distinct: readonly LabelSet[];
  readonly numbers: readonly number[];
} {
  const distinct: LabelSet[] = [];
  const known = new Map<string, number>();
  const byObject = new Map<LabelSet, number>();
  const numberOf = (set: LabelSet): number => {
    const key = `${set.length} ${set.map(boxes.boxKey).join('\n\n')}`;
    const number = known.get(key) ?? distinct.push(set) - 1;
    known.set(key, number);
    byObject.set(set, number);
    return number;
  };
  const numbers = sets.map((set) => byObject.get(set) ?? numberOf(set));
  return { distinct, numbers };
}

/** As `disjoint`; undefined where more than `limit` of its boxes touch `within`: a union of many boxes may have very many. */
function disjointWithin(set: LabelSet, within: LabelSet, limit: number): LabelSet | undefined {
  const result: boxes.LabelBox[] = [];
  let touching = 0;
  for (const box of set) {
    // Parts of the box meet only boxes that it meets itself.
    const met = result.filter((other) => boxes.overlaps(box, other));
    let rest: LabelSet = [box];
    for (const other of met) {
      if (rest.length === 0) break;
      rest = subtractBox(rest, other);
    }
    for (const one of rest) if (within.some((part) => boxes.overlaps(one, part))) touching++;
    if (touching > limit) return undefined;
    result.push(...rest);
  }
  return result;
}
