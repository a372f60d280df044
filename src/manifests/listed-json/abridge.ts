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
  /** What was read last, without what is its own; the very object of the value before where both say the same. */
  common(): unknown;
  /** What is its own, in the order of the wanted fields; {@link ABSENT} where there is nothing. Valid until the next is read. */
  own(): readonly unknown[];
  /** The value that has these parts, as one that was read had them; undefined is in it for what is its own and absent. Not to be written to. */
  whole(common: unknown, own: readonly unknown[]): unknown;
}

/** Stands where a value does not have a field, or has none of its own. */
export const ABSENT: unique symbol = Symbol('absent');

/** Texts whose values are kept to be shared; more than that many in one list, and few of them come again. */
const MAX_SHARED = 20_000;

/** A reader for values of which these fields are wanted. */
export function createAbridger(all: Wanted): Abridger {
  const own: unknown[] = [];
  const root = prepare(all, own);
  const shared = new Map<string, unknown>();
  let result: unknown;
  /** The last value that is not like others. */
  let single: unknown;

  const read = (wanted: Prepared, bytes: Buffer, from: number, depth: number): Walked => {
    // By index: iterators are objects too, two for each step where V8 has not optimised the loop yet.
    const { slots } = wanted;
    for (let i = 0; i < slots.length; i++) own[slots[i]!] = ABSENT;
    if (wanted.type === 'fields' && isObjectOpener(bytes[from])) return readFields(wanted, bytes, from, depth);
    if (wanted.type === 'elements' && isListOpener(bytes[from])) return readElements(wanted, bytes, from, depth);
    const end = walkValue(bytes, from, depth);
    if (end < 0) return end;
    if (wanted.type === 'whole' && wanted.isAlike) result = readShared(wanted, bytes, from, end);
    else {
      const value = valueOfBytes(bytes, from, end);
      // The address of a pod stands in it twice.
      if (!Object.is(single, value)) single = value;
      result = single;
    }
    if (wanted.type === 'whole' && wanted.slots.length > 0) {
      own[wanted.slots[0]!] = result;
      result = ABSENT;
    }
    return end;
  };

  const readFields = (wanted: PreparedFields, bytes: Buffer, from: number, depth: number): Walked => {
    const { found, last } = wanted;
    found.fill(ABSENT);
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
        if (field !== undefined) found[field.index] = result;
        at = skipBlankBytes(bytes, at);
        if (bytes[at] === CLOSE_OBJECT) break;
        if (bytes[at] !== COMMA) return ~at;
        at = skipBlankBytes(bytes, at + 1);
      }
    }
    let isSame = wanted.value !== undefined;
    for (let i = 0; i < found.length; i++) {
      // Object.is, which is slower, only where -0 and 0 are to be told apart.
      if (found[i] === last[i] && (found[i] !== 0 || Object.is(found[i], last[i]))) continue;
      isSame = false;
      last[i] = found[i];
    }
    if (!isSame) wanted.value = makeObject(wanted);
    result = wanted.value;
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
    // A list that grew has room for sixteen elements more; its copy has none.
    if (!isSameList(wanted.last, found)) wanted.last = found.slice();
    result = wanted.last;
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

  return {
    read: (bytes, from, depth) => read(root, bytes, from, depth),
    common: () => result,
    own: () => own,
    whole: (common, parts) => restore(root, common, parts),
  };
}

/** The value that was found last, without what is its own. */
function makeObject({ byIndex, last, Empty }: PreparedFields): Record<string, unknown> {
  const value = new Empty();
  for (const { name, index, wanted } of byIndex) {
    if (last[index] !== ABSENT) value[name] = last[index];
    else if (wanted.type === 'whole' && wanted.slots.length > 0) value[name] = undefined;
  }
  return value;
}

/** A value from what it shares and what is its own. */
function restore(wanted: Prepared, common: unknown, own: readonly unknown[]): unknown {
  if (wanted.type !== 'fields' || wanted.slots.length === 0 || !isObject(common)) return common;
  // Every field that is set is there: a copy that is added to has a shape of its own in V8, three times its size.
  const value = { ...common };
  for (let i = 0; i < wanted.withOwn.length; i++) {
    const { name, wanted: inner } = wanted.withOwn[i]!;
    if (inner.type === 'whole') {
      const part = own[inner.slots[0]!];
      value[name] = part === ABSENT ? undefined : part;
    } else if (value[name] !== undefined) value[name] = restore(inner, value[name], own);
  }
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
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
  /** Its place among the objects' own values; empty for one that is not. */
  readonly slots: readonly number[];
  /** The text of the last value, its length and the value; of a text that is too long only that it is none. */
  readonly text: Uint8Array;
  length: number;
  value: unknown;
}

interface PreparedElements {
  readonly type: 'elements';
  readonly of: Prepared;
  readonly slots: readonly number[];
  last: readonly unknown[];
}

interface PreparedFields {
  readonly type: 'fields';
  readonly byIndex: readonly PreparedField[];
  /** By the length of their names. */
  readonly byLength: readonly (readonly PreparedField[])[];
  /** Fields that are the object's own, or hold some that are. */
  readonly withOwn: readonly PreparedField[];
  /** The own values in it. */
  readonly slots: readonly number[];
  /** By index of the field, while a value is read. The tree has no loops, so that no other value of the same is read meanwhile. */
  readonly found: unknown[];
  /** As it was for the last value. */
  readonly last: unknown[];
  /** The last value; undefined before the first. */
  value: Readonly<Record<string, unknown>> | undefined;
  /** Makes what `{}` makes. */
  readonly Empty: new () => Record<string, unknown>;
}

interface PreparedField {
  readonly name: string;
  readonly index: number;
  readonly bytes: Uint8Array;
  readonly wanted: Prepared;
}

/** Adds a slot to `own` for each own value. */
function prepare(wanted: Wanted, own: unknown[]): Prepared {
  const start = own.length;
  if (wanted.type === 'whole') {
    if (wanted.isOwn) own.push(ABSENT);
    const slots = wanted.isOwn ? [start] : [];
    return {
      type: 'whole',
      isAlike: wanted.isAlike,
      slots,
      text: new Uint8Array(MAX_REMEMBERED),
      length: -1,
      value: undefined,
    };
  }
  if (wanted.type === 'elements') return { type: 'elements', of: prepare(wanted.of, own), slots: [], last: [] };
  const byIndex = Object.entries(wanted.fields).map(
    ([name, of], index): PreparedField => ({
      name,
      index,
      bytes: new TextEncoder().encode(name),
      wanted: prepare(of, own),
    }),
  );
  const byLength: PreparedField[][] = [];
  for (const field of byIndex) {
    while (byLength.length <= field.bytes.length) byLength.push([]);
    byLength[field.bytes.length]!.push(field);
  }
  return {
    type: 'fields',
    byIndex,
    byLength,
    withOwn: byIndex.filter((field) => field.wanted.slots.length > 0),
    slots: byIndex.flatMap((field) => field.wanted.slots),
    found: byIndex.map(() => ABSENT),
    last: byIndex.map(() => ABSENT),
    value: undefined,
    Empty: emptyMaker(),
  };
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
