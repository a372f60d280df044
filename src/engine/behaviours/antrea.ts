// What Antrea does, per version. Knows nothing of other plugins.

import type { KnownValue, Plugin } from './known-value.ts';

const ANTREA = 'https://github.com/antrea-io/antrea';
const CONTROLLER = `${ANTREA}/blob/v2.7.0/pkg/controller/networkpolicy/networkpolicy_controller.go`;
const RECONCILER = `${ANTREA}/blob/v2.7.0/pkg/agent/controller/networkpolicy/pod_reconciler.go`;
const FLOWS = `${ANTREA}/blob/v2.7.0/pkg/agent/openflow/network_policy.go`;
const PIPELINE = `${ANTREA}/blob/v2.7.0/docs/design/ovs-pipeline.md`;

/** What Antrea does by its default settings in every version listed; read at 2.7.0, and compared with 1.13.0 and 1.15.0. */
const ANTREA_VALUES: readonly KnownValue[] = [
  {
    knob: 'ipBlockMatchesPods',
    value: true,
    confidence: 'source',
    source: RECONCILER,
    because: 'an ipBlock, its exceptions taken out, becomes networks that the address in the packet is compared with',
  },
  {
    knob: 'ipBlockMatchesNodes',
    value: true,
    confidence: 'source',
    source: RECONCILER,
    because: 'an ipBlock, its exceptions taken out, becomes networks that the address in the packet is compared with',
  },
  {
    knob: 'hostNetwork',
    value: 'asNode',
    confidence: 'source',
    source: `${ANTREA}/blob/v2.7.0/pkg/controller/networkpolicy/crd_utils.go`,
    because: 'pods of the host network are left out of the groups that rules apply to and of those that they name',
  },
  {
    knob: 'localNodeIngress',
    value: 'allow',
    confidence: 'source',
    source: PIPELINE,
    because: 'packets that the own node makes carry a mark, and those go past all tables of ingress rules',
    provided: 'the nodes run Linux with the kernel datapath of Open vSwitch',
  },
  {
    knob: 'localNodeEgress',
    value: 'evaluate',
    confidence: 'source',
    source: PIPELINE,
    because: 'every new connection of a pod meets the tables of egress rules, wherever it goes',
  },
  {
    knob: 'serviceView',
    value: 'postDNAT',
    confidence: 'source',
    source: PIPELINE,
    because: 'the endpoint of a Service is chosen and written into the packet before the tables of egress rules',
    provided: 'AntreaProxy is on, as it is by default',
  },
  {
    knob: 'sidecarNamedPorts',
    value: 'none',
    confidence: 'source',
    source: CONTROLLER,
    because: 'the named ports of a pod are gathered from spec.containers alone',
  },
  {
    knob: 'egressNamedPorts',
    value: 'podPeers',
    confidence: 'source',
    source: RECONCILER,
    because:
      'names are looked up on each pod that the rule selects, or on all pods where it names no peer; for ipBlocks they are left out',
  },
  {
    knob: 'icmp',
    value: 'portlessRules',
    confidence: 'source',
    source: FLOWS,
    because: 'a rule without ports becomes a flow without any protocol, and the default drop is for every protocol',
  },
  {
    knob: 'npTier',
    value: 'perDirection',
    confidence: 'source',
    source: FLOWS,
    because: 'ingress and egress have tables of their own, and a default drop is installed for the direction of a rule',
  },
  {
    knob: 'tiePriority',
    value: 'ambiguous',
    confidence: 'documented',
    source: `${ANTREA}/blob/v2.7.0/docs/antrea-network-policy.md`,
    because: 'what happens between conflicting rules of equal priority is said to be nondeterministic',
  },
  {
    knob: 'unlistedDirectionRules',
    value: 'enforced',
    confidence: 'source',
    source: CONTROLLER,
    because: 'all rules are taken over whatever policyTypes lists, and each installs a default drop for its direction',
  },
  {
    knob: 'endPort',
    value: 'range',
    confidence: 'source',
    source: CONTROLLER,
    because: 'endPort is passed on with the port, and becomes a set of port masks',
  },
  {
    knob: 'sctp',
    value: 'enforced',
    confidence: 'source',
    source: FLOWS,
    because: 'SCTP ports are matched like those of TCP and UDP',
  },
];

const ANTREA_ADMIN_APIS: KnownValue = {
  knob: 'apis',
  value: ['network-policy', 'admin-network-policy'],
  confidence: 'documented',
  source: `${ANTREA}/blob/v2.2.0/docs/admin-network-policy.md`,
  because: 'AdminNetworkPolicy and BaselineAdminNetworkPolicy are enforced where a feature gate is set, since 1.13',
  provided: 'the feature gate AdminNetworkPolicy is set; where it is not, set --assume apis=network-policy',
};

const ANTREA_HAIRPIN: KnownValue = {
  knob: 'hairpin',
  value: 'egressOnly',
  confidence: 'documented',
  source: `${ANTREA}/blob/v2.7.0/docs/antrea-network-policy.md`,
  because: 'ingress rules always permit a pod that reaches itself through a Service (pull request 5687, since 1.15)',
  provided: 'AntreaProxy is on, as it is by default',
};

const ANTREA_2_7: KnownValue = {
  knob: 'apis',
  value: ['network-policy', 'cluster-network-policy', 'admin-network-policy'],
  confidence: 'documented',
  source: `${ANTREA}/blob/v2.7.0/docs/cluster-network-policy.md`,
  because:
    'ClusterNetworkPolicy is enforced since 2.7 where a feature gate is set, AdminNetworkPolicy still under one of its own',
  provided:
    'the feature gates of both are set; where they are not, set --assume apis=network-policy, or name those that are',
};

/** Versions that differ in something that was looked up. */
export const ANTREA_VERSIONS: Plugin['versions'] = [
  { version: '1.13', values: [...ANTREA_VALUES, ANTREA_ADMIN_APIS] },
  { version: '1.15', values: [...ANTREA_VALUES, ANTREA_HAIRPIN, ANTREA_ADMIN_APIS] },
  { version: '2.7', values: [...ANTREA_VALUES, ANTREA_HAIRPIN, ANTREA_2_7] },
];
