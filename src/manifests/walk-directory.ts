// Which files of a directory are read: manifests by their extension, in the order of their names. Recognises Helm
// charts, whose templates are left out. Knows neither what files hold nor whether they are on disk or in a commit.

import { basename, dirname, join } from 'node:path';

/** What a walk meets, in order. Paths are the operand's with the rest appended. */
export type Visited =
  | { readonly type: 'file'; readonly path: string }
  /** A Helm chart: its templates, subcharts, crds and values are not walked. */
  | { readonly type: 'chart'; readonly path: string }
  | { readonly type: 'unreadable'; readonly path: string; readonly error: unknown };

/** One name in a directory. A link counts as what it points to; what is neither file nor directory gives the reason. */
export interface TreeEntry {
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'submodule' | Error;
}

/** Where files are. Synchronous, as that is many times quicker. */
export interface FileTree {
  /** The path with every name that it has, so that its last one and the one before can be told. */
  whole(path: string): string;
  /** The same text for the same directory, whatever links lead to it. Throws where it cannot be opened. */
  identity(path: string): string;
  /** What a directory holds, in any order. Throws where it cannot be opened. */
  list(path: string): readonly TreeEntry[];
}

/** Options of a walk; `signal` is looked at in every directory. */
export interface WalkOptions {
  readonly recursive: boolean;
  readonly signal?: AbortSignal | undefined;
}

const MANIFEST = /\.(?:ya?ml|json)$/i;
const SUBMODULE = 'a submodule, whose files are those of another repository';
const CHART_PARTS = new Set(['templates', 'charts', 'crds']);
const CHART_FILES = /^(?:Chart\.(?:ya?ml|lock)|values.*\.(?:ya?ml|json)|requirements\.ya?ml)$/;

/**
 * Lists the manifest files below a directory, sorted by code unit, the files of a directory before its subdirectories.
 * Directories that are hidden or called node_modules are left out. Symbolic links are followed; a directory that was
 * already entered, by whatever name, is not entered again.
 */
export function walkDirectory(tree: FileTree, root: string, options: WalkOptions): Visited[] {
  const visited: Visited[] = [];
  const entered = new Set<string>();
  if (isTemplatesOfChart(tree, root)) return [{ type: 'chart', path: join(root, '..') }];
  // A stack, last in first out, so that no depth of directories can overflow anything.
  const pending = [root];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    options.signal?.throwIfAborted();
    const directories = listDirectory(tree, path, options, entered, visited);
    if (options.recursive) pending.push(...directories.reverse());
  }
  return visited;
}

function isTemplatesOfChart(tree: FileTree, root: string): boolean {
  const whole = tree.whole(root);
  if (basename(whole) !== 'templates') return false;
  try {
    return tree.list(dirname(whole)).some(({ name, kind }) => name === 'Chart.yaml' && kind === 'file');
  } catch {
    return false;
  }
}

function listDirectory(
  tree: FileTree,
  path: string,
  { recursive }: WalkOptions,
  entered: Set<string>,
  visited: Visited[],
): string[] {
  let entries: readonly TreeEntry[];
  try {
    const identity = tree.identity(path);
    if (entered.has(identity)) return [];
    entered.add(identity);
    entries = [...tree.list(path)].sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    visited.push({ type: 'unreadable', path, error });
    return [];
  }
  const names = new Set(entries.map((entry) => entry.name));
  const isChart = names.has('Chart.yaml') && names.has('templates');
  if (isChart) visited.push({ type: 'chart', path });
  const directories: string[] = [];
  for (const { name, kind } of entries) {
    const child = join(path, name);
    if (kind === 'directory' || kind === 'submodule') {
      const isLeftOut = name.startsWith('.') || name === 'node_modules';
      if (isLeftOut || (isChart && CHART_PARTS.has(name))) continue;
      if (kind === 'directory') directories.push(child);
      else if (recursive) visited.push({ type: 'unreadable', path: child, error: new Error(SUBMODULE) });
    } else if (!MANIFEST.test(name) || (isChart && CHART_FILES.test(name))) continue;
    else if (kind === 'file') visited.push({ type: 'file', path: child });
    else visited.push({ type: 'unreadable', path: child, error: kind });
  }
  return directories;
}
