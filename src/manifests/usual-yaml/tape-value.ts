// From the tape of usual YAML to the plain value, as build-value makes it from a syntax tree.

import { resolveScalar } from '../resolve-scalar.ts';
import { shortText } from './short-texts.ts';
import { TAPE, type Tape } from './tape.ts';

/** Thrown within this module only: what the tape holds is no usual value after all. */
const UNUSUAL = Symbol('unusual');

/** The value of a scanned text; undefined where the full parser has to say what it is: equal keys, keys that are no text. */
export function valueOfTape(text: string, tape: Tape): { readonly value: unknown } | undefined {
  let next = 0;

  function read(): unknown {
    const entry = tape[next++]!;
    switch (entry) {
      case TAPE.map:
      case TAPE.flowMap:
        return readMap();
      case TAPE.sequence:
      case TAPE.flowSequence:
        return readSequence();
      case TAPE.empty:
        next++;
        return null;
      case TAPE.literal:
        return readLiteral();
      default:
        return readScalar(entry);
    }
  }

  function readMap(): Record<string, unknown> {
    const fields: Record<string, unknown> = {};
    next++;
    while (tape[next] !== TAPE.end) {
      const entry = tape[next++]!;
      const key = readScalar(entry);
      if (typeof key !== 'string' || key === '__proto__' || (entry === TAPE.plain && key === '<<')) throw UNUSUAL;
      if (Object.hasOwn(fields, key)) throw UNUSUAL;
      fields[key] = read();
    }
    next += 2;
    return fields;
  }

  function readSequence(): unknown[] {
    const items: unknown[] = [];
    next++;
    while (tape[next] !== TAPE.end) items.push(read());
    next += 2;
    // A list that grew has room for sixteen items more; its copy has none.
    return items.slice();
  }

  function readScalar(entry: number): unknown {
    const start = tape[next++]!;
    const end = tape[next++]!;
    if (entry === TAPE.plain) return plainValue(text, start, end);
    if (entry === TAPE.single) return shortText(text, start + 1, end - 1).replaceAll("''", "'");
    const content = shortText(text, start + 1, end - 1);
    return content.includes('\\') ? unescaped(text.slice(start, end)) : content;
  }

  function readLiteral(): string {
    const [, end, first, indent, keepsEnd] = tape.slice(next, next + 5) as [number, number, number, number, number];
    next += 5;
    const lines = text.slice(first, end).split('\n');
    lines.pop();
    const content = lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line).slice(indent)).join('\n');
    return keepsEnd === 1 ? `${content}\n` : content;
  }

  try {
    return { value: read() };
  } catch (error) {
    if (error === UNUSUAL) return undefined;
    throw error;
  }
}

/** Words that stand for something else than themselves are no longer than `false`. */
const LONGEST_WORD = 5;
/** What may begin something else than text, by its code: numbers, and words of one of these letters. */
const FIRST_OF_NUMBERS = flagsOf('-+.0123456789');
const FIRST_OF_WORDS = flagsOf('~<nNyYoOtTfF');

function flagsOf(signs: string): Uint8Array {
  const flags = new Uint8Array(128);
  for (const sign of signs) flags[sign.charCodeAt(0)] = 1;
  return flags;
}

function plainValue(whole: string, start: number, end: number): unknown {
  const first = whole.charCodeAt(start);
  const isNumeric = FIRST_OF_NUMBERS[first] === 1;
  if (isNumeric) {
    const number = plainInteger(whole, start, end);
    if (number >= 0) return number;
  }
  const text = shortText(whole, start, end);
  if (!isNumeric && (FIRST_OF_WORDS[first] !== 1 || text.length > LONGEST_WORD)) return text;
  const resolved = resolveScalar(text);
  if (resolved.type === 'invalid' || resolved.type === 'merge') throw UNUSUAL;
  return 'value' in resolved ? resolved.value : text;
}

/** The number that up to nine digits are, the first of which is no 0; -1 for others, which have rules of their own. */
function plainInteger(text: string, start: number, end: number): number {
  if (end - start > 9 || text.charCodeAt(start) === 48) return -1;
  let number = 0;
  for (let at = start; at < end; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number;
}

/** Escapes that JSON has too mean the same; others are left to the full parser. */
function unescaped(quoted: string): string {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    throw UNUSUAL;
  }
}
