// Boxes of label sets: for each label by itself what it may be. Everything that selectors ask of objects is a union of
// boxes (label-set.ts). Must not know whose labels they are.

import { type Labels, labelOf } from '../model/selector.ts';
import * as values from './value-set.ts';

/** What one label may be. */
export interface LabelTest {
  readonly key: string;
  readonly is: values.ValueSet;
}

/**
 * All label sets that pass every test; without tests, all there are. Sorted by key, one test a key, none that
 * everything passes and none that nothing does: so no box is empty, and equal boxes look equal.
 */
export type LabelBox = readonly LabelTest[];

/** All label sets. */
export const ALL_LABELS: LabelBox = [];

/** The box of these tests, in any order, several of one key allowed. Undefined: nothing passes them all. */
export function boxOf(tests: readonly LabelTest[]): LabelBox | undefined {
  return tests.reduce<LabelBox | undefined>((box, test) => {
    if (box === undefined || values.isEmpty(test.is)) return undefined;
    return values.isAnything(test.is) ? box : intersect(box, [test]);
  }, ALL_LABELS);
}

/** Label sets in both boxes; undefined: there are none. */
export function intersect(a: LabelBox, b: LabelBox): LabelBox | undefined {
  if (a.length === 0 || a === b) return b;
  if (b.length === 0) return a;
  const result: LabelTest[] = [];
  let j = 0;
  for (const test of a) {
    while (j < b.length && b[j]!.key < test.key) result.push(b[j++]!);
    if (b[j]?.key !== test.key) {
      result.push(test);
      continue;
    }
    const is = values.intersect(test.is, b[j++]!.is);
    if (values.isEmpty(is)) return undefined;
    result.push({ key: test.key, is });
  }
  while (j < b.length) result.push(b[j++]!);
  return result;
}

/** Label sets in `a` and not in `b`, as boxes of which no two overlap; none: `b` holds them all. */
export function subtract(a: LabelBox, b: LabelBox): LabelBox[] {
  if (!overlaps(a, b)) return [a];
  const parts: LabelBox[] = [];
  let rest = a;
  for (const { key, is } of b) {
    const own = testOf(rest, key);
    const outside = values.subtract(own, is);
    if (values.isEmpty(outside)) continue;
    parts.push(replace(rest, key, outside));
    rest = replace(rest, key, values.intersect(own, is));
  }
  return parts;
}

/** Reports whether some label set is in both. */
export function overlaps(a: LabelBox, b: LabelBox): boolean {
  let j = 0;
  for (const { key, is } of a) {
    while (j < b.length && b[j]!.key < key) j++;
    if (b[j]?.key === key && !values.overlaps(is, b[j]!.is)) return false;
  }
  return true;
}

/** Reports whether every label set of `a` is in `b`. */
export function isSubset(a: LabelBox, b: LabelBox): boolean {
  let i = 0;
  for (const { key, is } of b) {
    while (i < a.length && a[i]!.key < key) i++;
    if (a[i]?.key !== key || !values.isSubset(a[i]!.is, is)) return false;
  }
  return true;
}

/** Reports whether an object with exactly these labels is in the box. */
export function contains(box: LabelBox, labels: Labels): boolean {
  return box.every(({ key, is }) => values.contains(is, labelOf(labels, key)));
}

/** What the box lets a label be. */
export function testOf(box: LabelBox, key: string): values.ValueSet {
  return box.find((test) => test.key === key)?.is ?? values.ANYTHING;
}

/** The same box with another test for one label. The test must not be empty. */
export function replace(box: LabelBox, key: string, is: values.ValueSet): LabelBox {
  const others = box.filter((test) => test.key !== key);
  if (values.isAnything(is)) return others;
  const at = others.findIndex((test) => test.key > key);
  return at < 0 ? [...others, { key, is }] : [...others.slice(0, at), { key, is }, ...others.slice(at)];
}

/** Both boxes as one, where that is a box: one holds the other, or they differ in one label. Undefined elsewhere. */
export function join(a: LabelBox, b: LabelBox): LabelBox | undefined {
  if (isSubset(a, b)) return b;
  if (isSubset(b, a)) return a;
  let differing: string | undefined;
  for (const key of new Set([...a, ...b].map((test) => test.key))) {
    if (values.equals(testOf(a, key), testOf(b, key))) continue;
    if (differing !== undefined) return undefined;
    differing = key;
  }
  return differing === undefined ? a : replace(a, differing, values.union(testOf(a, differing), testOf(b, differing)));
}

/** A text equal for equal boxes and for no others. */
export function boxKey(box: LabelBox): string {
  return box.map(({ key, is }) => `${key} ${values.valueSetKey(is)}`).join('\n');
}
