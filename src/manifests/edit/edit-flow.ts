// Edits of flow collections, between brackets, JSON included: which characters to replace. Knows layouts and lines;
// values come printed.

import type { Layout, Member } from '../layout.ts';
import { endsLine, lineBreakAt, lineEnd, lineStart, nextLine, startsLine } from './lines.ts';
import type { FlowStyle } from './print-value.ts';
import type { Splice } from './splice.ts';

/** A member that is to be written: on one line, or where it gets a line of its own perhaps on several. */
export interface PrintedMember {
  readonly flat: string;
  /** Lines for the indentation that it gets; the first without, the others with it. */
  readonly tall: (indent: string) => readonly string[];
}

/** How the members of a flow collection stand. */
export interface FlowFrame {
  readonly style: FlowStyle;
  /** Indentation of the members of an empty collection that is to have a line for each, and of its closer. */
  readonly open?: { readonly members: string; readonly closer: string };
}

/** Puts a member in front of the one at `index`, or behind the last: on a line of its own where its neighbour has one. */
export function insertFlow(
  text: string,
  collection: Layout,
  index: number,
  printed: PrintedMember,
  { style, open }: FlowFrame,
): Splice[] {
  const { members, body, end } = collection;
  const lineBreak = lineBreakAt(text, body);
  const [next, previous] = [members[index], members[index - 1]];
  if (next !== undefined) {
    if (!startsLine(text, next.start)) return [insertAt(next.start, printed.flat + style.comma)];
    const indent = text.slice(lineStart(text, next.start), next.start);
    return [insertAt(next.start, `${printed.tall(indent).join(lineBreak)},${lineBreak}${indent}`)];
  }
  if (previous === undefined) {
    const blank = collection.type === 'mapping' ? style.braces : style.brackets;
    const inside =
      open === undefined
        ? `${blank}${printed.flat}${blank}`
        : `${lineBreak}${open.members}${printed.tall(open.members).join(lineBreak)}${lineBreak}${open.closer}`;
    return [{ start: body + 1, end: end - 1, text: inside }];
  }
  const comma = commaBehind(text, previous.end, end);
  const behind = comma ?? previous.end;
  const added = comma === undefined ? ',' : '';
  const last = comma === undefined ? '' : ',';
  if (startsLine(text, previous.start) && endsLine(text, behind)) {
    const indent = text.slice(lineStart(text, previous.start), previous.start);
    const lines = lineBreak + indent + printed.tall(indent).join(lineBreak) + last;
    return [insertAt(previous.end, added), insertAt(lineEnd(text, behind), lines)];
  }
  const blank = style.comma.slice(1);
  return [insertAt(behind, added + blank + printed.flat + last)];
}

/** Takes a member away with its comma; the last one leaves the brackets, and whatever else stood between them goes. */
export function removeFlow(text: string, { members, body, end }: Layout, index: number): Splice[] {
  const member = members[index]!;
  if (members.length === 1) return [{ start: body + 1, end: end - 1, text: '' }];
  const comma = commaBehind(text, member.end, end);
  const behind = comma ?? member.end;
  const [previous, next] = [members[index - 1], members[index + 1]];
  // JSON has no comma behind the last: without one there, the one in front of it goes.
  const before = previous === undefined || comma !== undefined ? undefined : commaBehind(text, previous.end, end);
  const stale = before === undefined ? [] : [{ start: before - 1, end: before, text: '' }];
  if (startsLine(text, member.start) && endsLine(text, behind)) {
    return [...stale, { start: lineStart(text, member.start), end: nextLine(text, behind), text: '' }];
  }
  if (next !== undefined) {
    const isFree = text.slice(behind, next.start).trim() === '';
    const end = isFree ? next.start : lineEnd(text, behind);
    return [{ start: member.start, end, text: '' }];
  }
  const start = text.slice(previous!.end, member.start).includes('#') ? member.start : previous!.end;
  return start === member.start ? [...stale, { start, end: behind, text: '' }] : [{ start, end: member.end, text: '' }];
}

/** Another value for a member of a flow collection. */
export function setFlow(member: Member, printed: string, style: FlowStyle): Splice[] {
  const { key, value, head } = member;
  if (value !== undefined) return [{ start: value.start, end: value.end, text: printed }];
  if (key === undefined) return [insertAt(head, printed)];
  return [insertAt(head, key.hasColon ? ` ${printed}` : `${style.colon}${printed}`)];
}

/** The offset behind the comma that follows `at`, over blanks and comments; undefined where another thing follows. */
function commaBehind(text: string, at: number, end: number): number | undefined {
  for (let i = at; i < end; i++) {
    if (text[i] === '#') i = lineEnd(text, i);
    else if (text[i] === ',') return i + 1;
    else if (!/\s/.test(text[i]!)) return undefined;
  }
  return undefined;
}

function insertAt(at: number, text: string): Splice {
  return { start: at, end: at, text };
}
