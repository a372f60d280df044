// One policy of a draft as an author sees it: what it says now, and edits of it in the positions of the object as read.

import { dialectOf } from '../dialects/registry.ts';
import type { DialectWriter, WritePlace } from '../dialects/writer.ts';
import type { Edit } from '../model/edit.ts';
import type { Direction, Policy, Rule } from '../model/policy.ts';
import type { ManifestObject, Path } from '../model/source.ts';
import { changesOf, type Draft, readObject } from './draft.ts';
import { type Change, isSamePath, leadsTo, originalPath, valueAt } from './origin.ts';
import type { RepairContext } from './repair-context.ts';

/** A policy that edits can be made of. */
export interface Written {
  /** As it is after the edits of the draft, and as its API says: what a plugin makes of it aside. */
  readonly policy: Policy;
  readonly writer: DialectWriter;
  /** The object as read, which edits name. */
  readonly object: ManifestObject;
  readonly changes: readonly Change[];
}

/** The policy that an evaluated one stands for; undefined where the object is not one of the state or the draft. */
export function writtenPolicy(context: RepairContext, draft: Draft, evaluated: Policy): Written | undefined {
  const object = readObject(draft, evaluated.object);
  const added = draft.added.find(({ policy }) => policy.object === object)?.policy;
  const policy = added ?? draft.edited.get(object) ?? context.policyOf(object);
  if (policy === undefined) return undefined;
  const writer = dialectOf(policy.apiVersion, policy.ref.kind)!.writer;
  return { policy, writer, object, changes: changesOf(draft, object) };
}

/** Where a part of the policy stands. */
export function placeIn({ policy }: Written, direction: Direction): WritePlace {
  const { kind, namespace } = policy.ref;
  return { kind, direction, ...(namespace === undefined ? {} : { namespace }) };
}

/** The rules that one item of the policy's list was decoded to: none, one, or two that share a path. */
export function rulesAt({ policy }: Written, direction: Direction, path: Path): readonly Rule[] {
  return (policy[direction]?.rules ?? []).filter((rule) => isSamePath(rule.path, path));
}

/** What stands at a path now. */
export function currentValue({ policy }: Written, path: Path): unknown {
  return valueAt(policy.object.value, path);
}

/** A new item behind all others of a list, which need not be there yet. */
export function appendItem(target: Written, list: Path, value: unknown): Edit | undefined {
  const { object, changes } = target;
  const parent = originalPath(changes, list.slice(0, -1));
  if (parent === undefined) return undefined;
  const path = [...parent, ...list.slice(-1)];
  const items = valueAt(object.value, path);
  if (Array.isArray(items)) return { op: 'insert', object, path: [...path, items.length], value };
  return { op: 'set', object, path, value: [value] };
}

/** A new item before the one at the path, which must be one that was read. */
export function insertBefore({ object, changes }: Written, item: Path, value: unknown): Edit | undefined {
  const path = originalPath(changes, item);
  return path === undefined ? undefined : { op: 'insert', object, path, value };
}

/** A new item right behind the one at the path, which must be one that was read. */
export function insertBehind({ object, changes }: Written, item: Path, value: unknown): Edit | undefined {
  const path = originalPath(changes, item);
  const at = path?.at(-1);
  if (path === undefined || typeof at !== 'number') return undefined;
  return { op: 'insert', object, path: [...path.slice(0, -1), at + 1], value };
}

/** Takes away what stands at the path. */
export function removeAt({ object, changes }: Written, at: Path): Edit | undefined {
  const path = originalPath(changes, at);
  return path === undefined ? undefined : { op: 'remove', object, path };
}

/** Another value for what stands at the path, whose parent must be there. */
export function setAt({ object, changes }: Written, at: Path, value: unknown): Edit | undefined {
  const parent = originalPath(changes, at.slice(0, -1));
  const path = originalPath(changes, at);
  return parent === undefined || path === undefined ? undefined : { op: 'set', object, path, value };
}

/** A change within an item, as a dialect's writer gives it; undefined where the item was edited before. */
export function changeWithin(
  { object, changes }: Written,
  item: Path,
  change: { readonly op: 'insert' | 'set'; readonly path: Path; readonly value: unknown },
): Edit | undefined {
  const path = originalPath(changes, item);
  if (path === undefined || changes.some((other) => leadsTo(path, other.path))) return undefined;
  return { ...change, object, path: [...path, ...change.path] };
}
