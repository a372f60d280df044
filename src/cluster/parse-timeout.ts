// Durations as kubectl's --request-timeout takes them. Knows no clock.

import { UserError } from '../engine/model/user-error.ts';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of `30s`, `1m30s`, `500ms` or a number of seconds; 0 is no limit. Throws UserError `usage`. */
export function parseTimeout(text: string): number {
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/.test(text)) {
    throw new UserError('usage', `--request-timeout: "${text}" is no duration`, {
      hint: 'write 30s, 2m or 0 for none',
    });
  }
  let sum = 0;
  for (const [, number, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)) sum += Number(number) * UNITS[unit!]!;
  return Math.round(sum);
}
