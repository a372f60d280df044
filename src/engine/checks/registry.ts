// Every check of meaning, by theme. What decoding and reading find themselves stands in their own tables.

import { IPV6_HOST_AS_NETWORK } from './addresses/ipv6-host-as-network.ts';
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
import { DESTINATION_CLOSED } from './isolation/destination-closed.ts';
import { EGRESS_NOT_ISOLATED } from './isolation/egress-not-isolated.ts';
import { INGRESS_NOT_ISOLATED } from './isolation/ingress-not-isolated.ts';
import { MOOT_POLICY } from './isolation/moot-policy.ts';
import { NO_DEFAULT_DENY } from './isolation/no-default-deny.ts';
import { REDUNDANT_POLICY } from './isolation/redundant-policy.ts';
import { REDUNDANT_RULE } from './isolation/redundant-rule.ts';
import { SOURCE_CLOSED } from './isolation/source-closed.ts';
import { DENY_BEFORE_ALLOW } from './lifecycle/deny-before-allow.ts';
import { OWNED_DEFAULT_DENY } from './lifecycle/owned-default-deny.ts';
import { NODE_NOT_ENFORCED } from './platform/node-not-enforced.ts';
import { NOT_ENFORCED } from './platform/not-enforced.ts';
import { NAMED_PORT_WITH_ADDRESSES } from './ports/named-port-with-addresses.ts';
import { NODE_PORT } from './ports/node-port.ts';
import { PORT_NAME_UNKNOWN } from './ports/port-name-unknown.ts';
import { PROTOCOL_OMITTED } from './ports/protocol-omitted.ts';
import { REPLY_PORTS } from './ports/reply-ports.ts';
import { SENSITIVE_PORT } from './ports/sensitive-port.ts';
import { SERVICE_PORT } from './ports/service-port.ts';
import { EMPTY_MATCH_LABELS } from './selectors/empty-match-labels.ts';
import { EPHEMERAL_LABEL } from './selectors/ephemeral-label.ts';
import { EVERY_NAMESPACE } from './selectors/every-namespace.ts';
import { LABELS_IN_ANOTHER_NAMESPACE } from './selectors/labels-in-another-namespace.ts';
import { NAMESPACE_BY_MUTABLE_LABEL } from './selectors/namespace-by-mutable-label.ts';
import { NEGATED_SELECTOR } from './selectors/negated-selector.ts';
import { NO_SUCH_NAMESPACE } from './selectors/no-such-namespace.ts';
import { PEER_MATCHES_NOBODY } from './selectors/peer-matches-nobody.ts';
import { PEERS_MEANT_AS_ONE } from './selectors/peers-meant-as-one.ts';
import { SELECTS_NO_POD } from './selectors/selects-no-pod.ts';
import { SERVICE_LABELS } from './selectors/service-labels.ts';
import { ALL_PORTS } from './written/all-ports.ts';
import { ALLOW_ALL } from './written/allow-all.ts';
import { DENY_POLICY_ALLOWS } from './written/deny-policy-allows.ts';
import { DIRECTION_WITHOUT_RULES } from './written/direction-without-rules.ts';
import { EMPTY_PEER_LIST } from './written/empty-peer-list.ts';
import { LARGE_POLICY } from './written/large-policy.ts';
import { MERGEABLE_RULES } from './written/mergeable-rules.ts';
import { NAMESPACE_MISSING } from './written/namespace-missing.ts';
import { NOT_SUPPORTED_BY_PLUGIN } from './written/not-supported-by-plugin.ts';
import { POLICY_TYPES_OMITTED } from './written/policy-types-omitted.ts';
import { RULES_IGNORED } from './written/rules-ignored.ts';
import { SELECTS_WHOLE_NAMESPACE } from './written/selects-whole-namespace.ts';

/** All checks, in order of their ids. */
export const CHECKS: readonly Check[] = [
  ALL_PORTS,
  ALLOW_ALL,
  DENY_BEFORE_ALLOW,
  DENY_POLICY_ALLOWS,
  DESTINATION_CLOSED,
  DIRECTION_WITHOUT_RULES,
  DNS_ANYWHERE,
  DNS_BLOCKED,
  DNS_SELECTOR_MISMATCH,
  DNS_UDP_ONLY,
  EGRESS_NOT_ISOLATED,
  EMPTY_MATCH_LABELS,
  EMPTY_PEER_LIST,
  EPHEMERAL_LABEL,
  EVERY_NAMESPACE,
  INGRESS_NOT_ISOLATED,
  IPV6_HOST_AS_NETWORK,
  LABELS_IN_ANOTHER_NAMESPACE,
  LARGE_POLICY,
  MERGEABLE_RULES,
  METADATA_ALLOWED_AGAIN,
  METADATA_REACHABLE,
  MOOT_POLICY,
  NAMED_PORT_WITH_ADDRESSES,
  NAMESPACE_BY_MUTABLE_LABEL,
  NAMESPACE_MISSING,
  NEGATED_SELECTOR,
  NO_DEFAULT_DENY,
  NO_SUCH_NAMESPACE,
  NODE_NOT_ENFORCED,
  NODE_PORT,
  NOT_ENFORCED,
  NOT_SUPPORTED_BY_PLUGIN,
  ONE_FAMILY_ONLY,
  OWNED_DEFAULT_DENY,
  PEER_MATCHES_NOBODY,
  PEERS_MEANT_AS_ONE,
  POLICY_TYPES_OMITTED,
  PORT_NAME_UNKNOWN,
  PRIVATE_RANGE,
  PROTOCOL_OMITTED,
  REDUNDANT_POLICY,
  REDUNDANT_RULE,
  REPLY_PORTS,
  RULES_IGNORED,
  SELECTS_NO_POD,
  SELECTS_WHOLE_NAMESPACE,
  SENSITIVE_PORT,
  SERVICE_LABELS,
  SERVICE_PORT,
  SOURCE_CLOSED,
  SPECIAL_ADDRESSES,
  WHOLE_INTERNET,
  WIDE_COVER,
];

/** Ids of the checks of which a fix may bring a finding: what others say already may be taken away, and need not be. */
export const FOLLOWING_CHECKS: ReadonlySet<string> = new Set(
  CHECKS.flatMap(({ id, mayFollowFix }) => (mayFollowFix === true ? [id] : [])),
);
