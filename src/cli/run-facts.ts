// What reports for CI systems say beside the document: version, command, checks, where the repository is. Asked for only
// where such a format is printed.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RunFacts } from '../report/index.ts';
import { SEVERITIES } from './flags.ts';
import type { Invocation } from './invocation.ts';
import { clusterWords } from './load-cluster.ts';
import { shellLine } from './shell-words.ts';
import { VERSION } from './version.ts';

/** Formats that a person reads at once, or a program that knows where it is: they say nothing of the run. */
const SILENT: readonly string[] = ['table', 'wide', 'json', 'jsonl', 'csv', 'dot', 'mermaid'];

/** The facts of a call; absent where no format of it prints any. */
export async function runFacts(
  { options, io, typed }: Invocation,
  formats: readonly string[],
): Promise<RunFacts | undefined> {
  if (formats.every((format) => SILENT.includes(format))) return undefined;
  const failOn = SEVERITIES.find((severity) => severity === options.failOn?.toLowerCase());
  return {
    version: VERSION,
    command: `${io.program} ${shellLine([...typed, ...clusterWords(options)])}`,
    place: { cwd: io.cwd, root: repositoryRoot(io.cwd) },
    ...(formats.includes('sarif') ? { checks: (await import('./linting/describe-check.ts')).allChecks() } : {}),
    ...(failOn === undefined ? {} : { failOn }),
    allowIncomplete: options.allowIncomplete,
  };
}

/** The nearest directory upwards with a `.git` (a worktree's is a file), else the directory itself. */
export function repositoryRoot(cwd: string): string {
  for (let directory = cwd; ; directory = dirname(directory)) {
    if (existsSync(join(directory, '.git'))) return directory;
    if (directory === dirname(directory)) return cwd;
  }
}
