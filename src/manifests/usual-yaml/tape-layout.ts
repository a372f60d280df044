// The layout of a usual YAML document, from its tape: what the full parser's tokens say of it, at a twentieth of the cost. Only
// for documents whose tape has a value: then no key is a merge key, and none is anything but text.

import type { Key, Layout, Member } from '../layout.ts';
import { isLineEnd, skipSpaces } from './scan-scalars.ts';
import { TAPE, type Tape } from './tape.ts';

const [LF, CR, HASH] = [10, 13, 35];

/** The layout of the document that was scanned. */
export function layoutOfTape(text: string, tape: Tape): Layout {
  let next = 0;

  /** The next value; undefined where it was left out. */
  function read(): Layout | undefined {
    const entry = tape[next++]!;
    const start = tape[next++]!;
    switch (entry) {
      case TAPE.map:
        return block('mapping', readEntries());
      case TAPE.sequence:
        return block('sequence', readItems(start));
      case TAPE.flowMap:
        return flow('mapping', start, readEntries());
      case TAPE.flowSequence:
        return flow('sequence', start, readValues());
      case TAPE.empty:
        return undefined;
      case TAPE.literal: {
        const end = tape[next]!;
        next += 4;
        return scalar(start, withoutLineEnd(end));
      }
      default:
        return scalar(start, tape[next++]!);
    }
  }

  function readEntries(): Member[] {
    const members: Member[] = [];
    while (tape[next] !== TAPE.end) {
      const key = keyOf(text, tape[next]!, tape[next + 1]!, tape[next + 2]!);
      next += 3;
      const head = skipSpaces(text, key.end) + 1;
      members.push(withValue({ start: key.start, key, head }, read()));
    }
    next++;
    return members;
  }

  /** Items in lines of their own, of which the first begins at `first`. */
  function readItems(first: number): Member[] {
    const members: Member[] = [];
    let dash = first;
    while (tape[next] !== TAPE.end) {
      const member = withValue({ start: dash, head: dash + 1 }, read());
      members.push(member);
      if (tape[next] !== TAPE.end) dash = nextContent(member.end);
    }
    next++;
    return members;
  }

  /** Items in brackets. */
  function readValues(): Member[] {
    const members: Member[] = [];
    while (tape[next] !== TAPE.end) {
      const value = read()!;
      members.push({ start: value.start, head: value.start, end: value.end, value });
    }
    next++;
    return members;
  }

  function block(type: 'mapping' | 'sequence', members: readonly Member[]): Layout {
    next++;
    const { start } = members[0]!;
    return { form: 'block', type, start, body: start, end: members.at(-1)!.end, members };
  }

  function flow(type: 'mapping' | 'sequence', start: number, members: readonly Member[]): Layout {
    return { form: 'flow', type, start, body: start, end: tape[next++]!, members };
  }

  /** The first sign of the next line that is more than a comment. */
  function nextContent(from: number): number {
    for (let at = from; ; ) {
      const start = skipSpaces(text, text.indexOf('\n', at) + 1);
      const code = text.charCodeAt(start);
      if (code !== HASH && !isLineEnd(code)) return start;
      at = start;
    }
  }

  function withoutLineEnd(end: number): number {
    if (text.charCodeAt(end - 1) !== LF) return end;
    return text.charCodeAt(end - 2) === CR ? end - 2 : end - 1;
  }

  return read()!;
}

function withValue(member: Omit<Member, 'end' | 'value'>, value: Layout | undefined): Member {
  return value === undefined ? { ...member, end: member.head } : { ...member, value, end: value.end };
}

function scalar(start: number, end: number): Layout {
  return { form: 'scalar', start, body: start, end, members: [] };
}

function keyOf(text: string, entry: number, start: number, end: number): Key {
  const written = text.slice(start, end);
  const isQuoted = entry !== TAPE.plain;
  const own =
    entry === TAPE.double
      ? (JSON.parse(written) as string)
      : isQuoted
        ? written.slice(1, -1).replaceAll("''", "'")
        : written;
  return { start, end, text: own, isMerge: false, isQuoted, hasColon: true };
}
