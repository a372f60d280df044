// The folder ../shared beside the repository: conformance data and corpora that are not part of it.
// Suites that need it go through here, so that its absence is a skip with a printed reason, never an error or silence.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';

/** The repository's root, absolute. */
export const ROOT: string = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Absolute path of something inside ../shared; it need not exist. Without parts: the folder itself. */
export function sharedPath(...parts: readonly string[]): string {
  return join(ROOT, '..', 'shared', ...parts);
}

/** Reports whether ../shared holds this path. */
export function hasShared(...parts: readonly string[]): boolean {
  return existsSync(sharedPath(...parts));
}

/** A suite that needs ../shared. `suite` is not even called where the folder is absent, so it may read at once. */
export function describeWithShared(name: string, suite: () => void): void {
  describeUnless(hasShared() ? undefined : '../shared is absent', name, suite);
}

/**
 * A suite that cannot run everywhere. With a reason it counts as one skipped test, and the reason is printed as
 * `skipped: <name>: <reason>`; undefined runs it.
 */
export function describeUnless(reason: string | undefined, name: string, suite: () => void): void {
  if (reason === undefined) describe(name, suite);
  else it(name, (context) => context.skip(reason));
}
