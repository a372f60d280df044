// `lint`: problems, with a list of the checks and what each is about.

import { type Finding, findProblems, type LintOptions, type State } from '../../engine/index.ts';
import { UserError } from '../../engine/model/user-error.ts';
import { findingsDocument } from '../../engine/questions/lint.ts';
import { EXIT, type ExitCode, exitCodeOf } from '../exit-codes.ts';
import { withTexts } from '../fixing/edit-texts.ts';
import { SEVERITIES } from '../flags.ts';
import type { Invocation } from '../invocation.ts';
import { allChecks, checkNamed, describeText, listText } from '../linting/describe-check.ts';
import { type FixScope, fixFindings } from '../linting/fix-findings.ts';
import { readBaseline } from '../linting/read-baseline.ts';
import { type Loaded, loadInput, onlyNamespace } from '../load-input.ts';
import { writeRemarks } from '../messages.ts';
import { outputsOf, writeDocument } from '../output.ts';
import { pluginHints } from '../plugin-hints.ts';

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
  if (!options.fix && (options.suggested || options.dryRun)) {
    const flag = options.suggested ? '--suggested' : '--dry-run';
    throw new UserError('usage', `${flag} needs --fix`, { hint: `write lint --fix ${flag}` });
  }
  const outputs = outputsOf(invocation);
  const baseline = options.baseline === undefined ? undefined : await readBaseline(options.baseline, io.cwd);
  const loaded = await loadInput(invocation, { needsManifests: true });
  progress.step('checking');
  const settings: LintOptions = {
    defaultNamespace: loaded.input.defaultNamespace,
    ...(options.only.length === 0 ? {} : { only: options.only }),
    objects: loaded.input.objects,
    comments: loaded.ignores,
    readingChecks: allChecks().map(({ id }) => id),
    today: io.today(),
    ...(baseline === undefined ? {} : { baseline }),
  };
  const namespace = onlyNamespace(options, loaded.state);
  const { state, findings, judging } = options.fix
    ? await fixed(loaded, settings, namespace, invocation)
    : { state: loaded.state, findings: findProblems(loaded.state, settings), judging: settings };
  const { skipped } = loaded;
  const shows = (finding: Finding) => namespace === undefined || concerns(finding, namespace);
  const judged = findingsDocument(state, findings, { ...judging, shows });
  const isForPrograms = outputs.some(({ format }) => WITH_TEXTS.includes(format));
  const document = isForPrograms ? { ...judged, findings: withTexts(judged.findings, findings, io.cwd) } : judged;
  // A patch on standard output is the whole result.
  const shown = options.dryRun ? outputs.filter(({ path }) => path !== undefined) : outputs;
  await writeDocument(document, shown, invocation);
  // The finding says more than the hint.
  const isReported = judged.findings.some(({ check }) => check === 'not-enforced');
  await writeRemarks({ skipped, gaps: state.gaps, hints: isReported ? [] : pluginHints(state, options) }, invocation);
  const worst = SEVERITIES.slice(0, SEVERITIES.indexOf(failOn) + 1);
  return exitCodeOf({
    answer: worst.some((severity) => document.summary[severity] > 0) ? 'no' : 'yes',
    incomplete: state.gaps.length > 0,
    allowIncomplete: options.allowIncomplete,
  });
}

/** Formats that say what a fix is in the text. */
const WITH_TEXTS: readonly string[] = ['json', 'jsonl', 'sarif'];

/** Applies fixes to what is neither suppressed nor left out by the flags. */
async function fixed(
  loaded: Loaded,
  settings: LintOptions,
  namespace: string | undefined,
  invocation: Invocation,
): Promise<{ readonly state: State; readonly findings: readonly Finding[]; readonly judging: LintOptions }> {
  const { only } = settings;
  const askedIn: FixScope['askedIn'] = ({ input, state, findings }, comments) => {
    const document = findingsDocument(state, findings, { ...settings, objects: input.objects, comments });
    const suppressed = new Set(document.findings.flatMap((one) => (one.suppressed ? [one.fingerprint] : [])));
    return (finding) =>
      (only?.includes(finding.check) ?? true) &&
      !suppressed.has(finding.fingerprint) &&
      (namespace === undefined || concerns(finding, namespace));
  };
  const { linted, ignores } = await fixFindings(loaded, { askedIn }, invocation);
  const judging = { ...settings, objects: linted.input.objects, comments: ignores };
  return { state: linted.state, findings: findProblems(linted.state, judging), judging };
}

/** With -n, findings about objects of other namespaces are left out; those without a namespace concern every one. */
function concerns({ policy, object }: Finding, namespace: string): boolean {
  if (policy !== undefined) return policy.namespace === undefined || policy.namespace === namespace;
  const metadata = object?.value['metadata'];
  const field = (key: string): unknown =>
    typeof metadata === 'object' && metadata !== null ? Reflect.get(metadata, key) : undefined;
  const own = object?.value['kind'] === 'Namespace' ? field('name') : field('namespace');
  return own === undefined || own === namespace;
}

function severityOf(word: string): Severity {
  const severity = SEVERITIES.find((one) => one === word.toLowerCase());
  if (severity !== undefined) return severity;
  throw new UserError('usage', `--fail-on: "${word}" is no severity`, { hint: `severities: ${SEVERITIES.join(', ')}` });
}
