// A problem in what the user wrote. Data, never an exception: reading goes on.

import type { PolicyRef } from './policy.ts';
import type { Source } from './source.ts';

/** From what breaks or opens production to what is merely worth knowing. */
export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info';

/** One problem with its place. Fields as in the Findings document of docs/json.md. */
export interface Finding {
  /** Id of the check: a kebab-case name that has a section in docs/checks.md. */
  readonly check: string;
  readonly severity: Severity;
  /** True where the API server would surely refuse the object. A policy counts as absent; other objects are read as far as they go. */
  readonly rejectedByApi: boolean;
  /** Lower-case start, no full stop: what is wrong, and what it should be. */
  readonly message: string;
  readonly hint?: string;
  /** The object, where it is a policy of a known dialect. */
  readonly policy?: PolicyRef;
  readonly source: Source;
  /** The API server's cause: reason (`FieldValueInvalid` …) and field path, where it has one. */
  readonly cause?: { readonly reason: string; readonly field: string };
}
