// What a check is: a value with an id, a severity and a function from the state to problems. One file each, named by id.

import type { Fix } from '../model/edit.ts';
import type { Severity } from '../model/finding.ts';
import type { Policy } from '../model/policy.ts';
import type { ManifestObject, Path } from '../model/source.ts';
import type { CheckContext } from './context.ts';

/**
 * What a check looks at, and so when it can speak. `object`: one object alone. `input`: workloads, namespaces and other
 * policies too. `plugin`: only where --cni or --assume says what the plugin does.
 */
export type CheckScope = 'object' | 'input' | 'plugin';

/** One problem, before it has a line. Fields as in {@link Finding}. */
export interface Problem {
  /** Where it is written: an object and a field path in it. */
  readonly object: ManifestObject;
  readonly path: Path;
  /** True: the key is meant, not its value. */
  readonly key?: boolean;
  /** The policy, where the object is one. */
  readonly policy?: Policy;
  /** Only where the check's own does not fit. */
  readonly severity?: Severity;
  readonly message: string;
  readonly hint?: string;
  readonly effect?: string;
  readonly impact?: { readonly pods: number; readonly namespaces: number };
  readonly example?: string;
  readonly related?: readonly { readonly object: ManifestObject; readonly path: Path; readonly message: string }[];
  readonly fix?: Fix;
  readonly alternatives?: readonly Fix[];
}

/** One check. */
export interface Check {
  /** Kebab-case; the name of its file, its page in docs/checks and its test. Stable: people suppress findings by it. */
  readonly id: string;
  /** Of a problem that names no other. */
  readonly severity: Severity;
  readonly scope: CheckScope;
  /** One clause for lists: what is reported. */
  readonly summary: string;
  /** Controls that ask for the same; absent: none. */
  readonly controls?: readonly string[];
  /** True where a fix of another check may bring it: it does not say that something is wrong. Absent: none may. */
  readonly mayFollowFix?: true;
  /** All problems, in any order. Pure; never throws for what the input says. */
  find(context: CheckContext): Iterable<Problem>;
}
