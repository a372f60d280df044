// The policies of a state after some edits, decoded anew where they were touched: what one more edit would mean is found
// out without loading everything again. Knows no goal.

import type { DecodeOptions } from '../dialects/dialect.ts';
import { dialectOf } from '../dialects/registry.ts';
import { applyEdits } from '../edits/apply-edits.ts';
import type { Edit } from '../model/edit.ts';
import type { Policy } from '../model/policy.ts';
import type { ManifestObject } from '../model/source.ts';
import { type State, withPolicies } from '../state.ts';
import { type Change, conflict, isSamePath, valueAt } from './origin.ts';

/** Edits of policies, and what they come to. */
export interface Draft {
  /** In positions of the objects as read. */
  readonly changes: readonly Change[];
  /** Edited policies by the object as read. */
  readonly edited: ReadonlyMap<ManifestObject, Policy>;
  readonly added: readonly { readonly policy: Policy; readonly beside?: ManifestObject }[];
}

/** Nothing edited. */
export const NO_EDITS: Draft = { changes: [], edited: new Map(), added: [] };

/** The edits of a draft; a policy that was added and then went on growing is one of them. */
export function editsOf({ changes, added }: Draft): readonly Edit[] {
  const objects = added.map(({ policy, beside }): Edit => {
    return { op: 'add-object', value: policy.object.value, ...(beside === undefined ? {} : { beside }) };
  });
  return [...changes, ...objects];
}

/** The object as read that an edited policy comes from; a policy that was added, or is as read, is its own. */
export function readObject({ edited }: Draft, object: ManifestObject): ManifestObject {
  for (const [read, policy] of edited) if (policy.object === object) return read;
  return object;
}

/** The changes of one object, in positions of the object as read. */
export function changesOf({ changes }: Draft, object: ManifestObject): readonly Change[] {
  return changes.filter((change) => change.object === object);
}

/**
 * The draft with more edits; undefined where they run into those that it has, or where the API server would refuse what
 * comes out. Edits of a policy that the draft adds make that policy another.
 */
export function extendDraft(draft: Draft, edits: readonly Edit[], options: DecodeOptions): Draft | undefined {
  let next: Draft | undefined = draft;
  for (const edit of edits) {
    if (next === undefined) return undefined;
    if (edit.op === 'add-object') next = addObject(next, edit, options);
    else if (edit.op === 'remove-object') return undefined;
    else next = changeObject(next, edit, options);
  }
  return next;
}

function addObject(
  draft: Draft,
  { value, beside }: Extract<Edit, { op: 'add-object' }>,
  options: DecodeOptions,
): Draft | undefined {
  const policy = decode(newObject(value, beside), options);
  if (policy === undefined) return undefined;
  return { ...draft, added: [...draft.added, { policy, ...(beside === undefined ? {} : { beside }) }] };
}

function newObject(value: Readonly<Record<string, unknown>>, beside: ManifestObject | undefined): ManifestObject {
  const file = beside?.file;
  const place = file === undefined ? { path: '' } : { file, path: '' };
  return { value, ...(file === undefined ? {} : { file }), locate: () => place };
}

function changeObject(draft: Draft, edit: Change, options: DecodeOptions): Draft | undefined {
  const own = draft.added.findIndex(({ policy }) => policy.object === edit.object);
  if (own >= 0) {
    const [object] = applyEdits([edit.object], [edit]);
    const policy = decode(object!, options);
    if (policy === undefined) return undefined;
    return { ...draft, added: draft.added.map((one, i) => (i === own ? { ...one, policy } : one)) };
  }
  const changes = joinChange(draft.changes, edit);
  if (changes === undefined) return undefined;
  const ofObject = changes.filter(({ object }) => object === edit.object);
  const [object] = applyEdits([edit.object], ofObject);
  const policy = decode(object!, options);
  return policy === undefined
    ? undefined
    : { ...draft, changes, edited: new Map([...draft.edited, [edit.object, policy]]) };
}

/** Two new lists at one place are one list; any other two changes of one place exclude one another. */
function joinChange(changes: readonly Change[], edit: Change): readonly Change[] | undefined {
  const others = changes.filter(({ object }) => object === edit.object);
  const rival = others.find((other) => conflict(other, edit));
  if (rival === undefined) return [...changes, edit];
  const isNewList = (one: Change): one is Extract<Change, { op: 'set' }> =>
    one.op === 'set' && Array.isArray(one.value);
  const isNew = !Array.isArray(valueAt(edit.object.value, edit.path));
  if (!isNew || !isSamePath(rival.path, edit.path) || !isNewList(rival) || !isNewList(edit)) return undefined;
  const both: Change = { ...rival, value: [...(rival.value as unknown[]), ...(edit.value as unknown[])] };
  return changes.map((one) => (one === rival ? both : one));
}

function decode(object: ManifestObject, options: DecodeOptions): Policy | undefined {
  const { apiVersion, kind } = object.value;
  return dialectOf(String(apiVersion), String(kind))?.decode(object, options).policy;
}

/** The same policies with those of the draft in their place, and its new ones behind them. */
export function policiesAfter(policies: readonly Policy[], { edited, added }: Draft): readonly Policy[] {
  return [...policies.map((policy) => edited.get(policy.object) ?? policy), ...added.map(({ policy }) => policy)];
}

/** The state after the edits. Findings are those of the state before. */
export function stateAfter(state: State, draft: Draft): State {
  return withPolicies(state, policiesAfter(state.policies, draft));
}
