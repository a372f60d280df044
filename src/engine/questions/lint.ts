// What is wrong with the input itself. The checks of meaning come on top of these.

import type { Severity } from '../model/finding.ts';
import type { State } from '../state.ts';
import { describeFindings, describeGaps } from './describe.ts';
import { API_VERSION, type Findings } from './documents.ts';

/** All findings of the state, with counts by severity. */
export function lint(state: State): Findings {
  const findings = describeFindings(state.findings);
  const summary: Record<Severity, number> = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  for (const { severity } of findings) summary[severity]++;
  return { apiVersion: API_VERSION, kind: 'Findings', findings, incomplete: describeGaps(state), summary };
}
