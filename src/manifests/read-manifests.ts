// The operands of -f to objects: files, directories and standard input, in order. What a person named and does not
// exist is a UserError; what exists and cannot be read is a finding and a gap.

import { readdirSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join, normalize, resolve, sep } from 'node:path';
import { nearestNames } from '../engine/model/nearest-names.ts';
import { UserError } from '../engine/model/user-error.ts';
import { diskTree } from './disk-tree.ts';
import { readCommit } from './git/read-commit.ts';
import { threadOf } from './listed-json/part-thread.ts';
import { parseOperand, STDIN_FILE } from './operand.ts';
import { emptyReading, type ManifestSet, type Reading, toManifestSet } from './problem.ts';
import { codeOf, readFileInto, readStreamInto, reportUnreadable } from './read-file.ts';
import { type HelmOptions, readChart, readKustomization, type ToolSurroundings } from './tools/render.ts';
import { mergeTemplates, reportChart } from './unrendered-charts.ts';
import { forgetTexts } from './usual-yaml/short-texts.ts';
import { walkDirectory } from './walk-directory.ts';

/** How far a reading has come. */
export interface ReadingProgress {
  /** Files of the disk that were read. */
  readonly files: number;
  /** Files that there are; absent where more may be found. */
  readonly allFiles?: number;
  /** Objects that were read, items of lists included, and how many of them are known to be Pods, and policies of any API. */
  readonly objects: number;
  readonly pods: number;
  readonly policies: number;
  /** The large file that is being read, with bytes; absent: between files. */
  readonly large?: { readonly file: string; readonly done: number; readonly total: number };
}

/** How to read. */
export interface ReadOptions {
  /** Whether directories below a directory are read too; true if absent. */
  readonly recursive?: boolean;
  /** The bytes behind the operand `-`; absent means that there is no standard input to read. */
  readonly stdin?: AsyncIterable<Uint8Array>;
  /** Looked at between files; an abort throws UserError `aborted`. */
  readonly signal?: AbortSignal;
  /** What relative operands are relative to; the process's directory if absent. Never part of a source's file. */
  readonly cwd?: string;
  /** How charts are rendered; helm's defaults if absent. */
  readonly helm?: HelmOptions;
  /** The environment of programs that render or read commits; the process's own if absent. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What is said where nothing was read; Kubernetes objects are wanted if absent. */
  readonly wanted?: { readonly what: string; readonly hint: string };
  /**
   * Whether Pods in large lists of JSON may keep only what a snapshot reads of them: their `value` is read from the file
   * again whenever it is asked for. False if absent; lists beyond what a string can hold are always kept so.
   */
  readonly abridges?: boolean;
  /** The program that threads begin with which read parts of large files, compiled from part-worker.ts; absent: no threads. */
  readonly partWorker?: URL | undefined;
  /** Called before each file of the disk is read, and now and then while a large one is: 10,000 times perhaps, so be quick. */
  readonly onProgress?: (progress: ReadingProgress) => void;
  /** Called with each line that such a program writes to its standard error. */
  readonly onMessage?: (tool: string, line: string) => void;
}

/** Files are read synchronously; after this many bytes whatever else waits gets its turn: about a tenth of a second. */
const TURN_BYTES = 256 * 1024;

/** One call of readManifests. */
interface Run {
  readonly reading: Reading;
  readonly options: ReadOptions;
  /** Absolute paths of the files that were read. */
  readonly seen: Set<string>;
  readonly open: (path: string) => string;
  /** Files of the disk that were read. */
  files: number;
  /** Files that there are; undefined where more may be found. */
  allFiles: number | undefined;
  /** Bytes read since signals and progress had their turn. */
  unbroken: number;
}

/**
 * Reads files, directories, `-` and whatever else {@link parseOperand} understands, in the order given; a file that two
 * operands name is read once. Throws UserError: `not-found` for a path that does not exist, `no-input` where nothing was
 * Kubernetes and nothing failed, `not-available` and `unreadable` for programs that are absent or fail, `aborted`.
 */
export async function readManifests(operands: readonly string[], options: ReadOptions = {}): Promise<ManifestSet> {
  const reading = emptyReading();
  const open = (path: string): string => resolve(options.cwd ?? '', path);
  const run: Run = { reading, options, seen: new Set(), open, files: 0, allFiles: undefined, unbroken: 0 };
  try {
    for (const [index, operand] of operands.entries()) {
      options.signal?.throwIfAborted();
      await readOperand(run, operand, index === operands.length - 1);
    }
  } catch (error) {
    if (error instanceof UserError || options.signal?.aborted !== true) throw error;
    throw new UserError('aborted', 'reading was stopped', { cause: error });
  } finally {
    forgetTexts();
  }
  if (reading.documents === 0 && reading.gaps.length === 0) throw nothingRead(operands, reading, options.wanted);
  mergeTemplates(reading);
  return toManifestSet(reading);
}

async function readOperand(run: Run, text: string, isLast: boolean): Promise<void> {
  const operand = parseOperand(text);
  if (operand.type === 'path') return readPath(run, operand.path, isLast);
  if (operand.type === 'stdin') return readStdin(run);
  const { reading, options, seen } = run;
  if (seen.has(text)) return;
  seen.add(text);
  const { env, signal, onMessage } = options;
  const around: ToolSurroundings = { cwd: run.open('.'), env, signal, onMessage };
  if (operand.type === 'kustomize') return readKustomization(reading, operand.directory, around);
  if (operand.type === 'helm') {
    return readChart(reading, operand.chart, options.helm ?? { values: [], set: [] }, around);
  }
  return readCommit(reading, operand, options.recursive ?? true, around);
}

async function readStdin({ reading, options, seen }: Run): Promise<void> {
  if (seen.has('-')) return;
  seen.add('-');
  if (options.stdin === undefined) throw new UserError('no-input', 'standard input cannot be read here');
  await readStreamInto(reading, options.stdin, STDIN_FILE, { abridges: options.abridges ?? false });
}

async function readPath(run: Run, operand: string, isLast: boolean): Promise<void> {
  const path = normalize(operand);
  const { reading, options, open } = run;
  let stats: Stats;
  try {
    stats = statSync(open(path));
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') throw notFound(operand, open, error);
    reportUnreadable(reading, displayed(path), error);
    return;
  }
  if (!stats.isDirectory()) return readOnce(run, path);
  const { signal } = options;
  const entries = walkDirectory(diskTree(open), path, { recursive: options.recursive ?? true, signal });
  if (isLast) run.allFiles = run.files + entries.filter(({ type }) => type === 'file').length;
  for (const entry of entries) {
    signal?.throwIfAborted();
    if (entry.type === 'file') await readOnce(run, entry.path);
    else if (entry.type === 'chart') reportChart(reading, displayed(entry.path));
    else reportUnreadable(reading, displayed(entry.path), entry.error);
  }
}

async function readOnce(run: Run, path: string): Promise<void> {
  const absolute = run.open(path);
  if (run.seen.has(absolute)) return;
  tell(run, 0);
  run.seen.add(absolute);
  const { signal, abridges = false, partWorker, onProgress } = run.options;
  const file = displayed(path);
  const onBytes = (done: number, total: number, items: number): void => tell(run, items, { file, done, total });
  run.unbroken += await readFileInto(run.reading, {
    file,
    path: absolute,
    signal,
    abridges,
    runPart: partWorker && threadOf(partWorker),
    onBytes: onProgress && onBytes,
  });
  run.files++;
  if (run.unbroken < TURN_BYTES) return;
  run.unbroken = 0;
  await new Promise((resume) => setImmediate(resume));
}

/** `items`: those of the large file that is being read. */
function tell({ options, reading, files, allFiles }: Run, items: number, large?: ReadingProgress['large']): void {
  const { objects, pods, policies } = reading;
  options.onProgress?.({
    files,
    ...(allFiles === undefined ? {} : { allFiles }),
    objects: objects.length + items,
    pods,
    policies,
    ...(large === undefined ? {} : { large }),
  });
}

/** Paths are shown with slashes on every system, without one at the end. */
function displayed(path: string): string {
  const slashed = sep === '/' ? path : path.split(sep).join('/');
  return slashed.length > 1 && slashed.endsWith('/') ? slashed.slice(0, -1) : slashed;
}

function notFound(operand: string, open: (path: string) => string, cause: unknown): UserError {
  const message = `"${operand}" does not exist`;
  if (/^https?:\/\//.test(operand)) {
    return new UserError('not-found', `"${operand}" is an address, not a file`, {
      hint: `curl -sSL ${operand} | netweir map -f -`,
      cause,
    });
  }
  // The first part of the path that does not exist is the one that may be misspelt.
  let path = normalize(operand);
  let rest = '';
  for (;;) {
    const parent = dirname(path);
    const names = listNames(open(parent));
    if (names !== undefined) {
      const near = nearestNames(basename(path), names).map((name) => displayed(join(parent, name, rest)));
      if (near.length === 0) return new UserError('not-found', message, { cause });
      return new UserError('not-found', message, { hint: `did you mean ${near.join(' or ')}?`, cause });
    }
    if (parent === path) return new UserError('not-found', message, { cause });
    rest = join(basename(path), rest);
    path = parent;
  }
}

function listNames(path: string): string[] | undefined {
  try {
    return readdirSync(path);
  } catch {
    return undefined;
  }
}

function nothingRead(operands: readonly string[], reading: Reading, wanted: ReadOptions['wanted']): UserError {
  const where = operands.map((operand) => (operand === '-' ? 'standard input' : `"${operand}"`)).join(', ');
  const [first] = reading.skipped;
  const hint = reading.skipped.find((skipped) => skipped.hint !== undefined)?.hint ?? wanted?.hint;
  const more = hint === undefined ? {} : { hint };
  if (operands.length === 0)
    return new UserError('no-input', 'nothing to read', { hint: 'name a file, a directory or -' });
  if (first === undefined) return new UserError('no-input', `no manifest (.yaml, .yml, .json) in ${where}`, more);
  const count = reading.skipped.length - 1;
  const others = count > 0 ? ` (and ${count} more file${count === 1 ? '' : 's'})` : '';
  const isNamed = operands.length === 1 && (first.file === operands[0] || first.file === STDIN_FILE);
  const file = isNamed ? '' : `${first.file}: `;
  return new UserError(
    'no-input',
    `no ${wanted?.what ?? 'Kubernetes object'} in ${where}: ${file}${first.reason}${others}`,
    more,
  );
}
