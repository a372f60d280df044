// Walks JSON in bytes without building values, as strictly as JSON.parse. The byte behind the last one must be there and be
// 0, which no JSON holds: so no loop asks whether it has come to the end. Knows nothing of what the values are.

import { MAX_DEPTH } from '../limits.ts';

/** Zero or more: the offset behind what was read. Less: `~result` is the offset of the first byte that cannot be there. */
export type Walked = number;

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_LIST = 91;
const BACKSLASH = 92;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;

/** 1 for bytes that stand for themselves within a string. */
const ORDINARY: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < 32 || byte === QUOTE || byte === BACKSLASH ? 0 : 1,
);
/** 1 for what may follow a backslash, apart from `u`. */
const ESCAPES: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) =>
  '"\\/bfnrt'.includes(String.fromCharCode(byte)) ? 1 : 0,
);
const HEXADECIMAL: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) =>
  /[0-9a-fA-F]/.test(String.fromCharCode(byte)) ? 1 : 0,
);

/** The offset of the first byte at or after `from` that is no white space. */
export function skipBlankBytes(bytes: Uint8Array, from: number): number {
  let at = from;
  let byte = bytes[at]!;
  if (byte > 32) return at;
  while (byte === 32 || byte === 10 || byte === 13 || byte === 9) byte = bytes[++at]!;
  return at;
}

/** The offset of the first byte at or after `from` that does not stand for itself within a string. */
export function endOfOrdinary(bytes: Uint8Array, from: number): number {
  let at = from;
  while (ORDINARY[bytes[at]!] === 1) at++;
  return at;
}

/** Walks the string that opens at `from`; `bytes[from]` must be a quote. */
export function walkString(bytes: Uint8Array, from: number): Walked {
  let at = from + 1;
  for (;;) {
    at = endOfOrdinary(bytes, at);
    const byte = bytes[at];
    if (byte === QUOTE) return at + 1;
    if (byte !== BACKSLASH) return ~at;
    const escaped = bytes[at + 1]!;
    if (ESCAPES[escaped] === 1) at += 2;
    else {
      if (escaped !== 117) return ~(at + 1);
      for (let i = 2; i < 6; i++) if (HEXADECIMAL[bytes[at + i]!] === 0) return ~(at + i);
      at += 6;
    }
  }
}

/** Walks a key and its colon to the value behind it; `from` is where the key must be. */
export function walkKey(bytes: Uint8Array, from: number): Walked {
  if (bytes[from] !== QUOTE) return ~from;
  let at = walkString(bytes, from);
  if (at < 0) return at;
  if (bytes[at] !== COLON) {
    at = skipBlankBytes(bytes, at);
    if (bytes[at] !== COLON) return ~at;
  }
  return skipBlankBytes(bytes, at + 1);
}

/**
 * Walks the value that begins at `from`. `depth` objects and lists are open around it; more than MAX_DEPTH in all count as
 * a mistake.
 */
export function walkValue(bytes: Uint8Array, from: number, depth: number): Walked {
  let at = from;
  let open = 0;
  for (;;) {
    const byte = bytes[at]!;
    if (byte === QUOTE) {
      at = walkString(bytes, at);
      if (at < 0) return at;
    } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      if (depth + open === MAX_DEPTH) return ~at;
      at = skipBlankBytes(bytes, at + 1);
      // The closer of a list or an object is its opener and two.
      if (bytes[at] === byte + 2) at++;
      else {
        closers[open++] = byte + 2;
        if (byte === OPEN_LIST) continue;
        at = walkKey(bytes, at);
        if (at < 0) return at;
        continue;
      }
    } else {
      at = walkWord(bytes, at);
      if (at < 0) return at;
    }
    for (;;) {
      if (open === 0) return at;
      let next = bytes[at]!;
      if (next <= 32) {
        at = skipBlankBytes(bytes, at);
        next = bytes[at]!;
      }
      const closer = closers[open - 1];
      if (next === COMMA) {
        at = skipBlankBytes(bytes, at + 1);
        if (closer === CLOSE_LIST) break;
        at = walkKey(bytes, at);
        if (at < 0) return at;
        break;
      }
      if (next !== closer) return ~at;
      open--;
      at++;
    }
  }
}

/** What closes each thing that is open in the walk that goes on; walks do not interleave. */
const closers: Uint8Array = new Uint8Array(MAX_DEPTH);

const TRUE: Uint8Array = new TextEncoder().encode('true');
const FALSE: Uint8Array = new TextEncoder().encode('false');
const NULL: Uint8Array = new TextEncoder().encode('null');

/** Walks true, false, null or a number. */
function walkWord(bytes: Uint8Array, from: number): Walked {
  const first = bytes[from];
  if (first === TRUE[0]) return walkLetters(bytes, from, TRUE);
  if (first === FALSE[0]) return walkLetters(bytes, from, FALSE);
  if (first === NULL[0]) return walkLetters(bytes, from, NULL);
  let at = first === 45 ? from + 1 : from;
  at = bytes[at] === 48 ? at + 1 : walkDigits(bytes, at);
  if (at < 0) return at;
  if (bytes[at] === 46) {
    at = walkDigits(bytes, at + 1);
    if (at < 0) return at;
  }
  if (bytes[at] !== 101 && bytes[at] !== 69) return at;
  const sign = bytes[at + 1];
  return walkDigits(bytes, sign === 43 || sign === 45 ? at + 2 : at + 1);
}

function walkLetters(bytes: Uint8Array, from: number, word: Uint8Array): Walked {
  for (let i = 1; i < word.length; i++) if (bytes[from + i] !== word[i]) return ~(from + i);
  return from + word.length;
}

/** One digit or more. */
function walkDigits(bytes: Uint8Array, from: number): Walked {
  let at = from;
  while (bytes[at]! >= 48 && bytes[at]! <= 57) at++;
  return at === from ? ~at : at;
}

/** Whether the string between these offsets, its quotes included, is printable ASCII without escapes. */
export function isSimpleString(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start + 1; at < end - 1; at++) if (bytes[at]! >= 127 || bytes[at] === BACKSLASH) return false;
  return true;
}

/** Whether the byte opens a list. */
export function isListOpener(byte: number | undefined): boolean {
  return byte === OPEN_LIST;
}

/** Whether the byte opens an object. */
export function isObjectOpener(byte: number | undefined): boolean {
  return byte === OPEN_OBJECT;
}
