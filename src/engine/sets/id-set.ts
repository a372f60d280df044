// Sets of small integers as sorted lists: small where few of many are meant, and cheap to walk. Immutable by convention;
// without policy vocabulary.

/** A set of integers from 0: its members in ascending order, each once. */
export type IdSet = readonly number[];

/** The set without members. */
export const EMPTY: IdSet = [];

/** The set of every `0 <= i < size`. */
export function everyId(size: number): IdSet {
  return Array.from({ length: size }, (_, i) => i);
}

/** The set of the given members, in any order, repeated or not; the list itself where it is one already. */
export function idSet(members: readonly number[]): IdSet {
  for (let i = 1; i < members.length; i++) {
    if (members[i]! <= members[i - 1]!) return distinct(members.toSorted(ascending));
  }
  return members;
}

function ascending(a: number, b: number): number {
  return a - b;
}

function distinct(sorted: readonly number[]): IdSet {
  return sorted.filter((member, i) => i === 0 || member !== sorted[i - 1]);
}

/** Members of any of the sets. */
export function unionAll(sets: readonly IdSet[]): IdSet {
  const parts = sets.filter((set) => set.length > 0);
  if (parts.length < 2) return parts[0] ?? EMPTY;
  let length = 0;
  let last = 0;
  for (const part of parts) {
    length += part.length;
    last = Math.max(last, part[part.length - 1]!);
  }
  // Marking and reading off costs a word for 32 ids, sorting some steps for each member.
  return last >>> 5 < length * 4 ? unionByMarks(parts, last) : unionBySort(parts);
}

/** Sorting finds the runs that the parts are, and merges them. */
function unionBySort(parts: readonly IdSet[]): IdSet {
  const all = parts.flat();
  return distinct(all.sort(ascending));
}

function unionByMarks(parts: readonly IdSet[], last: number): IdSet {
  const marks = new Int32Array((last >>> 5) + 1);
  for (const part of parts) {
    for (let i = 0; i < part.length; i++) marks[part[i]! >>> 5]! |= 1 << (part[i]! & 31);
  }
  const all: number[] = [];
  for (let word = 0; word < marks.length; word++) {
    for (let bits = marks[word]!; bits !== 0; bits &= bits - 1) {
      all.push((word << 5) + 31 - Math.clz32(bits & -bits));
    }
  }
  return all;
}

/** Members of both sets; `a` itself where all of it is in `b`, and the other way round. */
export function intersect(a: IdSet, b: IdSet): IdSet {
  if (a === b) return a;
  return a.length <= b.length ? pick(a, b, true) : pick(b, a, true);
}

/** Members of `a` that are not in `b`; `a` itself where that is all of them. */
export function subtract(a: IdSet, b: IdSet): IdSet {
  if (a === b) return EMPTY;
  return pick(a, b, false);
}

/** The members of `from` that are in `other`, or that are not; the set itself where that is all of them. */
function pick(from: IdSet, other: IdSet, inside: boolean): IdSet {
  // Copied whole when the first member falls out, and cut at the end: growing a list step by step costs more.
  let kept: number[] | undefined;
  let length = 0;
  let at = 0;
  for (let i = 0; i < from.length; i++) {
    const member = from[i]!;
    at = seek(other, member, at);
    if ((other[at] === member) !== inside) kept ??= from.slice();
    else {
      if (kept !== undefined) kept[length] = member;
      length++;
    }
  }
  if (kept === undefined) return from;
  if (length === 0) return EMPTY;
  kept.length = length;
  return kept;
}

/** The first position from `start` on whose member is at least `value`: by doubling steps, then by halving. */
function seek(set: IdSet, value: number, start: number): number {
  if (start >= set.length || set[start]! >= value) return start;
  let step = 1;
  let low = start;
  while (low + step < set.length && set[low + step]! < value) {
    low += step;
    step *= 2;
  }
  let high = Math.min(low + step, set.length);
  low++;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (set[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Reports whether the id is a member. */
export function contains(set: IdSet, id: number): boolean {
  return set[seek(set, id, 0)] === id;
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

/** FNV-1a over whole members. */
function hashOf(set: IdSet): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < set.length; i++) hash = Math.imul(hash ^ set[i]!, 0x01000193);
  return hash;
}
