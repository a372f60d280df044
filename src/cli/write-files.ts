// Writes the new contents of files that were read: all of them, and only where nobody has changed any of them meanwhile.
// Knows bytes, not what they say.

import { accessSync, constants, readFileSync, realpathSync, statSync } from 'node:fs';
import { UserError } from '../engine/model/user-error.ts';
import { unwritable } from '../manifests/operand.ts';
import { cannotWrite, type Replacement, replaceFiles } from './replace-files.ts';

/** The new contents of a file. */
export interface FileChange {
  /** Absolute; a link is followed, and stays a link. */
  readonly path: string;
  /** As sources name it, for messages. */
  readonly file: string;
  /** The bytes that were read. */
  readonly before: Uint8Array;
  /** Absent: the file is to be removed. */
  readonly after?: Uint8Array;
}

/**
 * Writes all files, or none: nothing is touched where one of them is not as it was read, or cannot be written. Files keep
 * their permissions. Throws UserError: `changed` for a file that is not as it was read, `usage` for standard input and for
 * two changes of one file, `unreadable` for what the system refuses.
 */
export async function writeFiles(changes: readonly FileChange[]): Promise<void> {
  const targets = new Map<string, string>();
  const replacements: Replacement[] = [];
  const gone: { target: string; shown: string }[] = [];
  for (const change of changes) {
    const { file, after } = change;
    const what = unwritable(file);
    if (what !== undefined) {
      const hint = 'name a file with -f';
      throw new UserError('usage', `${what} cannot be changed`, { hint });
    }
    const { target, mode } = locate(change);
    const other = targets.get(target);
    if (other !== undefined) throw new UserError('usage', `"${other}" and "${file}" are the same file`);
    targets.set(target, file);
    if (after === undefined) gone.push({ target, shown: file });
    else replacements.push({ target, shown: file, mode, write: (handle) => handle.writeFile(after) });
  }
  // Once more, as late as can be.
  const check = (): void => changes.forEach(locate);
  await replaceFiles(replacements, gone, check);
}

/** The file behind a path, and its permissions; checks that it is a file and as it was read. */
function locate({ path, file, before }: FileChange): { readonly target: string; readonly mode: number } {
  let target: string;
  let mode: number;
  let bytes: Uint8Array;
  try {
    target = realpathSync(path);
    const stats = statSync(target);
    if (!stats.isFile()) throw new UserError('usage', `"${file}" is no file and cannot be changed`);
    mode = stats.mode & 0o7777;
    // A rename would not ask.
    accessSync(target, constants.W_OK);
    bytes = readFileSync(target);
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw isGone ? changed(file, 'removed') : cannotWrite(file, error);
  }
  if (Buffer.compare(bytes, before) !== 0) throw changed(file, 'changed');
  return { target, mode };
}

function changed(file: string, what: 'changed' | 'removed'): UserError {
  const hint = 'run the command again';
  return new UserError('changed', `"${file}" was ${what} since it was read; nothing was written`, { hint });
}
