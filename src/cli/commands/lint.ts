// `lint`: problems, with a list of the checks and what each is about.

import { type FindingDocument, type Findings, lint as findProblems } from '../../engine/index.ts';
import { UserError } from '../../engine/model/user-error.ts';
import { countFindings } from '../../engine/questions/lint.ts';
import { EXIT, type ExitCode, exitCodeOf } from '../exit-codes.ts';
import { SEVERITIES } from '../flags.ts';
import type { Invocation } from '../invocation.ts';
import { allChecks, checkNamed, describeText, listText } from '../linting/describe-check.ts';
import { readBaseline } from '../linting/read-baseline.ts';
import { loadFiles, onlyNamespace } from '../load-input.ts';
import { writeRemarks } from '../messages.ts';
import { outputsOf, writeDocument } from '../output.ts';

type Severity = (typeof SEVERITIES)[number];

/** Prints the findings; exits 1 where one that counts is of the severity of --fail-on or worse. */
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
  for (const id of options.only) checkNamed(id);
  const outputs = outputsOf(invocation);
  const baseline = options.baseline === undefined ? undefined : await readBaseline(options.baseline, io.cwd);
  const { state, input, ignores, skipped } = await loadFiles(invocation);
  progress.step('checking');
  const found = findProblems(state, {
    defaultNamespace: input.defaultNamespace,
    ...(options.only.length === 0 ? {} : { only: options.only }),
    objects: input.objects,
    comments: ignores,
    readingChecks: allChecks().map(({ id }) => id),
    today: io.today(),
    ...(baseline === undefined ? {} : { baseline }),
  });
  const document = inNamespace(found, onlyNamespace(options, state));
  await writeDocument(document, outputs, invocation);
  await writeRemarks({ skipped, gaps: state.gaps }, invocation);
  const worst = SEVERITIES.slice(0, SEVERITIES.indexOf(failOn) + 1);
  return exitCodeOf({
    answer: worst.some((severity) => document.summary[severity] > 0) ? 'no' : 'yes',
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
  return { ...document, findings, summary: countFindings(findings) };
}

function severityOf(word: string): Severity {
  const severity = SEVERITIES.find((one) => one === word.toLowerCase());
  if (severity !== undefined) return severity;
  throw new UserError('usage', `--fail-on: "${word}" is no severity`, { hint: `severities: ${SEVERITIES.join(', ')}` });
}
