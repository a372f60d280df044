// Writes structural edits into the text of one file, and proves the result: it is read again, and must say exactly what
// the edited values say; otherwise nothing is handed out but the reason. Everything that no edit touches stays as it is.

import { applyEdits } from '../../engine/edits/apply-edits.ts';
import { isSameValue } from '../../engine/edits/same-value.ts';
import type { Edit } from '../../engine/model/edit.ts';
import type { ManifestObject } from '../../engine/model/source.ts';
import type { TextEditDocument } from '../../engine/questions/documents.ts';
import { indexLines } from '../line-index.ts';
import { emptyReading } from '../problem.ts';
import { readTextInto } from '../read-text.ts';
import { matchObjects, type Outline, outlineOf } from './outline.ts';
import { planEdits, removalsOf } from './plan-edits.ts';
import { MISMATCH, NOT_FOUND, type Refusal } from './refusal.ts';
import { applySplices, type DraftText, draftOf, type Splice } from './splice.ts';
import { type Writing, writeDocument } from './write-document.ts';

/** A replacement in the text of a file. Offsets count UTF-16 code units of the text as it was given. */
export interface TextChange extends Splice {
  /** The index of the edit that asks for it; the first, where several do. */
  readonly edit: number;
  /** The same for programs, by line and column. */
  readonly document: TextEditDocument;
}

/** The new text of a file, or why it has none. */
export type EditedText =
  | {
      readonly text: string;
      /** In order of the text, never overlapping. Empty where the edits change nothing. */
      readonly changes: readonly TextChange[];
      /** True where no document is left, only comments and blank lines: whoever writes files may want to delete it. */
      readonly isEmpty: boolean;
      /** Characters that were parsed for it, beside those of the proof `file`. */
      readonly parsed: number;
    }
  | { readonly refusal: Refusal };

/**
 * How much is read again. `file`: the whole new text, as it has to be for what is written. `object`: only the documents, or
 * in large Lists the objects, that were edited: enough for showing the changes of thousands of fixes of one large file.
 */
export type Proof = 'file' | 'object';

/**
 * Opens the text of one file, as it was read, for edits of the objects in it. The function that it returns writes edits
 * into that text; it may be called again, and starts from the same text each time. `file` is the name that sources have.
 * It throws RangeError as applyEdits does. An object to add without `beside` is put at the end of the file.
 */
export function openText(marked: string, file: string): (edits: readonly Edit[], proof?: Proof) => EditedText {
  const mark = marked.charCodeAt(0) === 0xfeff ? 1 : 0;
  const text = marked.slice(mark);
  const outline = outlineOf(text, file);
  const match = matchObjects(outline);
  const lines = indexLines(text);
  return (edits, proof = 'file') => {
    const own = edits.map((edit) => withOwnObject(edit, match));
    if (own.some((edit) => edit === undefined)) return { refusal: NOT_FOUND };
    const known = own as readonly Edit[];
    const draft = draftOf(text.length);
    const parsed = { characters: 0 };
    const refusal = write(outline, known, draft, parsed);
    if (refusal !== undefined) return { refusal };
    const changes = draft.changes();
    const after = applySplices(text, changes);
    if (proof === 'file' && !saysWhatItShould(outline, after, file, known)) return { refusal: MISMATCH };
    return {
      text: marked.slice(0, mark) + after,
      changes: changes.map(({ start, end, text: added, edit }) => ({
        start: start + mark,
        end: end + mark,
        text: added,
        edit,
        document: { file, start: lines(start), end: lines(end), text: added },
      })),
      isEmpty: !/^[^\S\n]*(?!---|\.\.\.)[^#\s]/m.test(after),
      parsed: parsed.characters,
    };
  };
}

/** As openText, for edits that are written once. */
export function editText(text: string, file: string, edits: readonly Edit[]): EditedText {
  return openText(text, file)(edits);
}

/** The edit of the object as it was read again; undefined where the text holds another object, or none, at its place. */
function withOwnObject(edit: Edit, match: (object: ManifestObject) => ManifestObject | undefined): Edit | undefined {
  const named = edit.op === 'add-object' ? edit.beside : edit.object;
  if (named === undefined) return edit;
  const object = match(named);
  if (object === undefined || !isSameValue(object.value, named.value)) return undefined;
  return edit.op === 'add-object' ? { ...edit, beside: object } : { ...edit, object };
}

function write(
  outline: Outline,
  edits: readonly Edit[],
  draft: DraftText,
  parsed: Writing['parsed'],
): Refusal | undefined {
  const plans = planEdits(outline, edits);
  if (plans === undefined) return NOT_FOUND;
  const writing = { outline, removals: removalsOf(plans), draft, parsed };
  // From the last document to the first, so that offsets of those before hold.
  for (const [document, plan] of [...plans].sort(([a], [b]) => b.start - a.start)) {
    const refusal = writeDocument(writing, document, plan);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/** Reads the new text: every object must be as the edits say, and nothing more may be wrong with it than before. */
function saysWhatItShould({ reading }: Outline, after: string, file: string, edits: readonly Edit[]): boolean {
  const expected = applyEdits(reading.objects, edits);
  const { objects, findings, gaps } = readTextInto(emptyReading(), after, file);
  return (
    objects.length === expected.length &&
    objects.every(({ value }, index) => isSameValue(value, expected[index]!.value)) &&
    findings.length <= reading.findings.length &&
    gaps.length <= reading.gaps.length
  );
}
