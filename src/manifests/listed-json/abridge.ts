// Reads the fields of a value that are wanted, and walks over all others. What it makes is what JSON.parse would have
// made, with fewer fields. Knows no kind of object.

import type { Wanted } from '../../engine/snapshot/pod-fields.ts';
import {
  isListOpener,
  isObjectOpener,
  isSimpleString,
  skipBlankBytes,
  type Walked,
  walkKey,
  walkValue,
} from './walk-value.ts';

/** Reads values of which the same fields are wanted, one after the other. */
export interface Abridger {
  /** Walks the value that begins at `from`, with `depth` objects and lists open around it, and keeps what is wanted of it. */
  read(bytes: Buffer, from: number, depth: number): Walked;
  /** What was read last. */
  value(): unknown;
}

/** Texts whose values are kept to be shared; more than that many in one list, and few of them come again. */
const MAX_SHARED = 20_000;

/** A reader for values of which these fields are wanted. */
export function createAbridger(all: Wanted): Abridger {
  const root = prepare(all);
  const shared = new Map<string, unknown>();
  let result: unknown;
  /** The last value that is not like others. */
  let own: unknown;

  const read = (wanted: Prepared, bytes: Buffer, from: number, depth: number): Walked => {
    if (wanted.type === 'fields' && isObjectOpener(bytes[from])) return readFields(wanted, bytes, from, depth);
    if (wanted.type === 'elements' && isListOpener(bytes[from])) return readElements(wanted, bytes, from, depth);
    const end = walkValue(bytes, from, depth);
    if (end < 0) return end;
    if (wanted.type === 'whole' && wanted.isAlike) result = readShared(bytes, from, end);
    else {
      const value = valueOfBytes(bytes, from, end);
      // The address of a pod stands in it twice.
      result = own = value === own ? own : value;
    }
    return end;
  };

  const readFields = (wanted: PreparedFields, bytes: Buffer, from: number, depth: number): Walked => {
    const found: Record<string, unknown> = {};
    let at = skipBlankBytes(bytes, from + 1);
    if (bytes[at] !== CLOSE_OBJECT) {
      for (;;) {
        const key = at;
        at = walkKey(bytes, key);
        if (at < 0) return at;
        const field = fieldAt(wanted, bytes, key, at);
        at = field === undefined ? walkValue(bytes, at, depth + 1) : read(field.wanted, bytes, at, depth + 1);
        if (at < 0) return at;
        if (field !== undefined) found[field.name] = result;
        at = skipBlankBytes(bytes, at);
        if (bytes[at] === CLOSE_OBJECT) break;
        if (bytes[at] !== COMMA) return ~at;
        at = skipBlankBytes(bytes, at + 1);
      }
    }
    if (wanted.isAlike && isSameObject(wanted.last, found)) result = wanted.last;
    else result = wanted.last = found;
    return at + 1;
  };

  const readElements = (wanted: PreparedElements, bytes: Buffer, from: number, depth: number): Walked => {
    const found: unknown[] = [];
    let at = skipBlankBytes(bytes, from + 1);
    if (bytes[at] !== CLOSE_LIST) {
      for (;;) {
        at = read(wanted.of, bytes, at, depth + 1);
        if (at < 0) return at;
        found.push(result);
        at = skipBlankBytes(bytes, at);
        if (bytes[at] === CLOSE_LIST) break;
        if (bytes[at] !== COMMA) return ~at;
        at = skipBlankBytes(bytes, at + 1);
      }
    }
    if (wanted.isAlike && isSameList(wanted.last, found)) result = wanted.last;
    // A list that grew has room for sixteen elements more; its copy has none.
    else result = wanted.last = found.slice();
    return at + 1;
  };

  const readShared = (bytes: Buffer, start: number, end: number): unknown => {
    const text = bytes.toString('latin1', start, end);
    let value = shared.get(text);
    if (value === undefined) {
      value = valueOfBytes(bytes, start, end);
      if (shared.size === MAX_SHARED) shared.clear();
      shared.set(text, value);
    }
    return value;
  };

  return { read: (bytes, from, depth) => read(root, bytes, from, depth), value: () => result };
}

const COMMA = 44;
const CLOSE_LIST = 93;
const CLOSE_OBJECT = 125;
const BACKSLASH = 92;

/** The value that the bytes between these offsets say, which must have been walked. */
export function valueOfBytes(bytes: Buffer, start: number, end: number): unknown {
  if (bytes[start] === 34 && isSimpleString(bytes, start, end)) return bytes.toString('latin1', start + 1, end - 1);
  return JSON.parse(bytes.toString('utf8', start, end));
}

type Prepared = Extract<Wanted, { type: 'whole' }> | PreparedFields | PreparedElements;

interface PreparedElements {
  readonly type: 'elements';
  readonly of: Prepared;
  /** Whether many lists have the same elements, so that one that has those of `last` may be that one. */
  readonly isAlike: boolean;
  last: readonly unknown[];
}

interface PreparedFields {
  readonly type: 'fields';
  /** By the length of their names. */
  readonly byLength: readonly (readonly PreparedField[])[];
  /** As for lists. */
  readonly isAlike: boolean;
  last: Readonly<Record<string, unknown>>;
}

interface PreparedField {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly wanted: Prepared;
}

function prepare(wanted: Wanted): Prepared {
  if (wanted.type === 'whole') return wanted;
  if (wanted.type === 'elements') {
    const of = prepare(wanted.of);
    return { type: 'elements', of, isAlike: of.isAlike, last: [] };
  }
  const byLength: PreparedField[][] = [];
  for (const [name, of] of Object.entries(wanted.fields)) {
    const bytes = new TextEncoder().encode(name);
    while (byLength.length <= bytes.length) byLength.push([]);
    byLength[bytes.length]!.push({ name, bytes, wanted: prepare(of) });
  }
  return { type: 'fields', byLength, isAlike: byLength.flat().every((field) => field.wanted.isAlike), last: {} };
}

/** Whether two objects have the same fields with the very same values, in the same order. */
function isSameObject(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): boolean {
  const names = Object.keys(a);
  const others = Object.keys(b);
  return names.length === others.length && names.every((name, i) => name === others[i] && a[name] === b[name]);
}

function isSameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

/** The wanted field whose key stands at `key`, with its value at `value`; undefined for others. */
function fieldAt({ byLength }: PreparedFields, bytes: Buffer, key: number, value: number): PreparedField | undefined {
  let at = key + 1;
  for (; bytes[at] !== 34; at++) {
    if (bytes[at] !== BACKSLASH) continue;
    const name = decodedKey(bytes, key, value);
    return byLength.flat().find((field) => field.name === name);
  }
  const fields = byLength[at - key - 1];
  if (fields === undefined) return undefined;
  for (const field of fields) {
    let i = 0;
    while (i < field.bytes.length && bytes[key + 1 + i] === field.bytes[i]) i++;
    if (i === field.bytes.length) return field;
  }
  return undefined;
}

/** The name that a key says; its colon stands before `value`. */
export function decodedKey(bytes: Buffer, key: number, value: number): string {
  const text = bytes.toString('utf8', key, value);
  return JSON.parse(text.slice(0, text.lastIndexOf('"') + 1));
}
