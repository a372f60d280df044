// Reads the fields of a value that are wanted, and walks over all others. What it makes is what JSON.parse would have
// made, with fewer fields. Knows no kind of object.

import type { Wanted } from '../../engine/snapshot/pod-fields.ts';
import {
  endOfOrdinary,
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
    if (wanted.type === 'whole' && wanted.isAlike) result = readShared(wanted, bytes, from, end);
    else {
      const value = valueOfBytes(bytes, from, end);
      // The address of a pod stands in it twice.
      if (!Object.is(own, value)) own = value;
      result = own;
    }
    return end;
  };

  const readFields = (wanted: PreparedFields, bytes: Buffer, from: number, depth: number): Walked => {
    const found = new wanted.Empty();
    let at = skipBlankBytes(bytes, from + 1);
    if (bytes[at] !== CLOSE_OBJECT) {
      for (;;) {
        // A key is walked once where it is as plain as nearly all are.
        const key = at;
        if (bytes[key] !== QUOTE) return ~key;
        const close = endOfOrdinary(bytes, key + 1);
        const isPlain = bytes[close] === QUOTE && bytes[close + 1] === COLON;
        at = isPlain ? skipBlankBytes(bytes, close + 2) : walkKey(bytes, key);
        if (at < 0) return at;
        const field = isPlain ? fieldAt(wanted, bytes, key + 1, close) : fieldNamed(wanted, decodedKey(bytes, key, at));
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

  const readShared = (wanted: PreparedWhole, bytes: Buffer, start: number, end: number): unknown => {
    if (isSameText(wanted, bytes, start, end)) return wanted.value;
    const text = bytes.toString('latin1', start, end);
    let value = shared.get(text);
    if (value === undefined) {
      value = valueOfBytes(bytes, start, end);
      if (shared.size === MAX_SHARED) shared.clear();
      shared.set(text, value);
    }
    remember(wanted, bytes, start, end, value);
    return value;
  };

  return { read: (bytes, from, depth) => read(root, bytes, from, depth), value: () => result };
}

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const CLOSE_LIST = 93;
const CLOSE_OBJECT = 125;

/** The value that the bytes between these offsets say, which must have been walked. */
export function valueOfBytes(bytes: Buffer, start: number, end: number): unknown {
  if (bytes[start] === QUOTE && isSimpleString(bytes, start, end)) return bytes.toString('latin1', start + 1, end - 1);
  return JSON.parse(bytes.toString('utf8', start, end));
}

type Prepared = PreparedWhole | PreparedFields | PreparedElements;

interface PreparedWhole {
  readonly type: 'whole';
  readonly isAlike: boolean;
  /** The text of the last value, its length and the value; of a text that is too long only that it is none. */
  readonly text: Uint8Array;
  length: number;
  value: unknown;
}

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
  /** Makes what `{}` makes. */
  readonly Empty: new () => Record<string, unknown>;
}

interface PreparedField {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly wanted: Prepared;
}

function prepare(wanted: Wanted): Prepared {
  if (wanted.type === 'whole') return { ...wanted, text: new Uint8Array(MAX_REMEMBERED), length: -1, value: undefined };
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
  const isAlike = byLength.flat().every((field) => field.wanted.isAlike);
  return { type: 'fields', byLength, isAlike, last: {}, Empty: emptyMaker() };
}

/**
 * What V8 makes of `{}` has room for four fields, and more room elsewhere for the fifth. Objects of one function have the
 * room that the first of them needed: an eighth less for a Pod.
 */
function emptyMaker(): PreparedFields['Empty'] {
  const Empty = function Empty(): void {} as unknown as PreparedFields['Empty'];
  Empty.prototype = Object.prototype;
  return Empty;
}

/** Texts up to this length are compared with the last one of their field, which most pods have in common with the one before. */
const MAX_REMEMBERED = 1024;

function isSameText({ text, length }: PreparedWhole, bytes: Uint8Array, start: number, end: number): boolean {
  if (length !== end - start) return false;
  let i = 0;
  while (i < length && text[i] === bytes[start + i]) i++;
  return i === length;
}

function remember(wanted: PreparedWhole, bytes: Uint8Array, start: number, end: number, value: unknown): void {
  wanted.length = end - start <= MAX_REMEMBERED ? end - start : -1;
  for (let i = 0; i < wanted.length; i++) wanted.text[i] = bytes[start + i]!;
  wanted.value = value;
}

/** Whether two objects have the same fields with the very same values. */
function isSameObject(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Object.is(a[name], b[name]));
}

function isSameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((value, i) => Object.is(value, b[i]));
}

/** The wanted field with the name between these offsets; undefined for others. */
function fieldAt({ byLength }: PreparedFields, bytes: Buffer, start: number, end: number): PreparedField | undefined {
  const fields = byLength[end - start];
  if (fields === undefined) return undefined;
  for (const field of fields) {
    let i = 0;
    while (i < field.bytes.length && bytes[start + i] === field.bytes[i]) i++;
    if (i === field.bytes.length) return field;
  }
  return undefined;
}

function fieldNamed({ byLength }: PreparedFields, name: string): PreparedField | undefined {
  return byLength.flat().find((field) => field.name === name);
}

/** The name that a key says; its colon stands before `value`. */
export function decodedKey(bytes: Buffer, key: number, value: number): string {
  const text = bytes.toString('utf8', key, value);
  return JSON.parse(text.slice(0, text.lastIndexOf('"') + 1));
}
