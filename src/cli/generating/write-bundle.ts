// Writes a bundle into a directory: all of its files or none. Files of an earlier bundle that are no longer part of it go;
// a directory that holds anything else is left alone.

import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UserError } from '../../engine/model/user-error.ts';
import { type Replacement, replaceFiles } from '../replace-files.ts';
import { type BundleFile, INDEX_FILE } from './bundle.ts';

/**
 * Writes the files. Throws UserError `usage` where the directory is a file, or holds something and is no bundle; `unreadable`
 * for what the system refuses.
 */
export async function writeBundle(cwd: string, directory: string, files: readonly BundleFile[]): Promise<void> {
  const root = resolve(cwd, directory);
  const before = filesBefore(root, directory);
  const kept = new Set(files.map(({ path }) => path));
  const replacements = files.map(({ path, text, isProgram }): Replacement => {
    const target = join(root, path);
    mkdirSync(dirname(target), { recursive: true });
    const mode = isProgram === true ? { mode: 0o755 } : {};
    return { target, shown: join(directory, path), ...mode, write: (file) => file.writeFile(text) };
  });
  const gone = before
    .filter((path) => !kept.has(path) && existsSync(join(root, path)))
    .map((path) => ({ target: join(root, path), shown: join(directory, path) }));
  await replaceFiles(replacements, gone);
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
