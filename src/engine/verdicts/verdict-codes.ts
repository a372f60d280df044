// Verdicts as small numbers, ordered so that of the two sides of a flow the greater one counts.

import type { Verdict } from '../model/verdict.ts';

/**
 * Verdicts by code. A later one wins over an earlier one: what one side denies is denied whatever the other says, what is
 * unknown on one side is unknown unless the other denies (semantics 1.1 N3).
 */
export const VERDICTS: readonly Verdict[] = ['allowed', 'conditional', 'unknown', 'denied'];

/** The code of a verdict: its position in {@link VERDICTS}. */
export type VerdictCode = number;

/** Allowed by both sides. */
export const ALLOWED: VerdictCode = 0;
/** Allowed where conditions hold that static input does not tell. */
export const CONDITIONAL: VerdictCode = 1;
/** Cannot be told. */
export const UNKNOWN: VerdictCode = 2;
/** Denied by a side. */
export const DENIED: VerdictCode = 3;
