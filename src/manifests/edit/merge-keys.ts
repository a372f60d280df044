// What merge keys (`<<: *base`) give to a mapping, so that an edit of a merged field can write it out where it is edited.

import type { Layout, Member } from '../layout.ts';
import { type EditableDocument, targetOf } from './document.ts';

/** Keys of a mapping, merged ones included; of a list of mappings those of all; none for anything else. */
export function keysOf(document: EditableDocument, layout: Layout | undefined): ReadonlySet<string> {
  if (layout === undefined) return new Set();
  if (layout.form === 'alias') return keysOf(document, targetOf(document, layout));
  const keys = new Set<string>();
  for (const { key, value } of layout.members) {
    if (key?.isMerge === false) {
      if (key.text !== undefined) keys.add(key.text);
    } else for (const merged of keysOf(document, value)) keys.add(merged);
  }
  return keys;
}

/** The entry that decides a key of a mapping: the last that gives it, which may be a merge key. Undefined where none does. */
export function deciderOf(document: EditableDocument, mapping: Layout, name: string): Member | undefined {
  return mapping.members.findLast(({ key, value }) => {
    if (key === undefined) return false;
    return key.isMerge ? keysOf(document, value).has(name) : key.text === name;
  });
}

/** Reports whether some merge key of the mapping gives this key, even where another entry decides it. */
export function isMerged(document: EditableDocument, mapping: Layout, name: string): boolean {
  return mapping.members.some(({ key, value }) => key?.isMerge === true && keysOf(document, value).has(name));
}

/** The keys that a merge key decides: what stands there once it is written out. */
export function keysDecidedBy(document: EditableDocument, mapping: Layout, merge: Member): readonly string[] {
  return [...keysOf(document, merge.value)].filter((name) => deciderOf(document, mapping, name) === merge);
}
