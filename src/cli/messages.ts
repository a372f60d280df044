// What goes to standard error beside a result: skipped files, grave findings, what is missing, notes, assumptions, hints.
// One line each; nothing here is part of the answer.

import type { Gap } from '../engine/model/cluster.ts';
import type { Finding } from '../engine/model/finding.ts';
import type { Source } from '../engine/model/source.ts';
import type { UserError } from '../engine/model/user-error.ts';
import type { Skipped } from '../manifests/index.ts';
import { fateText, printable, type Style } from '../report/index.ts';
import type { Invocation } from './invocation.ts';
import { shellLine } from './shell-words.ts';
import { styleOf } from './style.ts';

/** What a verb has to say beside its result. */
export interface Remarks {
  readonly skipped?: readonly Skipped[];
  /** All of the state; only rejected ones and those of severity high or critical are printed. */
  readonly findings?: readonly Finding[];
  readonly gaps?: readonly Gap[];
  /** False where none of the gaps bears on the answer; absent: some might. */
  readonly isAffected?: boolean;
  readonly notes?: readonly string[];
  readonly assumptions?: readonly string[];
  readonly hints?: readonly string[];
  /** A command to go on with, without the program's name; printed on terminals only. */
  readonly next?: readonly string[];
}

/** Findings beyond this many are counted, not listed: `lint` lists them. */
const MOST_FINDINGS = 20;

/** Prints remarks in a fixed order. */
export async function writeRemarks(remarks: Remarks, invocation: Invocation): Promise<void> {
  const { io, options } = invocation;
  const lines = remarkLines(remarks, styleOf(options.color, io, 'stderr'), options.allowIncomplete);
  if (remarks.next !== undefined && io.isTTY.stderr && io.isTTY.stdout) {
    lines.push(`next: ${io.program} ${shellLine(remarks.next)}`);
  }
  if (lines.length > 0) await io.stderr.write(`${lines.join('\n')}\n`);
}

function remarkLines(remarks: Remarks, style: Style, allowIncomplete: boolean): string[] {
  const { skipped = [], findings = [], gaps = [], notes = [], assumptions = [], hints = [] } = remarks;
  const grave = findings.filter((one) => one.rejectedByApi || one.severity === 'high' || one.severity === 'critical');
  const lines: string[] = [];
  for (const { file, reason, hint } of skipped) {
    lines.push(printable(`skipped ${file}: ${reason}${hint === undefined ? '' : ` (${hint})`}`));
  }
  for (const finding of grave.slice(0, MOST_FINDINGS)) lines.push(findingLine(finding, style));
  if (grave.length > MOST_FINDINGS)
    lines.push(`… and ${grave.length - MOST_FINDINGS} more findings like these: lint lists them all`);
  const said = new Set(grave.slice(0, MOST_FINDINGS).map(({ message }) => message));
  for (const { file, message } of gaps) {
    if ([...said].some((text) => message.endsWith(text))) continue;
    lines.push(printable(`not read or understood: ${file === undefined ? '' : `${file}: `}${message}`));
  }
  const { isAffected = true } = remarks;
  if (gaps.length > 0 && !isAffected) lines.push('the input is incomplete, which does not change this answer');
  if (gaps.length > 0 && isAffected) {
    const end = allowIncomplete ? '' : '; exit code 2 (--allow-incomplete restores the normal one)';
    lines.push(style.yellow(`the input is incomplete, and answers that could change with the rest are marked${end}`));
  }
  for (const note of notes) lines.push(printable(`note: ${note}`));
  for (const assumption of assumptions) lines.push(style.dim(printable(`assumed: ${assumption}`)));
  for (const hint of hints) lines.push(`hint: ${hint}`);
  return lines;
}

function findingLine(finding: Finding, style: Style): string {
  const { source, severity, check, message, hint, policy } = finding;
  const name =
    policy === undefined ? '' : `${policy.namespace === undefined ? '' : `${policy.namespace}/`}${policy.name}`;
  const where = placeOf(source) ?? source.object ?? name;
  const advice = hint === undefined ? '' : `; ${printable(hint)}`;
  return `${style.bold(printable(where))}: ${style.red(severity)}: ${printable(message)}${fateText(finding)}${advice} [${check}]`;
}

function placeOf({ file, line, column }: Source): string | undefined {
  if (file === undefined) return undefined;
  return [file, line, column].filter((part) => part !== undefined).join(':');
}

/** An expected failure as people read it: what is wrong, and below it what to do. */
export function errorText({ message, hint }: UserError, style: Style): string {
  const [first, ...more] = (hint ?? '').split('\n').map(printable);
  const below = hint === undefined ? '' : [`\nhint: ${first}`, ...more].join('\n');
  return `${style.red('error:')} ${printable(message)}${below}\n`;
}
