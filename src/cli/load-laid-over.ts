// A cluster, and the same cluster once manifests are applied to it. Reads both; what applying does is in src/engine/applied.

import { applyOver } from '../engine/applied/apply-over.ts';
import { loadState } from '../engine/index.ts';
import type { Invocation } from './invocation.ts';
import { noInput } from './kubectl-pipe.ts';
import { readChosen } from './load-cluster.ts';
import { behaviourFor, type Loaded, readPaths, stateOf } from './load-input.ts';

/**
 * What files hold, with manifests laid over it: a snapshot keeps what only its server knows, such as the addresses of
 * Services. Throws UserError.
 */
export async function layOverFiles(
  invocation: Invocation,
  { input, context, skipped, ignores }: Loaded,
  paths: readonly string[],
): Promise<Loaded> {
  const files = await readPaths(invocation, paths);
  const objects = applyOver(input.objects, files.objects, context.defaultNamespace, 'files');
  const findings = [...(input.findings ?? []), ...files.findings];
  const gaps = [...(input.gaps ?? []), ...files.gaps];
  const laid = { ...input, objects, findings, gaps };
  return {
    state: loadState(laid),
    input: laid,
    context,
    skipped: [...skipped, ...files.skipped],
    ignores: [...ignores, ...files.ignores],
  };
}

/** The two states. Throws UserError. */
export async function loadLaidOver(
  invocation: Invocation,
  paths: readonly string[],
): Promise<readonly [before: Loaded, after: Loaded]> {
  const { options, io, typed, progress } = invocation;
  const behaviour = behaviourFor(invocation);
  const files = await readPaths(invocation, paths);
  const found = await readChosen(invocation, { purposes: ['answers'], keepsApplied: true });
  if (found === undefined) throw noInput(io.program, options, typed, io.isPiped);
  progress.step('building the snapshots');
  const { objects } = found.reading;
  const { state, ...before } = stateOf(found, objects, behaviour, options);
  const laid = applyOver(objects, files.objects, found.namespace);
  const gaps = [...found.reading.gaps, ...files.gaps];
  const beside = { findings: files.findings, gaps };
  const after = stateOf(found, laid, behaviour, options, beside);
  return [
    { state, ...before, skipped: [], ignores: [] },
    { ...after, skipped: files.skipped, ignores: files.ignores },
  ];
}
