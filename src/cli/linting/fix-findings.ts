// `lint --fix`: fixes that hold, written into the files or printed as a patch, with what each did.

import { type AppliedFix, type FixRun, fixAll } from '../../engine/fixing/fix-all.ts';
import { type Linted, lintInput } from '../../engine/fixing/prove-fixes.ts';
import type { Finding, Fix } from '../../engine/index.ts';
import { unifiedDiff } from '../../report/index.ts';
import { draftFiles } from '../fixing/file-drafts.ts';
import { contextOf, type Invocation } from '../invocation.ts';
import type { Loaded } from '../load-input.ts';
import { writeFiles } from '../write-files.ts';

/** Which findings are to be fixed. */
export interface FixScope {
  /** Which findings of a state the command is about; suppressions stand where they stand then. */
  askedIn(linted: Linted, ignores: Loaded['ignores']): (finding: Finding) => boolean;
}

/** What is left, and the comments that suppress, where they stand then. */
export interface Fixed {
  readonly linted: Linted;
  readonly ignores: Loaded['ignores'];
}

/** Fixes what may be fixed, writes the files or prints the patch, and answers with what is left. */
export async function fixFindings(loaded: Loaded, scope: FixScope, invocation: Invocation): Promise<Fixed> {
  const { options, io, progress } = invocation;
  const start = lintInput(loaded.input);
  const files = draftFiles(loaded.input, loaded.ignores, io.cwd, loaded.piped);
  const states = new Map<Linted, (finding: Finding) => boolean>();
  const isAsked = (finding: Finding, linted: Linted): boolean => {
    const asked = states.get(linted) ?? scope.askedIn(linted, files.ignores());
    states.set(linted, asked);
    return asked(finding);
  };
  const choose = (finding: Finding, linted: Linted): Fix | undefined => {
    const fix = suggestionOf(finding);
    return fix !== undefined && (fix.safe || options.suggested) && isAsked(finding, linted) ? fix : undefined;
  };
  progress.step('proving fixes');
  const run = fixAll(start, choose, files, contextOf(options));
  const changed = files.changed();
  if (options.dryRun) {
    for (const { file, text } of changed) await io.stdout.write(unifiedDiff(file, text.before, text.after));
  } else await writeFiles(changed);
  progress.end();
  await io.stderr.write(summaryOf(run, options.dryRun, options.suggested, (finding) => isAsked(finding, run.after)));
  return { linted: run.after, ignores: files.ignores() };
}

/** The fix; where a finding only has several ways, the first of them. */
function suggestionOf({ fix, alternatives }: Finding): Fix | undefined {
  return fix ?? alternatives?.[0];
}

function summaryOf(run: FixRun, isDry: boolean, suggested: boolean, isAsked: (finding: Finding) => boolean): string {
  const lines = run.applied.map((one) => `${isDry ? 'would fix' : 'fixed'} ${titleOf(one)}${countsOf(one)}`);
  for (const one of run.refused) lines.push(`not fixed ${titleOf(one)}: ${one.why}`);
  if (lines.length === 0) lines.push('nothing to fix');
  const left = run.after.findings.filter((one) => suggestionOf(one)?.safe === false && isAsked(one)).length;
  if (!suggested && left > 0) {
    const [these, it] =
      left === 1 ? ['one finding has a suggestion', 'it'] : [`${left} findings have suggestions`, 'them'];
    lines.push(
      `hint: ${these} that may change what is allowed; --fix --suggested applies ${it}, --dry-run shows ${it} first`,
    );
  }
  return `${lines.join('\n')}\n`;
}

function titleOf({ finding: { source, check, policy }, fix }: Pick<AppliedFix, 'finding' | 'fix'>): string {
  const place = source.file === undefined ? (policy?.name ?? '') : `${source.file}:${source.line ?? 1}`;
  return `${place} ${check}: ${fix.title}`;
}

function countsOf({ opened, closed, alone }: AppliedFix): string {
  const plural = (count: number, word: string) => `${word} ${count} group${count === 1 ? '' : 's'} of connections`;
  const parts = [...(opened > 0 ? [plural(opened, 'opens')] : []), ...(closed > 0 ? [plural(closed, 'closes')] : [])];
  if (parts.length === 0) return '; no connection changes';
  return `; ${alone ? '' : 'with others '}${parts.join(', ')}`;
}
