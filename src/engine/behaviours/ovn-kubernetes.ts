// What OVN-Kubernetes does. Knows nothing of other plugins.

import type { KnownValue, Plugin } from './known-value.ts';

const OVN = 'https://github.com/ovn-kubernetes/ovn-kubernetes';
const PACKAGE = `${OVN}/blob/v1.3.0/go-controller/pkg/ovn`;
const POLICIES = `${PACKAGE}/base_network_controller_policy.go`;
const GRESS = `${PACKAGE}/gress_policy.go`;
const MATCHES = `${OVN}/blob/v1.3.0/go-controller/pkg/libovsdb/util/acl.go`;
const ADMIN = `${OVN}/blob/v1.3.0/docs/features/network-security-controls/admin-network-policy.md`;

/** What it does by its default settings; read at 1.3.0, and compared with 1.0.0, 1.1.0 and 1.2.0. */
const VALUES: readonly KnownValue[] = [
  {
    knob: 'ipBlockMatchesPods',
    value: true,
    confidence: 'source',
    source: GRESS,
    because: 'an ipBlock becomes a match on the address in the packet',
  },
  {
    knob: 'ipBlockMatchesNodes',
    value: 'unknown',
    confidence: 'source',
    source: GRESS,
    because:
      'the address in the packet is compared, and what a node sends to pods has that of its management port, not its own',
  },
  {
    knob: 'hostNetwork',
    value: 'unknown',
    confidence: 'source',
    source: `${PACKAGE}/addresssetmanager/addressset_manager.go`,
    because:
      'they are never subjects; a peer with a podSelector holds the address of their node, one with a namespaceSelector alone does not, and what they send has the address of a management port',
  },
  {
    knob: 'localNodeIngress',
    value: 'allow',
    confidence: 'source',
    source: POLICIES,
    because: 'what the management port of the own node sends is allowed on its switch',
  },
  {
    knob: 'localNodeEgress',
    value: 'evaluate',
    confidence: 'source',
    source: POLICIES,
    because: 'egress rules are matches on what leaves the port of the pod, and the own node is no exception',
  },
  {
    knob: 'serviceView',
    value: 'postDNAT',
    confidence: 'source',
    source: POLICIES,
    because: 'egress rules stand in the part of the pipeline that comes after load balancing',
  },
  {
    knob: 'hairpin',
    value: 'allow',
    confidence: 'source',
    source: POLICIES,
    because:
      'the address that stands for a pod which reaches itself through a Service is allowed for all pods, both ways',
  },
  {
    knob: 'namedPorts',
    value: 'anyPort',
    confidence: 'source',
    source: MATCHES,
    because:
      'a port name is taken over as number 0, which is left out: where no number of its protocol remains, the protocol alone is matched (issue 2117)',
  },
  {
    knob: 'icmp',
    value: 'portlessRules',
    confidence: 'source',
    source: POLICIES,
    because: 'a rule without ports matches every protocol, and what is left is dropped but for ARP',
    provided: 'allow-icmp-network-policy is off, as it is by default',
  },
  {
    knob: 'npTier',
    value: 'perDirection',
    confidence: 'documented',
    source: ADMIN,
    because: 'each direction has its own rules and its own default deny, in a tier before that of the baseline',
  },
  {
    knob: 'tiePriority',
    value: 'ambiguous',
    confidence: 'source',
    source: `${PACKAGE}/controller/admin_network_policy/admin_network_policy.go`,
    because: 'policies of the same priority get equal numbers, and an event warns that the outcome is undefined',
  },
  {
    knob: 'highestPriority',
    value: '99',
    confidence: 'documented',
    source: ADMIN,
    because: 'an AdminNetworkPolicy of a priority above 99 is not created; an event says so',
  },
  {
    knob: 'unlistedDirectionRules',
    value: 'additive',
    confidence: 'source',
    source: POLICIES,
    because:
      'allow rules of both directions are created whatever policyTypes lists, a default deny only for what it lists',
  },
  {
    knob: 'apis',
    value: ['network-policy', 'admin-network-policy'],
    confidence: 'documented',
    source: ADMIN,
    because: 'AdminNetworkPolicy and BaselineAdminNetworkPolicy are enforced, ClusterNetworkPolicy is not known at 1.3',
    provided:
      'enable-admin-network-policy is set, as OpenShift has it; where it is not, set --assume apis=network-policy',
  },
  {
    knob: 'endPort',
    value: 'range',
    confidence: 'source',
    source: MATCHES,
    because: 'port and endPort become a comparison with both',
  },
  {
    knob: 'sctp',
    value: 'enforced',
    confidence: 'source',
    source: MATCHES,
    because: 'SCTP is one of the protocols that a match is written for',
  },
];

/** One version: nothing that was looked up differs between 1.0 and 1.3. */
export const OVN_KUBERNETES_VERSIONS: Plugin['versions'] = [{ version: '1.0', values: VALUES }];
