// Sets of label sets, as unions of boxes: what any selector over labels can say. Must not know whose labels they are.

import type { Labels, Selector } from '../model/selector.ts';
import { joinBoxes } from './join-boxes.ts';
import * as boxes from './label-box.ts';
import * as values from './value-set.ts';

type LabelBox = boxes.LabelBox;

/** All label sets that are in one of the boxes, which may overlap; no box: none. */
export type LabelSet = readonly LabelBox[];

/** No label set. */
export const NO_LABEL_SETS: LabelSet = [];
/** All label sets. */
export const ALL_LABEL_SETS: LabelSet = [boxes.ALL_LABELS];

/**
 * The label sets that a selector selects. Undefined where it looks into values (`contains`, `starts-with`, `ends-with`):
 * those are no finite lists, and the caller has to answer unknown.
 */
export function labelSetOf(selector: Selector): LabelSet | undefined {
  switch (selector.op) {
    case 'and':
      return combine(selector.of, ALL_LABEL_SETS, intersect);
    case 'or':
      return combine(selector.of, NO_LABEL_SETS, union);
    case 'not': {
      const inner = labelSetOf(selector.of);
      return inner === undefined ? undefined : complement(inner);
    }
    case 'in':
      return test(selector.key, values.valuesOf(selector.values));
    case 'not-in':
      return test(selector.key, values.allBut(selector.values));
    case 'exists':
      return test(selector.key, values.PRESENT);
    case 'not-exists':
      return test(selector.key, values.ABSENT);
    default:
      return undefined;
  }
}

function combine(
  parts: readonly Selector[],
  start: LabelSet,
  operation: (a: LabelSet, b: LabelSet) => LabelSet,
): LabelSet | undefined {
  let result = start;
  for (const part of parts) {
    const set = labelSetOf(part);
    if (set === undefined) return undefined;
    result = operation(result, set);
  }
  return result;
}

function test(key: string, is: values.ValueSet): LabelSet {
  const box = boxes.boxOf([{ key, is }]);
  return box === undefined ? NO_LABEL_SETS : [box];
}

/** The selector that selects exactly the set: boxes as alternatives. */
export function selectorOf(set: LabelSet): Selector {
  const parts = set.map((box): Selector => {
    const tests = box.map(selectorOfTest);
    return tests.length === 1 ? tests[0]! : { op: 'and', of: tests };
  });
  return parts.length === 1 ? parts[0]! : { op: 'or', of: parts };
}

function selectorOfTest({ key, is }: boxes.LabelTest): Selector {
  const { absent, except } = is;
  const named: Selector = { op: except ? 'not-in' : 'in', key, values: is.values };
  // `not-in` also selects what has no such label, `in` never does.
  if (absent === except) return named;
  if (absent)
    return is.values.length === 0 ? { op: 'not-exists', key } : { op: 'or', of: [{ op: 'not-exists', key }, named] };
  return is.values.length === 0 ? { op: 'exists', key } : { op: 'and', of: [{ op: 'exists', key }, named] };
}

/** Label sets in either. */
export function union(a: LabelSet, b: LabelSet): LabelSet {
  if (a.length === 0) return b;
  return b.length === 0 ? a : simplify([...a, ...b]);
}

/** Label sets in both. */
export function intersect(a: LabelSet, b: LabelSet): LabelSet {
  // A box within one box of the other set stays as it is.
  if (a.length === 1 && b.some((box) => boxes.isSubset(a[0]!, box))) return a;
  if (b.length === 1 && a.some((box) => boxes.isSubset(b[0]!, box))) return b;
  const result: LabelBox[] = [];
  for (const one of a) {
    for (const other of b) {
      const both = boxes.intersect(one, other);
      if (both !== undefined) result.push(both);
    }
  }
  return a.length < 2 && b.length < 2 ? result : simplify(result);
}

/** Label sets in `a` and not in `b`; boxes of the result overlap only where those of `a` do. */
export function subtract(a: LabelSet, b: LabelSet): LabelSet {
  let rest = a;
  for (const box of b) {
    if (rest.length === 0) return rest;
    rest = subtractBox(rest, box);
  }
  return rest;
}

/** Label sets in `set` and not in the box; `set` itself where none of its boxes meets it, as is mostly so. */
export function subtractBox(set: LabelSet, box: LabelBox): LabelSet {
  const first = set.findIndex((one) => boxes.overlaps(one, box));
  if (first < 0) return set;
  const left = set.slice(0, first);
  for (let i = first; i < set.length; i++) left.push(...boxes.subtract(set[i]!, box));
  return left;
}

/** Label sets that are not in the set. */
export function complement(set: LabelSet): LabelSet {
  return subtract(ALL_LABEL_SETS, set);
}

/** The same set in boxes of which no two overlap. */
export function disjoint(set: LabelSet): LabelSet {
  const result: LabelBox[] = [];
  for (const box of set) result.push(...subtract([box], result));
  return result;
}

/** Reports whether nothing is in the set: no box is empty, so that is one without boxes. */
export function isEmpty(set: LabelSet): boolean {
  return set.length === 0;
}

/** Reports whether every label set of `a` is in `b`, several boxes together counted. */
export function isSubset(a: LabelSet, b: LabelSet): boolean {
  return a.every((box) => b.some((other) => boxes.isSubset(box, other)) || subtract([box], b).length === 0);
}

/** Reports whether both hold the same label sets, whatever their boxes. */
export function equals(a: LabelSet, b: LabelSet): boolean {
  return isSubset(a, b) && isSubset(b, a);
}

/** Reports whether some label set is in both. */
export function overlaps(a: LabelSet, b: LabelSet): boolean {
  return a.some((box) => b.some((other) => boxes.overlaps(box, other)));
}

/** Reports whether an object with exactly these labels is in the set. */
export function contains(set: LabelSet, labels: Labels): boolean {
  return set.some((box) => boxes.contains(box, labels));
}

/**
 * The same set in fewer boxes: those within another go, and two that together are a box become one. Cheap rather than
 * minimal; sorted, so that the order in which boxes came does not show where the boxes are the same.
 */
export function simplify(set: LabelSet): LabelSet {
  if (set.length < 2) return set;
  if (set.some((box) => box.length === 0)) return ALL_LABEL_SETS;
  return inOrder(joinBoxes(inOrder(set)).map(({ box }) => box));
}

/** Each box once, in order of its text. */
function inOrder(set: LabelSet): LabelSet {
  return [...new Map(set.map((box) => [boxes.boxKey(box), box]))]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, box]) => box);
}
