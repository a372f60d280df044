// Replacements in a text, and a text that remembers which of its characters are still those of the original. Knows no
// YAML.

import type { Span } from '../place.ts';

/** Replaces what stands from `start` to `end` with `text`. Splices made together count from one text and do not overlap. */
export interface Splice extends Span {
  readonly text: string;
}

/** The text after splices that do not overlap; those at one place are put there in the order given. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  let result = '';
  let at = 0;
  for (const splice of inOrder(splices)) {
    result += text.slice(at, splice.start) + splice.text;
    at = splice.end;
  }
  return result + text.slice(at);
}

/** Splices by place; the sort is stable, so that those at one place stay in order. */
export function inOrder(splices: readonly Splice[]): readonly Splice[] {
  return [...splices].sort((a, b) => a.start - b.start || a.end - b.end);
}

/** A piece of the text as it is now: a stretch of the original, or new text with the number of the edit that wrote it. */
type Piece = Span | { readonly text: string; readonly edit: number };

/** A text that is being edited. */
export interface DraftText {
  /** Replaces characters of the text as it is now. `edit` numbers the edit that asks for it. */
  splice(splices: readonly Splice[], edit: number): void;
  /** All that changed, as splices of the original in order of the text, with the lowest number of an edit that had a part in it. */
  changes(): readonly (Splice & { readonly edit: number })[];
}

/** Starts from a text of `length` characters. */
export function draftOf(length: number): DraftText {
  const pieces: Piece[] = [{ start: 0, end: length }];
  const lengthOf = (piece: Piece): number => ('text' in piece ? piece.text.length : piece.end - piece.start);
  /** Cuts so that a piece starts at `at`, and returns its index; before new text that stands there already. */
  const cut = (at: number): number => {
    let from = 0;
    for (let i = 0; i < pieces.length; i++) {
      if (from === at) return i;
      const piece = pieces[i]!;
      const length = lengthOf(piece);
      if (at < from + length) {
        const parts: Piece[] =
          'text' in piece
            ? [
                { ...piece, text: piece.text.slice(0, at - from) },
                { ...piece, text: piece.text.slice(at - from) },
              ]
            : [
                { start: piece.start, end: piece.start + at - from },
                { start: piece.start + at - from, end: piece.end },
              ];
        pieces.splice(i, 1, ...parts);
        return i + 1;
      }
      from += length;
    }
    return pieces.length;
  };
  return {
    splice: (splices, edit) => {
      // From the last to the first, so that offsets hold; an empty piece remembers a deletion.
      for (const { start, end, text } of [...inOrder(splices)].reverse()) {
        const last = cut(end);
        const count = pieces.length - last;
        const first = cut(start);
        const gone = pieces.slice(first, pieces.length - count);
        const edits = gone.flatMap((piece) => ('text' in piece ? [piece.edit] : []));
        pieces.splice(first, gone.length, { text, edit: Math.min(edit, ...edits) });
      }
    },
    changes: () => {
      const found: (Splice & { edit: number })[] = [];
      let at = 0;
      let text = '';
      let edit = Number.POSITIVE_INFINITY;
      for (const piece of [...pieces, { start: length, end: length }]) {
        if ('text' in piece) {
          text += piece.text;
          edit = Math.min(edit, piece.edit);
          continue;
        }
        const isLast = piece.start === length && piece.end === length;
        if (piece.end === piece.start && !isLast) continue;
        if (piece.start > at || text !== '') found.push({ start: at, end: piece.start, text, edit });
        at = piece.end;
        text = '';
        edit = Number.POSITIVE_INFINITY;
      }
      return found;
    },
  };
}
