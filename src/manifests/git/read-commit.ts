// `git:REF[:PATH]`: the manifests of a commit, through the installed git. Nothing is checked out, nothing is written.

import { posix, sep } from 'node:path';
import { nearestNames } from '../../engine/model/nearest-names.ts';
import { UserError } from '../../engine/model/user-error.ts';
import type { Operand } from '../operand.ts';
import type { Reading } from '../problem.ts';
import { readBytesInto, reportTooLarge, reportUnreadable } from '../read-file.ts';
import { runTool, type ToolCall } from '../tools/run-tool.ts';
import { reportChart } from '../unrendered-charts.ts';
import { walkDirectory } from '../walk-directory.ts';
import { type CommitEntry, type CommitTree, commitTree, parseEntries } from './commit-tree.ts';
import { readBlobs } from './read-blobs.ts';

type Around = Pick<ToolCall, 'cwd' | 'env' | 'signal'>;
type CommitOperand = Operand & { readonly type: 'git' };

/**
 * Reads the manifests that a commit has at a path: the same files as would be read of a folder. Sources name them
 * `git:REF:PATH`, PATH from the root of the repository. Throws UserError where git is absent, there is no repository, or
 * the commit or the path does not exist.
 */
export async function readCommit(
  reading: Reading,
  operand: CommitOperand,
  recursive: boolean,
  { cwd, env, signal }: Around,
): Promise<void> {
  // Paths are names, not patterns; nobody is there to be asked for a password; no lock is taken.
  const quiet = { GIT_LITERAL_PATHSPECS: '1', GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0' };
  const around = { cwd, signal, env: { ...(env ?? process.env), ...quiet } };
  const prefix = await findPrefix(operand, around);
  const tree = await findTree(operand, around);
  const path = pathInside(operand, prefix);
  const found = await openPath(operand, tree, path, around);
  const name = (file: string) => `git:${operand.revision}:${slashed(file)}`;
  const files: { readonly file: string; readonly hash: string }[] = [];
  const add = (file: string): void => {
    files.push({ file: name(file), hash: found.hash(file) });
  };
  if (found.kind(path) === 'file') add(path);
  else {
    for (const visited of walkDirectory(found, path, { recursive, signal })) {
      if (visited.type === 'file') add(visited.path);
      else if (visited.type === 'chart') reportChart(reading, name(visited.path));
      else reportUnreadable(reading, name(visited.path), visited.error);
    }
  }
  await readBlobs(
    files.map(({ hash }) => hash),
    around,
    (blob, index) => {
      const { file } = files[index]!;
      if (blob === 'missing') reportUnreadable(reading, file, new Error('the repository does not hold its contents'));
      else if (blob === 'too-large') reportTooLarge(reading, file);
      else readBytesInto(reading, blob, file);
    },
  );
}

/** Runs git for its output. Throws UserError where it is not installed. */
async function git(
  { revision }: CommitOperand,
  words: readonly string[],
  around: Around,
): Promise<{ readonly text: string; readonly isDone: boolean; readonly said: string }> {
  const end = await runTool({ ...around, program: 'git', words }, async (stdout) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of stdout) chunks.push(chunk);
    return Buffer.concat(chunks).toString('utf8');
  });
  if (end === undefined) {
    throw new UserError('not-available', `"git:${revision}" is a commit, and git is not on PATH`, {
      hint: 'install git, or give folders: git worktree add DIR REF makes one of a commit',
    });
  }
  return { text: end.taken, isDone: end.code === 0, said: end.said.trim() };
}

/** The current folder from the root of the repository; empty at the root. */
async function findPrefix(operand: CommitOperand, around: Around): Promise<string> {
  const { text, isDone, said } = await git(operand, ['rev-parse', '--show-prefix'], around);
  if (isDone) return text.trimEnd();
  const message = `"git:${operand.revision}" needs a repository, and git finds none here`;
  throw new UserError('not-found', message, said === '' ? {} : { hint: `git says: ${said}` });
}

/** The name of the tree of a revision. */
async function findTree(operand: CommitOperand, around: Around): Promise<string> {
  const { revision } = operand;
  if (!revision.startsWith('-')) {
    const { text, isDone } = await git(operand, ['rev-parse', '--verify', '--quiet', `${revision}^{tree}`], around);
    if (isDone) return text.trim();
  }
  const listed = await git(
    operand,
    ['for-each-ref', '--format=%(refname:short)', 'refs/heads', 'refs/tags', 'refs/remotes'],
    around,
  );
  const names = listed.text.split('\n').filter((name) => name !== '');
  const near = [...names.filter((name) => name.endsWith(`/${revision}`)), ...nearestNames(revision, names)];
  const hint =
    near.length > 0
      ? `did you mean ${[...new Set(near)].map((name) => `git:${name}`).join(' or ')}?`
      : 'git fetch brings what a remote has; checkouts of pipelines often hold one commit only';
  throw new UserError('unknown-name', `this repository has no commit, branch or tag "${revision}"`, { hint });
}

/** As git takes it: from the root, or from the current folder where it begins with a dot. */
function pathInside({ revision, path }: CommitOperand, prefix: string): string {
  const isRelative = /^\.\.?(?:\/|$)/.test(path);
  const inside = posix.normalize(isRelative ? posix.join(prefix, path) : path).replace(/\/$/, '');
  if (inside !== '..' && !inside.startsWith('../') && !inside.startsWith('/')) return inside === '' ? '.' : inside;
  throw new UserError('not-found', `"git:${revision}:${path}" is outside of the repository`, {
    hint: 'a path begins at the root of the repository, or with ./ at the current folder',
  });
}

/** The tree at a path. Where links stand in it, all of the repository, as they may lead anywhere. */
async function openPath(operand: CommitOperand, tree: string, path: string, around: Around): Promise<CommitTree> {
  const list = async (inside: readonly string[]): Promise<CommitEntry[]> => {
    const words = ['ls-tree', '-r', '-z', '--full-tree', tree, ...(inside.length === 0 ? [] : ['--', ...inside])];
    const { text, isDone, said } = await git(operand, words, around);
    if (isDone) return parseEntries(text);
    throw new UserError('unreadable', `git cannot list the files of "${operand.revision}"`, {
      hint: `git says: ${said}`,
    });
  };
  // What is called templates may be those of a chart, which its parent tells.
  const scope = posix.basename(path) === 'templates' ? posix.dirname(path) : path;
  let entries = await list(scope === '.' ? [] : [scope]);
  if (scope !== '.' && entries.some(({ type }) => type === 'link')) entries = await list([]);
  const links = entries.filter(({ type }) => type === 'link');
  const targets = new Map<string, string>();
  await readBlobs(
    links.map(({ hash }) => hash),
    around,
    (blob, index) => {
      if (typeof blob !== 'string') targets.set(links[index]!.path, Buffer.from(blob).toString('utf8'));
    },
  );
  const found = commitTree(entries, targets);
  if (!found.has(path)) throw await unknownPath(operand, path, await list([]));
  const kind = found.kind(path);
  if (kind === 'file' || kind === 'directory') return found;
  throw new UserError(
    'not-found',
    `"${path}" of "${operand.revision}" is ${kind === 'submodule' ? 'a submodule' : kind.message}`,
    {
      hint: 'only files and folders of this repository can be read',
    },
  );
}

/** A path that the commit does not have; the first part that is missing is the one that may be misspelt. */
async function unknownPath(
  { revision }: CommitOperand,
  path: string,
  entries: readonly CommitEntry[],
): Promise<UserError> {
  const tree = commitTree(entries, new Map());
  const parts = path.split('/');
  for (let length = parts.length - 1; length >= 0; length--) {
    const parent = parts.slice(0, length).join('/') || '.';
    const names = namesIn(tree, parent);
    if (names === undefined) continue;
    const near = nearestNames(parts[length]!, names).map((one) => posix.join(parent, one, ...parts.slice(length + 1)));
    const hint = near.map((one) => `git:${revision}:${one}`).join(' or ');
    const whole = `git:${revision}: is the whole repository`;
    return new UserError('not-found', `"${revision}" has no file or folder "${path}"`, {
      hint: near.length > 0 ? `did you mean ${hint}?` : whole,
    });
  }
  return new UserError('not-found', `"${revision}" has no files`);
}

function namesIn(tree: CommitTree, path: string): string[] | undefined {
  try {
    return tree.list(path).map(({ name }) => name);
  } catch {
    return undefined;
  }
}

function slashed(path: string): string {
  return sep === '/' ? path : path.split(sep).join('/');
}
