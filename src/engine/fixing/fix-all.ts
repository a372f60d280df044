// Applies fixes until none is left that holds: each round those that do not get in each other's way, proved together, else
// one by one. Where the result is written is the caller's business; what it says then is read again before going on.

import type { Edit } from '../model/edit.ts';
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

/** Rounds after which it stops, whatever is left: fixes that bring each other back would go on for ever. */
const MOST_ROUNDS = 20;

/** Applies the fix that `choose` gives for a finding, if any, for all findings. */
export function fixAll(
  start: Linted,
  choose: (finding: Finding) => ChosenFix['fix'] | undefined,
  writer: FixWriter,
  context: QuestionContext,
): FixRun {
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
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const batch = apart(linted.findings, choose, (finding) => refused.has(finding.fingerprint ?? ''));
    if (batch.length === 0) break;
    if (attempt(batch) === undefined) continue;
    for (const one of batch) {
      const why = attempt([one]);
      if (why !== undefined) refused.set(one.finding.fingerprint ?? '', { ...one, why });
      // What was found before is found again in the state that it is in now.
      else break;
    }
  }
  return { after: linted, applied, refused: [...refused.values()] };
}

/** The first fix of each object: two that touch one object may get in each other's way. */
function apart(
  findings: readonly Finding[],
  choose: (finding: Finding) => ChosenFix['fix'] | undefined,
  isRefused: (finding: Finding) => boolean,
): ChosenFix[] {
  const taken = new Set<ManifestObject>();
  return findings.flatMap((finding) => {
    const fix = isRefused(finding) ? undefined : choose(finding);
    if (fix === undefined) return [];
    const objects = fix.edits.flatMap((edit) => (edit.op === 'add-object' ? (edit.beside ?? []) : edit.object));
    if (objects.some((object) => taken.has(object))) return [];
    for (const object of objects) taken.add(object);
    return [{ finding, fix }];
  });
}
