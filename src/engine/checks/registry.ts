// Every check of meaning, by theme. What decoding and reading find themselves stands in their own tables.

import { METADATA_ALLOWED_AGAIN } from './addresses/metadata-allowed-again.ts';
import { METADATA_REACHABLE } from './addresses/metadata-reachable.ts';
import { ONE_FAMILY_ONLY } from './addresses/one-family-only.ts';
import { PRIVATE_RANGE } from './addresses/private-range.ts';
import { SPECIAL_ADDRESSES } from './addresses/special-addresses.ts';
import { WHOLE_INTERNET } from './addresses/whole-internet.ts';
import { WIDE_COVER } from './addresses/wide-cover.ts';
import type { Check } from './check.ts';
import { RULES_IGNORED } from './written/rules-ignored.ts';

/** All checks, in order of their ids. */
export const CHECKS: readonly Check[] = [
  METADATA_ALLOWED_AGAIN,
  METADATA_REACHABLE,
  ONE_FAMILY_ONLY,
  PRIVATE_RANGE,
  RULES_IGNORED,
  SPECIAL_ADDRESSES,
  WHOLE_INTERNET,
  WIDE_COVER,
];
