// Writes changes into the text of one document, one after the other; each is made in the text that the ones before it
// left. What comes out is checked by whoever asks, by reading it.

import type { Path } from '../../engine/model/source.ts';
import { everyLayout, type Layout, type Member, memberAt } from '../layout.ts';
import { type EditableDocument, findShared, parseDocument, valueAt } from './document.ts';
import { deciderOf, isMerged } from './merge-keys.ts';
import { type NumberedChange, orderChanges, pathAfter } from './order-changes.ts';
import { refineSet } from './refine-set.ts';
import type { Refusal } from './refusal.ts';
import { applySplices, type Splice } from './splice.ts';
import { insertMember, removeMember, renameKey, setMember, type Target, writeOutMerge } from './write-change.ts';

/** One step of writing: splices of the text that the steps before it left. */
export interface Step {
  readonly splices: readonly Splice[];
  readonly edit: number;
}

/** The steps that write the changes, in order, and the document that they lead to; paths of the changes start at the document's root. */
export function changeDocument(
  original: EditableDocument,
  changes: readonly NumberedChange[],
): { readonly steps: readonly Step[]; readonly document: EditableDocument } | { readonly refusal: Refusal } {
  const steps: Step[] = [];
  let document = original;
  let pending = orderChanges(changes);
  while (pending.length > 0) {
    let postponed: NumberedChange[] = [];
    let refusal: Refusal | undefined;
    for (const change of pending) {
      const written = writeChange(document, change);
      if (!('refusal' in written)) {
        steps.push(...written.steps);
        document = written.document;
        postponed = postponed.map((other) => ({ ...other, path: pathAfter(change, other.path) }));
      } else {
        // An alias may stop to stand for what is changed here, once the other changes are made.
        if (written.refusal.reason !== 'shared') return written;
        refusal ??= written.refusal;
        postponed.push(change);
      }
    }
    if (refusal !== undefined && postponed.length === pending.length) return { refusal };
    pending = postponed;
  }
  return { steps, document };
}

/** One change, in parts where only parts of a value differ, with what has to be written out before each. */
function writeChange(
  original: EditableDocument,
  change: NumberedChange,
): { readonly steps: readonly Step[]; readonly document: EditableDocument } | { readonly refusal: Refusal } {
  const steps: Step[] = [];
  let document = original;
  const parts = change.op === 'set' ? refineSet(change, valueAt(document.value, change.path)) : [change];
  if (parts.length !== 1 || parts[0] !== change) {
    for (const part of orderChanges(parts)) {
      const written = writeChange(document, part);
      if ('refusal' in written) return written;
      steps.push(...written.steps);
      document = written.document;
    }
    return { steps, document };
  }
  for (let isDone = false; !isDone; ) {
    const next = nextSplices(document, change);
    if ('refusal' in next) return next;
    const parsed = parseDocument(applySplices(document.text, next.splices), document.format);
    if (parsed === undefined) return { refusal: MALFORMED };
    steps.push({ splices: next.splices, edit: change.edit });
    document = parsed;
    isDone = next.isDone;
  }
  return { steps, document };
}

const MALFORMED: Refusal = {
  reason: 'mismatch',
  message: 'the edit cannot be written here: the text would no longer be readable',
  hint: 'change the file by hand',
};

type Next = { readonly splices: readonly Splice[]; readonly isDone: boolean } | { readonly refusal: Refusal };

/** What to do next for a change: the change itself, or first to write out an alias or a merge key that it goes through. */
function nextSplices(document: EditableDocument, change: NumberedChange): Next {
  const { path } = change;
  const found = reach(document, path.slice(0, -1));
  if ('refusal' in found) return found;
  if ('writeOut' in found) {
    // One part of the path after the other, so that only what is gone through is written out.
    const place = reach(document, found.writeOut.slice(0, -1));
    if (!('target' in place)) return lost();
    const value = valueAt(document.value, found.writeOut);
    return perform(document, place.target, { op: 'set', path: found.writeOut, value, edit: change.edit }, false);
  }
  return perform(document, found.target, change, true);
}

function perform(document: EditableDocument, target: Target, change: NumberedChange, isDone: boolean): Next {
  const { collection, chain } = target;
  const part = change.path.at(-1)!;
  const member = memberAt(collection, part);
  const isReplaced = change.op === 'set' || change.op === 'remove';
  const gone = isReplaced && member?.value !== undefined ? member.value : NOWHERE;
  const values = gone === NOWHERE ? chain : [...chain, ...everyLayout(member!.value!)];
  const shared = findShared(document, values, gone);
  if (shared !== undefined) return { refusal: sharedRefusal(shared) };
  if (change.op === 'insert') {
    return { splices: insertMember(document, target, Number(part), undefined, change.value), isDone };
  }
  const name = String(part);
  const isSet = change.op === 'set';
  if (collection.type === 'mapping' && !isSet && isMerged(document, collection, name)) {
    const merge = collection.members.find(
      (entry) => entry.key?.isMerge === true && isMerged(document, { ...collection, members: [entry] }, name),
    )!;
    const fields = valueAt(document.value, change.path.slice(0, -1));
    return { splices: writeOutMerge(document, target, merge, fields), isDone: false };
  }
  const decider = collection.type === 'mapping' ? deciderOf(document, collection, name) : member;
  if (decider === undefined || decider.key?.isMerge === true) {
    if (!isSet) return lost();
    return { splices: insertMember(document, target, collection.members.length, name, change.value), isDone };
  }
  if (isSet) return { splices: setMember(document, target, decider, change.value), isDone };
  if (change.op === 'rename') return { splices: renameKey(document, decider, change.key), isDone };
  return { splices: removeMember(document, target, collection.members.indexOf(decider)), isDone };
}

const NOWHERE = { start: 0, end: 0 } as const;

function sharedRefusal({ anchor }: Layout): Refusal {
  return {
    reason: 'shared',
    message: `the value anchored as &${anchor} is also used as *${anchor} elsewhere, where it would change too`,
    hint: `write the value out in place of *${anchor} first`,
  };
}

function lost(): { readonly refusal: Refusal } {
  return {
    refusal: {
      reason: 'mismatch',
      message: 'the field to change has no words of its own in the file',
      hint: 'change the file by hand',
    },
  };
}

/**
 * The collection that a path leads to. `writeOut` is the path of an alias or merged field on the way that has to be
 * written out first.
 */
function reach(
  document: EditableDocument,
  path: Path,
): { readonly target: Target } | { readonly writeOut: Path } | { readonly refusal: Refusal } {
  let layout: Layout = document.layout;
  let holder: Member | undefined;
  const chain: Layout[] = [layout];
  for (let depth = 0; ; depth++) {
    if (layout.form === 'alias' || layout.form === 'bare') return { writeOut: path.slice(0, depth) };
    if (layout.type === undefined) return lost();
    if (depth === path.length) return { target: { collection: layout, holder, chain } };
    const part = path[depth]!;
    const member: Member | undefined =
      typeof part === 'string' && layout.type === 'mapping'
        ? deciderOf(document, layout, part)
        : memberAt(layout, part);
    if (member?.key?.isMerge === true) return { writeOut: path.slice(0, depth + 1) };
    if (member?.value === undefined) return lost();
    holder = member;
    layout = member.value;
    chain.push(layout);
  }
}
