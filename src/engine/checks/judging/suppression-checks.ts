// The checks that judging findings can raise itself: about suppressions.

import type { Severity } from '../../model/finding.ts';

/** Id of a check about suppressions. */
export type SuppressionCheckId = 'invalid-suppression' | 'expired-suppression' | 'unused-suppression';

/** By id. */
export const SUPPRESSION_CHECKS: Readonly<
  Record<SuppressionCheckId, { readonly severity: Severity; readonly summary: string }>
> = {
  'invalid-suppression': {
    severity: 'high',
    summary: 'a suppression without a reason, with a date that is none, or of a check that does not exist',
  },
  'expired-suppression': { severity: 'medium', summary: 'a suppression whose last day is over; it has no effect' },
  'unused-suppression': { severity: 'low', summary: 'a suppression of a finding that is not there' },
};
