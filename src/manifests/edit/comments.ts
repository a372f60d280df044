// Which lines around a member of a block collection go when it goes. Knows where comments stand, not what they say,
// but for what looks like manifest text that somebody switched off.

import type { Span } from '../place.ts';
import type { Layout } from './layout.ts';
import { columnOf, isBlankLine, lineEnd, lineStart, nextLine } from './lines.ts';

/** An item or a field behind `#`: deleting it would lose more than words about what is deleted. */
const SWITCHED_OFF = /^#+\s*(?:-\s|["']?[a-z][\w./-]*["']?:(?:\s|$))/;

/**
 * The lines of a member that starts its line: its own, whatever is in them, and the comment lines right above that clearly
 * belong to it: at its column, with nothing between, below a blank line, the key of the collection or the member before.
 * Comments at the start of a document are about the document, and a run in which something is switched off stays whole.
 */
export function linesOf(text: string, collection: Layout, index: number): Span {
  const member = collection.members[index]!;
  return { start: startWithComments(text, collection, index), end: nextLine(text, member.end) };
}

/** The start of the first of these lines; also where something is put that goes in front of the member. */
export function startWithComments(text: string, { members }: Layout, index: number): number {
  const member = members[index]!;
  const floor = index === 0 ? 0 : nextLine(text, members[index - 1]!.end);
  const column = columnOf(text, member.start);
  const own = lineStart(text, member.start);
  let start = own;
  while (start > floor) {
    const above = lineStart(text, start - 1);
    const line = text.slice(above, lineEnd(text, above));
    const comment = line.trimStart();
    if (!comment.startsWith('#')) return start;
    if (line.length - comment.length !== column || SWITCHED_OFF.test(comment)) return own;
    start = above;
  }
  return start === 0 ? own : start;
}

/** Lines to delete, with the blank line below where two would be left, or one right below the key of the collection. */
export function withBlankLine(text: string, { start, end }: Span, { members }: Layout, index: number): Span {
  if (end >= text.length || !isBlankLine(text, end)) return { start, end };
  const previous = members[index - 1];
  const isBelowBlank = previous !== undefined && start > nextLine(text, previous.end) && isBlankLine(text, start - 1);
  const isFirst = previous === undefined && members.length > 1;
  return isFirst || isBelowBlank ? { start, end: nextLine(text, end) } : { start, end };
}
