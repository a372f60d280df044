// Where scalars of usual YAML end, on one line. Offsets only: what they stand for is read later.

import { TAPE } from './tape.ts';

/** What a reader of lines gets wrong easily is not usual: it is left to the full parser. */
export const UNUSUAL = -1;

const [LF, CR, SPACE, QUOTE, HASH, APOSTROPHE, COMMA, DASH, COLON] = [10, 13, 32, 34, 35, 39, 44, 45, 58];
const BACKSLASH = 92;

/** Signs with which no plain scalar begins, and two with which hardly any does. */
const RESERVED = new Set([...',[]{}#&*!|>\'"%@`?:'].map((sign) => sign.charCodeAt(0)));

/** Reports whether the line ends there, or the text. */
export function isLineEnd(code: number): boolean {
  return code === LF || code === CR || Number.isNaN(code);
}

/** Reports whether a blank or the end of the line stands there. */
export function isBlankOrEnd(code: number): boolean {
  return code === SPACE || isLineEnd(code);
}

/** The first offset from `at` on without a space. */
export function skipSpaces(text: string, at: number): number {
  let i = at;
  while (text.charCodeAt(i) === SPACE) i++;
  return i;
}

/** Reports whether an item of a sequence begins there. */
export function isDash(text: string, at: number): boolean {
  return text.charCodeAt(at) === DASH && isBlankOrEnd(text.charCodeAt(at + 1));
}

/**
 * A plain scalar up to the end of its line or a comment; its end, blanks left out. Where a colon ends it, it is a key: the
 * complement of its end. Unusual where it begins with a sign that means something.
 */
export function endOfPlain(text: string, at: number): number {
  const first = text.charCodeAt(at);
  if (RESERVED.has(first) || isDash(text, at)) return UNUSUAL;
  let end = at;
  for (let i = at; ; i++) {
    const code = text.charCodeAt(i);
    if (code === SPACE) continue;
    if (isLineEnd(code) || (code === HASH && i > end)) return end;
    if (code === COLON && isBlankOrEnd(text.charCodeAt(i + 1))) return ~end;
    end = i + 1;
  }
}

/** Behind the closing quote of the text in quotes that begins there; unusual where it is on another line. */
export function endOfQuoted(text: string, at: number): number {
  const quote = text.charCodeAt(at);
  for (let i = at + 1; ; i++) {
    const code = text.charCodeAt(i);
    if (isLineEnd(code)) return UNUSUAL;
    if (code === BACKSLASH && quote === QUOTE) i++;
    else if (code === quote) {
      if (quote === QUOTE || text.charCodeAt(i + 1) !== APOSTROPHE) return i + 1;
      i++;
    }
  }
}

/** Which entry of a tape a scalar is that begins with this sign. */
export function entryOf(first: number): number {
  return first === QUOTE ? TAPE.double : first === APOSTROPHE ? TAPE.single : TAPE.plain;
}

/** Words of letters, digits and signs of names: what plain scalars within brackets are made of, if they are usual. */
const NAME = /[\w./][\w./=+-]*(?: +[\w./][\w./=+-]*)*/y;

/** A mapping or sequence in braces or brackets on one line: writes it down and returns where it ends. */
export function scanFlow(text: string, at: number, tape: number[], depth: number): number {
  const isMap = text.charCodeAt(at) === OPEN_BRACE;
  const close = isMap ? CLOSE_BRACE : CLOSE_BRACKET;
  if (depth === 0) return UNUSUAL;
  tape.push(isMap ? TAPE.flowMap : TAPE.flowSequence, at);
  let i = skipSpaces(text, at + 1);
  while (text.charCodeAt(i) !== close) {
    if (isMap) {
      i = scanFlowScalar(text, i, tape);
      if (i === UNUSUAL || text.charCodeAt(i) !== COLON || text.charCodeAt(i + 1) !== SPACE) return UNUSUAL;
      i = skipSpaces(text, i + 1);
    }
    const first = text.charCodeAt(i);
    const isNested = first === OPEN_BRACE || first === OPEN_BRACKET;
    i = isNested ? scanFlow(text, i, tape, depth - 1) : scanFlowScalar(text, i, tape);
    if (i === UNUSUAL) return UNUSUAL;
    i = skipSpaces(text, i);
    if (text.charCodeAt(i) !== COMMA) break;
    i = skipSpaces(text, i + 1);
    if (text.charCodeAt(i) === close) return UNUSUAL;
  }
  if (text.charCodeAt(i) !== close) return UNUSUAL;
  tape.push(TAPE.end, i + 1);
  return i + 1;
}

const [OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [91, 93, 123, 125];

function scanFlowScalar(text: string, at: number, tape: number[]): number {
  const entry = entryOf(text.charCodeAt(at));
  let end: number;
  if (entry === TAPE.plain) {
    NAME.lastIndex = at;
    if (!NAME.test(text)) return UNUSUAL;
    end = NAME.lastIndex;
  } else end = endOfQuoted(text, at);
  if (end !== UNUSUAL) tape.push(entry, at, end);
  return end;
}
