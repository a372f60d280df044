// Which files of a directory are read: manifests by their extension, in the order of their names. Recognises Helm
// charts, whose templates are left out. Knows nothing of what files hold. Synchronous, as that is many times quicker.

import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** What a walk meets, in order. Paths are the operand's with the rest appended. */
export type Visited =
  | { readonly type: 'file'; readonly path: string }
  /** A Helm chart: its templates, subcharts, crds and values are not walked. */
  | { readonly type: 'chart'; readonly path: string }
  | { readonly type: 'unreadable'; readonly path: string; readonly error: unknown };

/** Options of a walk; `signal` is looked at in every directory. */
export interface WalkOptions {
  readonly recursive: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Turns a path into one that can be opened. */
  readonly open: (path: string) => string;
}

const MANIFEST = /\.(?:ya?ml|json)$/i;
const CHART_PARTS = new Set(['templates', 'charts', 'crds']);
const CHART_FILES = /^(?:Chart\.(?:ya?ml|lock)|values.*\.(?:ya?ml|json)|requirements\.ya?ml)$/;

/**
 * Lists the manifest files below a directory, sorted by code unit, the files of a directory before its subdirectories.
 * Directories that are hidden or called node_modules are left out. Symbolic links are followed; a directory that was
 * already entered, by whatever name, is not entered again.
 */
export function walkDirectory(root: string, options: WalkOptions): Visited[] {
  const visited: Visited[] = [];
  const entered = new Set<string>();
  const parent = dirname(options.open(root));
  if (basename(options.open(root)) === 'templates' && isFile(join(parent, 'Chart.yaml'))) {
    return [{ type: 'chart', path: join(root, '..') }];
  }
  // A stack, last in first out, so that no depth of directories can overflow anything.
  const pending = [root];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    options.signal?.throwIfAborted();
    const directories = listDirectory(path, options, entered, visited);
    if (options.recursive) pending.push(...directories.reverse());
  }
  return visited;
}

function listDirectory(path: string, options: WalkOptions, entered: Set<string>, visited: Visited[]): string[] {
  let entries: Dirent[];
  try {
    const real = realpathSync(options.open(path));
    if (entered.has(real)) return [];
    entered.add(real);
    entries = readdirSync(real, { withFileTypes: true });
  } catch (error) {
    visited.push({ type: 'unreadable', path, error });
    return [];
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const names = new Set(entries.map((entry) => entry.name));
  const isChart = names.has('Chart.yaml') && names.has('templates');
  if (isChart) visited.push({ type: 'chart', path });
  const directories: string[] = [];
  for (const entry of entries) {
    const child = join(path, entry.name);
    const kind = kindOf(entry, options.open(child));
    if (kind === 'directory') {
      const isLeftOut = entry.name.startsWith('.') || entry.name === 'node_modules';
      if (!isLeftOut && !(isChart && CHART_PARTS.has(entry.name))) directories.push(child);
    } else if (!MANIFEST.test(entry.name) || (isChart && CHART_FILES.test(entry.name))) continue;
    else if (kind === 'file') visited.push({ type: 'file', path: child });
    else visited.push({ type: 'unreadable', path: child, error: kind });
  }
  return directories;
}

/** A link counts as what it points to; what is neither file nor directory gives the reason. */
function kindOf(entry: Dirent, path: string): 'file' | 'directory' | Error {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'directory';
  if (!entry.isSymbolicLink()) return new Error('not a regular file');
  try {
    const target = statSync(path);
    return target.isDirectory() ? 'directory' : target.isFile() ? 'file' : new Error('not a regular file');
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
