// Proves fixes before anybody writes them: the findings are gone, none has come, and connectivity changes as announced.

import { homeOf } from '../checks/judging/fingerprint.ts';
import { FOLLOWING_CHECKS } from '../checks/registry.ts';
import { applyEdits } from '../edits/apply-edits.ts';
import type { Fix } from '../model/edit.ts';
import type { Finding } from '../model/finding.ts';
import type { ManifestObject } from '../model/source.ts';
import type { QuestionContext } from '../questions/ask.ts';
import { diff } from '../questions/diff.ts';
import type { ConnectivityDiff } from '../questions/documents.ts';
import { findProblems } from '../questions/lint.ts';
import { type LoadInput, loadState, type State } from '../state.ts';
import { contradiction } from './announced-change.ts';

/** A finding, and the fix of it that was chosen. */
export interface ChosenFix {
  readonly finding: Finding;
  readonly fix: Fix;
}

/** A state with what it was loaded from and what is wrong with it. */
export interface Linted {
  readonly input: LoadInput;
  readonly state: State;
  /** With fingerprints. */
  readonly findings: readonly Finding[];
}

/** The fixes hold: what the objects are then and what changes. Or why they do not. */
export type Proof =
  | { readonly ok: true; readonly objects: readonly ManifestObject[]; readonly change: ConnectivityDiff }
  | { readonly ok: false; readonly why: string };

/** Loads and lints. */
export function lintInput(input: LoadInput): Linted {
  const state = loadState(input);
  return { input, state, findings: findProblems(state, { defaultNamespace: input.defaultNamespace }) };
}

/**
 * Applies fixes together and judges the result; at least one, and all announce the same. A finding may come where one that
 * made its policy count as absent has gone: nobody could see it before. The edits must not touch the same places.
 */
export function proveFixes(before: Linted, chosen: readonly ChosenFix[], context: QuestionContext): Proof {
  const { input } = before;
  const objects = applyEdits(
    input.objects,
    chosen.flatMap(({ fix }) => fix.edits),
  );
  const after = lintInput({ ...input, objects });
  const [known, left] = [countKinds(before.findings), countKinds(after.findings)];
  const mended = countKinds(chosen.map(({ finding }) => finding));
  const stays = chosen.find(({ finding }) => {
    const kind = kindOf(finding);
    return (left.get(kind) ?? 0) > (known.get(kind) ?? 0) - mended.get(kind)!;
  });
  if (stays !== undefined) return { ok: false, why: `${stays.finding.check} would still be there` };
  const revived = new Set(chosen.flatMap(({ finding }) => (finding.rejectedByApi ? [homeOf(finding)] : [])));
  const isNew = (one: Finding) => (left.get(kindOf(one)) ?? 0) > (known.get(kindOf(one)) ?? 0);
  const isHarm = (one: Finding) => isNew(one) && !revived.has(homeOf(one)) && !FOLLOWING_CHECKS.has(one.check);
  const fresh = after.findings.find(isHarm);
  if (fresh !== undefined) return { ok: false, why: `it would bring ${fresh.check}: ${fresh.message}` };
  const change = diff(before.state, after.state, context);
  const wrong = contradiction(change, chosen[0]!.fix.announced);
  return wrong === undefined ? { ok: true, objects, change } : { ok: false, why: `${wrong}, which was not announced` };
}

/** Equal for findings that only their number tells apart: where one of two goes, the other takes its number. */
function kindOf({ fingerprint = '' }: Finding): string {
  return fingerprint.replace(/-\d+$/, '');
}

function countKinds(findings: readonly Finding[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const one of findings) counts.set(kindOf(one), (counts.get(kindOf(one)) ?? 0) + 1);
  return counts;
}
