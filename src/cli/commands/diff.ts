// `diff BEFORE AFTER`, `diff -f PATH`: connections gained, lost and changed.

import { diff as askDiff } from '../../engine/index.ts';
import { UserError } from '../../engine/model/user-error.ts';
import { type ExitCode, exitCodeOf } from '../exit-codes.ts';
import type { Invocation } from '../invocation.ts';
import {
  checkHelmFlags,
  inputOperands,
  type Loaded,
  loadCluster,
  loadPaths,
  refuseClusterFlags,
} from '../load-input.ts';
import { loadLaidOver } from '../load-laid-over.ts';
import { writeRemarks } from '../messages.ts';
import { outputsOf, writeDocument } from '../output.ts';

/** Prints the difference; exits 1 where there is one, 2 where a policy would be rejected. */
export async function diff(invocation: Invocation): Promise<ExitCode> {
  const { options, progress } = invocation;
  const operands = operandsOf(invocation);
  const outputs = outputsOf(invocation);
  const [before, after] =
    operands === undefined
      ? await loadLaidOver(invocation, inputOperands(options))
      : [await loadOperand(invocation, operands[0]), await loadOperand(invocation, operands[1])];
  progress.step('comparing');
  const document = askDiff(before.state, after.state, after.context);
  await writeDocument(document, outputs, invocation);
  const findings = [...before.state.findings, ...after.state.findings];
  const gaps = [...before.state.gaps, ...after.state.gaps];
  const skipped = [...before.skipped, ...after.skipped];
  const { notes, assumptions, added, removed, changed } = document;
  await writeRemarks({ skipped, findings, gaps, notes, assumptions }, invocation);
  return exitCodeOf({
    answer: added.length + removed.length + changed.length > 0 ? 'no' : 'yes',
    incomplete: gaps.length > 0,
    rejected: findings.some(({ rejectedByApi }) => rejectedByApi),
    allowIncomplete: options.allowIncomplete,
  });
}

/** The context of an operand that is a cluster, empty text for the one that flags choose; undefined for other operands. */
function contextOfOperand(operand: string): string | undefined {
  if (operand === 'cluster') return '';
  return operand.startsWith('context/') ? operand.slice('context/'.length) : undefined;
}

async function loadOperand(invocation: Invocation, operand: string): Promise<Loaded> {
  const context = contextOfOperand(operand);
  if (context === undefined) return loadPaths(invocation, [operand]);
  return loadCluster(invocation, { purposes: ['answers'], ...(context === '' ? {} : { context }) });
}

/** The two states; undefined where manifests are to be laid over the cluster. Throws UserError. */
function operandsOf({ operands, options }: Invocation): [before: string, after: string] | undefined {
  const hint = 'give two whole states: diff BEFORE AFTER; diff -f PATH alone lays manifests over the cluster';
  const named = inputOperands(options);
  if (named.length > 0) {
    if (operands.length > 0 && options.filename.length > 0) {
      throw new UserError('usage', 'diff takes two operands, or -f alone', { hint });
    }
    if (operands.length > 0) {
      const flag = named[0]!.startsWith('helm:') ? '--helm' : '-k';
      throw new UserError('usage', `diff takes two operands and no ${flag}`, {
        hint: `write it as an operand: ${named[0]}`,
      });
    }
    checkHelmFlags(options, named);
    return undefined;
  }
  const [before, after] = operands;
  if (before === undefined || after === undefined) {
    throw new UserError('usage', 'diff needs two operands', {
      hint: 'diff BEFORE AFTER, each a file, a directory, git:REF, kustomize:DIR, helm:CHART, cluster, context/NAME or -; or diff -f PATH, which lays manifests over the cluster',
    });
  }
  if (before === '-' && after === '-') {
    throw new UserError('usage', 'standard input can be only one of the two states');
  }
  checkHelmFlags(options, [before, after]);
  if (contextOfOperand(before) === undefined && contextOfOperand(after) === undefined) refuseClusterFlags(options);
  return [before, after];
}
