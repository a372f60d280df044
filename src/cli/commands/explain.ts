// `explain`: why a connection is allowed or denied, with the places of the rules.

import { explainPortable, type PairExpression, parsePair } from '../../engine/index.ts';
import { UserError } from '../../engine/model/user-error.ts';
import { explainWithEdits } from '../../engine/questions/explain.ts';
import { type ExitCode, exitCodeOf } from '../exit-codes.ts';
import { withChangeTexts } from '../fixing/edit-texts.ts';
import type { Invocation } from '../invocation.ts';
import { comparedFor, loadInput } from '../load-input.ts';
import { writeRemarks } from '../messages.ts';
import { bearsOn } from '../missing-input.ts';
import { outputsOf, writeDocument } from '../output.ts';
import { pluginHints } from '../plugin-hints.ts';
import { answerOf } from './verdict-answer.ts';

/** Prints the explanation; exits as `can` does. */
export async function explain(invocation: Invocation): Promise<ExitCode> {
  const { options, operands, progress, io, verb } = invocation;
  const { record } = options.replay;
  if (record !== undefined) return (await import('./explain-flow.ts')).explainRecord(invocation, record);
  const { flows, columns } = options.generate;
  if (flows.length > 0 || columns !== undefined) {
    throw new UserError(
      'usage',
      `--${flows.length > 0 ? 'flows' : 'columns'} is about a record of a log, and none is named`,
      {
        hint: 'name it with --flow FILE:LINE; replay judges whole logs',
      },
    );
  }
  if (operands.length === 0) {
    throw new UserError('usage', `explain needs ${verb.operands}`, { hint: 'netweir explain --help shows examples' });
  }
  if (options.close && options.portable) {
    throw new UserError('usage', '--close is about one plugin, --portable about all', {
      hint: 'leave one of them out',
    });
  }
  const pair = parsePair(operands);
  if (options.portable) return explainForPlugins(invocation, pair);
  const outputs = outputsOf(invocation);
  const { state, skipped, context } = await loadInput(invocation);
  progress.step('explaining');
  const { document, edits } = explainWithEdits(state, pair, context, { changes: options.close ? 'close' : 'open' });
  const isForPrograms = outputs.some(({ format }) => format === 'json');
  const changes = isForPrograms ? withChangeTexts(document.changes, edits, io.cwd) : document.changes;
  await writeDocument({ ...document, changes }, outputs, invocation);
  const { findings, gaps } = state;
  const { notes, assumptions, verdict, cases } = document;
  // The key of a pod begins with its namespace.
  const ends = cases.flatMap(({ fromPod, toPod }) => [fromPod, toPod].map((key) => key.split('/')[0]!));
  const isAffected = bearsOn(gaps, pair, ends);
  await writeRemarks(
    { skipped, findings, gaps, isAffected, notes, assumptions, hints: pluginHints(state, options) },
    invocation,
  );
  return exitCodeOf({
    answer: answerOf(verdict),
    incomplete: isAffected,
    allowIncomplete: options.allowIncomplete,
  });
}

/** What every plugin says; where they differ, the answer is no. */
async function explainForPlugins(invocation: Invocation, pair: PairExpression): Promise<ExitCode> {
  const { options, progress } = invocation;
  const outputs = outputsOf(invocation, 'PortableExplanation');
  const behaviours = comparedFor(invocation);
  const { state, skipped, context } = await loadInput(invocation);
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
