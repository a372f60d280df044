// `can`: may one endpoint reach another? One line.

import { type Answer, can as askCan, parsePair } from '../../engine/index.ts';
import { type ExitCode, exitCodeOf } from '../exit-codes.ts';
import type { Invocation } from '../invocation.ts';
import { clusterWords } from '../load-cluster.ts';
import { askInput } from '../load-input.ts';
import { writeRemarks } from '../messages.ts';
import { bearsOn } from '../missing-input.ts';
import { outputsOf, writeDocument } from '../output.ts';
import { pluginHints } from '../plugin-hints.ts';
import { answerOf } from './verdict-answer.ts';

/** Prints the verdict; exits 1 where it is denied or partly, without a port only where some pair may use none. */
export async function can(invocation: Invocation): Promise<ExitCode> {
  const { options, operands, typed } = invocation;
  const pair = parsePair(operands);
  const outputs = outputsOf(invocation);
  const {
    state,
    skipped,
    answer: document,
  } = await askInput(invocation, (state, context) => askCan(state, pair, context));
  await writeDocument(document, outputs, invocation);
  const { findings, gaps } = state;
  const { notes, assumptions, verdict } = document;
  const next = ['explain', ...typed.slice(1), ...clusterWords(options)];
  const ends = document.endpoints.flatMap((one) => ('namespace' in one ? [one.namespace] : []));
  const isAffected = bearsOn(gaps, pair, ends);
  await writeRemarks(
    { skipped, findings, gaps, isAffected, notes, assumptions, hints: pluginHints(state, options), next },
    invocation,
  );
  return exitCodeOf({
    answer: pair.port === undefined && opensSomething(document) ? 'yes' : answerOf(verdict),
    incomplete: isAffected,
    allowIncomplete: options.allowIncomplete,
  });
}

/** Without a port the question is whether there is any: something has to be allowed for every pair. */
function opensSomething({ verdict, exceptions }: Answer): boolean {
  return verdict === 'partly' && exceptions.every(({ allowed }) => allowed !== undefined);
}
