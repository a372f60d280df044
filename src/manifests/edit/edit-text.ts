// Writes structural edits into the text of one file, and proves the result: it is read again, and must say exactly what
// the edited values say; otherwise nothing is handed out but the reason. Everything that no edit touches stays as it is.

import type { Change } from '../../engine/edits/apply-changes.ts';
import { applyEdits } from '../../engine/edits/apply-edits.ts';
import { isMapping, isSameValue } from '../../engine/edits/same-value.ts';
import type { Edit } from '../../engine/model/edit.ts';
import type { ManifestObject, Path } from '../../engine/model/source.ts';
import type { TextEditDocument } from '../../engine/questions/documents.ts';
import { indexLines } from '../line-index.ts';
import { emptyReading } from '../problem.ts';
import { readTextInto } from '../read-text.ts';
import { changeDocument } from './change-document.ts';
import { parseDocument, valueAt } from './document.ts';
import { blockStyleOf } from './document-style.ts';
import { addDocuments, type Removals, removeDocument } from './edit-documents.ts';
import type { NumberedChange } from './order-changes.ts';
import { matchObjects, type Outline, type OutlinedDocument, outlineOf } from './outline.ts';
import type { Refusal } from './refusal.ts';
import { applySplices, type DraftText, draftOf, type Splice } from './splice.ts';

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
    }
  | { readonly refusal: Refusal };

/**
 * Opens the text of one file, as it was read, for edits of the objects in it. The function that it returns writes edits
 * into that text; it may be called again, and starts from the same text each time. `file` is the name that sources have.
 * It throws RangeError as applyEdits does. An object to add without `beside` is put at the end of the file.
 */
export function openText(marked: string, file: string): (edits: readonly Edit[]) => EditedText {
  const mark = marked.charCodeAt(0) === 0xfeff ? 1 : 0;
  const text = marked.slice(mark);
  const outline = outlineOf(text, file);
  const match = matchObjects(outline);
  const lines = indexLines(text);
  return (edits) => {
    const own = edits.map((edit) => withOwnObject(edit, match));
    if (own.some((edit) => edit === undefined)) return { refusal: NOT_FOUND };
    const known = own as readonly Edit[];
    const expected = applyEdits(outline.reading.objects, known);
    const draft = draftOf(text.length);
    const refusal = write(outline, known, draft);
    if (refusal !== undefined) return { refusal };
    const changes = draft.changes();
    const after = applySplices(text, changes);
    const wrong = findDifference(outline, after, file, expected);
    if (wrong !== undefined) return { refusal: wrong };
    return {
      text: marked.slice(0, mark) + after,
      changes: changes.map(({ start, end, text: added, edit }) => ({
        start: start + mark,
        end: end + mark,
        text: added,
        edit,
        document: { file, start: lines(start), end: lines(end), text: added },
      })),
      isEmpty: after.split('\n').every((line) => /^\s*(?:#|---|\.\.\.|$)/.test(line)),
    };
  };
}

/** As openText, for edits that are written once. */
export function editText(text: string, file: string, edits: readonly Edit[]): EditedText {
  return openText(text, file)(edits);
}

const NOT_FOUND: Refusal = {
  reason: 'not-found',
  message: 'the file no longer holds the object that is to be changed',
  hint: 'run the command again',
};

/** The edit of the object as it was read again; undefined where the text holds another object, or none, at its place. */
function withOwnObject(edit: Edit, match: (object: ManifestObject) => ManifestObject | undefined): Edit | undefined {
  const named = edit.op === 'add-object' ? edit.beside : edit.object;
  if (named === undefined) return edit;
  const object = match(named);
  if (object === undefined || !isSameValue(object.value, named.value)) return undefined;
  return edit.op === 'add-object' ? { ...edit, beside: object } : { ...edit, object };
}

/** What happens to one document. */
interface DocumentEdits {
  readonly changes: NumberedChange[];
  readonly added: { readonly value: Readonly<Record<string, unknown>>; readonly edit: number }[];
  /** Objects that become items, with the path of the List. */
  readonly lists: { readonly value: Readonly<Record<string, unknown>>; readonly path: Path }[];
  removedBy: number | undefined;
}

function write(outline: Outline, edits: readonly Edit[], draft: DraftText): Refusal | undefined {
  const byDocument = new Map<OutlinedDocument, DocumentEdits>();
  for (const [index, edit] of edits.entries()) {
    const refusal = assign(outline, edit, index, byDocument);
    if (refusal !== undefined) return refusal;
  }
  const removals = removalsOf(byDocument);
  // From the last document to the first, so that offsets of those before hold.
  for (const document of outline.documents.toReversed()) {
    const planned = byDocument.get(document);
    const refusal = planned === undefined ? undefined : writeDocument(outline, document, planned, removals, draft);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function removalsOf(byDocument: ReadonlyMap<OutlinedDocument, DocumentEdits>): Removals {
  const [gone, replaced] = [new Set<number>(), new Set<number>()];
  for (const [{ slice }, { removedBy, added }] of byDocument) {
    if (slice !== undefined && removedBy !== undefined) (added.length > 0 ? replaced : gone).add(slice);
  }
  let leading = 0;
  while (gone.has(leading)) leading++;
  return { leading, replaced };
}

/** Gives an edit to its document: objects of a List are items there, and are added and removed as such. */
function assign(
  { documents }: Outline,
  edit: Edit,
  index: number,
  byDocument: Map<OutlinedDocument, DocumentEdits>,
): Refusal | undefined {
  const object = edit.op === 'add-object' ? edit.beside : edit.object;
  const document = object === undefined ? documents.at(-1) : documents.find(({ objects }) => objects.has(object));
  if (document === undefined) return NOT_FOUND;
  const base = object === undefined ? [] : document.objects.get(object)!;
  let planned = byDocument.get(document);
  if (planned === undefined) {
    planned = { changes: [], added: [], lists: [], removedBy: undefined };
    byDocument.set(document, planned);
  }
  const change = (made: Change): void => void planned.changes.push({ ...made, edit: index });
  const place = base.at(-1);
  if (edit.op === 'add-object') {
    if (typeof place !== 'number') planned.added.push({ value: edit.value, edit: index });
    else {
      planned.lists.push({ value: edit.value, path: base.slice(0, -2) });
      change({ op: 'insert', path: [...base.slice(0, -1), place + 1], value: edit.value });
    }
  } else if (edit.op === 'remove-object') {
    if (typeof place !== 'number') planned.removedBy ??= index;
    else change({ op: 'remove', path: base });
  } else change(rebased(edit, base));
  return undefined;
}

function rebased({ object: _, ...change }: Extract<Edit, { readonly path: Path }>, base: Path): Change {
  return { ...change, path: [...base, ...change.path] } as Change;
}

function writeDocument(
  outline: Outline,
  document: OutlinedDocument,
  { changes, added, lists, removedBy }: DocumentEdits,
  removals: Removals,
  draft: DraftText,
): Refusal | undefined {
  const { start } = document;
  const parsed = parseDocument(outline.text.slice(start, document.end), document.format);
  if (parsed === undefined) return NOT_FOUND;
  for (const { value, path } of lists) {
    const refusal = checkItem(valueAt(parsed.value, path), value);
    if (refusal !== undefined) return refusal;
  }
  const result = removedBy === undefined ? changeDocument(parsed, changes) : { steps: [], text: parsed.text };
  if ('refusal' in result) return result.refusal;
  for (const { splices, edit } of result.steps) {
    draft.splice(
      splices.map((splice) => ({ ...splice, start: splice.start + start, end: splice.end + start })),
      edit,
    );
  }
  const [first] = added;
  if (first !== undefined) {
    const values = added.map(({ value }) => value);
    const more = addDocuments(outline, document, result.text, values, blockStyleOf(parsed));
    if ('refusal' in more) return more.refusal;
    draft.splice([more.splice], first.edit);
  }
  if (removedBy !== undefined) draft.splice(removeDocument(outline, document, removals), removedBy);
  return undefined;
}

/** A List holds anything, a PodList only Pods. */
function checkItem(list: unknown, value: Readonly<Record<string, unknown>>): Refusal | undefined {
  if (!isMapping(list) || list.kind === 'List' || typeof list.kind !== 'string') return undefined;
  if (list.kind === `${value.kind}List` && list.apiVersion === value.apiVersion) return undefined;
  return {
    reason: 'no-place',
    message: `a ${list.kind} has no place for a ${value.kind}`,
    hint: 'put the new object in a file of its own',
  };
}

/** Reads the new text; undefined where it says what it should, and nothing more is wrong with it than before. */
function findDifference(
  { reading }: Outline,
  after: string,
  file: string,
  expected: readonly ManifestObject[],
): Refusal | undefined {
  const result = readTextInto(emptyReading(), after, file);
  const isSame =
    result.objects.length === expected.length &&
    result.objects.every(({ value }, index) => isSameValue(value, expected[index]!.value));
  const isWorse = result.findings.length > reading.findings.length || result.gaps.length > reading.gaps.length;
  if (isSame && !isWorse) return undefined;
  return {
    reason: 'mismatch',
    message: 'the edit cannot be written into this file without changing something else',
    hint: 'change the file by hand',
  };
}
