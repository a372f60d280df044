// The files of the system as a tree to walk. Knows nothing of manifests.

import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { FileTree, TreeEntry } from './walk-directory.ts';

/** The file system; `open` turns a path of the walk into one that can be opened. */
export function diskTree(open: (path: string) => string): FileTree {
  return {
    whole: open,
    identity: (path) => realpathSync(open(path)),
    list: (path) => readdirSync(open(path), { withFileTypes: true }).map((entry) => entryOf(entry, open(path))),
  };
}

function entryOf(entry: Dirent, directory: string): TreeEntry {
  const { name } = entry;
  if (entry.isFile()) return { name, kind: 'file' };
  if (entry.isDirectory()) return { name, kind: 'directory' };
  return { name, kind: entry.isSymbolicLink() ? kindOfTarget(join(directory, name)) : new Error('not a regular file') };
}

function kindOfTarget(path: string): TreeEntry['kind'] {
  try {
    const target = statSync(path);
    return target.isDirectory() ? 'directory' : target.isFile() ? 'file' : new Error('not a regular file');
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
