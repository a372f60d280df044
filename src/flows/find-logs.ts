// Which files a person means by the paths they name: files, standard input, folders of rotated logs. Opens nothing.

import { readdirSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { UserError } from '../engine/model/user-error.ts';

/** What standard input is called where a path is expected, and in places. */
export const STDIN_PATH = '-';

/** One log. */
export interface FlowLog {
  /** As the person named it, or below the folder they named; `<stdin>` for standard input. */
  readonly file: string;
  /** What the system opens; absent for standard input. */
  readonly path?: string;
  /** Bytes on disk; absent where nobody knows. */
  readonly size?: number;
  /** Named by the person; a file that was found in a folder may be no log at all. */
  readonly isNamed: boolean;
}

/**
 * The logs behind the paths, each once, in the order of the paths; those of a folder oldest first. Throws UserError for
 * paths that do not exist, standard input twice, and a folder without files.
 */
export function findLogs(paths: readonly string[], cwd: string): FlowLog[] {
  const logs: FlowLog[] = [];
  for (const path of paths) {
    // An empty path would mean the current folder, which nobody wrote.
    if (path === '') {
      throw new UserError('usage', 'a path of a flow log is empty', {
        hint: 'a variable without a value gives none; the current folder is written .',
      });
    }
    if (path === STDIN_PATH) logs.push({ file: '<stdin>', isNamed: true });
    else logs.push(...logsAt(path, isAbsolute(path) ? path : join(cwd, path)));
  }
  if (logs.filter(({ path }) => path === undefined).length > 1)
    throw new UserError('usage', 'standard input can be read once only');
  const seen = new Set<string | undefined>();
  return logs.filter(({ path }) => !seen.has(path) && seen.add(path) !== undefined);
}

function logsAt(file: string, path: string): FlowLog[] {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw new UserError('not-found', `"${file}" does not exist`);
  // A pipe that the shell made (`<(zstdcat …)`) has no size.
  if (!stats.isDirectory()) return [{ file, path, isNamed: true, ...(stats.isFile() ? { size: stats.size } : {}) }];
  const found = logsBelow(file, path);
  if (found.length === 0) throw new UserError('no-input', `"${file}" holds no files`);
  return found;
}

/** `above`: the folders on the way here, which a link may lead back to; what is in them is read there. */
function logsBelow(folder: string, path: string, above: readonly string[] = []): FlowLog[] {
  const logs: FlowLog[] = [];
  const real = realpathSync(path);
  if (above.includes(real)) return [];
  const names = namesIn(folder, path).filter((name) => !name.startsWith('.'));
  for (const name of names.sort(compareRotated)) {
    const [file, below] = [`${folder.replace(/[/\\]+$/, '')}/${name}`, join(path, name)];
    const stats = statSync(below, { throwIfNoEntry: false });
    if (stats?.isDirectory()) logs.push(...logsBelow(file, below, [...above, real]));
    // A link that leads nowhere is found out when it is opened: a log may have been there.
    else if (stats === undefined) logs.push({ file, path: below, isNamed: false });
    else if (stats.isFile()) logs.push({ file, path: below, size: stats.size, isNamed: false });
  }
  return logs;
}

function namesIn(folder: string, path: string): string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const reason = code === 'EACCES' || code === 'EPERM' ? 'permission denied' : code;
    throw new UserError('unreadable', `"${folder}" cannot be read: ${reason}`, { cause: error });
  }
}

/**
 * Oldest first: `events-2026-11-21T03-25-31.log` before `events.log` (the time in the name), `flows.log.2.gz` before
 * `flows.log.1` before `flows.log` (logrotate's numbers).
 */
export function compareRotated(a: string, b: string): number {
  const [x, y] = [rotationOf(a), rotationOf(b)];
  if (x.base !== y.base) return x.base < y.base ? -1 : 1;
  if (x.time !== y.time) return x.time < y.time ? -1 : 1;
  return y.number - x.number || (a < b ? -1 : a > b ? 1 : 0);
}

/** `time` of the current log is later than any. */
function rotationOf(name: string): { readonly base: string; readonly time: string; readonly number: number } {
  const plain = name.replace(/\.(gz|zst)$/, '');
  const number = Number(/\.(\d{1,6})$/.exec(plain)?.[1] ?? 0);
  const numbered = plain.replace(/\.\d{1,6}$/, '');
  const time = /[-_.]?(\d{4}-?\d\d-?\d\d[T_-]?[\d.:-]*\d|\d{8,})/.exec(numbered);
  return time === null
    ? { base: numbered, time: '~', number }
    : { base: numbered.replace(time[0], ''), time: time[1]!, number };
}
