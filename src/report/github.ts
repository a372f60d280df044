// Findings and failed tests as workflow commands of GitHub Actions, which shows them beside the lines of a change:
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands

import { SEVERITIES } from '../engine/model/finding.ts';
import type { FindingDocument, Findings, GapDocument, TestReport } from '../engine/questions/documents.ts';
import type { Replay } from '../engine/questions/replay-document.ts';
import { hostPath } from './ci-places.ts';
import { fateText, findingDetails, findingPolicyText, sortFindings, splitFindings } from './finding-details.ts';
import { placeText } from './place-text.ts';
import { printable } from './printable.ts';
import { denialPlace, pairText, reasonsOf, replayNames } from './replay-text.ts';
import type { ReportOptions, RunFacts } from './reporter.ts';
import { type Level, levelOf } from './sarif-rules.ts';
import { failedTests } from './test-failures.ts';
import { applyLines } from './witness-manifests.ts';

/** GitHub shows so many annotations of one level from one step; the log has them all. */
const MOST_SHOWN = 10;

/** GitHub's words for the levels, gravest first. */
const COMMANDS: Readonly<Record<Level, string>> = { error: 'error', warning: 'warning', note: 'notice' };

interface Annotation {
  readonly level: Level;
  readonly title: string;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly endLine?: number | undefined;
  readonly column?: number | undefined;
  readonly lines: readonly string[];
}

/** Findings that count, gravest first, as only the first of each level are shown beside the code. */
export function* findingsGithub(document: Findings, { run }: ReportOptions): Iterable<string> {
  yield* commands([...gapAnnotations(document.incomplete, run), ...findingAnnotations(document.findings, run)]);
}

function findingAnnotations(all: readonly FindingDocument[], run: RunFacts | undefined): Annotation[] {
  const findings = sortFindings(splitFindings(all).active);
  findings.sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
  return findings.map((finding): Annotation => {
    const { source, end, check, severity, message } = finding;
    const file = hostPath(source, run);
    const rejected = fateText(finding);
    const policy = findingPolicyText(finding);
    const own = source.object === undefined ? policy : '';
    const where = file === undefined ? [own, placeText(source, true)].filter((text) => text !== '').join(' ') : '';
    return {
      level: levelOf(severity),
      title: `${severity}: ${check}`,
      file,
      line: source.line,
      // An end before the first column is that of the line before.
      endLine: end !== undefined && end.column === 1 && end.line > (source.line ?? 0) ? end.line - 1 : end?.line,
      column: source.column,
      lines: [`${where === '' ? '' : `${where}: `}${printable(message)}${rejected}`, ...findingDetails(finding)],
    };
  });
}

/** The failed tests, and what keeps the others from counting. */
export function* testReportGithub(document: TestReport, { run }: ReportOptions): Iterable<string> {
  const annotations = failedTests(document).map(({ name, source, lines, manifests }): Annotation => {
    const file = hostPath(source, run);
    const where = file === undefined ? placeText(source, true) : '';
    return {
      level: 'error',
      title: `test failed: ${name}`,
      file,
      line: source.line,
      column: source.column,
      lines: [
        ...(where === '' ? [] : [where]),
        ...(lines.length === 0 ? ['the test failed'] : lines),
        ...applyLines(manifests),
      ],
    };
  });
  const problems = findingAnnotations(document.findings ?? [], run);
  yield* commands([...gapAnnotations(document.incomplete, run), ...problems, ...annotations]);
}

/** What would be denied, at the rule that came nearest; what cannot be told as warnings. */
export function* replayGithub(document: Replay, options: ReportOptions): Iterable<string> {
  const { run } = options;
  const nameOf = replayNames(document.endpoints, { ...options, wide: false });
  const annotations = document.observed.flatMap((one): Annotation[] => {
    const isDenied = one.outcome === 'newly-denied';
    if (!isDenied && one.outcome !== 'undecidable') return [];
    const place = denialPlace(one);
    const title = isDenied ? 'would be denied' : 'cannot be told';
    return [
      {
        level: isDenied ? 'error' : 'warning',
        title: `${title}: ${pairText(one, nameOf)}`,
        file: place === undefined ? undefined : hostPath(place, run),
        line: place?.line,
        column: place?.column,
        lines: reasonsOf(one).map(printable),
      },
    ];
  });
  const { unattributed } = document.records;
  const open: Annotation[] =
    unattributed === 0
      ? []
      : [
          {
            level: run?.allowIncomplete === true ? 'note' : 'warning',
            title: 'not attributed',
            lines: [
              `${unattributed === 1 ? '1 record was' : `${unattributed} records were`} not attributed, and so not judged`,
            ],
          },
        ];
  yield* commands([...gapAnnotations(document.incomplete, run), ...annotations, ...open]);
}

function gapAnnotations(gaps: readonly GapDocument[], run: RunFacts | undefined): Annotation[] {
  return gaps.map(({ file, message }): Annotation => {
    const path = file === undefined ? undefined : hostPath({ file }, run);
    const where = file === undefined || path !== undefined ? '' : `${printable(file)}: `;
    const level = run?.allowIncomplete === true ? 'warning' : 'error';
    return { level, title: 'not read or understood', file: path, lines: [`${where}${printable(message)}`] };
  });
}

function* commands(annotations: readonly Annotation[]): Iterable<string> {
  for (const level of ['error', 'warning', 'note'] as const) {
    const here = annotations.filter((each) => each.level === level);
    for (const each of here) yield command(each);
    const name = COMMANDS[level];
    if (here.length > MOST_SHOWN)
      yield `${here.length} ${name}s, of which GitHub shows ${MOST_SHOWN} beside the code\n`;
  }
}

function command({ level, title, file, line, endLine, column, lines }: Annotation): string {
  const place = file === undefined ? {} : { file, line, endLine, col: line === undefined ? undefined : column };
  const properties = Object.entries({ ...place, title })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${property(String(value))}`);
  return `::${COMMANDS[level]} ${properties.join(',')}::${data(lines.join('\n'))}\n`;
}

/** Line breaks stay as `%0A`; every other character that steers is written out before. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(printable(text)).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
