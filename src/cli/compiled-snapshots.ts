// Compiled snapshots among the operands of -f: which they are, what they hold as if their manifests were read, and the state
// of one that is asked about few pods. Knows no question.

import { resolve } from 'node:path';
import { isCompiledSnapshot, NEEDS_ALL, openNear, readWhole, type WholeFile } from '../compiled-snapshot/index.ts';
import type { Behaviour, QuestionContext, State } from '../engine/index.ts';
import { UserError } from '../engine/model/user-error.ts';
import type { ManifestSet } from '../manifests/index.ts';
import type { Io } from './io.ts';
import { rememberHints } from './plugin-hints.ts';

/** Reports whether an operand of -f is a compiled snapshot. */
export function isCompiled({ cwd }: Pick<Io, 'cwd'>, operand: string): boolean {
  return operand !== '-' && isCompiledSnapshot(resolve(cwd, operand));
}

/** Throws UserError `usage` where one of the operands is a compiled snapshot; `why` says what would need to be there. */
export function refuseCompiled(io: Pick<Io, 'cwd'>, operands: readonly string[], why: string): void {
  const compiled = operands.find((operand) => isCompiled(io, operand));
  if (compiled === undefined) return;
  throw new UserError('usage', `"${compiled}" is a compiled snapshot, and ${why}`, {
    hint: 'a compiled snapshot holds only what connections are computed from: name what it was compiled from',
  });
}

/** What was read, and what compiled snapshots say of the plugin; absent: there is none among the operands. */
export interface ReadSet extends ManifestSet {
  readonly hints?: readonly string[];
}

/** Reads operands in order: those between compiled snapshots by `read`, which is also asked where there is none. */
export async function readWithCompiled(
  io: Pick<Io, 'cwd'>,
  operands: readonly string[],
  read: (operands: readonly string[]) => Promise<ManifestSet>,
): Promise<ReadSet> {
  const parts: (readonly string[] | WholeFile)[] = [];
  for (const operand of operands) {
    const last = parts.at(-1);
    if (isCompiled(io, operand)) parts.push(readWhole(resolve(io.cwd, operand), operand));
    else if (Array.isArray(last)) parts[parts.length - 1] = [...last, operand];
    else parts.push([operand]);
  }
  const sets: ReadSet[] = [];
  for (const part of parts) sets.push('objects' in part ? setOf(part) : await read(part));
  const [only] = sets;
  if (only !== undefined && sets.length === 1) return only;
  if (only === undefined) return read([]);
  // What several inputs together show of a plugin, none of them says alone: it is looked for in what there is.
  return {
    objects: sets.flatMap(({ objects }) => objects),
    findings: sets.flatMap(({ findings }) => findings),
    gaps: sets.flatMap(({ gaps }) => gaps),
    skipped: sets.flatMap(({ skipped }) => skipped),
    ignores: sets.flatMap(({ ignores }) => ignores),
    snapshots: sets.flatMap(({ snapshots }) => snapshots),
  };
}

function setOf({ objects, findings, gaps, skipped, limits, server, hints }: WholeFile): ReadSet {
  const saved = { file: '', gaps: [], limits, ...(server === undefined ? {} : { server }) };
  return { objects, findings, gaps, skipped, ignores: [], snapshots: [saved], hints };
}

/** What a question about few pods is asked of, and what it came to. */
export interface NearAnswer<T> {
  readonly state: State;
  readonly skipped: ManifestSet['skipped'];
  readonly context: QuestionContext;
  readonly answer: T;
}

/**
 * Asks a question of a compiled snapshot of which little is read. Undefined where that does not do: another behaviour, more
 * pods, or an error, which the whole file words as the manifests would. Throws UserError `unreadable` for a damaged file.
 */
export function askNear<T>(
  { cwd }: Pick<Io, 'cwd'>,
  operand: string,
  { behaviour, context }: { readonly behaviour: Behaviour; readonly context: QuestionContext },
  ask: (state: State, context: QuestionContext) => T,
): NearAnswer<T> | undefined {
  const { defaultNamespace } = context;
  const near = openNear(resolve(cwd, operand), operand, { behaviour, defaultNamespace });
  if (near === undefined) return undefined;
  try {
    const { state, skipped, hints } = near;
    const answer = ask(state, context);
    rememberHints(state, hints);
    return { state, skipped, context, answer };
  } catch (error) {
    if (error === NEEDS_ALL || (error instanceof UserError && error.code !== 'unreadable')) return undefined;
    throw error;
  } finally {
    near.close();
  }
}
