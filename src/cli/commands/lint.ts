// `lint`: problems, with a list of the checks and what each is about.

import {
  type CheckInfo,
  type FindingDocument,
  type Findings,
  lint as findProblems,
  listChecks,
} from '../../engine/index.ts';
import { nearestNames } from '../../engine/model/nearest-names.ts';
import { UserError } from '../../engine/model/user-error.ts';
import { EXIT, type ExitCode, exitCodeOf } from '../exit-codes.ts';
import { SEVERITIES } from '../flags.ts';
import type { Invocation } from '../invocation.ts';
import { loadFiles, onlyNamespace } from '../load-input.ts';
import { writeRemarks } from '../messages.ts';
import { outputsOf, writeDocument } from '../output.ts';
import { READING_CHECKS } from '../reading-checks.ts';

type Severity = (typeof SEVERITIES)[number];

/** Prints the findings; exits 1 where one is of the severity of --fail-on or worse. */
export async function lint(invocation: Invocation): Promise<ExitCode> {
  const { options, progress, io } = invocation;
  const failOn = severityOf(options.failOn ?? 'high');
  if (options.list) {
    await io.stdout.write(listText(options.headers));
    return EXIT.yes;
  }
  if (options.describe !== undefined) {
    await io.stdout.write(describeText(options.describe));
    return EXIT.yes;
  }
  const outputs = outputsOf(invocation);
  const { state, skipped } = await loadFiles(invocation);
  progress.step('checking');
  const document = inNamespace(findProblems(state), onlyNamespace(options, state));
  await writeDocument(document, outputs, invocation);
  await writeRemarks({ skipped, gaps: state.gaps }, invocation);
  const worst = SEVERITIES.slice(0, SEVERITIES.indexOf(failOn) + 1);
  return exitCodeOf({
    answer: document.findings.some(({ severity }) => worst.includes(severity)) ? 'no' : 'yes',
    incomplete: state.gaps.length > 0,
    allowIncomplete: options.allowIncomplete,
  });
}

/** With -n, findings about policies of other namespaces are left out; those without a namespace concern every one. */
function inNamespace(document: Findings, namespace: string | undefined): Findings {
  if (namespace === undefined) return document;
  const findings = document.findings.filter(
    ({ policy }: FindingDocument) => policy?.namespace === undefined || policy.namespace === namespace,
  );
  const count = (wanted: Severity): number => findings.filter(({ severity }) => severity === wanted).length;
  const summary = {
    critical: count('critical'),
    high: count('high'),
    medium: count('medium'),
    low: count('low'),
    info: count('info'),
  };
  return { ...document, findings, summary };
}

function severityOf(word: string): Severity {
  const severity = SEVERITIES.find((one) => one === word.toLowerCase());
  if (severity !== undefined) return severity;
  throw new UserError('usage', `--fail-on: "${word}" is no severity`, { hint: `severities: ${SEVERITIES.join(', ')}` });
}

/** Checks of the engine and of the readers, by id. */
export function allChecks(): readonly CheckInfo[] {
  return [...listChecks(), ...READING_CHECKS].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function listText(headers: boolean): string {
  const checks = allChecks();
  const rows = checks.map(({ id, severity, rejects, summary }) => [id, severity, rejects, summary]);
  const all = headers ? [['CHECK', 'SEVERITY', 'REJECTED', 'REPORTS'], ...rows] : rows;
  const widths = [0, 1, 2].map((at) => Math.max(...all.map((row) => row[at]!.length)));
  return all
    .map((row) => `${row.map((cell, at) => (at < 3 ? cell.padEnd(widths[at]!) : cell)).join('   ')}\n`)
    .join('');
}

function describeText(id: string): string {
  const checks = allChecks();
  const check = checks.find((one) => one.id === id);
  if (check === undefined) {
    const near = nearestNames(
      id,
      checks.map((one) => one.id),
    );
    const hint = near.length > 0 ? `did you mean ${near.join(' or ')}?` : 'lint --list shows every check';
    throw new UserError('unknown-name', `there is no check "${id}"`, { hint });
  }
  const rejected = {
    always: 'the API server rejects such an object, and it counts as absent',
    sometimes: 'some API servers reject such an object; a rejected one counts as absent',
    never: 'the API server does not reject such an object',
  }[check.rejects];
  return `${check.id}\n\nreports    ${check.summary}\nseverity   ${check.severity}\nrejected   ${rejected}\n`;
}
