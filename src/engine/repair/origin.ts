// Where something in an edited value stood in the value as it was read: edits are written in those positions.

import type { Edit } from '../model/edit.ts';
import type { Path } from '../model/source.ts';

/** An edit within one object. */
export type Change = Extract<Edit, { readonly path: Path }>;

/**
 * The path, in the object as read, of what stands at `path` after the changes; undefined for what the changes have put
 * there themselves. Never throws: a path that leads nowhere leads nowhere in the object as read either.
 */
export function originalPath(changes: readonly Change[], path: Path): Path | undefined {
  let original: Path = [];
  for (const part of path) {
    const next = typeof part === 'number' ? originalIndex(changes, original, part) : part;
    if (next === undefined) return undefined;
    original = [...original, next];
    if (changes.some((change) => change.op === 'set' && isSamePath(change.path, original))) return undefined;
  }
  return original;
}

/** The index in the list as read; undefined for an item that was inserted. */
function originalIndex(changes: readonly Change[], list: Path, index: number): number | undefined {
  const here = (op: Change['op'], at: number): number =>
    changes.filter((change) => change.op === op && isSamePath(change.path, [...list, at])).length;
  let left = index;
  for (let at = 0; ; at++) {
    left -= here('insert', at);
    if (left < 0) return undefined;
    if (here('remove', at) > 0) continue;
    if (left === 0) return at;
    left--;
  }
}

/** Reports whether both paths lead to the same place. */
export function isSamePath(a: Path, b: Path): boolean {
  return a.length === b.length && leadsTo(a, b);
}

/** Reports whether the second path is the first one or goes on from it. */
export function leadsTo(from: Path, to: Path): boolean {
  return from.length <= to.length && from.every((part, i) => part === to[i]);
}

/** Reports whether two changes of one object cannot both be made. Insertions at one place can, in order. */
export function conflict(a: Change, b: Change): boolean {
  if (isSamePath(a.path, b.path)) return a.op !== 'insert' && b.op !== 'insert';
  const [outer, inner] = a.path.length < b.path.length ? [a, b] : [b, a];
  return outer.op !== 'insert' && leadsTo(outer.path, inner.path);
}

/** The value at a path; undefined where nothing is. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (node, part) =>
      typeof node === 'object' && node !== null && Object.hasOwn(node, part) ? Reflect.get(node, part) : undefined,
    value,
  );
}
