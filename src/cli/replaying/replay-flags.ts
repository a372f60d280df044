// The flags of `replay` and what they are parsed to. Parsing of words is parse-arguments' business.

import type { Flag } from '../flags.ts';
import { FLOWS_FLAGS } from '../generating/generate-flags.ts';

/** Values of the flags that only `replay` has. */
export interface ReplayFlagValues {
  /** What --with names. */
  readonly proposed: readonly string[];
  /** What --flow of `explain` names. */
  readonly record?: string;
}

/** The flags that `replay` has beside those of every question. */
export const OWN_REPLAY_FLAGS: readonly Flag[] = [
  FLOWS_FLAGS.flows,
  FLOWS_FLAGS.columns,
  {
    name: 'with',
    value: 'PATH',
    repeatable: true,
    group: 'Input',
    summary: 'manifests to lay over those of -f, or over the cluster: the policies that are proposed',
    completes: 'files',
  },
  FLOWS_FLAGS.since,
  FLOWS_FLAGS.until,
];
