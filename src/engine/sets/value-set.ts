// Sets of what one label may be: absent, or some value. Values are texts that never run out, so that all but a few is
// never empty. Must not know what the label is for.

/**
 * What one label may be. `except: false`: one of `values`; `except: true`: any value but `values`. `absent` tells
 * whether the label may be missing as well. Values are sorted and distinct, so that equal sets look equal.
 */
export interface ValueSet {
  readonly absent: boolean;
  readonly except: boolean;
  readonly values: readonly string[];
}

/** Anything, absent included. */
export const ANYTHING: ValueSet = { absent: true, except: true, values: [] };
/** Any value; the label has to be there. */
export const PRESENT: ValueSet = { absent: false, except: true, values: [] };
/** The label is not there. */
export const ABSENT: ValueSet = { absent: true, except: false, values: [] };
/** Nothing at all. */
export const NO_VALUES: ValueSet = { absent: false, except: false, values: [] };

/** Exactly these values, in any order and with repeats; the empty list is nothing. */
export function valuesOf(values: readonly string[]): ValueSet {
  return { absent: false, except: false, values: sorted(values) };
}

/** Absent, or any value but these. */
export function allBut(values: readonly string[]): ValueSet {
  return { absent: true, except: true, values: sorted(values) };
}

/** Members of both sets. */
export function intersect(a: ValueSet, b: ValueSet): ValueSet {
  const absent = a.absent && b.absent;
  if (a.except && b.except) return { absent, except: true, values: merge(a.values, b.values) };
  if (a.except) return { absent, except: false, values: without(b.values, a.values) };
  if (b.except) return { absent, except: false, values: without(a.values, b.values) };
  const [few, many] = a.values.length <= b.values.length ? [a.values, b.values] : [b.values, a.values];
  return { absent, except: false, values: few.filter((value) => includes(many, value)) };
}

/** Members of either set. */
export function union(a: ValueSet, b: ValueSet): ValueSet {
  return complement(intersect(complement(a), complement(b)));
}

/** What is not in the set. */
export function complement({ absent, except, values }: ValueSet): ValueSet {
  return { absent: !absent, except: !except, values };
}

/** Members of `a` that are not in `b`. */
export function subtract(a: ValueSet, b: ValueSet): ValueSet {
  return intersect(a, complement(b));
}

/** Reports whether nothing is in the set. All but some values is never empty. */
export function isEmpty({ absent, except, values }: ValueSet): boolean {
  return !absent && !except && values.length === 0;
}

/** Reports whether everything is in the set. */
export function isAnything({ absent, except, values }: ValueSet): boolean {
  return absent && except && values.length === 0;
}

/** Reports whether the value is in the set; undefined stands for absent. */
export function contains({ absent, except, values }: ValueSet, value: string | undefined): boolean {
  return value === undefined ? absent : includes(values, value) !== except;
}

/** Reports whether both sets have the same members. */
export function equals(a: ValueSet, b: ValueSet): boolean {
  return (
    a.absent === b.absent &&
    a.except === b.except &&
    a.values.length === b.values.length &&
    a.values.every((value, i) => value === b.values[i])
  );
}

/** Reports whether every member of `a` is in `b`. */
export function isSubset(a: ValueSet, b: ValueSet): boolean {
  if (a.absent && !b.absent) return false;
  if (a.except) return b.except && b.values.every((value) => includes(a.values, value));
  return a.values.every((value) => includes(b.values, value) !== b.except);
}

/** Reports whether some member is in both. */
export function overlaps(a: ValueSet, b: ValueSet): boolean {
  if ((a.absent && b.absent) || (a.except && b.except)) return true;
  if (a.except || b.except) {
    const [named, others] = a.except ? [b.values, a.values] : [a.values, b.values];
    return named !== others && named.some((value) => !includes(others, value));
  }
  const [few, many] = a.values.length <= b.values.length ? [a.values, b.values] : [b.values, a.values];
  return few.some((value) => includes(many, value));
}

/** A text equal for equal sets and for no others. */
export function valueSetKey({ absent, except, values }: ValueSet): string {
  let key = `${absent ? '?' : ''}${except ? '!' : ''}`;
  // With its length before it a value can be any text.
  for (const value of values) key += `${value.length}:${value}`;
  return key;
}

/** Lists so short are gone through, as most are: a search by halves would cost more. */
const SHORT = 16;

function includes(values: readonly string[], value: string): boolean {
  if (values.length <= SHORT) return values.includes(value);
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return values[low] === value;
}

function without(values: readonly string[], others: readonly string[]): readonly string[] {
  if (others.length === 0) return values;
  return values === others ? [] : values.filter((value) => !includes(others, value));
}

function merge(a: readonly string[], b: readonly string[]): readonly string[] {
  if (a.length === 0 || a === b) return b;
  return b.length === 0 ? a : sorted([...a, ...b]);
}

function sorted(values: readonly string[]): readonly string[] {
  return values.length < 2 ? values : [...new Set(values)].sort();
}
