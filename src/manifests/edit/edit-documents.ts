// Whole documents: a new one behind another, one taken away with its separator. Knows streams of YAML and JSON, not what
// documents say.

import type { DocumentSlice } from '../split-documents.ts';
import { isBlankLine, lineBreakAt, lineStart, nextLine } from './lines.ts';
import type { Outline, OutlinedDocument } from './outline.ts';
import { type BlockStyle, printJson, printLines } from './print-value.ts';
import type { Refusal } from './refusal.ts';
import type { Splice } from './splice.ts';

const ONE_OBJECT: Refusal = {
  reason: 'no-place',
  message: 'a JSON file with one object has no place for another',
  hint: 'put the new object in a file of its own',
};

/**
 * New documents behind one of the file, in the order given. In a file of JSON values one after the other they are further
 * values; one that holds a single value has no place for them.
 */
export function addDocuments(
  { text, slices, documents }: Outline,
  beside: OutlinedDocument,
  values: readonly Readonly<Record<string, unknown>>[],
  style: BlockStyle,
): { readonly splices: readonly Splice[] } | { readonly refusal: Refusal } {
  const lineBreak = lineBreakAt(text, Math.max(0, beside.end - 1));
  if (beside.slice === undefined) {
    if (documents.length < 2) return { refusal: ONE_OBJECT };
    const step = text.slice(beside.start, beside.end).includes('\n') ? '  ' : '';
    const added = values.map((value) => lineBreak + printJson(value, '', step).join(lineBreak)).join('');
    return { splices: [{ start: beside.end, end: beside.end, text: added }] };
  }
  const { end } = slices[beside.slice]!;
  const printed = values.map((value) => ['---', ...printLines(value, 0, style)].join(lineBreak)).join(lineBreak);
  // Before the next separator, or at the end of the file, with or without a line break there.
  const isOpen = end > 0 && text[end - 1] !== '\n';
  const added = isOpen ? lineBreak + printed : printed + lineBreak;
  return { splices: [{ start: end, end, text: added }] };
}

/**
 * Takes a document away, with the separator in front of it; the first one goes with the separator behind it, and leaves
 * the paragraphs of comments above it, which are about the file. `isReplaced`: others are put behind it, with a separator.
 */
export function removeDocument({ text, slices }: Outline, document: OutlinedDocument, isReplaced: boolean): Splice {
  const { start, end, slice: index, format } = document;
  const slice = index === undefined ? undefined : slices[index]!;
  const isAlone =
    slice === undefined || text.slice(slice.start, start).trim() + text.slice(end, slice.end).trim() === '';
  if (index === undefined || slice === undefined || (format === 'json' && !isAlone)) {
    const isOnLines = isBlankLine(text.slice(0, start), start) && isBlankLine(text.slice(end), 0);
    return isOnLines ? { start: lineStart(text, start), end: nextLine(text, end), text: '' } : { start, end, text: '' };
  }
  if (index > 0) return { start: slices[index - 1]!.end, end: slice.end, text: '' };
  const next: DocumentSlice | undefined = isReplaced ? undefined : slices[1];
  const behind = next === undefined || next.contentOnSeparator !== undefined ? next?.start : nextLine(text, next.start);
  return { start: startOfFirst(text, slice), end: behind ?? slice.end, text: '' };
}

/** Behind the last blank line among the comments at the start of a file. */
function startOfFirst(text: string, { start, end }: DocumentSlice): number {
  let found = start;
  let hasComment = false;
  for (let at = start; at < end; at = nextLine(text, at)) {
    const line = text.slice(at, nextLine(text, at)).trim();
    if (line.startsWith('%')) return start;
    if (line === '') found = hasComment ? nextLine(text, at) : found;
    else if (line.startsWith('#')) hasComment = true;
    else break;
  }
  return found;
}
