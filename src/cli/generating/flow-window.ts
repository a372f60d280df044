// The part of a log that counts: --since and --until, as moments or as so long before the last record.

import type { AttributeOptions } from '../../engine/attribution/attribute-flows.ts';
import { UserError } from '../../engine/model/user-error.ts';

/** The two flags as typed; absent: no bound. */
export interface FlowWindow {
  readonly since?: string;
  readonly until?: string;
}

/** Throws UserError for a time that is none, before a long log is read; times before the last record need the log. */
export function checkWindow({ since, until }: FlowWindow): void {
  if (since !== undefined && !isRelative(since)) timeOf(since, '--since', undefined);
  if (until !== undefined && !isRelative(until)) timeOf(until, '--until', undefined);
}

/** The bounds in milliseconds since 1970; `last` is when the last record was written. Throws UserError. */
export function windowOf({ since, until }: FlowWindow, last: number | undefined): AttributeOptions {
  return {
    ...(since === undefined ? {} : { since: timeOf(since, '--since', last) }),
    ...(until === undefined ? {} : { until: timeOf(until, '--until', last) }),
  };
}

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Whether a log's last record must be known to understand the time. */
function isRelative(text: string): boolean {
  return /^\d+[smhd]$/.test(text);
}

/**
 * A time in milliseconds since 1970: ISO 8601 with a zone, or so long before `last`. Throws UserError for what is neither,
 * and for the second form where the log has no times.
 */
function timeOf(text: string, flag: '--since' | '--until', last: number | undefined): number {
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
