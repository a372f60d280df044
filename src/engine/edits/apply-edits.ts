// Applies edits to the plain values of objects, so that what they mean can be evaluated before any file is touched.
// Pure: the objects that were read stay as they are.

import type { Edit } from '../model/edit.ts';
import { type ManifestObject, withValue } from '../model/source.ts';
import { applyChanges, type Change } from './apply-changes.ts';
import { isMapping } from './same-value.ts';

/**
 * The objects after the edits: same order, changed ones replaced, removed ones gone, new ones behind those that they stand
 * beside (else last). Objects that no edit names are the same values as before. A changed object answers `locate` with the
 * places of the original: they are right up to the first change.
 * Throws RangeError for an edit that cannot be applied, which is a defect of whoever made it: its path leads nowhere, its
 * object is not among those given, two edits say different things about one place, or a new name is already taken.
 */
export function applyEdits(objects: readonly ManifestObject[], edits: readonly Edit[]): ManifestObject[] {
  const changes = new Map<ManifestObject, Change[]>();
  const removed = new Set<ManifestObject>();
  const beside = new Map<ManifestObject, ManifestObject[]>();
  const last: ManifestObject[] = [];
  const known = new Set(objects);
  const check = (object: ManifestObject, op: Edit['op']): ManifestObject => {
    if (known.has(object)) return object;
    throw new RangeError(`an edit (${op}) of an object that is not among those given`);
  };
  for (const edit of edits) {
    switch (edit.op) {
      case 'add-object':
        if (edit.beside === undefined) last.push(newObject(edit.value, undefined));
        else push(beside, check(edit.beside, edit.op), newObject(edit.value, edit.beside));
        break;
      case 'remove-object':
        removed.add(check(edit.object, edit.op));
        break;
      default:
        push(changes, check(edit.object, edit.op), edit);
    }
  }
  const result = objects.flatMap((object) => {
    const kept = removed.has(object) ? [] : [changed(object, changes.get(object))];
    return [...kept, ...(beside.get(object) ?? [])];
  });
  return [...result, ...last];
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

function newObject(value: Readonly<Record<string, unknown>>, beside: ManifestObject | undefined): ManifestObject {
  const file = beside?.file;
  return {
    value,
    ...(file === undefined ? {} : { file }),
    locate: () => (file === undefined ? { path: '' } : { file, path: '' }),
  };
}

function changed(object: ManifestObject, changes: readonly Change[] | undefined): ManifestObject {
  if (changes === undefined) return object;
  const value = applyChanges(object.value, changes);
  if (!isMapping(value)) throw new RangeError('edits of an object must leave an object');
  return withValue(object, value);
}
