// Which edits belong to which document of a text, and what they mean there: an object of a List is an item, whatever is
// done to it. Knows no characters.

import type { Change } from '../../engine/edits/apply-changes.ts';
import type { Edit } from '../../engine/model/edit.ts';
import type { ManifestObject, Path } from '../../engine/model/source.ts';
import type { Removals } from './edit-documents.ts';
import type { NumberedChange } from './order-changes.ts';
import { baseOf, type Outline, type OutlinedDocument } from './outline.ts';

/** A new object with the number of the edit that adds it. */
export interface Added {
  readonly value: Readonly<Record<string, unknown>>;
  readonly edit: number;
}

/** What happens to one document. */
export interface DocumentPlan {
  /** Changes of objects; their paths start at the object. */
  readonly changes: Map<ManifestObject, NumberedChange[]>;
  /** Objects that are put into Lists and taken out of them; paths start at the document's root. */
  readonly items: NumberedChange[];
  /** Objects among them that are put into Lists, with the path of the List. */
  readonly listed: { readonly value: Added['value']; readonly path: Path }[];
  /** Documents that are put behind this one. */
  readonly added: Added[];
  /** The edit that takes it away. */
  removedBy: number | undefined;
}

/** The plans of all documents that edits touch; undefined where a text has no document beside which an object could stand. */
export function planEdits(
  outline: Outline,
  edits: readonly Edit[],
): ReadonlyMap<OutlinedDocument, DocumentPlan> | undefined {
  const plans = new Map<OutlinedDocument, DocumentPlan>();
  // Nothing else happens to what goes, and nothing about it can contradict: as in applyEdits.
  const gone = new Set(edits.flatMap((edit) => (edit.op === 'remove-object' ? [edit.object] : [])));
  for (const [index, edit] of edits.entries()) {
    if (edit.op !== 'add-object' && edit.op !== 'remove-object' && gone.has(edit.object)) continue;
    const object = edit.op === 'add-object' ? edit.beside : edit.object;
    const document = object === undefined ? outline.documents.at(-1) : outline.homes.get(object);
    if (document === undefined) return undefined;
    let plan = plans.get(document);
    if (plan === undefined) {
      plan = { changes: new Map(), items: [], listed: [], added: [], removedBy: undefined };
      plans.set(document, plan);
    }
    assign(plan, edit, index, object === undefined ? [] : baseOf(outline, object));
  }
  return plans;
}

function assign(plan: DocumentPlan, edit: Edit, index: number, base: Path): void {
  const place = base.at(-1);
  switch (edit.op) {
    case 'add-object':
      if (typeof place !== 'number') plan.added.push({ value: edit.value, edit: index });
      else {
        const path = [...base.slice(0, -1), place + 1];
        plan.items.push({ op: 'insert', path, value: edit.value, edit: index });
        plan.listed.push({ value: edit.value, path: base.slice(0, -2) });
      }
      break;
    case 'remove-object':
      if (typeof place !== 'number') plan.removedBy ??= index;
      else plan.items.push({ op: 'remove', path: base, edit: index });
      break;
    default: {
      const { object, ...change } = edit;
      const known = plan.changes.get(object);
      if (known === undefined) plan.changes.set(object, [{ ...change, edit: index }]);
      else known.push({ ...change, edit: index });
    }
  }
}

/** Changes with paths that start further out. */
export function rebase<T extends Change>(changes: readonly T[], base: Path): readonly T[] {
  return base.length === 0 ? changes : changes.map((change) => ({ ...change, path: [...base, ...change.path] }));
}

/** Which slices of the text go. */
export function removalsOf(plans: ReadonlyMap<OutlinedDocument, DocumentPlan>): Removals {
  const [gone, replaced] = [new Set<number>(), new Set<number>()];
  for (const [{ slice }, { removedBy, added }] of plans) {
    if (slice !== undefined && removedBy !== undefined) (added.length > 0 ? replaced : gone).add(slice);
  }
  let leading = 0;
  while (gone.has(leading)) leading++;
  return { leading, replaced };
}
