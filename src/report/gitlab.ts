// Findings and failed tests as GitLab's code quality report:
// https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format

import type { Severity } from '../engine/model/finding.ts';
import type { FindingDocument, Findings, GapDocument, TestReport } from '../engine/questions/documents.ts';
import { homeOf, hostPath } from './ci-places.ts';
import { findingPolicyText, sortFindings, splitFindings } from './finding-details.ts';
import { printable, printableJson } from './printable.ts';
import type { ReportOptions, RunFacts } from './reporter.ts';
import { TEST_RULE } from './sarif-rules.ts';
import { failedTests } from './test-failures.ts';

interface Issue {
  readonly description: string;
  readonly check_name: string;
  readonly fingerprint: string;
  readonly severity: 'info' | 'minor' | 'major' | 'critical' | 'blocker';
  readonly location: { readonly path: string; readonly lines: { readonly begin: number } };
}

/** GitLab's five words for ours. */
const SEVERITY: Readonly<Record<Severity, Issue['severity']>> = {
  critical: 'blocker',
  high: 'critical',
  medium: 'major',
  low: 'minor',
  info: 'info',
};

/** Findings that count; GitLab has no word for suppressed ones. What has no file is named in place of its path. */
export function* findingsGitlab(document: Findings, { run }: ReportOptions): Iterable<string> {
  yield* report([...gapIssues(document.incomplete, run), ...findingIssues(document.findings, run)]);
}

function findingIssues(findings: readonly FindingDocument[], run: RunFacts | undefined): Issue[] {
  return sortFindings(splitFindings(findings).active).map((finding): Issue => {
    const { check, severity, message, effect, source, fingerprint } = finding;
    const policy = findingPolicyText(finding);
    const path = homeOf(finding, run);
    const about = policy === '' || path === policy ? '' : `${policy}: `;
    return {
      description: printable(`${about}${message}${effect === undefined ? '' : `; ${effect}`}`),
      check_name: check,
      fingerprint: fingerprint ?? printable(JSON.stringify([check, policy, path, source.path, message])),
      severity: SEVERITY[severity],
      location: { path: printable(path), lines: { begin: source.line ?? 1 } },
    };
  });
}

/** The failed tests, and what keeps the others from counting. */
export function* testReportGitlab(document: TestReport, { run }: ReportOptions): Iterable<string> {
  const issues = failedTests(document).map(
    ({ name, source, lines, fingerprint }): Issue => ({
      description: [`test "${name}" failed`, ...lines].join('; '),
      check_name: TEST_RULE,
      fingerprint,
      severity: 'critical',
      location: {
        path: printable(hostPath(source, run) ?? source.file ?? 'tests'),
        lines: { begin: source.line ?? 1 },
      },
    }),
  );
  const problems = findingIssues(document.findings ?? [], run);
  yield* report([...gapIssues(document.incomplete, run), ...problems, ...issues]);
}

function gapIssues(gaps: readonly GapDocument[], run: RunFacts | undefined): Issue[] {
  return gaps.map(({ file, message, reason }): Issue => {
    const path = (file === undefined ? undefined : hostPath({ file }, run)) ?? file ?? 'the input';
    return {
      description: printable(`not read or understood: ${message}`),
      check_name: 'incomplete-input',
      fingerprint: printable(`incomplete-input/${path}/${reason}/${message}`),
      severity: run?.allowIncomplete === true ? 'major' : 'critical',
      location: { path: printable(path), lines: { begin: 1 } },
    };
  });
}

function* report(issues: readonly Issue[]): Iterable<string> {
  if (issues.length === 0) return yield '[]\n';
  yield printableJson(`[\n${issues.map((issue) => JSON.stringify(issue)).join(',\n')}\n]\n`);
}
