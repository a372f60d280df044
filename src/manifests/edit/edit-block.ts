// Edits of block collections, one member a line: which characters to replace. Knows layouts and lines; values come
// printed.

import type { Layout, Member } from '../layout.ts';
import { linesOf, startWithComments, withBlankLine } from './comments.ts';
import { columnOf, lineBreakAt, lineEnd, lineStart, startsLine } from './lines.ts';
import type { Printed } from './print-value.ts';
import type { Splice } from './splice.ts';

/**
 * Puts a member in front of the one at `index`, or behind the last. `print` gives its lines for the column that it gets:
 * the first without, the others with indentation. The collection holds at least one member.
 */
export function insertBlock(
  text: string,
  collection: Layout,
  index: number,
  print: (column: number) => readonly string[],
): Splice[] {
  const { members } = collection;
  const column = columnOf(text, members[0]!.start);
  const lines = print(column);
  const pad = ' '.repeat(column);
  const [next, previous] = [members[index], members[index - 1]];
  if (previous !== undefined) return [linesBelow(text, previous.end, [pad + lines[0]!, ...lines.slice(1)])];
  const end = lineBreakAt(text, next!.start);
  if (!startsLine(text, next!.start)) return [insertAt(next!.start, `${lines.join(end)}${end}${pad}`)];
  return [insertAt(startWithComments(text, collection, 0), `${pad}${lines.join(end)}${end}`)];
}

/** Takes a member away, with the comments that belong to it; others stay. */
export function removeBlock(text: string, collection: Layout, index: number): Splice[] {
  const member = collection.members[index]!;
  if (startsLine(text, member.start)) {
    return [{ ...withBlankLine(text, linesOf(text, collection, index), collection, index), text: '' }];
  }
  // The first of several behind a dash: the next one takes its place, unless comments would come in between.
  const next = collection.members[index + 1]!;
  const end = lineEnd(text, member.end);
  const isFree = text.slice(end, lineStart(text, next.start)).trim() === '';
  if (isFree) return [{ start: member.start, end: next.start, text: '' }];
  const start = text.slice(0, member.start).trimEnd().length;
  return [{ start, end, text: '' }];
}

/**
 * Takes the only member away and leaves `[]` or `{}`. `head` is where the value of what holds the collection begins;
 * absent for the root of the document.
 */
export function emptyBlock(text: string, collection: Layout, head: number | undefined): Splice[] {
  const member = collection.members[0]!;
  const empty = collection.type === 'sequence' ? '[]' : '{}';
  if (head === undefined || !startsLine(text, member.start)) {
    return [{ start: member.start, end: lineEnd(text, member.end), text: empty }];
  }
  return [insertAt(collection.properties?.end ?? head, ` ${empty}`), { ...linesOf(text, collection, 0), text: '' }];
}

/**
 * Another value for a member of a block collection. A comment on the line of its key or dash stays; those within the old
 * value go with it.
 */
export function setBlock(text: string, { head, value }: Member, { inline, lines }: Printed): Splice[] {
  const spaced = inline === '' ? '' : ` ${inline}`;
  if (value === undefined) return [insertAt(head, spaced), linesBelow(text, head, lines)];
  const end = value.form === 'block' ? lineEnd(text, value.end) : value.end;
  if (value.body <= lineEnd(text, head)) {
    const replaced = inline === '' ? { start: head, end, text: '' } : { start: value.start, end, text: inline };
    return [replaced, linesBelow(text, end, lines)];
  }
  const { properties } = value;
  const isTagged = properties !== undefined && properties.start <= lineEnd(text, head);
  const below = linesBelow(text, head, lines);
  return [
    { start: head, end: isTagged ? properties.end : head, text: spaced },
    { ...below, end: Math.max(end, below.start) },
  ];
}

function insertAt(at: number, text: string): Splice {
  return { start: at, end: at, text };
}

/** Whole lines below the line that `at` is in; none where there are none. Works at the end of a text without line break too. */
function linesBelow(text: string, at: number, lines: readonly string[]): Splice {
  const end = lineEnd(text, at);
  const lineBreak = lineBreakAt(text, at);
  return insertAt(end, lines.map((line) => lineBreak + line).join(''));
}
