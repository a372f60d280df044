// Scans one YAML document as people and programs write it: block mappings and sequences by indentation, scalars of one line,
// literal text, braces and brackets on one line, comments. Whatever else YAML can say is left to the full parser, and so is
// everything that may be a mistake: what is scanned here is right.

import {
  endOfPlain,
  endOfQuoted,
  entryOf,
  isBlankOrEnd,
  isDash,
  isLineEnd,
  scanFlow,
  skipSpaces,
  UNUSUAL,
} from './scan-scalars.ts';
import { TAPE, type Tape } from './tape.ts';

const [LF, CR, QUOTE, HASH, APOSTROPHE, PLUS, DASH, COLON, BRACKET, BAR, BRACE] = [
  10, 13, 34, 35, 39, 43, 45, 58, 91, 124, 123,
];

/** Levels that are usual. */
const DEPTH = 60;
/** Characters of a usual key; YAML allows 1,024. */
const LONGEST_KEY = 500;

/** What no usual document holds, whatever it may mean where it stands: tabs, control characters, lone carriage returns, marks. */
const STRANGE = /[^\P{Cc}\n\r]|[\u2028\u2029\ufeff]|\r(?!\n)/u;

/** The tape of a document; undefined where it is empty or not usual. */
export function scanUsualYaml(text: string): Tape | undefined {
  if (STRANGE.test(text)) return undefined;
  const tape: number[] = [];
  // The next line with content: where it begins, and at which column; -1 at the end.
  let lineStart = 0;
  let at = 0;
  let column = UNUSUAL;

  /** Goes to the next line with content from the start of a line on. */
  function nextLine(from: number): boolean {
    lineStart = from;
    while (lineStart < text.length) {
      at = skipSpaces(text, lineStart);
      const code = text.charCodeAt(at);
      if (code !== HASH && !isLineEnd(code)) {
        column = at - lineStart;
        // `---` and `...` are marks, but only there.
        return column > 0 || !isMark(text, at);
      }
      const end = text.indexOf('\n', at);
      if (end === -1) break;
      lineStart = end + 1;
    }
    column = UNUSUAL;
    return true;
  }

  /** Goes on behind a value: nothing but a comment may follow on its line. */
  function endLine(from: number): boolean {
    const i = skipSpaces(text, from);
    const code = text.charCodeAt(i);
    if (!isLineEnd(code) && (code !== HASH || i === from)) return false;
    const end = text.indexOf('\n', i);
    return nextLine(end === -1 ? text.length : end + 1);
  }

  /** Where the key ends that begins there, its colon left out; unusual where none does. Writes nothing. */
  function endOfKey(from: number): number {
    const first = text.charCodeAt(from);
    if (first === QUOTE || first === APOSTROPHE) return endOfQuoted(text, from);
    const end = endOfPlain(text, from);
    return end < UNUSUAL ? ~end : UNUSUAL;
  }

  /** Where the value of the key that ends there begins, or its line; unusual where no colon follows. */
  function behindColon(keyEnd: number): number {
    const colon = skipSpaces(text, keyEnd);
    const isColon = text.charCodeAt(colon) === COLON && isBlankOrEnd(text.charCodeAt(colon + 1));
    return isColon ? colon + 1 : UNUSUAL;
  }

  function isKey(from: number): boolean {
    const end = endOfKey(from);
    return end !== UNUSUAL && behindColon(end) !== UNUSUAL;
  }

  function scanMap(own: number, depth: number): boolean {
    tape.push(TAPE.map, at);
    do {
      const end = endOfKey(at);
      const value = end === UNUSUAL ? UNUSUAL : behindColon(end);
      if (value === UNUSUAL || value - at > LONGEST_KEY) return false;
      tape.push(entryOf(text.charCodeAt(at)), at, end);
      if (!scanValue(value, own, depth, true)) return false;
    } while (column === own && !isDash(text, at));
    tape.push(TAPE.end, at);
    return column < own;
  }

  function scanSequence(own: number, depth: number): boolean {
    tape.push(TAPE.sequence, at);
    do if (!scanItem(own, depth)) return false;
    while (column === own && isDash(text, at));
    tape.push(TAPE.end, at);
    return column <= own;
  }

  function scanItem(own: number, depth: number): boolean {
    const start = skipSpaces(text, at + 1);
    const code = text.charCodeAt(start);
    const isHere = !isLineEnd(code) && code !== HASH;
    if (!isHere) return scanValue(at + 1, own, depth, false);
    const inner = start - lineStart;
    if (isDash(text, start)) {
      at = start;
      return depth > 0 && scanSequence(inner, depth - 1) && column !== inner;
    }
    if (!isKey(start)) return scanValue(at + 1, own, depth, false);
    at = start;
    return depth > 0 && scanMap(inner, depth - 1);
  }

  /** A mapping or sequence on lines of its own. */
  function scanNode(depth: number): boolean {
    const own = column;
    if (depth === 0) return false;
    if (isDash(text, at)) return scanSequence(own, depth - 1) && column !== own;
    return scanMap(own, depth - 1);
  }

  /** The value behind a colon or a dash of something that stands at column `own`. */
  function scanValue(from: number, own: number, depth: number, isOfKey: boolean): boolean {
    const start = skipSpaces(text, from);
    const code = text.charCodeAt(start);
    if (isLineEnd(code) || (code === HASH && start > from)) {
      if (!endLine(start === from ? from : start - 1)) return false;
      if (column > own) return scanNode(depth);
      // Items may stand at the column of their key.
      if (isOfKey && column === own && isDash(text, at)) return depth > 0 && scanSequence(own, depth - 1);
      tape.push(TAPE.empty, start);
      return true;
    }
    if (code === BAR) return scanLiteral(start, own);
    let end: number;
    if (code === BRACKET || code === BRACE) end = scanFlow(text, start, tape, depth);
    else {
      const entry = entryOf(code);
      end = entry === TAPE.plain ? endOfPlain(text, start) : endOfQuoted(text, start);
      tape.push(entry, start, end);
    }
    // What is indented by more below it goes on with it.
    return end >= 0 && endLine(end) && column <= own;
  }

  /** Lines that are indented by more than the key, as they stand. Blanks on empty lines have rules of their own. */
  function scanLiteral(start: number, own: number): boolean {
    const sign = text.charCodeAt(start + 1);
    if (sign === PLUS) return false;
    const header = sign === DASH ? start + 2 : start + 1;
    const code = text.charCodeAt(header);
    const first = code === CR ? header + 2 : header + 1;
    if (code !== LF && code !== CR) return false;
    let indent = 0;
    let end = UNUSUAL;
    for (let line = first; ; ) {
      const content = skipSpaces(text, line);
      const next = text.indexOf('\n', content) + 1;
      const isEmpty = content < text.length && isLineEnd(text.charCodeAt(content));
      if (isEmpty && content > line) return false;
      if (!isEmpty) {
        const isFirst = end === UNUSUAL;
        if (isFirst) indent = content - line;
        if (isFirst && (indent <= own || indent === 0 || content >= text.length)) return false;
        if (content - line < indent || content >= text.length) {
          tape.push(TAPE.literal, start, end, first, indent, sign === DASH ? 0 : 1);
          return nextLine(line) && column <= own;
        }
        // Text that ends with the file ends without a line end.
        if (next === 0) return false;
        end = next;
      }
      line = next;
    }
  }

  if (!nextLine(0) || column === UNUSUAL || !scanNode(DEPTH)) return undefined;
  return column === UNUSUAL ? tape : undefined;
}

function isMark(text: string, at: number): boolean {
  return text.startsWith('---', at) || text.startsWith('...', at);
}
