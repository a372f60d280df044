// Sets of positions in a sorted list, as runs: neighbours (the pods of a namespace, all addresses outside) are one run
// however many they are. The form of interval-set.ts; here for speed on very many sets. Without policy vocabulary.

/** A set of integers from 0 as flat bounds `[start0, end0, start1, end1, …]`, ends excluded, strictly increasing. */
export type IdSet = readonly number[] & { readonly [runs]: true };

/** Keeps lists of members from being taken for sets. */
declare const runs: unique symbol;

/** The set without members. */
export const EMPTY: IdSet = asSet([]);

function asSet(bounds: readonly number[]): IdSet {
  return bounds as IdSet;
}

/** The set of every `0 <= i < size`. */
export function everyId(size: number): IdSet {
  return size === 0 ? EMPTY : asSet([0, size]);
}

/** The set of the given members, in any order, repeated or not. */
export function idSet(members: readonly number[]): IdSet {
  const set: number[] = [];
  for (let i = 0; i < members.length; i++) {
    const member = members[i]!;
    const end = set.length === 0 ? -1 : set[set.length - 1]!;
    if (member === end) set[set.length - 1] = member + 1;
    else if (member > end) set.push(member, member + 1);
    else if (member !== end - 1) return idSet(members.toSorted((a, b) => a - b));
  }
  return asSet(set);
}

/** Adds a run that begins at the end of the last one or later; bounds become a set with {@link setOfBounds}. */
export function appendRun(bounds: number[], start: number, end: number): void {
  if (bounds.length > 0 && bounds[bounds.length - 1] === start) bounds[bounds.length - 1] = end;
  else bounds.push(start, end);
}

/** Adds a member to runs, in whatever order members come; runs become a set with {@link setOfRuns}. */
export function appendMember(runs: number[], id: number): void {
  if (runs.length > 0 && runs[runs.length - 1] === id) runs[runs.length - 1] = id + 1;
  else runs.push(id, id + 1);
}

/** The set of the members of some runs `[start0, end0, start1, …]`, in any order, of which none is empty. */
export function setOfRuns(runs: readonly number[]): IdSet {
  const starts: number[] = [];
  let isAscending = true;
  for (let i = 0; i < runs.length; i += 2) {
    starts.push(i);
    if (i > 0 && runs[i]! <= runs[i - 1]!) isAscending = false;
  }
  if (isAscending) return asSet(runs);
  starts.sort((a, b) => runs[a]! - runs[b]!);
  const set: number[] = [];
  for (const at of starts) {
    const last = set.length - 1;
    if (last < 0 || runs[at]! > set[last]!) set.push(runs[at]!, runs[at + 1]!);
    else if (runs[at + 1]! > set[last]!) set[last] = runs[at + 1]!;
  }
  return asSet(set);
}

/** The set with these bounds, which have to be as {@link IdSet} says. */
export function setOfBounds(bounds: readonly number[]): IdSet {
  return asSet(bounds);
}

/** The members in ascending order. */
export function membersOf(set: IdSet): number[] {
  const members = new Array<number>(count(set));
  let at = 0;
  for (let i = 0; i < set.length; i += 2) for (let id = set[i]!; id < set[i + 1]!; id++) members[at++] = id;
  return members;
}

/** The number of members. */
export function count(set: IdSet): number {
  let members = 0;
  for (let i = 0; i < set.length; i += 2) members += set[i + 1]! - set[i]!;
  return members;
}

/**
 * Where bounds are written before their number is known; a copy of what was written then has no room to spare. Filled, so
 * that it stays a list without holes.
 */
const scratch: number[] = [0, 0];

function written(size: number): IdSet {
  return size === 0 ? EMPTY : asSet(scratch.slice(0, size));
}

/** Members of any of the sets. */
export function unionAll(sets: readonly IdSet[]): IdSet {
  let layer = sets.filter((set) => set.length > 0);
  if (layer.length > FEW_SETS) {
    const low = layer.reduce((least, set) => Math.min(least, set[0]!), Number.MAX_SAFE_INTEGER);
    const high = layer.reduce((most, set) => Math.max(most, set[set.length - 1]!), 0);
    const bounds = layer.reduce((sum, set) => sum + set.length, 0);
    if (high - low < MARKS_A_BOUND * bounds) return unionByMarks(layer, low, high);
  }
  // Pairs, then pairs of pairs: each bound is looked at once a layer.
  while (layer.length > 1) {
    const next: IdSet[] = [];
    for (let i = 0; i < layer.length; i += 2)
      next.push(i + 1 < layer.length ? union(layer[i]!, layer[i + 1]!) : layer[i]!);
    layer = next;
  }
  return layer[0] ?? EMPTY;
}

/** Of more sets, each bound would be looked at more often than each possible member. */
const FEW_SETS = 4;
const MARKS_A_BOUND = 4;
let marks = new Uint8Array(1024);

/** The union of sets that are dense between two bounds: members are marked, and marks read in order. */
function unionByMarks(sets: readonly IdSet[], low: number, high: number): IdSet {
  if (marks.length < high + 1) marks = new Uint8Array(2 * high + 1);
  for (const set of sets) {
    for (let i = 0; i < set.length; i += 2) for (let id = set[i]!; id < set[i + 1]!; id++) marks[id] = 1;
  }
  let size = 0;
  let before = 0;
  for (let id = low; id <= high; id++) {
    const mark = marks[id]!;
    if (mark !== before) scratch[size++] = id;
    before = mark;
    marks[id] = 0;
  }
  return written(size);
}

function union(a: IdSet, b: IdSet): IdSet {
  let size = 0;
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const isA = j >= b.length || (i < a.length && a[i]! <= b[j]!);
    const start = isA ? a[i]! : b[j]!;
    const end = isA ? a[i + 1]! : b[j + 1]!;
    if (isA) i += 2;
    else j += 2;
    if (size === 0 || start > scratch[size - 1]!) {
      scratch[size++] = start;
      scratch[size++] = end;
    } else if (end > scratch[size - 1]!) scratch[size - 1] = end;
  }
  return written(size);
}

/** Members of both sets; the operand itself where the result equals one. */
export function intersect(a: IdSet, b: IdSet): IdSet {
  if (a === b || a.length === 0) return a;
  const [few, many] = a.length <= b.length ? [a, b] : [b, a];
  // One run of numbers that holds the whole other set, as everybody does.
  if (few.length === 2 && few[0]! <= many[0]! && few[1]! >= many[many.length - 1]!) return equals(a, many) ? a : many;
  let size = 0;
  let at = 0;
  for (let i = 0; i < few.length; i += 2) {
    const [start, end] = [few[i]!, few[i + 1]!];
    at = firstEndAfter(many, start, at);
    for (let j = at; j < many.length && many[j]! < end; j += 2) {
      scratch[size++] = Math.max(start, many[j]!);
      scratch[size++] = Math.min(end, many[j + 1]!);
    }
  }
  return isWritten(a, size) ? a : isWritten(b, size) ? b : written(size);
}

/** Reports whether what was written is the set. */
function isWritten(set: IdSet, size: number): boolean {
  if (set.length !== size) return false;
  for (let i = 0; i < size; i++) if (set[i] !== scratch[i]) return false;
  return true;
}

/** Members of `a` that are not in `b`; `a` itself where that is all of them. */
export function subtract(a: IdSet, b: IdSet): IdSet {
  if (a === b) return EMPTY;
  if (a.length === 0 || b.length === 0) return a;
  let size = 0;
  let isWhole = true;
  let at = 0;
  for (let i = 0; i < a.length; i += 2) {
    let start = a[i]!;
    const end = a[i + 1]!;
    at = firstEndAfter(b, start, at);
    for (let j = at; j < b.length && b[j]! < end; j += 2) {
      isWhole = false;
      if (b[j]! > start) {
        scratch[size++] = start;
        scratch[size++] = b[j]!;
      }
      start = b[j + 1]!;
    }
    if (start < end) {
      scratch[size++] = start;
      scratch[size++] = end;
    }
  }
  return isWhole ? a : written(size);
}

/** The first run from `from` on that ends behind `value`: by doubling steps, then by halving. `from` is a run's start. */
function firstEndAfter(set: IdSet, value: number, from: number): number {
  if (from >= set.length || set[from + 1]! > value) return from;
  let step = 2;
  let low = from;
  while (low + step < set.length && set[low + step + 1]! <= value) {
    low += step;
    step *= 2;
  }
  let high = Math.min(low + step, set.length);
  low += 2;
  while (low < high) {
    const middle = ((low + high) >>> 2) << 1;
    if (set[middle + 1]! <= value) low = middle + 2;
    else high = middle;
  }
  return low;
}

/** Reports whether the id is a member. */
export function contains(set: IdSet, id: number): boolean {
  const at = firstEndAfter(set, id, 0);
  return at < set.length && set[at]! <= id;
}

/** Reports whether the sets have a member in common. */
export function overlaps(a: IdSet, b: IdSet): boolean {
  const [few, many] = a.length <= b.length ? [a, b] : [b, a];
  let at = 0;
  for (let i = 0; i < few.length; i += 2) {
    at = firstEndAfter(many, few[i]!, at);
    if (at >= many.length) return false;
    if (many[at]! < few[i + 1]!) return true;
  }
  return false;
}

/** Reports whether both sets have the same members. */
export function equals(a: IdSet, b: IdSet): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Gives equal sets one identity, so that they compare in one step and serve as keys. */
export interface IdSetTable {
  /** The one set with these members; the first one that was handed in. */
  intern(set: IdSet): IdSet;
}

/** A table without sets. */
export function idSetTable(): IdSetTable {
  const byHash = new Map<number, IdSet[]>();
  const known = new WeakSet<IdSet>();
  return {
    intern(set) {
      if (known.has(set)) return set;
      const hash = hashOf(set);
      const alike = byHash.get(hash);
      const found = alike?.find((one) => equals(one, set));
      if (found !== undefined) return found;
      if (alike === undefined) byHash.set(hash, [set]);
      else alike.push(set);
      known.add(set);
      return set;
    },
  };
}

/** FNV-1a over whole bounds. */
function hashOf(set: IdSet): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < set.length; i++) hash = Math.imul(hash ^ set[i]!, 0x01000193);
  return hash;
}
