// Applies changes of one value by field path: gathers them in a tree of paths, then rebuilds what they touch in one walk,
// so that every path means the value as it was. Knows nothing of objects or files.

import type { Edit } from '../model/edit.ts';
import type { Path } from '../model/source.ts';
import { isMapping, isSameValue } from './same-value.ts';

/** An edit within one value. */
export type Change = DistributiveOmit<Extract<Edit, { readonly path: Path }>, 'object'>;

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** What happens at one place, and below it. */
interface Spot {
  readonly inserts: Change[];
  own: Change | undefined;
  readonly below: Map<string | number, Spot>;
}

/**
 * The value after the changes; parts that none of them touches are the same values as before. Insertions at one place
 * keep the order given, and so do new keys. Throws RangeError as `applyEdits` does.
 */
export function applyChanges(value: unknown, changes: readonly Change[]): unknown {
  const root: Spot = { inserts: [], own: undefined, below: new Map() };
  for (const change of changes) plant(root, change);
  return rebuild(value, root);
}

function plant(root: Spot, change: Change): void {
  if (change.path.length === 0) throw lost(change);
  let spot = root;
  for (const part of change.path) {
    let next = spot.below.get(part);
    if (next === undefined) {
      next = { inserts: [], own: undefined, below: new Map() };
      spot.below.set(part, next);
    }
    spot = next;
  }
  if (change.op === 'insert') spot.inserts.push(change);
  else if (spot.own === undefined) spot.own = change;
  // The same edit twice, as two findings may want it, is one.
  else if (!isSameValue(spot.own, change)) throw new RangeError(`two edits of one place: ${change.path.join('.')}`);
}

function rebuild(value: unknown, { below }: Spot): unknown {
  if (below.size === 0) return value;
  if (Array.isArray(value)) return rebuildList(value, below);
  if (isMapping(value)) return rebuildFields(value, below);
  throw lost(firstOf(below.values().next().value!));
}

function rebuildList(items: readonly unknown[], below: Spot['below']): unknown[] {
  for (const [part, spot] of below) {
    const isItem = typeof part === 'number' && Number.isInteger(part) && part >= 0 && part < items.length;
    const isEnd = part === items.length && spot.own === undefined && spot.below.size === 0;
    if (!(isItem || isEnd) || spot.own?.op === 'rename') throw lost(spot.own ?? firstOf(spot));
  }
  const result: unknown[] = [];
  for (let index = 0; index <= items.length; index++) {
    const spot = below.get(index);
    for (const insert of spot?.inserts ?? []) result.push(newValue(insert));
    if (index === items.length) break;
    if (spot === undefined) result.push(items[index]);
    else if (spot.own?.op === 'set') result.push(spot.own.value);
    else if (spot.own?.op !== 'remove') result.push(rebuild(items[index], spot));
  }
  return result;
}

function rebuildFields(
  fields: Readonly<Record<string, unknown>>,
  below: Spot['below'],
): Readonly<Record<string, unknown>> {
  const entries: [string, unknown][] = [];
  const taken = new Set<string>();
  const add = (key: string, value: unknown, change: Change | undefined): void => {
    if (taken.has(key)) throw new RangeError(`an edit (${change?.op}) makes a second key "${key}"`);
    taken.add(key);
    entries.push([key, value]);
  };
  for (const [part, spot] of below) {
    const isNew = typeof part === 'string' && !Object.hasOwn(fields, part);
    const [insert] = spot.inserts;
    if (typeof part !== 'string' || insert !== undefined) throw lost(insert ?? firstOf(spot));
    if (isNew && spot.own?.op !== 'set') throw lost(firstOf(spot));
  }
  const renames = [...below.values()].flatMap(({ own }) => (own?.op === 'rename' ? [own] : []));
  for (const [key, value] of Object.entries(fields)) {
    const spot = below.get(key);
    const own = spot?.own;
    if (own?.op === 'remove') continue;
    if (own?.op === 'set') add(key, own.value, own);
    else if (own?.op === 'rename') add(own.key, rebuild(value, spot!), own);
    else
      add(
        key,
        spot === undefined ? value : rebuild(value, spot),
        renames.find((rename) => rename.key === key),
      );
  }
  for (const [key, { own }] of below) {
    if (own?.op === 'set' && !Object.hasOwn(fields, key)) add(String(key), own.value, own);
  }
  return Object.fromEntries(entries);
}

function newValue(change: Change): unknown {
  return 'value' in change ? change.value : undefined;
}

/** Some change at or below a place, to name in an error. */
function firstOf(spot: Spot): Change {
  const found = spot.own ?? spot.inserts[0];
  return found ?? firstOf(spot.below.values().next().value!);
}

function lost({ op, path }: Change): RangeError {
  return new RangeError(`an edit (${op}) leads nowhere: ${path.join('.')}`);
}
