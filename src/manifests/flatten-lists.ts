// From the value of a document to the objects in it: Lists, nested ones too, become their items, in order.
// Knows nothing of text; places come with the value.

import type { ManifestObject, Path } from '../engine/model/source.ts';
import { type Inherited, inherit, inheritedFrom, type Place } from './place.ts';
import { type Reading, report } from './problem.ts';
import { isSnapshot, readSnapshot } from './read-snapshot.ts';
import { isNamedByTemplate, recognise } from './recognise.ts';

/** Values that are still to be looked at, one after the other: of 150,000 items only one is at hand. */
interface Pending {
  readonly values: readonly unknown[];
  readonly placeOf: (index: number) => Place;
  readonly inherited: Inherited | undefined;
  next: number;
}

/** A value with its place. */
interface Item {
  readonly value: unknown;
  readonly place: Place;
  readonly inherited: Inherited | undefined;
}

/** Adds the objects of a document's value to the reading. False where one is still a template: nothing more is added then. */
export function flattenLists(value: unknown, place: Place, file: string, reading: Reading): boolean {
  const root = Array.isArray(value) ? elements(value, place, []) : only(value, place);
  // A stack with the list of the next value on top keeps the order of the text.
  const pending: Pending[] = [root];
  for (let next = nextOf(pending); next !== undefined; next = nextOf(pending)) {
    if (!isMapping(next.value)) {
      const isRoot = next.place === place;
      if (isRoot) reading.skipped.push({ file, reason: 'not Kubernetes: no mapping' });
      else reportNoObject(next, reading);
      continue;
    }
    const object = inherit(next.value, next.inherited);
    const recognised = recognise(object, file);
    if (recognised.type === 'other') {
      const { reason, hint } = recognised;
      reading.skipped.push({ file, reason, ...(hint === undefined ? {} : { hint }) });
    } else if (recognised.type === 'incomplete') reportIncomplete(object, recognised.missing, next.place, reading);
    else {
      reading.documents++;
      const items = isSnapshot(object)
        ? snapshotItems(object, next.place, file, reading)
        : listItems(object, next.place, reading);
      if (items !== undefined) pending.push(items);
      else if (isNamedByTemplate(object)) return false;
      else {
        const found = next.place.object?.(object, next.inherited) ?? toObject(object, next.place, file);
        reading.objects.push(found);
        if (object.kind === 'Pod') reading.pods++;
        else if (String(object.kind).endsWith('Policy')) reading.policies++;
        if (next.place.origin !== undefined) reading.origins.set(found, next.place.origin);
      }
    }
  }
  return true;
}

/** Takes the next value; undefined where there is none. */
function nextOf(pending: Pending[]): Item | undefined {
  for (let last = pending.at(-1); last !== undefined; last = pending.at(-1)) {
    const { values, placeOf, inherited } = last;
    if (last.next < values.length) {
      const index = last.next++;
      const place = placeOf(index);
      return { value: place.value?.() ?? values[index], place, inherited };
    }
    pending.pop();
  }
  return undefined;
}

function toObject(value: Record<string, unknown>, place: Place, file: string): ManifestObject {
  const locate: ManifestObject['locate'] = (path, options) => place.locate(path, options);
  return { value, file, locate, written: (path) => place.written(path) };
}

/** The objects of a saved snapshot, and what it says about itself. */
function snapshotItems(value: Record<string, unknown>, place: Place, file: string, reading: Reading): Pending {
  readSnapshot(value, place, file, reading);
  if (Array.isArray(value.items)) return elements(value.items, place, ['items']);
  const message = 'a snapshot has no list of items; its objects are missing';
  report(reading, 'malformed-list', place.locate(['items']), message, { lost: 'unparsable' });
  return elements([], place, ['items']);
}

/** The items of a List; undefined for any other object. `kind: AllowList` without items is no List. */
function listItems(value: Record<string, unknown>, place: Place, reading: Reading): Pending | undefined {
  const kind = String(value.kind);
  if (!kind.endsWith('List')) return undefined;
  const items = Object.hasOwn(value, 'items') ? value.items : undefined;
  const isList = Array.isArray(items) || (items === null && Object.hasOwn(value, 'items')) || kind === 'List';
  if (!isList) return undefined;
  reportPage(value, place, reading);
  if (!Array.isArray(items)) {
    if (items !== undefined && items !== null) {
      const message = 'the items of a List must be a list';
      report(reading, 'malformed-list', place.locate(['items']), message, { rejectedByApi: true, lost: 'unparsable' });
    }
    return elements([], place, ['items']);
  }
  const inherited = kind === 'List' ? undefined : inheritedFrom(value);
  return elements(items, place, ['items'], inherited);
}

function elements(values: readonly unknown[], place: Place, path: Path, inherited?: Inherited): Pending {
  return { values, placeOf: place.elements(path), inherited, next: 0 };
}

function only(value: unknown, place: Place): Pending {
  return { values: [value], placeOf: () => place, inherited: undefined, next: 0 };
}

/** The API server cuts long lists into pages; the rest of the objects is missing then. */
function reportPage(value: Record<string, unknown>, place: Place, reading: Reading): void {
  const metadata = value.metadata;
  const next = isMapping(metadata) ? metadata.continue : undefined;
  if (typeof next !== 'string' || next === '') return;
  const message = `this ${String(value.kind)} is one page of several; the objects of the others are missing`;
  const hint = 'kubectl get … -o json fetches all pages';
  report(reading, 'incomplete-list', place.locate(['metadata', 'continue']), message, { hint, lost: 'unreadable' });
}

function reportNoObject(item: Item, reading: Reading): void {
  const what = item.value === null ? 'null' : Array.isArray(item.value) ? 'a list' : `a ${typeof item.value}`;
  const message = `an item of a list must be an object, not ${what}`;
  report(reading, 'malformed-list', item.place.locate([]), message, { rejectedByApi: true, lost: 'unparsable' });
}

function reportIncomplete(
  value: Record<string, unknown>,
  missing: 'apiVersion' | 'kind',
  place: Place,
  reading: Reading,
): void {
  const other = missing === 'kind' ? 'apiVersion' : 'kind';
  const given = Object.hasOwn(value, missing) ? value[missing] : undefined;
  const message =
    given === undefined || given === null || given === ''
      ? `the object has ${other} ${String(value[other])} but no ${missing}`
      : `${missing} must be text, not ${JSON.stringify(given)}; put it in quotes`;
  const misspelt = Object.keys(value).find((key) => key !== missing && key.toLowerCase() === missing.toLowerCase());
  const hint = misspelt === undefined ? {} : { hint: `write ${missing} for ${misspelt}: letter case counts` };
  const more = { rejectedByApi: true, lost: 'unparsable', ...hint } as const;
  report(reading, 'missing-type', place.locate([misspelt ?? missing]), message, more);
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
