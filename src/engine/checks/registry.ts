// Every check of meaning, by theme. What decoding and reading find themselves stands in their own tables.

import type { Check } from './check.ts';
import { RULES_IGNORED } from './written/rules-ignored.ts';

/** All checks, in order of their ids. */
export const CHECKS: readonly Check[] = [RULES_IGNORED];
