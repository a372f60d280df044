// Puts files in the place of others, whole or not at all: each is written beside its target, and all are renamed once
// every one is complete. An interrupt before that leaves nothing behind. Knows no formats.

import { randomBytes } from 'node:crypto';
import { renameSync, rmSync } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../engine/model/user-error.ts';

/** A file to be written. */
export interface Replacement {
  /** Absolute; a link is replaced, not followed. */
  readonly target: string;
  /** As the person typed or read it, for errors. */
  readonly shown: string;
  /** Permission bits; those of any new file where absent. */
  readonly mode?: number;
  readonly write: (file: FileHandle) => Promise<void>;
}

/**
 * Writes all of them, asks `check`, then renames all of them and removes the files `gone`; whatever fails before the first
 * rename changes nothing. Throws UserError `unreadable` for what the system refuses, and whatever `write` throws.
 */
export async function replaceFiles(
  replacements: readonly Replacement[],
  gone: readonly Pick<Replacement, 'target' | 'shown'>[] = [],
  check: () => void = () => {},
): Promise<void> {
  const staged: Staged[] = [];
  const discard = (): void => {
    for (const { temporary } of staged) {
      try {
        rmSync(temporary, { force: true });
      } catch {
        // What could not be made cannot be removed either; the first error is the one to tell.
      }
    }
  };
  const discardAndStop = (signal: NodeJS.Signals): void => {
    discard();
    process.kill(process.pid, signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.once(signal, discardAndStop);
  try {
    for (const replacement of replacements) {
      const { target } = replacement;
      const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}`);
      staged.push({ temporary, replacement });
      await writeWhole(temporary, replacement);
    }
    check();
    putInPlace(staged, gone);
  } finally {
    discard();
    for (const signal of signals) process.removeListener(signal, discardAndStop);
  }
}

/**
 * Puts a result in the place of its file, so that nobody ever sees half of it. A device or pipe is written straight: a
 * file in the place of /dev/null would be one for everybody. Throws as {@link replaceFiles}; `hint` is about directories.
 */
export async function writeResult(result: Replacement, hint: string): Promise<void> {
  const { target, shown, write } = result;
  const stats = await stat(target).catch(() => undefined);
  if (stats?.isDirectory() === true) throw new UserError('usage', `"${shown}" is a directory`, { hint });
  // Links of these may lead to a file, such as the one that standard output goes to.
  const isOfSystem = /^\/(dev|proc)\//.test(target);
  if (!isOfSystem && (stats === undefined || stats.isFile())) return replaceFiles([result]);
  try {
    const file = await open(target, 'w');
    try {
      await write(file);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw cannotWrite(shown, error);
  }
}

interface Staged {
  readonly temporary: string;
  readonly replacement: Replacement;
}

async function writeWhole(temporary: string, { shown, mode, write }: Replacement): Promise<void> {
  try {
    const file = await open(temporary, 'wx');
    try {
      if (mode !== undefined) await file.chmod(mode);
      await write(file);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw cannotWrite(shown, error);
  }
}

/** Without a pause in between, so that no signal finds half of them renamed. */
function putInPlace(staged: readonly Staged[], gone: readonly Pick<Replacement, 'target' | 'shown'>[]): void {
  const done: string[] = [];
  const step = (shown: string, act: () => void): void => {
    try {
      act();
      done.push(`"${shown}"`);
    } catch (error) {
      throw cannotWrite(shown, error, done.length === 0 ? undefined : `already written: ${done.join(', ')}`);
    }
  };
  for (const { temporary, replacement } of staged) {
    step(replacement.shown, () => renameSync(temporary, replacement.target));
  }
  for (const { target, shown } of gone) step(shown, () => rmSync(target));
}

/** A UserError where the system refused to write; what is wrong otherwise is handed back as it is. */
export function cannotWrite(shown: string, error: unknown, hint?: string): unknown {
  if (error instanceof UserError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  if (code === undefined || code.startsWith('ERR_')) return error;
  const more = { cause: error, ...(hint === undefined ? {} : { hint }) };
  return new UserError('unreadable', `"${shown}" cannot be written: ${REASONS[code] ?? code}`, more);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'its directory does not exist',
  ENOTDIR: 'its directory is a file',
  EISDIR: 'it is a directory',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left',
};
