// The fields of Hubble's JSON that are read, with their types checked. Any of them may be missing: exporters have field
// masks, and protobuf's JSON leaves default values out. Knows not what a field means.

/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>;

/** A record that does not have the form that flow.proto gives it. The message says where and what, without a full stop. */
export class MalformedRecord extends Error {}

/** An object, or undefined where the field is absent. */
export function objectAt(parent: Json, key: string): Json | undefined {
  const value = parent[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object' || Array.isArray(value)) throw new MalformedRecord(`"${key}" is no object`);
  return value as Json;
}

/** A text; undefined where the field is absent or empty, which protobuf does not tell apart. */
export function textAt(parent: Json, key: string): string | undefined {
  const value = parent[key];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw new MalformedRecord(`"${key}" is no text`);
  return value;
}

/** A list of objects; empty where the field is absent. */
export function objectsAt(parent: Json, key: string): readonly Json[] {
  return listAt(parent, key).map((item) => {
    if (typeof item !== 'object' || item === null || Array.isArray(item))
      throw new MalformedRecord(`"${key}" holds something that is no object`);
    return item as Json;
  });
}

/** A list of texts; empty where the field is absent. */
export function textsAt(parent: Json, key: string): readonly string[] {
  return listAt(parent, key).map((item) => {
    if (typeof item !== 'string') throw new MalformedRecord(`"${key}" holds something that is no text`);
    return item;
  });
}

/** A whole number, written as one or, as protobuf does with 64 bits, as text; 0 where the field is absent. */
export function numberAt(parent: Json, key: string): number {
  const value = parent[key];
  if (value === undefined || value === null) return 0;
  const number = typeof value === 'string' && /^\d{1,19}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 0)
    throw new MalformedRecord(`"${key}" is no whole number`);
  return number;
}

/** A port; undefined where it is absent or 0, which protobuf does not tell apart. */
export function portAt(parent: Json, key: string): number | undefined {
  const port = numberAt(parent, key);
  if (port > 65535) throw new MalformedRecord(`"${key}" is ${port}, beyond 65535`);
  return port === 0 ? undefined : port;
}

/** True, false, or undefined where the field is absent. */
export function flagAt(parent: Json, key: string): boolean | undefined {
  const value = parent[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') throw new MalformedRecord(`"${key}" is neither true nor false`);
  return value;
}

/** The name of an enum's value. One that has only a number is looked up; a number that nobody knows is its digits. */
export function enumAt(parent: Json, key: string, names: Readonly<Record<number, string>>): string | undefined {
  const value = parent[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number') return names[value] ?? String(value);
  if (typeof value !== 'string') throw new MalformedRecord(`"${key}" is neither a name nor a number`);
  return value;
}

function listAt(parent: Json, key: string): readonly unknown[] {
  const value = parent[key];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new MalformedRecord(`"${key}" is no list`);
  return value;
}
