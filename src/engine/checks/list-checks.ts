// Every check that the engine can report, for lists and documentation. Knows what they are called, not how they work.

import { VALIDATION_CHECKS } from '../dialects/validation-checks.ts';
import type { Severity } from '../model/finding.ts';
import { SNAPSHOT_CHECKS } from '../snapshot/snapshot-checks.ts';

/** One check, as lists show it. */
export interface CheckInfo {
  readonly id: string;
  /** Severity of a finding that does not reject the object; one that does is at least `high`. */
  readonly severity: Severity;
  /** Whether the API server refuses an object with such a finding. */
  readonly rejects: 'always' | 'never' | 'sometimes';
  /** One clause: what is reported. */
  readonly summary: string;
}

/** All checks of the engine by id; one that policies and other objects share is listed once, as policies have it. */
export function listChecks(): readonly CheckInfo[] {
  const checks = new Map<string, CheckInfo>();
  for (const [id, { severity, summary }] of Object.entries(SNAPSHOT_CHECKS)) {
    checks.set(id, { id, severity, rejects: 'never', summary });
  }
  for (const [id, check] of Object.entries(VALIDATION_CHECKS)) checks.set(id, { id, ...check });
  return [...checks.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}
