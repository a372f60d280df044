// What a verdict means to a script that asked yes or no.

import type { AnswerVerdict } from '../../engine/index.ts';
import type { Outcome } from '../exit-codes.ts';

/** Denied and partly are no: not everything that was asked for is allowed. */
export function answerOf(verdict: AnswerVerdict): Outcome['answer'] {
  if (verdict === 'unknown') return 'unknown';
  return verdict === 'allowed' ? 'yes' : 'no';
}
