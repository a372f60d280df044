// Whole documents: a new one behind another, one taken away with its separator. Knows streams of YAML and JSON, not what
// documents say.

import { IGNORE_COMMENT } from '../../engine/model/suppression.ts';
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
 * New documents behind one of the file, in the order given; `edited` is the text that this one has by now, which the
 * place counts with. In a file of JSON values one after the other they are further values; one that holds a single value
 * has no place for them.
 */
export function addDocuments(
  { text, slices, documents }: Outline,
  { start, end, slice }: OutlinedDocument,
  edited: string,
  values: readonly Readonly<Record<string, unknown>>[],
  style: BlockStyle,
): { readonly splice: Splice } | { readonly refusal: Refusal } {
  const lineBreak = lineBreakAt(text, Math.max(0, end - 1));
  const insertion = (at: number, added: string): { readonly splice: Splice } => {
    const place = at + edited.length - (end - start);
    return { splice: { start: place, end: place, text: added } };
  };
  if (slice === undefined) {
    if (documents.length < 2) return { refusal: ONE_OBJECT };
    const step = text.slice(start, end).includes('\n') ? '  ' : '';
    return insertion(end, values.map((value) => lineBreak + printJson(value, '', step).join(lineBreak)).join(''));
  }
  const { end: sliceEnd } = slices[slice]!;
  const printed = values.map((value) => ['---', ...printLines(value, 0, style)].join(lineBreak)).join(lineBreak);
  // Before the next separator, or at the end of the file, with or without a line break there.
  const before = edited + text.slice(end, sliceEnd);
  const isOpen = before !== '' && !before.endsWith('\n');
  return insertion(sliceEnd, isOpen ? lineBreak + printed : printed + lineBreak);
}

/** Which slices of a file go: `leading` so many from the first on; `replaced` goes, but others are put in its place. */
export interface Removals {
  readonly leading: number;
  readonly replaced: ReadonlySet<number>;
}

/**
 * Takes a document away, with the separator in front of it; the first one, and all that go together with it, with the
 * separator behind. It leaves the paragraphs of comments above the first one, which are about the file.
 */
export function removeDocument(
  { text, slices }: Outline,
  { start, end, slice: index, format }: OutlinedDocument,
  { leading, replaced }: Removals,
): readonly Splice[] {
  const slice = index === undefined ? undefined : slices[index];
  const isAlone =
    slice === undefined || text.slice(slice.start, start).trim() + text.slice(end, slice.end).trim() === '';
  if (index === undefined || slice === undefined || (format === 'json' && !isAlone)) {
    const isOnLines = isBlankLine(text.slice(0, start), start) && isBlankLine(text.slice(end), 0);
    const lines = isOnLines ? { start: lineStart(text, start), end: nextLine(text, end) } : { start, end };
    return [{ ...lines, text: '' }];
  }
  if (index > 0) return index < leading ? [] : [{ start: slices[index - 1]!.end, end: slice.end, text: '' }];
  const next: DocumentSlice | undefined = replaced.has(leading) ? undefined : slices[leading];
  const last = slices[Math.max(0, leading - 1)]!;
  const behind = next === undefined || next.contentOnSeparator !== undefined ? next?.start : nextLine(text, next.start);
  return [{ start: startOfFirst(text, slice), end: behind ?? last.end, text: '' }];
}

/** Behind the last blank line among the comments at the start of a file; a comment that ignores findings is the document's. */
function startOfFirst(text: string, { start, end }: DocumentSlice): number {
  let found = start;
  let hasComment = false;
  for (let at = start; at < end; at = nextLine(text, at)) {
    const line = text.slice(at, nextLine(text, at)).trim();
    if (line.startsWith('%')) return start;
    if (line.includes(IGNORE_COMMENT)) return found;
    if (line === '') found = hasComment ? nextLine(text, at) : found;
    else if (line.startsWith('#')) hasComment = true;
    else break;
  }
  return found;
}
