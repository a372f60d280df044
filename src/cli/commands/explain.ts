// `explain`: why a connection is allowed or denied, with the places of the rules.

import { explainPortable, type PairExpression, parsePair, type QuestionContext } from '../../engine/index.ts';
import { UserError } from '../../engine/model/user-error.ts';
import { explainWithEdits } from '../../engine/questions/explain.ts';
import { type ExitCode, exitCodeOf } from '../exit-codes.ts';
import { withChangeTexts } from '../fixing/edit-texts.ts';
import { contextOf, type Invocation } from '../invocation.ts';
import { comparedFor, loadFiles } from '../load-input.ts';
import { writeRemarks } from '../messages.ts';
import { outputsOf, writeDocument } from '../output.ts';
import { pluginHints } from '../plugin-hints.ts';
import { answerOf } from './verdict-answer.ts';

/** Prints the explanation; exits as `can` does. */
export async function explain(invocation: Invocation): Promise<ExitCode> {
  const { options, operands, progress, io } = invocation;
  if (options.close && options.portable) {
    throw new UserError('usage', '--close is about one plugin, --portable about all', {
      hint: 'leave one of them out',
    });
  }
  const context = contextOf(options);
  const pair = parsePair(operands);
  if (options.portable) return explainForPlugins(invocation, pair, context);
  const outputs = outputsOf(invocation);
  const { state, skipped } = await loadFiles(invocation);
  progress.step('explaining');
  const { document, edits } = explainWithEdits(state, pair, context, { changes: options.close ? 'close' : 'open' });
  const isForPrograms = outputs.some(({ format }) => format === 'json');
  const changes = isForPrograms ? withChangeTexts(document.changes, edits, io.cwd) : document.changes;
  await writeDocument({ ...document, changes }, outputs, invocation);
  const { findings, gaps } = state;
  const { notes, assumptions, verdict } = document;
  await writeRemarks({ skipped, findings, gaps, notes, assumptions, hints: pluginHints(state, options) }, invocation);
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
