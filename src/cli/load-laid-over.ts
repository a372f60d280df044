// A cluster, and the same cluster once manifests are applied to it. Reads both; what applying does is in src/engine/applied.

import { applyOver } from '../engine/applied/apply-over.ts';
import type { Invocation } from './invocation.ts';
import { noInput } from './kubectl-pipe.ts';
import { readChosen } from './load-cluster.ts';
import { behaviourFor, type Loaded, readPaths, stateOf } from './load-input.ts';

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
