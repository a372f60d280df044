// `snapshot compile FILE`: manifests to a compiled snapshot, which questions read in a fraction of the time.

import type { FileHandle } from 'node:fs/promises';
import { resolve } from 'node:path';
import { prepareFile } from '../../compiled-snapshot/index.ts';
import { loadState } from '../../engine/index.ts';
import { UserError } from '../../engine/model/user-error.ts';
import { printable } from '../../report/index.ts';
import { type ExitCode, exitCodeOf } from '../exit-codes.ts';
import { contextOf, type Invocation } from '../invocation.ts';
import { behaviourFor, checkHelmFlags, inputOf, inputOperands, readPaths, refuseClusterFlags } from '../load-input.ts';
import { writeRemarks } from '../messages.ts';
import { pluginHints } from '../plugin-hints.ts';
import { writeResult } from '../replace-files.ts';
import { VERSION } from '../version.ts';

/** Writes the file, whole or not at all; exits 2 where something of the input is missing in it. Throws UserError. */
export async function compileSnapshot(invocation: Invocation, file: string | undefined): Promise<ExitCode> {
  const { options, io, progress } = invocation;
  if (file === undefined || file === '-') {
    const message =
      file === undefined ? 'snapshot compile needs FILE' : 'a compiled snapshot is not text to be printed';
    throw new UserError('usage', message, { hint: 'write snapshot compile FILE -f MANIFESTS' });
  }
  if (options.output.length > 0) {
    throw new UserError('usage', 'snapshot compile has one format', { hint: 'name the file: snapshot compile FILE' });
  }
  const operands = inputOperands(options);
  checkHelmFlags(options, operands);
  refuseClusterFlags(options);
  if (operands.length === 0) {
    throw new UserError('no-input', 'snapshot compile reads manifests, and none are named', {
      hint: 'name them with -f; a cluster is saved first: snapshot save prod.json, then snapshot compile FILE -f prod.json',
    });
  }
  const { defaultNamespace } = contextOf(options);
  const behaviour = behaviourFor(invocation);
  progress.step('reading files');
  const set = await readPaths(invocation, operands, { abridges: true });
  progress.step('building the snapshot');
  const input = inputOf(set, ['answers'], behaviour, defaultNamespace);
  const state = loadState(input);
  const { skipped, snapshots } = set;
  const limits = snapshots.flatMap((saved) => saved.limits);
  const hints = pluginHints(state, { portable: false });
  progress.step('compiling');
  const prepared = prepareFile({ input, state, hints, skipped, limits });
  progress.step('writing the snapshot');
  const write = (handle: FileHandle): Promise<void> =>
    prepared.write(async (bytes) => {
      await handle.writeFile(bytes);
    }, VERSION);
  const target = resolve(io.cwd, file);
  await writeResult({ target, shown: file, mode: 0o600, write }, 'name a file: snapshot compile FILE -f MANIFESTS');
  progress.end();
  const { findings, gaps, limits: notes } = state;
  await writeRemarks({ skipped, findings, gaps, notes }, invocation);
  await io.stderr.write(`${printable(`compiled ${prepared.objects} objects to ${file}; can -f ${file} reads it`)}\n`);
  const { allowIncomplete } = options;
  return exitCodeOf({ answer: 'yes', incomplete: gaps.length > 0, allowIncomplete });
}
