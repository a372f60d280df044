// What is wrong with the input: what reading and decoding found, and what the checks of meaning find on top.

import { withFingerprints } from '../checks/judging/fingerprint.ts';
import { judgeFindings } from '../checks/judging/judge-findings.ts';
import { listChecks } from '../checks/list-checks.ts';
import { CHECKS } from '../checks/registry.ts';
import { runChecks } from '../checks/run-checks.ts';
import type { Finding, Severity } from '../model/finding.ts';
import type { ManifestObject } from '../model/source.ts';
import type { IgnoreComment } from '../model/suppression.ts';
import type { State } from '../state.ts';
import { describeGaps } from './describe.ts';
import { describeJudged } from './describe-findings.ts';
import { API_VERSION, type FindingDocument, type Findings } from './documents.ts';

/** How to lint. */
export interface LintOptions {
  /** Namespace of names without one; `default` where absent. */
  readonly defaultNamespace?: string;
  /** Ids of the checks to run; absent: all. Findings of reading are always there: without them the rest may be wrong. */
  readonly only?: readonly string[];
  /** Everything that was read: annotations in it may suppress findings. Absent: none do. */
  readonly objects?: readonly ManifestObject[];
  /** Comments that suppress. Absent: none. */
  readonly comments?: readonly IgnoreComment[];
  /** Ids of checks that the readers have beside the engine's: suppressions may name them too. */
  readonly readingChecks?: readonly string[];
  /** Today, `YYYY-MM-DD`; absent: no suppression has expired. */
  readonly today?: string;
  /** Fingerprints of findings that are known and fail nothing. Absent: none. */
  readonly baseline?: ReadonlySet<string>;
  /** Whether a finding is listed and counted; absent: every one is. Suppressions are judged by all. */
  readonly shows?: (finding: Finding) => boolean;
}

/** All findings of the state, with fingerprints, in the order of documents; suppressed ones are among them. */
export function findProblems(state: State, { defaultNamespace = 'default', only }: LintOptions = {}): Finding[] {
  const chosen = only === undefined ? CHECKS : CHECKS.filter(({ id }) => only.includes(id));
  const findings = [...state.findings, ...runChecks(state, chosen, defaultNamespace)];
  return withFingerprints(findings.sort(compareFindings));
}

/** The findings as a document, judged by suppressions and baseline. */
export function lint(state: State, options: LintOptions = {}): Findings {
  return findingsDocument(state, findProblems(state, options), options);
}

/** A document of these findings. The counts are of those that are neither suppressed nor known. */
export function findingsDocument(state: State, found: readonly Finding[], options: LintOptions = {}): Findings {
  const { objects = [], comments = [], readingChecks = [], only, today, baseline, shows = () => true } = options;
  const judged = judgeFindings(found, {
    objects,
    comments,
    ids: new Set([...listChecks().map(({ id }) => id), ...readingChecks]),
    notRun: new Set(only === undefined ? [] : CHECKS.flatMap(({ id }) => (only.includes(id) ? [] : [id]))),
    ...(today === undefined ? {} : { today }),
    ...(baseline === undefined ? {} : { baseline }),
  });
  const findings = describeJudged(judged.filter(({ finding }) => shows(finding)));
  return {
    apiVersion: API_VERSION,
    kind: 'Findings',
    findings,
    incomplete: describeGaps(state),
    summary: countFindings(findings),
  };
}

/** Counts by severity of the findings that are neither suppressed nor known. */
function countFindings(findings: readonly FindingDocument[]): Record<Severity, number> {
  const summary: Record<Severity, number> = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  for (const { severity, suppressed, known } of findings) {
    if (suppressed === undefined && known === undefined) summary[severity]++;
  }
  return summary;
}

function compareFindings(a: Finding, b: Finding): number {
  const [left, right] = [a.source, b.source];
  return (
    compare(left.file ?? '', right.file ?? '') ||
    (left.line ?? 0) - (right.line ?? 0) ||
    (left.column ?? 0) - (right.column ?? 0) ||
    compare(a.check, b.check) ||
    (a.policy === b.policy ? 0 : compare(nameOf(a), nameOf(b))) ||
    compare(left.path, right.path) ||
    compare(a.message, b.message)
  );
}

function nameOf({ policy }: Finding): string {
  return `${policy?.kind ?? ''}/${policy?.namespace ?? ''}/${policy?.name ?? ''}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
