// `who-can reach DST[:PORT]`, `who-can be-reached-by SRC`: all sources, or all destinations.

import { whoCan as askWhoCan, parseDestination, type WhoCan } from '../../engine/index.ts';
import { nearestNames } from '../../engine/model/nearest-names.ts';
import { UserError } from '../../engine/model/user-error.ts';
import { type ExitCode, exitCodeOf, type Outcome } from '../exit-codes.ts';
import type { Invocation } from '../invocation.ts';
import { loadInput } from '../load-input.ts';
import { writeRemarks } from '../messages.ts';
import { outputsOf, writeDocument } from '../output.ts';
import { pluginHints } from '../plugin-hints.ts';

const QUESTIONS = ['reach', 'be-reached-by'] as const;

/** Prints the list; exits 1 where nobody can. */
export async function whoCan(invocation: Invocation): Promise<ExitCode> {
  const { options, operands, progress } = invocation;
  const [word = '', text = ''] = operands;
  const question = questionOf(word);
  const { endpoint, port } = parseDestination(text);
  if (question === 'be-reached-by' && port !== undefined) {
    throw new UserError('usage', `the source "${text}" has a port`, {
      hint: 'only destinations have ports: who-can reach DST:PORT, or map --from SRC --port PORT',
    });
  }
  const outputs = outputsOf(invocation);
  const { state, skipped, context } = await loadInput(invocation);
  progress.step('answering');
  const document = askWhoCan(state, question, endpoint, port, context);
  await writeDocument(document, outputs, invocation);
  const { findings, gaps } = state;
  const { assumptions, subject } = document;
  const nobody =
    question === 'reach' ? `nobody in the input or outside can reach ${subject}` : `${subject} can reach nothing`;
  const notes = document.connections.length > 0 ? document.notes : [nobody, ...document.notes];
  await writeRemarks({ skipped, findings, gaps, notes, assumptions, hints: pluginHints(state, options) }, invocation);
  return exitCodeOf({
    answer: answerOf(document),
    incomplete: gaps.length > 0,
    allowIncomplete: options.allowIncomplete,
  });
}

function questionOf(word: string): (typeof QUESTIONS)[number] {
  const question = QUESTIONS.find((one) => one === word);
  if (question !== undefined) return question;
  const near = nearestNames(word, QUESTIONS);
  throw new UserError('usage', `who-can asks reach or be-reached-by, not "${word}"`, {
    hint: `write who-can ${near[0] ?? 'reach'} ${near[0] === 'be-reached-by' ? 'SRC' : 'DST[:PORT]'}`,
  });
}

/** Nobody can: no; perhaps somebody can: unknown. */
function answerOf({ connections }: WhoCan): Outcome['answer'] {
  if (connections.some(({ allowed, conditional }) => allowed !== undefined || conditional !== undefined)) return 'yes';
  return connections.some(({ unknown }) => unknown !== undefined) ? 'unknown' : 'no';
}
