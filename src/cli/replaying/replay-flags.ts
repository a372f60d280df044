// The flags of `replay` and what they are parsed to. Parsing of words is parse-arguments' business.

import { UserError } from '../../engine/model/user-error.ts';
import type { Flag } from '../flags.ts';
import { FLOWS_FLAGS } from '../generating/generate-flags.ts';

/** Values of the flags that only `replay` has. */
export interface ReplayFlagValues {
  /** What --with names. */
  readonly proposed: readonly string[];
  readonly since?: string;
  readonly until?: string;
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
  {
    name: 'since',
    value: 'TIME',
    group: 'Question',
    summary: 'leave out flows that ended before: 2026-11-21T03:25:00Z, or 90m, 24h, 7d before the last record',
  },
  {
    name: 'until',
    value: 'TIME',
    group: 'Question',
    summary: 'leave out flows that began after; written as --since',
  },
];

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Whether a log's last record must be known to understand the time. */
export function isRelative(text: string): boolean {
  return /^\d+[smhd]$/.test(text);
}

/**
 * A time in milliseconds since 1970: ISO 8601 with a zone, or so long before `last`. Throws UserError for what is neither,
 * and for the second form where the log has no times.
 */
export function timeOf(text: string, flag: '--since' | '--until', last: number | undefined): number {
  const relative = /^(\d+)([smhd])$/.exec(text);
  if (relative !== null) {
    if (last === undefined)
      throw new UserError('usage', `${flag} ${text} counts from the last record, and the log has no times`);
    return last - Number(relative[1]) * UNITS[relative[2]!]!;
  }
  // A time without a zone would mean something else on every machine.
  const hasForm = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.test(text);
  const time = hasForm ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw new UserError('usage', `${flag}: "${text}" is no time`, {
    hint: 'write 2026-11-21T03:25:00Z, or 90m, 24h or 7d before the last record',
  });
}
