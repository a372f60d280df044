// The stretch of a large document that one object of it is written on, cut out so that it can be edited and read by
// itself: a List of thousands of objects is not parsed for each.

import type { ManifestObject, Path } from '../../engine/model/source.ts';
import { lineStart, nextLine } from './lines.ts';
import { type Outline, originOf } from './outline.ts';

/** A part of the text that can be read by itself. */
export interface Stretch {
  /** Offset in the text of the file. */
  readonly start: number;
  readonly text: string;
  /** From the root of what stands there to the object. */
  readonly base: Path;
}

/** An anchor or an alias, or what looks like one: what it means is decided outside. */
const REFERENCE = /(?:^|[\s,:[{-])[&*][^\s,\]}]/m;

/**
 * The stretch of an object that is an item of a List; undefined where it cannot be read by itself. Blank lines and comments
 * below it belong to it, so that an edit at its end is seen with what follows.
 */
export function stretchOf(outline: Outline, object: ManifestObject): Stretch | undefined {
  const { text } = outline;
  const { format, base, span } = originOf(outline, object);
  if (base.length === 0) return undefined;
  const { start, end } = span();
  const exact = { start, text: text.slice(start, end), base: [] };
  if (format === 'json') return exact;
  const isFlow = text[start] === '{';
  const from = lineStart(text, start);
  const lead = text.slice(from, start);
  if (!isFlow && !/^[ -]*$/.test(lead)) return undefined;
  const stretch = isFlow
    ? exact
    : {
        start: from,
        text: text.slice(from, behind(text, end)),
        base: [...lead].flatMap((c) => (c === '-' ? [0] : [])),
      };
  return REFERENCE.test(stretch.text) ? undefined : stretch;
}

/** The start of the next line that is neither blank nor a comment. */
function behind(text: string, end: number): number {
  let at = text[end - 1] === '\n' ? end : nextLine(text, end);
  while (at < text.length && /^\s*(?:#|$)/.test(text.slice(at, nextLine(text, at)).trimEnd())) at = nextLine(text, at);
  return at;
}
