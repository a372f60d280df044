// Findings and tests as JUnit XML, for what CI systems show of tests: a suite per file, a case per test or finding. There
// is no standard; this is what Jenkins and GitLab read: https://docs.gitlab.com/ci/testing/unit_test_reports/ and
// https://github.com/testmoapp/junitxml

import { SEVERITIES } from '../engine/model/finding.ts';
import type { FindingDocument, Findings, GapDocument, TestReport } from '../engine/questions/documents.ts';
import type { Replay } from '../engine/questions/replay-document.ts';
import { homeOf, hostPath } from './ci-places.ts';
import { fateText, findingDetails, findingPolicyText, sortFindings } from './finding-details.ts';
import { placeText } from './place-text.ts';
import { printable } from './printable.ts';
import { answerLine, denialPlace, pairText, reasonsOf, replayNames } from './replay-text.ts';
import type { ReportOptions, RunFacts } from './reporter.ts';
import { failureLines, testNames } from './test-failures.ts';
import { unattributedText } from './unattributed-text.ts';
import { applyLines, manifestLines } from './witness-manifests.ts';
import { xmlAttributes, xmlText } from './xml.ts';

/** One case. Without an outcome it passed; `output` is what it says all the same. */
interface Case {
  readonly suite: string;
  readonly className: string;
  readonly name: string;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly outcome?: {
    readonly element: 'failure' | 'error' | 'skipped';
    readonly message: string;
    readonly type?: string;
  };
  readonly lines: readonly string[];
}

/** A case per test; failed ones say what breaks them. What keeps tests from counting is an error. */
export function* testReportJunit(document: TestReport, { run }: ReportOptions): Iterable<string> {
  const names = testNames(document);
  const cases = document.tests.map((test, index): Case => {
    const file = test.source.file ?? 'tests';
    const suite = hostPath(test.source, run) ?? file;
    const why = failureLines(test, document);
    const lines = [placeText(test.source, true), ...why, ...applyLines(manifestLines(test))];
    const message = why[0] ?? 'the test failed';
    return {
      suite,
      className: classOf(suite),
      name: names[index] ?? test.name,
      file: hostPath(test.source, run),
      line: test.source.line,
      ...(test.passed ? {} : { outcome: { element: 'failure', message, type: 'connectivity-test' } }),
      lines: test.passed ? [] : lines,
    };
  });
  const problems = sortFindings(document.findings ?? []).map(
    (finding): Case => ({
      ...findingCase(finding, run),
      outcome: { element: 'error', message: finding.message, type: finding.severity },
    }),
  );
  yield* suites('netweir test', [...cases, ...numbered(problems), ...gapCases(document.incomplete, run)]);
}

/**
 * A case per finding: those that fail the run fail, lesser ones pass and say what was found, suppressed and known ones are
 * skipped. Without any there is one case that passes, as CI systems take a report without cases for a mistake.
 */
export function* findingsJunit(document: Findings, { run }: ReportOptions): Iterable<string> {
  const grave = SEVERITIES.slice(0, SEVERITIES.indexOf(run?.failOn ?? 'high') + 1);
  const cases = sortFindings(document.findings).map((finding): Case => {
    const outcome = outcomeOf(finding, grave.includes(finding.severity));
    return { ...findingCase(finding, run), ...(outcome === undefined ? {} : { outcome }) };
  });
  const all = [...numbered(cases), ...gapCases(document.incomplete, run)];
  const none: Case = { suite: 'netweir lint', className: 'netweir.lint', name: 'no findings', lines: [] };
  yield* suites('netweir lint', all.length === 0 ? [none] : all);
}

function findingCase(finding: FindingDocument, run: RunFacts | undefined): Case {
  const suite = homeOf(finding, run);
  return {
    suite,
    className: `netweir.lint.${finding.check}`,
    name: `${findingPolicyText(finding) || suite}: ${finding.message}`,
    file: hostPath(finding.source, run),
    line: finding.source.line,
    lines: [headline(finding), ...findingDetails(finding)],
  };
}

/**
 * A case per observed connection: what would be denied fails, what cannot be told is an error, and so is what was not
 * attributed unless that is allowed.
 */
export function* replayJunit(document: Replay, options: ReportOptions): Iterable<string> {
  const { run } = options;
  const nameOf = replayNames(document.endpoints, { ...options, wide: false });
  const cases = document.observed.map((one): Case => {
    const place = denialPlace(one);
    const base = { suite: 'observed connections', className: 'netweir.replay', name: pairText(one, nameOf) };
    if (one.outcome === 'newly-denied') {
      const outcome = {
        element: 'failure' as const,
        message: 'it got through, and would be denied',
        type: one.outcome,
      };
      const file = place === undefined ? undefined : hostPath(place, run);
      return { ...base, file, line: place?.line, outcome, lines: reasonsOf(one) };
    }
    if (one.outcome !== 'undecidable') return { ...base, lines: [] };
    const outcome = {
      element: 'error' as const,
      message: 'whether it would be denied cannot be told',
      type: one.outcome,
    };
    return { ...base, outcome, lines: reasonsOf(one) };
  });
  const open = document.unattributed.map(({ source, destination, reason, seen }): Case => {
    const message = `${seen.count === 1 ? '1 record' : `${seen.count} records`} not attributed: ${unattributedText(reason)}`;
    const isAllowed = run?.allowIncomplete === true;
    return {
      suite: 'not attributed',
      className: 'netweir.replay',
      name: printable(`${source} -> ${destination}`),
      outcome: isAllowed ? { element: 'skipped', message } : { element: 'error', message, type: reason },
      lines: isAllowed ? [] : [printable(`first at ${seen.file}:${seen.line}`)],
    };
  });
  const all = [...numbered([...cases, ...open]), ...gapCases(document.incomplete, run)];
  const none: Case = {
    suite: 'observed connections',
    className: 'netweir.replay',
    name: answerLine(document),
    lines: [],
  };
  yield* suites('netweir replay', all.length === 0 ? [none] : all);
}

/** CI systems match cases of two runs by suite, class and name: equal ones are numbered, and names hold no lines. */
function numbered(cases: readonly Case[]): Case[] {
  const seen = new Map<string, number>();
  return cases.map((each) => {
    const key = JSON.stringify([each.suite, each.className, each.name]);
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return count === 1 ? each : { ...each, name: `${each.name} (${count})` };
  });
}

function headline(finding: FindingDocument): string {
  const rejected = fateText(finding);
  const place = placeText(finding.source, true);
  return `${place === '' ? '' : `${place} `}${finding.severity} ${finding.message}${rejected}`;
}

function outcomeOf(finding: FindingDocument, isGrave: boolean): Case['outcome'] {
  const { suppressed, known, message, severity } = finding;
  if (suppressed !== undefined) {
    const until = suppressed.until === undefined ? '' : ` until ${suppressed.until}`;
    return { element: 'skipped', message: `suppressed${until}: ${suppressed.reason}` };
  }
  if (known === true) return { element: 'skipped', message: 'known: in the baseline' };
  return isGrave ? { element: 'failure', message, type: severity } : undefined;
}

/** What was not read or understood is an error, for what the rest says may be wrong; a skipped case where that is allowed. */
function gapCases(gaps: readonly GapDocument[], run: RunFacts | undefined): Case[] {
  return gaps.map(({ file, message, reason }): Case => {
    const path = file === undefined ? undefined : hostPath({ file }, run);
    return {
      suite: 'input',
      className: 'netweir.input',
      name: `${path ?? file ?? reason}: ${message}`,
      file: path,
      outcome:
        run?.allowIncomplete === true
          ? { element: 'skipped', message: `not read or understood: ${message}` }
          : { element: 'error', message: `not read or understood: ${message}`, type: reason },
      lines: [],
    };
  });
}

/** Jenkins takes what stands before the last dot for a package. */
function classOf(file: string): string {
  return `netweir.${file.replaceAll('.', '_')}`;
}

function* suites(name: string, cases: readonly Case[]): Iterable<string> {
  const bySuite = new Map<string, Case[]>();
  for (const each of cases) {
    const list = bySuite.get(each.suite);
    if (list === undefined) bySuite.set(each.suite, [each]);
    else list.push(each);
  }
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  yield `<testsuites${xmlAttributes({ name, ...countsOf(cases) })}>\n`;
  for (const [suite, members] of bySuite) {
    yield `  <testsuite${xmlAttributes({ name: suite, ...countsOf(members) })}>\n`;
    for (const each of members) yield caseText(each);
    yield '  </testsuite>\n';
  }
  yield '</testsuites>\n';
}

function countsOf(cases: readonly Case[]): Record<string, number> {
  const count = (element: string): number => cases.filter(({ outcome }) => outcome?.element === element).length;
  return { tests: cases.length, failures: count('failure'), errors: count('error'), skipped: count('skipped') };
}

function caseText({ className, name, file, line, outcome, lines }: Case): string {
  const start = `    <testcase${xmlAttributes({ classname: className, name, file, line: file === undefined ? undefined : line })}`;
  const text = lines.map(xmlText).join('\n');
  const parts: string[] = [];
  if (outcome !== undefined) {
    const { element, message, type } = outcome;
    const open = `      <${element}${xmlAttributes({ message, type })}`;
    // Text within skipped is shown nowhere.
    parts.push(element === 'skipped' || text === '' ? `${open}/>` : `${open}>${text}</${element}>`);
  }
  if (text !== '' && (outcome === undefined || outcome.element === 'skipped'))
    parts.push(`      <system-out>${text}</system-out>`);
  return parts.length === 0 ? `${start}/>\n` : `${start}>\n${parts.join('\n')}\n    </testcase>\n`;
}
