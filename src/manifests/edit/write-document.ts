// Writes the plan of one document into the draft of its file, and checks what each stretch of it says afterwards.

import { applyChanges } from '../../engine/edits/apply-changes.ts';
import { isMapping, isSameValue } from '../../engine/edits/same-value.ts';
import { splitDocuments } from '../split-documents.ts';
import { changeDocument } from './change-document.ts';
import { parseDocument, valueAt } from './document.ts';
import { blockStyleOf } from './document-style.ts';
import { addDocuments, type Removals, removeDocument } from './edit-documents.ts';
import type { NumberedChange } from './order-changes.ts';
import { baseOf, type Outline, type OutlinedDocument } from './outline.ts';
import { type Added, type DocumentPlan, rebase } from './plan-edits.ts';
import type { BlockStyle } from './print-value.ts';
import { MISMATCH, NOT_FOUND, type Refusal } from './refusal.ts';
import type { DraftText } from './splice.ts';
import { type Stretch, stretchOf } from './stretch.ts';

/** Characters from which on the objects of a List are edited one by one; below, the document is parsed as a whole. */
const LARGE_DOCUMENT = 64 * 1024;

/** What a plan is carried out on. */
export interface Writing {
  readonly outline: Outline;
  readonly removals: Removals;
  /** Documents behind this one have been written, none before it. */
  readonly draft: DraftText;
  /** Characters that were parsed for it so far. */
  readonly parsed: { characters: number };
}

/** Carries out a plan; a refusal where some part of it cannot be. Throws RangeError as applyEdits does. */
export function writeDocument(writing: Writing, document: OutlinedDocument, plan: DocumentPlan): Refusal | undefined {
  const { outline, removals, draft } = writing;
  const { start, end } = document;
  const { changes, items, listed, added, removedBy } = plan;
  if (removedBy !== undefined) {
    const refusal =
      added.length === 0 ? undefined : addBehind(writing, document, outline.text.slice(start, end), added);
    if (refusal === undefined) draft.splice(removeDocument(outline, document, removals), removedBy);
    return refusal;
  }
  const isLarge = end - start > LARGE_DOCUMENT && items.length + added.length === 0;
  const stretches = isLarge ? [...changes.keys()].map((object) => stretchOf(outline, object)) : [];
  if (stretches.length > 0 && stretches.every((stretch) => stretch !== undefined)) {
    const parts = [...changes.values()].map((own, index) => ({ stretch: stretches[index]!, own }));
    parts.sort((a, b) => b.stretch.start - a.stretch.start);
    for (const { stretch, own } of parts) {
      const written = writeStretch(writing, document, stretch, rebase(own, stretch.base));
      if ('refusal' in written) return written.refusal;
    }
    return undefined;
  }
  const all = [...changes].flatMap(([object, own]) => rebase(own, baseOf(outline, object)));
  const whole = { start, text: outline.text.slice(start, end), base: [] };
  const written = writeStretch(writing, document, whole, [...all, ...items], listed);
  if ('refusal' in written) return written.refusal;
  return added.length === 0 ? undefined : addBehind(writing, document, written.text, added);
}

function writeStretch(
  { draft, parsed: cost }: Writing,
  { format }: OutlinedDocument,
  { start, text }: Stretch,
  changes: readonly NumberedChange[],
  listed: DocumentPlan['listed'] = [],
): { readonly text: string } | { readonly refusal: Refusal } {
  cost.characters += text.length * (1 + changes.length);
  const parsed = parseDocument(text, format);
  if (parsed === undefined) return { refusal: NOT_FOUND };
  for (const { value, path } of listed) {
    const refusal = checkItem(valueAt(parsed.value, path), value);
    if (refusal !== undefined) return { refusal };
  }
  const bare = changes.map(({ edit: _, ...change }) => change);
  const expected = applyChanges(parsed.value, bare);
  const result = changeDocument(parsed, changes);
  if ('refusal' in result) return result;
  const { document, steps } = result;
  const isSplit = splitDocuments(document.text).length !== splitDocuments(text).length;
  if (isSplit || !isSameValue(document.value, expected)) return { refusal: MISMATCH };
  for (const { splices, edit } of steps) {
    draft.splice(
      splices.map((splice) => ({ ...splice, start: splice.start + start, end: splice.end + start })),
      edit,
    );
  }
  return { text: document.text };
}

/** How documents are written that others are put behind: many fixes may put one behind the same. */
const styles = new WeakMap<OutlinedDocument, BlockStyle>();

/** New documents behind one; `edited` is the text that it has by now. */
function addBehind(
  { outline, draft, parsed: cost }: Writing,
  document: OutlinedDocument,
  edited: string,
  added: readonly Added[],
): Refusal | undefined {
  let style = styles.get(document);
  if (style === undefined) {
    const original = outline.text.slice(document.start, document.end);
    cost.characters += original.length;
    const parsed = parseDocument(original, document.format);
    if (parsed === undefined) return NOT_FOUND;
    style = blockStyleOf(parsed, [parsed.layout]);
    styles.set(document, style);
  }
  const values = added.map(({ value }) => value);
  const more = addDocuments(outline, document, edited, values, style);
  if ('refusal' in more) return more.refusal;
  draft.splice([more.splice], added[0]!.edit);
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
