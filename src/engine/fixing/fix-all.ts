// Applies fixes until none is left that holds: each round those that do not get in each other's way, proved together, else
// in halves. Where the result is written is the caller's business; what it says then is read again before going on.

import type { Announced, Edit } from '../model/edit.ts';
import type { Finding } from '../model/finding.ts';
import type { ManifestObject } from '../model/source.ts';
import type { QuestionContext } from '../questions/ask.ts';
import type { LoadInput } from '../state.ts';
import { type ChangeCounts, countChanges } from './announced-change.ts';
import { type ChosenFix, type Linted, lintInput, proveFixes } from './prove-fixes.ts';

/** Where edits go. A trial changes nothing until it is kept. */
export interface FixWriter {
  /** What reading would give after the edits, or why they cannot be written. */
  try(edits: readonly Edit[]): { readonly input: LoadInput; keep(): void } | { readonly why: string };
}

/** A fix that was applied. `alone` is false where it was proved with others, and the counts are of all of them. */
export interface AppliedFix extends ChosenFix, ChangeCounts {
  readonly alone: boolean;
}

/** What became of all fixes. */
export interface FixRun {
  readonly after: Linted;
  readonly applied: readonly AppliedFix[];
  readonly refused: readonly (ChosenFix & { readonly why: string })[];
}

/** The fix for a finding of a state; undefined: none is wanted, or there is none. */
export type ChooseFix = (finding: Finding, linted: Linted) => ChosenFix['fix'] | undefined;

/** Applies the fixes that are chosen until no finding is left that has one and was not refused. */
export function fixAll(start: Linted, choose: ChooseFix, writer: FixWriter, context: QuestionContext): FixRun {
  let linted = start;
  const applied: AppliedFix[] = [];
  const refused = new Map<string, ChosenFix & { readonly why: string }>();
  const attempt = (batch: readonly ChosenFix[]): string | undefined => {
    const proof = proveFixes(linted, batch, context);
    if (!proof.ok) return proof.why;
    const trial = writer.try(batch.flatMap(({ fix }) => fix.edits));
    if ('why' in trial) return trial.why;
    trial.keep();
    linted = lintInput(trial.input);
    const counts = countChanges(proof.change);
    applied.push(...batch.map((one) => ({ ...one, ...counts, alone: batch.length === 1 })));
    return undefined;
  };
  const refuse = (one: ChosenFix, why: string) => refused.set(one.finding.fingerprint ?? '', { ...one, why });
  // Of a batch that does not hold, the first part that does; then everything is found again in the state that it is in.
  const applySome = (batch: readonly ChosenFix[]): boolean => {
    const why = attempt(batch);
    if (why === undefined) return true;
    if (batch.length === 1) {
      refuse(batch[0]!, why);
      return false;
    }
    const half = Math.ceil(batch.length / 2);
    return applySome(batch.slice(0, half)) || applySome(batch.slice(half));
  };
  const next = () => apart(linted, choose, (finding) => refused.has(finding.fingerprint ?? ''));
  // Each fix takes a finding away for good, but for what shows up once a policy counts: more than this go round in circles.
  const most = 2 * start.findings.length + 20;
  for (let batch = next(); batch.length > 0; batch = next()) {
    if (applied.length < most) applySome(batch);
    else for (const one of batch) refuse(one, 'fixes bring one another back');
  }
  return { after: linted, applied, refused: [...refused.values()] };
}

/**
 * Fixes to try together. Only the first of each object: two that touch one may get in each other's way. Only such as
 * announce the same: what one does against its word would pass for what another one does.
 */
function apart(linted: Linted, choose: ChooseFix, isRefused: (finding: Finding) => boolean): ChosenFix[] {
  const taken = new Set<ManifestObject>();
  let announced: Announced | undefined;
  return linted.findings.flatMap((finding) => {
    const fix = isRefused(finding) ? undefined : choose(finding, linted);
    if (fix === undefined || (announced ?? fix.announced) !== fix.announced) return [];
    const objects = fix.edits.flatMap((edit) => (edit.op === 'add-object' ? (edit.beside ?? []) : edit.object));
    if (objects.some((object) => taken.has(object))) return [];
    for (const object of objects) taken.add(object);
    announced = fix.announced;
    return [{ finding, fix }];
  });
}
