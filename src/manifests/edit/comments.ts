// Which lines around a member of a block collection go when it goes. Knows where comments stand, not what they say,
// but for what looks like manifest text that somebody switched off.

import { IGNORE_COMMENT } from '../../engine/model/suppression.ts';
import type { Layout } from '../layout.ts';
import type { Span } from '../place.ts';
import { columnOf, isBlankLine, lineEnd, lineStart, nextLine } from './lines.ts';

/** An item or a field behind `#`: deleting it would lose more than words about what is deleted. */
const SWITCHED_OFF = /^#+\s*(?:-\s|["']?[a-z][\w./-]*["']?:(?:\s|$))/;

/**
 * The lines of a member that starts its line: its own, whatever is in them, and the comment lines right above that clearly
 * belong to it: at its column, with nothing between, below a blank line, the key of the collection or the member before.
 * Comments at the start of a document are about the document, and a run in which something is switched off stays whole.
 * A comment that ignores a finding of the member goes with it wherever it stands: it would ignore those of the next one.
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
    const above = lineAbove(text, start, floor);
    const line = text.slice(above, lineEnd(text, above));
    const comment = line.trimStart();
    if (!comment.startsWith('#')) return start;
    const isIgnore = comment.includes(IGNORE_COMMENT);
    if (!isIgnore && nextLine(text, above) !== start) return start;
    const isElsewhere = line.length - comment.length !== column;
    if (!isIgnore && (isElsewhere || SWITCHED_OFF.test(comment))) return own;
    start = above;
  }
  return start === 0 ? own : start;
}

/** The line above, over blank ones: a comment that speaks for a member does so from further up, too. */
function lineAbove(text: string, start: number, floor: number): number {
  let above = lineStart(text, start - 1);
  while (above > floor && isBlankLine(text, above)) above = lineStart(text, above - 1);
  return above;
}

/**
 * Lines to delete, with the blank line below where two would be left, or one right below the key of the collection; with all
 * of them below text that keeps the line breaks at its end (`|+`), to which they would be added.
 */
export function withBlankLine(text: string, { start, end }: Span, { members }: Layout, index: number): Span {
  const previous = members[index - 1];
  if (previous?.value !== undefined && keepsLineBreaks(text, previous.value)) {
    let below = end;
    while (below < text.length && isBlankLine(text, below)) below = nextLine(text, below);
    return { start, end: below };
  }
  if (end >= text.length || !isBlankLine(text, end)) return { start, end };
  const isBelowBlank = previous !== undefined && start > nextLine(text, previous.end) && isBlankLine(text, start - 1);
  const isFirst = previous === undefined && members.length > 1;
  return isFirst || isBelowBlank ? { start, end: nextLine(text, end) } : { start, end };
}

/** Reports whether a value ends in a block scalar to which blank lines below belong. */
function keepsLineBreaks(text: string, { body, end, members }: Layout): boolean {
  const last = members.at(-1);
  if (last !== undefined) return last.value !== undefined && keepsLineBreaks(text, last.value);
  return end > body && /^[|>]\d*\+/.test(text.slice(body, lineEnd(text, body)));
}
