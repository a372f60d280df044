// A problem in what the user wrote. Data, never an exception: reading goes on.

import type { Fix } from './edit.ts';
import type { PolicyRef } from './policy.ts';
import type { ManifestObject, Source } from './source.ts';

/** From what breaks or opens production to what is merely worth knowing. */
export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info';

/** Every severity, worst first. */
export const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];

/** One problem with its place. Fields as in the Findings document of docs/json.md. */
export interface Finding {
  /** Id of the check: a kebab-case name that has a page in docs/checks. */
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
  /** The object itself, where it is known; never part of a document. */
  readonly object?: ManifestObject;
  /** The API server's cause: reason (`FieldValueInvalid` …) and field path, where it has one. */
  readonly cause?: { readonly reason: string; readonly field: string };
  /** What it does in numbers, for the snapshot as it is: `opens 412 pods in 19 namespaces to shop/web:8080`. */
  readonly effect?: string;
  /** How many pods of how many namespaces the effect is about; absent where that cannot be counted. */
  readonly impact?: { readonly pods: number; readonly namespaces: number };
  /** One flow that shows it, in the grammar of `can`: `dev/x -> shop/web:8080`. */
  readonly example?: string;
  /** Other places that make up the problem, each with what it has to do with it. */
  readonly related?: readonly { readonly source: Source; readonly message: string }[];
  /** The smallest change that mends it; absent where no change is surely right. */
  readonly fix?: Fix;
  /** Other changes that would mend it. Absent: none. */
  readonly alternatives?: readonly Fix[];
  /** Ids of controls that ask for the same: `CIS-5.3.2`, `NSA-network-policies`, `T1552.005`. Absent: none. */
  readonly controls?: readonly string[];
  /** Equal for the same problem in a later version of the file, wherever it has moved to. Set when a list is complete. */
  readonly fingerprint?: string;
}
