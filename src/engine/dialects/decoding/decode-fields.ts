// Strict decoding of one JSON value by a field table, as the API server does it: unknown fields, wrong types, nulls,
// defaults, bounds. Knows no field names; what a table cannot express is checked by the dialects.

import type { Path } from '../../model/source.ts';
import { printPath } from '../../model/source.ts';
import { isAsStored, isEmptyCollection, isInt32, isObject } from './as-stored.ts';
import { checkBounds } from './check-bounds.ts';
import type { Field, FieldType, ObjectType } from './field-table.ts';
import type { Problems } from './problems.ts';
import { reportUnknownField } from './unknown-field.ts';
import { reportWrongType } from './wrong-type.ts';

/** How values are decoded. */
export interface Decoding {
  /**
   * `built-in`: into Go structs. Null is the zero value everywhere, so `[null]` is a list of one empty item, and empty
   * lists and maps are absent. `custom`: by a structural schema. Null fields are removed, null items are refused, and
   * what is empty stays; the table's bounds and required fields count.
   */
  readonly api: 'built-in' | 'custom';
  /** Whether fields of the experimental channel exist. */
  readonly channel: 'standard' | 'experimental';
  readonly problems: Problems;
  /**
   * Objects with a field that was refused. What is missing from them may only be misspelt, so no second problem is
   * reported for it.
   */
  readonly damaged: WeakSet<object>;
}

/** A decoded object: only fields of its table, each of its type; absent fields are absent, never null. */
export type DecodedObject = Record<string, unknown>;

/** Stands for a value that was refused and reported. */
const REFUSED: unique symbol = Symbol('refused');

/**
 * Decodes an object. Reports what the API server refuses to the problems and leaves it out; undefined where the value
 * is no object at all.
 */
export function decodeFields(
  value: unknown,
  type: ObjectType,
  path: Path,
  decoding: Decoding,
): DecodedObject | undefined {
  if (decoding.api === 'built-in' && isAsStored(value, type)) return value as DecodedObject;
  const result = decodeValue(value, type, path, decoding);
  return result === REFUSED ? undefined : (result as DecodedObject);
}

/** For built-in kinds the value is not as the server stores it. */
function decodeValue(value: unknown, type: FieldType, path: Path, decoding: Decoding): unknown {
  switch (type.type) {
    case 'object':
      return isObject(value) ? decodeObject(value, type, path, decoding) : refuseType(value, type, path, decoding);
    case 'list':
      return Array.isArray(value) ? decodeList(value, type, path, decoding) : refuseType(value, type, path, decoding);
    case 'map':
      return isObject(value) ? decodeMap(value, path, decoding) : refuseType(value, type, path, decoding);
    case 'string':
      if (typeof value !== 'string') return refuseType(value, type, path, decoding);
      break;
    case 'integer':
      if (!isInt32(value)) return refuseType(value, type, path, decoding);
      break;
    case 'integer-or-string':
      if (typeof value !== 'string' && !isInt32(value)) return refuseType(value, type, path, decoding);
      break;
    case 'anything':
      return value;
  }
  if (decoding.api === 'custom') checkBounds(value, type, path, decoding.problems);
  return value;
}

function decodeObject(
  value: Readonly<Record<string, unknown>>,
  type: ObjectType,
  path: Path,
  decoding: Decoding,
): DecodedObject {
  // Keys of the table only, so that none of them is `__proto__`.
  const result: DecodedObject = {};
  const isBuiltIn = decoding.api === 'built-in';
  let isDamaged = false;
  for (const key of Object.keys(value)) {
    const field = fieldOf(type, key);
    if (field === undefined || (field.isExperimental === true && decoding.channel === 'standard')) {
      reportUnknownField(value, key, type, path, decoding);
      isDamaged = true;
      continue;
    }
    const written = value[key];
    if (written === null || written === undefined) continue;
    // A path is made only for what has something to be said about.
    const isDone = isBuiltIn && isAsStored(written, field.type);
    const decoded = isDone ? written : decodeValue(written, field.type, [...path, key], decoding);
    if (decoded === REFUSED) isDamaged = true;
    else if (!isBuiltIn || !isEmptyCollection(decoded, field.type)) result[key] = decoded;
  }
  for (const key in type.fields) {
    const standard = type.fields[key]!.default;
    if (standard !== undefined && !Object.hasOwn(result, key) && (value[key] === undefined || value[key] === null)) {
      result[key] = standard;
    }
  }
  if (isDamaged) decoding.damaged.add(result);
  else if (decoding.api === 'custom') checkPresence(result, type, path, decoding.problems);
  return result;
}

function decodeList(
  items: readonly unknown[],
  type: Extract<FieldType, { type: 'list' }>,
  path: Path,
  decoding: Decoding,
): unknown {
  const result: unknown[] = [];
  let isRefused = false;
  const isBuiltIn = decoding.api === 'built-in';
  for (let index = 0; index < items.length; index++) {
    const item = items[index] ?? (isBuiltIn ? zeroOf(type.of) : null);
    const isDone = isBuiltIn && isAsStored(item, type.of);
    const decoded = isDone ? item : decodeValue(item, type.of, [...path, index], decoding);
    if (decoded === REFUSED) isRefused = true;
    else result.push(decoded);
  }
  if (isRefused) return REFUSED;
  if (decoding.api === 'custom') checkBounds(result, type, path, decoding.problems);
  return result;
}

/** Null values: the empty string in built-in kinds, removed from custom resources. */
function decodeMap(value: Readonly<Record<string, unknown>>, path: Path, decoding: Decoding): unknown {
  const entries: [string, string][] = [];
  let isRefused = false;
  for (const key of Object.keys(value)) {
    const written = value[key];
    const at = [...path, key];
    if (typeof written === 'string') entries.push([key, written]);
    else if (written === null || written === undefined) {
      if (decoding.api === 'built-in') entries.push([key, '']);
      const kept = decoding.api === 'built-in' ? 'the API server stores ""' : 'the API server removes this entry';
      decoding.problems.note('null-label', at, `the value of ${quote(key)} is null: ${kept}`, {
        hint: 'write the value, or "" for an empty one',
      });
    } else {
      reportWrongType(written, { type: 'string' }, at, decoding, printPath(path));
      isRefused = true;
    }
  }
  return isRefused ? REFUSED : Object.fromEntries(entries);
}

function checkPresence(result: DecodedObject, type: ObjectType, path: Path, problems: Problems): void {
  for (const [key, field] of Object.entries(type.fields)) {
    if (field.required === true && !Object.hasOwn(result, key)) {
      const lack = `${type.what} needs the field ${quote(key)}`;
      problems.refuse('missing-field', [...path, key], 'FieldValueRequired', lack);
    }
  }
  const set = Object.keys(result);
  const names = Object.keys(type.fields).join(', ');
  if (type.exactlyOne !== undefined && set.length > 1) {
    const message = `${type.what} has exactly one of ${names}, but here are ${set.join(', ')}`;
    problems.refuse(type.exactlyOne.several, path, 'FieldValueTooMany', message);
  }
  const none = type.exactlyOne?.none ?? type.notEmpty;
  if (none !== undefined && set.length === 0) {
    const several = type.exactlyOne === undefined ? 'at least one of ' : 'exactly one of ';
    const needs = Object.keys(type.fields).length === 1 ? '' : several;
    const cure = type.cure === undefined ? {} : { hint: type.cure };
    problems.refuse(none, path, 'FieldValueInvalid', `${type.what} needs ${needs}${names}`, cure);
  }
}

function refuseType(value: unknown, type: FieldType, path: Path, decoding: Decoding): typeof REFUSED {
  reportWrongType(value, type, path, decoding);
  return REFUSED;
}

function fieldOf(type: ObjectType, key: string): Field | undefined {
  return Object.hasOwn(type.fields, key) ? type.fields[key] : undefined;
}

function zeroOf(type: FieldType): unknown {
  switch (type.type) {
    case 'object':
    case 'map':
      return {};
    case 'list':
      return [];
    case 'integer':
    case 'integer-or-string':
      return 0;
    default:
      return '';
  }
}

function quote(name: string): string {
  return JSON.stringify(name);
}
