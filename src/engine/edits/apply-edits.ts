// Applies edits to the plain values of objects, so that what they mean can be evaluated before any file is touched.
// Pure: the objects that were read stay as they are.

import type { Edit } from '../model/edit.ts';
import type { ManifestObject, Path } from '../model/source.ts';

/**
 * The objects after the edits: same order, changed ones replaced, removed ones gone, new ones behind those that they stand
 * beside (else last). Objects that no edit names are the same values as before. A changed object answers `locate` with the
 * places of the original: they are right up to the first change.
 * Throws RangeError for an edit whose path does not lead anywhere: that is a defect of whoever made it.
 */
export function applyEdits(objects: readonly ManifestObject[], edits: readonly Edit[]): ManifestObject[] {
  const changes = new Map<ManifestObject, Change[]>();
  const removed = new Set<ManifestObject>();
  const beside = new Map<ManifestObject, ManifestObject[]>();
  const last: ManifestObject[] = [];
  for (const edit of edits) {
    switch (edit.op) {
      case 'add-object':
        if (edit.beside === undefined) last.push(newObject(edit.value, undefined));
        else push(beside, edit.beside, newObject(edit.value, edit.beside));
        break;
      case 'remove-object':
        removed.add(edit.object);
        break;
      default:
        push(changes, edit.object, edit);
    }
  }
  const result = objects.flatMap((object) => {
    const kept = removed.has(object) ? [] : [changed(object, changes.get(object))];
    return [...kept, ...(beside.get(object) ?? [])];
  });
  return [...result, ...last];
}

/** An edit within one object. */
type Change = Extract<Edit, { readonly path: Path }>;

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
  // From the last item of a list to its first, so that the positions of the others hold.
  const ordered = changes
    .map((change, at) => ({ change, at }))
    .sort((a, b) => comparePaths(b.change.path, a.change.path) || rank(a.change) - rank(b.change) || b.at - a.at)
    .map(({ change }) => change);
  const value = ordered.reduce<unknown>((whole, change) => applyAt(whole, change, 0), object.value);
  return {
    ...object,
    value: value as ManifestObject['value'],
    locate: (path, options) => object.locate(path, options),
  };
}

/** At one place, what is there is changed before something is put in front of it. */
function rank(change: Change): number {
  return change.op === 'insert' ? 1 : 0;
}

/** In order of the text: by index within lists; a path before those that lead on from it. */
function comparePaths(a: Path, b: Path): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [left, right] = [a[i]!, b[i]!];
    if (left === right) continue;
    if (typeof left === 'number' && typeof right === 'number') return left - right;
    return String(left) < String(right) ? -1 : 1;
  }
  return a.length - b.length;
}

function applyAt(node: unknown, change: Change, depth: number): unknown {
  const part = change.path[depth];
  if (part === undefined) throw lost(change);
  const isLast = depth === change.path.length - 1;
  if (typeof part === 'number') {
    if (!Array.isArray(node)) throw lost(change);
    if (!isLast) {
      if (part >= node.length) throw lost(change);
      return node.map((item, index) => (index === part ? applyAt(item, change, depth + 1) : item));
    }
    return applyToList(node, part, change);
  }
  if (typeof node !== 'object' || node === null || Array.isArray(node)) throw lost(change);
  const fields = node as Readonly<Record<string, unknown>>;
  if (isLast) return applyToFields(fields, part, change);
  if (!Object.hasOwn(fields, part)) throw lost(change);
  return withField(fields, part, applyAt(fields[part], change, depth + 1));
}

function applyToList(items: readonly unknown[], index: number, change: Change): unknown[] {
  const isThere = change.op === 'insert' ? index <= items.length : index < items.length;
  if (!isThere || change.op === 'rename') throw lost(change);
  const before = items.slice(0, index);
  if (change.op === 'insert') return [...before, change.value, ...items.slice(index)];
  const after = items.slice(index + 1);
  return change.op === 'remove' ? [...before, ...after] : [...before, change.value, ...after];
}

function applyToFields(
  fields: Readonly<Record<string, unknown>>,
  key: string,
  change: Change,
): Readonly<Record<string, unknown>> {
  if (change.op === 'set') return withField(fields, key, change.value);
  if (change.op === 'insert' || !Object.hasOwn(fields, key)) throw lost(change);
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => {
      if (name !== key) return [[name, value]];
      return change.op === 'rename' ? [[change.key, value]] : [];
    }),
  );
}

/** The fields with one of them set; a new one comes last. */
function withField(
  fields: Readonly<Record<string, unknown>>,
  key: string,
  value: unknown,
): Readonly<Record<string, unknown>> {
  // A key that is there keeps its place.
  return { ...fields, [key]: value };
}

function lost({ op, path }: Change): RangeError {
  return new RangeError(`an edit (${op}) leads nowhere: ${path.join('.')}`);
}
