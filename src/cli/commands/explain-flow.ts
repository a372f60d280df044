// `explain --flow`: why one record of a flow log was dropped or let through.

import { UserError } from '../../engine/model/user-error.ts';
import { explainFlow } from '../../engine/questions/explain-flow.ts';
import type { FlowExplanation } from '../../engine/questions/flow-explanation-document.ts';
import { type ExitCode, exitCodeOf } from '../exit-codes.ts';
import { readRecord } from '../explaining/read-record.ts';
import type { Invocation } from '../invocation.ts';
import { inputOperands, loadInput } from '../load-input.ts';
import { writeRemarks } from '../messages.ts';
import { outputsOf, writeDocument } from '../output.ts';
import { pluginHints } from '../plugin-hints.ts';

/**
 * Prints the explanation of the record; exits 1 where the policies deny it or do not say what the log says, 2 where its
 * ends or the verdict cannot be told.
 */
export async function explainRecord(invocation: Invocation, record: string): Promise<ExitCode> {
  const { options, operands, progress } = invocation;
  if (operands.length > 0 || options.close || options.portable) {
    const extra = operands[0] === undefined ? (options.close ? '--close' : '--portable') : `"${operands[0]}"`;
    throw new UserError('usage', `explain --flow is about one record, and ${extra} about a pair`, {
      hint: 'leave one of them out',
    });
  }
  const stdin = [record, ...inputOperands(options), ...options.generate.flows].filter((operand) => operand === '-');
  if (stdin.length > 1)
    throw new UserError('usage', 'standard input can be only one of the record, manifests and flows');
  const outputs = outputsOf(invocation, 'FlowExplanation');
  const { state, skipped } = await loadInput(invocation, { needsManifests: true });
  const { flow, others, nodeAddresses } = await readRecord(invocation, record);
  progress.step('explaining');
  const document = explainFlow(state, flow, { others, nodeAddresses, assumptions: options.assume });
  await writeDocument(document, outputs, invocation);
  const { findings, gaps } = state;
  const { notes, assumptions } = document;
  const hints = pluginHints(state, options);
  await writeRemarks({ skipped, findings, gaps, notes, assumptions, hints }, invocation);
  return exitCodeOf({
    answer: answerOf(document),
    incomplete: gaps.length > 0,
    allowIncomplete: options.allowIncomplete,
  });
}

function answerOf({ verdict, agrees, leftAside }: FlowExplanation): 'yes' | 'no' | 'unknown' {
  if (leftAside !== undefined) return 'yes';
  if (verdict === undefined || verdict === 'unknown') return 'unknown';
  return verdict === 'allowed' && agrees !== 'no' ? 'yes' : 'no';
}
