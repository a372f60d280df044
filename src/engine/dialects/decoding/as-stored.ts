// Whether a value of a built-in kind is written just as the API server stores it. Nearly everything is, and then nothing
// has to be decoded, copied or said about it: the decoder asks this first. In doubt the answer is no.

import type { FieldType, ObjectType } from './field-table.ts';

/**
 * Reports whether decoding would return the value unchanged and find nothing wrong: only known fields, each of its type,
 * no null, no empty list or map, no default to be filled in.
 */
export function isAsStored(value: unknown, type: FieldType): boolean {
  return checkOf(type)(value);
}

type Check = (value: unknown) => boolean;

/** What asks each type, made when it is first asked for: fields are found in a Map, and no type is looked at twice. */
const checks = new WeakMap<FieldType, Check>();

function checkOf(type: FieldType): Check {
  let check = checks.get(type);
  if (check === undefined) {
    check = makeCheck(type);
    checks.set(type, check);
  }
  return check;
}

function makeCheck(type: FieldType): Check {
  switch (type.type) {
    case 'object':
      return checkOfObject(type);
    case 'list':
      return checkOfList(checkOf(type.of));
    case 'map':
      return isMapOfStrings;
    case 'string':
      return (value) => typeof value === 'string';
    case 'integer':
      return isInt32;
    case 'integer-or-string':
      return (value) => typeof value === 'string' || isInt32(value);
    case 'anything':
      return (value) => value !== undefined && value !== null;
  }
}

function checkOfList(check: Check): Check {
  return (value) => {
    if (!Array.isArray(value)) return false;
    // No iterator: lists are short, and there are a hundred thousand.
    for (let i = 0; i < value.length; i++) if (!check(value[i])) return false;
    return true;
  };
}

function isMapOfStrings(value: unknown): boolean {
  if (!isObject(value)) return false;
  for (const key in value) if (typeof value[key] !== 'string') return false;
  return true;
}

function checkOfObject({ fields }: ObjectType): Check {
  const known = new Map<string, Check>();
  const defaulted: string[] = [];
  for (const [key, { type, isExperimental, default: standard }] of Object.entries(fields)) {
    const check = checkOf(type);
    const canBeEmpty = type.type === 'list' || type.type === 'map';
    if (isExperimental !== true)
      known.set(key, canBeEmpty ? (value) => check(value) && !isEmptyCollection(value, type) : check);
    if (standard !== undefined) defaulted.push(key);
  }
  return (value) => {
    if (!isObject(value)) return false;
    // What has a prototype with fields of its own is no plain value, and `for in` would see those fields too.
    for (const key in value) if (known.get(key)?.(value[key]) !== true) return false;
    for (let i = 0; i < defaulted.length; i++) if (!Object.hasOwn(value, defaulted[i]!)) return false;
    return true;
  };
}

/** Reports whether the value is an empty list or map, which built-in kinds store as absent. */
export function isEmptyCollection(value: unknown, type: FieldType): boolean {
  if (type.type === 'list') return Array.isArray(value) && value.length === 0;
  if (type.type !== 'map' || !isObject(value)) return false;
  for (const _ in value) return false;
  return true;
}

/** Reports whether the value is a JSON object. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reports whether the value is a whole number of 32 bits. */
export function isInt32(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && Math.abs(value + 0.5) < 2 ** 31;
}
