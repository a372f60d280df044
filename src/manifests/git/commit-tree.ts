// The files of one commit as a tree to walk, from what `git ls-tree -r -z` prints. Runs nothing.

import { posix, sep } from 'node:path';
import type { FileTree, TreeEntry } from '../walk-directory.ts';

/** One line of `git ls-tree -r`. */
export interface CommitEntry {
  /** From the root of the repository. */
  readonly path: string;
  readonly type: 'file' | 'link' | 'submodule';
  /** The object's name. */
  readonly hash: string;
}

/** The files of a commit. */
export interface CommitTree extends FileTree {
  /** Whether something stands at the path itself, be it a link to nothing. */
  has(path: string): boolean;
  /** What stands there, links followed; why it is neither file nor directory. */
  kind(path: string): TreeEntry['kind'];
  /** The name of the object of a file, links followed. */
  hash(path: string): string;
}

/** More links than this in one path lead in a circle, as for the system. */
const MAX_LINKS = 40;

/** Reads what `git ls-tree -r -z` prints. */
export function parseEntries(text: string): CommitEntry[] {
  return text.split('\0').flatMap((line) => {
    const match = /^(\d+) (\w+) (\w+)\t(.*)$/s.exec(line);
    if (match === null) return [];
    const [, mode, type, hash = '', path = ''] = match;
    return [{ path, hash, type: mode === '120000' ? 'link' : type === 'commit' ? 'submodule' : 'file' }];
  });
}

/** The tree of these entries. `targets` has the text of every link by its path. */
export function commitTree(entries: readonly CommitEntry[], targets: ReadonlyMap<string, string>): CommitTree {
  const byPath = new Map<string, CommitEntry>();
  const children = new Map<string, Set<string>>([['.', new Set()]]);
  const place = (path: string): void => {
    const parent = posix.dirname(path);
    let names = children.get(parent);
    if (names === undefined) {
      names = new Set();
      children.set(parent, names);
      place(parent);
    }
    names.add(posix.basename(path));
  };
  for (const entry of entries) {
    byPath.set(entry.path, entry);
    place(entry.path);
  }

  /** The path without links. Throws where it leaves the repository or goes in a circle. */
  const follow = (path: string): string => {
    let pending = slashed(path).split('/');
    const done: string[] = [];
    let links = 0;
    for (let name = pending.shift(); name !== undefined; name = pending.shift()) {
      if (name === '' || name === '.') continue;
      if (name === '..') {
        if (done.pop() === undefined) throw new Error('a link out of the repository');
        continue;
      }
      done.push(name);
      const target = targets.get(done.join('/'));
      if (target === undefined) continue;
      if (++links > MAX_LINKS) throw new Error('a link that leads to itself');
      if (target.startsWith('/')) throw new Error('a link out of the repository');
      done.pop();
      pending = [...target.split('/'), ...pending];
    }
    return done.join('/') || '.';
  };
  const kind = (path: string): TreeEntry['kind'] => {
    try {
      const real = follow(path);
      const type = byPath.get(real)?.type ?? (children.has(real) ? 'directory' : 'link');
      return type === 'link' ? new Error('a link to nothing') : type;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  };
  return {
    has: (path) => byPath.has(slashed(path)) || children.has(slashed(path)),
    kind,
    hash: (path) => byPath.get(follow(path))!.hash,
    whole: slashed,
    identity: follow,
    list(path) {
      const real = follow(path);
      const held = children.get(real);
      if (held === undefined) throw new Error('there is nothing');
      return [...held].map((name) => ({ name, kind: kind(posix.join(real, name)) }));
    },
  };
}

function slashed(path: string): string {
  return sep === '/' ? path : path.split(sep).join('/');
}
