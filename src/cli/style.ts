// When colour is used, and which. Colour is never the only signal: everything reads the same without it.

import pc from 'picocolors';
import { PLAIN_STYLE, type Style } from '../report/index.ts';
import type { Io } from './io.ts';

/**
 * Whether to colour a stream: the flags decide first, then NO_COLOR (not empty), FORCE_COLOR (not empty, not 0), a
 * terminal that is dumb, and last whether it is a terminal at all.
 */
export function usesColor(
  flag: boolean | undefined,
  env: Readonly<Record<string, string | undefined>>,
  isTTY: boolean,
): boolean {
  if (flag !== undefined) return flag;
  if ((env.NO_COLOR ?? '') !== '') return false;
  const force = env.FORCE_COLOR ?? '';
  if (force !== '') return force !== '0' && force !== 'false';
  return isTTY && env.TERM !== 'dumb';
}

/** The style of one stream. */
export function styleOf(flag: boolean | undefined, io: Io, stream: 'stdout' | 'stderr'): Style {
  if (!usesColor(flag, io.env, io.isTTY[stream])) return PLAIN_STYLE;
  const { bold, dim, red, green, yellow } = pc.createColors(true);
  return { bold, dim, red, green, yellow };
}

/** Whether a terminal shows only ASCII: its locale says so. Files and pipes always get UTF-8. */
export function needsAscii(io: Io): boolean {
  const locale = [io.env.LC_ALL, io.env.LC_CTYPE, io.env.LANG].find((value) => value !== undefined && value !== '');
  return io.isTTY.stdout && locale !== undefined && !/utf-?8/i.test(locale);
}
