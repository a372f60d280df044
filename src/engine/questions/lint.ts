// What is wrong with the input: what reading and decoding found, and what the checks of meaning find on top.

import { withFingerprints } from '../checks/fingerprint.ts';
import { CHECKS } from '../checks/registry.ts';
import { runChecks } from '../checks/run-checks.ts';
import type { Finding, Severity } from '../model/finding.ts';
import type { State } from '../state.ts';
import { describeGaps } from './describe.ts';
import { describeFindings } from './describe-findings.ts';
import { API_VERSION, type FindingDocument, type Findings } from './documents.ts';

/** How to lint. */
export interface LintOptions {
  /** Namespace of names without one; `default` where absent. */
  readonly defaultNamespace?: string;
  /** Ids of the checks to run; absent: all. Findings of reading are always there: without them the rest may be wrong. */
  readonly only?: readonly string[];
}

/** All findings of the state, with fingerprints, in the order of documents. */
export function findProblems(state: State, { defaultNamespace = 'default', only }: LintOptions = {}): Finding[] {
  const chosen = only === undefined ? CHECKS : CHECKS.filter(({ id }) => only.includes(id));
  const findings = [...state.findings, ...runChecks(state, chosen, defaultNamespace)];
  return withFingerprints(findings.sort(compareFindings));
}

/** The findings as a document. */
export function lint(state: State, options: LintOptions = {}): Findings {
  return findingsDocument(state, describeFindings(findProblems(state, options)));
}

/** A document of these findings, with counts by severity of those that are neither suppressed nor known. */
export function findingsDocument(state: State, findings: readonly FindingDocument[]): Findings {
  const summary: Record<Severity, number> = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  for (const { severity, suppressed, known } of findings) {
    if (suppressed === undefined && known === undefined) summary[severity]++;
  }
  return {
    apiVersion: API_VERSION,
    kind: 'Findings',
    findings: [...findings],
    incomplete: describeGaps(state),
    summary,
  };
}

function compareFindings(a: Finding, b: Finding): number {
  const keys = ({ source, check, policy, message }: Finding) =>
    [
      source.file ?? '',
      source.line ?? 0,
      source.column ?? 0,
      check,
      JSON.stringify(policy) ?? '',
      source.path,
      message,
    ] as const;
  const [left, right] = [keys(a), keys(b)];
  const at = left.findIndex((value, index) => value !== right[index]);
  return at < 0 ? 0 : left[at]! < right[at]! ? -1 : 1;
}
