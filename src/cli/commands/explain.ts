// `explain`: why a connection is allowed or denied, with the places of the rules.

import {
  explain as askExplain,
  explainPortable,
  type PairExpression,
  parsePair,
  type QuestionContext,
} from '../../engine/index.ts';
import { type ExitCode, exitCodeOf } from '../exit-codes.ts';
import { contextOf, type Invocation } from '../invocation.ts';
import { comparedFor, loadFiles } from '../load-input.ts';
import { writeRemarks } from '../messages.ts';
import { outputsOf, writeDocument } from '../output.ts';
import { answerOf } from './verdict-answer.ts';

/** Prints the explanation; exits as `can` does. */
export async function explain(invocation: Invocation): Promise<ExitCode> {
  const { options, operands, progress } = invocation;
  const context = contextOf(options);
  const pair = parsePair(operands);
  if (options.portable) return explainForPlugins(invocation, pair, context);
  const outputs = outputsOf(invocation);
  const { state, skipped } = await loadFiles(invocation);
  progress.step('explaining');
  const document = askExplain(state, pair, context, { changes: options.close ? 'close' : 'open' });
  await writeDocument(document, outputs, invocation);
  const { findings, gaps } = state;
  const { notes, assumptions, verdict } = document;
  await writeRemarks({ skipped, findings, gaps, notes, assumptions }, invocation);
  return exitCodeOf({
    answer: answerOf(verdict),
    incomplete: gaps.length > 0,
    allowIncomplete: options.allowIncomplete,
  });
}

/** What every plugin says; where they differ, the answer is no. */
async function explainForPlugins(
  invocation: Invocation,
  pair: PairExpression,
  context: QuestionContext,
): Promise<ExitCode> {
  const { options, progress } = invocation;
  const outputs = outputsOf(invocation, 'PortableExplanation');
  const behaviours = comparedFor(invocation);
  const { state, skipped } = await loadFiles(invocation);
  progress.step('comparing plugins');
  const document = explainPortable(state, behaviours, pair, context);
  await writeDocument(document, outputs, invocation);
  const { findings, gaps } = state;
  const { notes, assumptions, verdicts, differences } = document;
  await writeRemarks({ skipped, findings, gaps, notes, assumptions }, invocation);
  const [first] = verdicts;
  return exitCodeOf({
    answer: differences.length > 0 || first === undefined ? 'no' : answerOf(first.verdict),
    incomplete: gaps.length > 0,
    allowIncomplete: options.allowIncomplete,
  });
}
