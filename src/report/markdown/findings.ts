// Findings and test results as a comment or a summary of a job. Knows nothing of how they were found.

import { SEVERITIES } from '../../engine/model/finding.ts';
import type { Findings, TestReport } from '../../engine/questions/documents.ts';
import { sortFindings, splitFindings } from '../finding-details.ts';
import type { ReportOptions } from '../reporter.ts';
import { failedTests } from '../test-failures.ts';
import { comment, details, list, text } from './blocks.ts';
import { findingItem, footer, gaps, place, remarks, severityCounts } from './parts.ts';
import { count, fenceOf, plain } from './text.ts';

/** The counts, then findings by severity; suppressed and known ones folded. */
export function* findingsMarkdown(document: Findings, { run }: ReportOptions): Iterable<string> {
  const { active, suppressed, known } = splitFindings(document.findings);
  const sorted = sortFindings(active).sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
  const quiet = [
    ...(suppressed.length === 0 ? [] : [`${suppressed.length} suppressed`]),
    ...(known.length === 0 ? [] : [`${known.length} known`]),
  ].join(', ');
  const headline = sorted.length === 0 ? 'No findings' : severityCounts(sorted);
  const judged = [...sortFindings(suppressed), ...sortFindings(known)].map((finding) => {
    const { suppressed: by } = finding;
    const until = by?.until === undefined ? '' : ` until ${plain(by.until)}`;
    const why = by === undefined ? 'known: in the baseline' : `suppressed${until}: ${plain(by.reason)}`;
    const [first = '', ...rest] = findingItem(finding, run).split('\n');
    return [`${first} (${why})`, ...rest].join('\n');
  });
  yield* comment([
    text(`**${headline}.**${quiet === '' ? '' : ` ${quiet}.`}\n`),
    ...gaps(document.incomplete, run),
    ...list(
      sorted.map((finding) => findingItem(finding, run)),
      'finding',
    ),
    ...details(`${count(judged.length, 'finding')} suppressed or known`, '', judged, 'finding'),
    ...footer(undefined, run),
  ]);
}

/** The counts, failed tests with what breaks them, passed ones folded. */
export function* testReportMarkdown(document: TestReport, { run }: ReportOptions): Iterable<string> {
  const { passed, failed } = document.summary;
  const failures = failedTests(document).map(({ name, source, lines, manifests }) => {
    const where = place(source, run);
    const head = `* **${plain(name)}**${where === '' ? '' : ` ${where}`}\n`;
    return [head, ...lines.map((line) => `  * ${plain(line)}\n`), yaml(manifests)].join('');
  });
  const successes = document.tests
    .filter((test) => test.passed)
    .map(({ name, source }) => {
      const where = place(source, run);
      return `* ${plain(name)}${where === '' ? '' : ` ${where}`}\n`;
    });
  const problems = sortFindings(document.findings ?? []);
  const headline =
    failed === 0 ? `${count(passed, 'test')} passed` : `${failed} of ${count(failed + passed, 'test')} failed`;
  yield* comment([
    text(`**${headline}.**\n`),
    ...gaps(document.incomplete, run),
    ...(problems.length === 0 ? [] : [text('These keep the results from counting:\n')]),
    ...list(
      problems.map((finding) => findingItem(finding, run)),
      'finding',
    ),
    ...(problems.length === 0 || failures.length === 0 ? [] : [text('Failed:\n')]),
    ...list(failures, 'failed test'),
    ...details(`${passed} passed`, '', successes, 'test'),
    ...remarks(document.assumptions, document.notes),
    ...footer(document.cni, run),
  ]);
}

/** What makes a witness, within the item of its test. */
function yaml(lines: readonly string[]): string {
  if (lines.length === 0) return '';
  const fence = fenceOf(lines);
  const block = [`${fence}yaml`, ...lines, fence].map((line) => `    ${line}\n`);
  return `  * to see it, apply:\n\n${block.join('')}`;
}
