// `diff BEFORE AFTER`: connections gained, lost and changed.

import { diff as askDiff } from '../../engine/index.ts';
import { UserError } from '../../engine/model/user-error.ts';
import { type ExitCode, exitCodeOf } from '../exit-codes.ts';
import { contextOf, type Invocation } from '../invocation.ts';
import { checkHelmFlags, inputOperands, loadPaths } from '../load-input.ts';
import { writeRemarks } from '../messages.ts';
import { outputsOf, writeDocument } from '../output.ts';

/** Prints the difference; exits 1 where there is one, 2 where a policy would be rejected. */
export async function diff(invocation: Invocation): Promise<ExitCode> {
  const { options, progress } = invocation;
  const context = contextOf(options);
  const [from, to] = operandsOf(invocation);
  const outputs = outputsOf(invocation);
  const before = await loadPaths(invocation, [from]);
  const after = await loadPaths(invocation, [to]);
  progress.step('comparing');
  const document = askDiff(before.state, after.state, context);
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

/** The two states. Throws UserError for flags that name input, and for the forms that need a cluster. */
function operandsOf({ operands, options }: Invocation): [before: string, after: string] {
  const hint = 'give two whole states: diff BEFORE AFTER';
  if (options.filename.length > 0) {
    if (operands.length > 0) throw new UserError('usage', 'diff takes two operands and no -f', { hint });
    const message = 'diff -f lays manifests over the cluster, and reading a cluster is not available in this version';
    throw new UserError('not-available', message, { hint });
  }
  const [flagged] = inputOperands(options);
  if (flagged !== undefined) {
    const flag = flagged.startsWith('helm:') ? '--helm' : '-k';
    throw new UserError('usage', `diff takes two operands and no ${flag}`, {
      hint: `write it as an operand: ${flagged}`,
    });
  }
  const [before, after] = operands;
  if (before === undefined || after === undefined) {
    throw new UserError('usage', 'diff needs two operands', {
      hint: 'diff BEFORE AFTER, each a file, a directory, git:REF, kustomize:DIR, helm:CHART or -',
    });
  }
  for (const operand of [before, after]) {
    if (!/^context\/|^cluster$/.test(operand)) continue;
    throw new UserError(
      'not-available',
      `"${operand}" is a cluster, and reading one is not available in this version`,
      {
        hint: `give a file, a directory, git:REF or -; a path of that name is written ./${operand}`,
      },
    );
  }
  if (before === '-' && after === '-') {
    throw new UserError('usage', 'standard input can be only one of the two states');
  }
  checkHelmFlags(options, [before, after]);
  return [before, after];
}
