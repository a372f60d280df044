// Every check of meaning, by theme. What decoding and reading find themselves stands in their own tables.

import { METADATA_ALLOWED_AGAIN } from './addresses/metadata-allowed-again.ts';
import { METADATA_REACHABLE } from './addresses/metadata-reachable.ts';
import { ONE_FAMILY_ONLY } from './addresses/one-family-only.ts';
import { PRIVATE_RANGE } from './addresses/private-range.ts';
import { SPECIAL_ADDRESSES } from './addresses/special-addresses.ts';
import { WHOLE_INTERNET } from './addresses/whole-internet.ts';
import { WIDE_COVER } from './addresses/wide-cover.ts';
import type { Check } from './check.ts';
import { DNS_ANYWHERE } from './dns/dns-anywhere.ts';
import { DNS_BLOCKED } from './dns/dns-blocked.ts';
import { DNS_SELECTOR_MISMATCH } from './dns/dns-selector-mismatch.ts';
import { DNS_UDP_ONLY } from './dns/dns-udp-only.ts';
import { ALL_PORTS } from './written/all-ports.ts';
import { ALLOW_ALL } from './written/allow-all.ts';
import { DENY_POLICY_ALLOWS } from './written/deny-policy-allows.ts';
import { DIRECTION_WITHOUT_RULES } from './written/direction-without-rules.ts';
import { EMPTY_PEER_LIST } from './written/empty-peer-list.ts';
import { POLICY_TYPES_OMITTED } from './written/policy-types-omitted.ts';
import { RULES_IGNORED } from './written/rules-ignored.ts';
import { SELECTS_WHOLE_NAMESPACE } from './written/selects-whole-namespace.ts';

/** All checks, in order of their ids. */
export const CHECKS: readonly Check[] = [
  ALL_PORTS,
  ALLOW_ALL,
  DENY_POLICY_ALLOWS,
  DIRECTION_WITHOUT_RULES,
  DNS_ANYWHERE,
  DNS_BLOCKED,
  DNS_SELECTOR_MISMATCH,
  DNS_UDP_ONLY,
  EMPTY_PEER_LIST,
  METADATA_ALLOWED_AGAIN,
  METADATA_REACHABLE,
  ONE_FAMILY_ONLY,
  POLICY_TYPES_OMITTED,
  PRIVATE_RANGE,
  RULES_IGNORED,
  SELECTS_WHOLE_NAMESPACE,
  SPECIAL_ADDRESSES,
  WHOLE_INTERNET,
  WIDE_COVER,
];
