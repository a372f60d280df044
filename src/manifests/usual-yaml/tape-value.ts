// From the tape of usual YAML to the plain value, as build-value makes it from a syntax tree.

import { resolveScalar } from '../resolve-scalar.ts';
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
    return items;
  }

  function readScalar(entry: number): unknown {
    const start = tape[next++]!;
    const end = tape[next++]!;
    if (entry === TAPE.plain) return plainValue(text.slice(start, end));
    if (entry === TAPE.single) return text.slice(start + 1, end - 1).replaceAll("''", "'");
    const content = text.slice(start + 1, end - 1);
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

/** Words longer than `false`, and those that begin with no letter of one, are text. */
const FIRST_OF_OTHERS = /^[-+.0-9~<nNyYoOtTfF]/;

function plainValue(text: string): unknown {
  if (!FIRST_OF_OTHERS.test(text)) return text;
  const resolved = resolveScalar(text);
  if (resolved.type === 'invalid' || resolved.type === 'merge') throw UNUSUAL;
  return 'value' in resolved ? resolved.value : text;
}

/** Escapes that JSON has too mean the same; others are left to the full parser. */
function unescaped(quoted: string): string {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    throw UNUSUAL;
  }
}
