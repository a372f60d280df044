// Whether a value of a built-in kind is written just as the API server stores it. Nearly everything is, and then nothing
// has to be decoded, copied or said about it: the decoder asks this first. In doubt the answer is no.

import type { FieldType, ObjectType } from './field-table.ts';

/**
 * Reports whether decoding would return the value unchanged and find nothing wrong: only known fields, each of its type,
 * no null, no empty list or map, no default to be filled in.
 */
export function isAsStored(value: unknown, type: FieldType): boolean {
  switch (type.type) {
    case 'object':
      return isObject(value) && isObjectAsStored(value, type);
    case 'list': {
      if (!Array.isArray(value)) return false;
      // No iterator: lists are short, and there are a hundred thousand.
      for (let i = 0; i < value.length; i++) if (!isAsStored(value[i], type.of)) return false;
      return true;
    }
    case 'map': {
      if (!isObject(value)) return false;
      for (const key in value) if (typeof value[key] !== 'string') return false;
      return true;
    }
    case 'string':
      return typeof value === 'string';
    case 'integer':
      return isInt32(value);
    case 'integer-or-string':
      return typeof value === 'string' || isInt32(value);
    case 'anything':
      return value !== undefined && value !== null;
  }
}

function isObjectAsStored(value: Readonly<Record<string, unknown>>, type: ObjectType): boolean {
  // What has a prototype with fields of its own is no plain value, and `for in` would see those fields too.
  for (const key in value) {
    if (!Object.hasOwn(type.fields, key)) return false;
    const field = type.fields[key]!;
    const written = value[key];
    if (field.isExperimental === true || !isAsStored(written, field.type)) return false;
    if (isEmptyCollection(written, field.type)) return false;
  }
  for (const key in type.fields) {
    if (type.fields[key]!.default !== undefined && !Object.hasOwn(value, key)) return false;
  }
  return true;
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
