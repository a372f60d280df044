// Every check that the engine can report, for lists and documentation. Knows what they are called, not how they work.

import { VALIDATION_CHECKS } from '../dialects/validation-checks.ts';
import type { Severity } from '../model/finding.ts';
import { SNAPSHOT_CHECKS } from '../snapshot/snapshot-checks.ts';
import type { CheckScope } from './check.ts';
import { SUPPRESSION_CHECKS } from './judging/suppression-checks.ts';
import { CHECKS } from './registry.ts';

/** One check, as lists show it. */
export interface CheckInfo {
  readonly id: string;
  /** Severity of a finding that does not reject the object; one that does is at least `high`. */
  readonly severity: Severity;
  /** Whether the API server refuses an object with such a finding. */
  readonly rejects: 'always' | 'never' | 'sometimes';
  /** One clause: what is reported. */
  readonly summary: string;
  readonly scope: CheckScope;
  /** Controls that ask for the same; empty: none. */
  readonly controls: readonly string[];
}

/** All checks of the engine by id; one that policies and other objects share is listed once, as policies have it. */
export function listChecks(): readonly CheckInfo[] {
  const checks = new Map<string, CheckInfo>();
  const plain = { scope: 'object', controls: [] } as const;
  for (const [id, { severity, summary }] of Object.entries({ ...SNAPSHOT_CHECKS, ...SUPPRESSION_CHECKS })) {
    checks.set(id, { id, severity, rejects: 'never', summary, ...plain });
  }
  for (const [id, check] of Object.entries(VALIDATION_CHECKS)) checks.set(id, { id, ...check, ...plain });
  for (const { id, severity, summary, scope, controls = [] } of CHECKS) {
    checks.set(id, { id, severity, rejects: 'never', summary, scope, controls });
  }
  return [...checks.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}
