// Writes a bundle into a directory: all of its files or none. Files of an earlier bundle that are no longer part of it go;
// a directory that holds anything else is left alone.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UserError } from '../../engine/model/user-error.ts';
import { cannotWrite, type Replacement, replaceFiles } from '../replace-files.ts';
import { type BundleFile, INDEX_FILE } from './bundle.ts';

/** Throws UserError `usage` for a directory that {@link writeBundle} would refuse, before anything is computed for it. */
export function checkBundle(cwd: string, directory: string): void {
  filesBefore(resolve(cwd, directory), directory);
}

/**
 * Writes the files. Throws UserError `usage` where the directory is a file, or holds something and is no bundle; `unreadable`
 * for what the system refuses. Directories that were made for nothing go again.
 */
export async function writeBundle(cwd: string, directory: string, files: readonly BundleFile[]): Promise<void> {
  const root = resolve(cwd, directory);
  const before = filesBefore(root, directory);
  const kept = new Set(files.map(({ path }) => path));
  const replacements = files.map(({ path, text, isProgram }): Replacement => {
    const target = join(root, path);
    const mode = isProgram === true ? { mode: 0o755 } : {};
    return { target, shown: join(directory, path), ...mode, write: (file) => file.writeFile(text) };
  });
  const gone = before
    .filter((path) => !kept.has(path) && existsSync(join(root, path)))
    .map((path) => ({ target: join(root, path), shown: join(directory, path) }));
  const made: string[] = [];
  try {
    for (const { target, shown } of replacements) makeDirectory(dirname(target), shown, made);
    await replaceFiles(replacements, gone, () => replacements.forEach(checkNoDirectory));
  } catch (error) {
    removeEmpty(made);
    throw error;
  }
}

/**
 * Makes a directory and those above it, and notes which. One at a time: where a file system has no place for directories
 * (`/proc`), Node's `recursive` tries for ever.
 */
function makeDirectory(path: string, shown: string, made: string[]): void {
  if (existsSync(path) || dirname(path) === path) return;
  makeDirectory(dirname(path), shown, made);
  try {
    mkdirSync(path);
    made.push(path);
  } catch (error) {
    throw cannotWrite(shown, error);
  }
}

/** A rename would fail, when others have been done. */
function checkNoDirectory({ target, shown }: Replacement): void {
  const isDirectory = statSync(target, { throwIfNoEntry: false })?.isDirectory() === true;
  if (isDirectory) throw new UserError('unreadable', `"${shown}" cannot be written: it is a directory`);
}

/** The last made first; one that holds something by now stays. */
function removeEmpty(made: readonly string[]): void {
  for (const path of [...made].reverse()) {
    try {
      rmdirSync(path);
    } catch {
      // The error that led here is the one to tell.
    }
  }
}

/** Manifests of the bundle that is there; empty for a directory that is empty or absent. */
function filesBefore(root: string, shown: string): readonly string[] {
  if (!existsSync(root)) return [];
  if (!statSync(root).isDirectory()) throw new UserError('usage', `"${shown}" is a file; --bundle names a directory`);
  if (readdirSync(root).length === 0) return [];
  if (!existsSync(join(root, INDEX_FILE))) {
    throw new UserError('usage', `"${shown}" holds files and is no bundle of netweir; nothing was written`, {
      hint: 'name a new or empty directory',
    });
  }
  return ['1-workloads', '2-default-deny']
    .flatMap((stage) => manifestsBelow(root, stage))
    .filter((path) => isOurs(join(root, path)));
}

function manifestsBelow(root: string, path: string): string[] {
  const absolute = join(root, path);
  if (!existsSync(absolute)) return [];
  return readdirSync(absolute, { withFileTypes: true }).flatMap((entry) => {
    const inside = `${path}/${entry.name}`;
    return entry.isDirectory() ? manifestsBelow(root, inside) : inside.endsWith('.yaml') ? [inside] : [];
  });
}

/** A file that somebody put beside the generated ones stays. */
function isOurs(path: string): boolean {
  return readFileSync(path, 'utf8').includes('app.kubernetes.io/managed-by: netweir');
}
