// What kube-network-policies does, per version. Knows nothing of other plugins.

import type { KnownValue, Plugin } from './known-value.ts';

const REPOSITORY = 'https://github.com/kubernetes-sigs/kube-network-policies';
const POLICIES = `${REPOSITORY}/blob/v1.1.1/pkg/networkpolicy/networkpolicy.go`;
const DATAPLANE = `${REPOSITORY}/blob/v1.1.1/pkg/dataplane/controller.go`;
const CLUSTER_POLICIES = `${REPOSITORY}/blob/v1.1.1/plugins/npa-v1alpha2/clusternetworkpolicy.go`;

/** What it does by its default settings in every version listed; read at 0.9.2, 1.0.0 and 1.1.1. */
const VALUES: readonly KnownValue[] = [
  {
    knob: 'ipBlockMatchesPods',
    value: true,
    confidence: 'source',
    source: POLICIES,
    because: 'an ipBlock is compared with the address in the packet, whoever has it',
  },
  {
    knob: 'ipBlockMatchesNodes',
    value: true,
    confidence: 'source',
    source: POLICIES,
    because: 'an ipBlock is compared with the address in the packet, whoever has it',
  },
  {
    knob: 'hostNetwork',
    value: 'asNode',
    confidence: 'source',
    source: `${REPOSITORY}/blob/v1.1.1/pkg/podinfo/ipresolver.go`,
    because: 'addresses of hostNetwork pods are not indexed, so that no pod is found for them',
  },
  {
    knob: 'localNodeIngress',
    value: 'allow',
    confidence: 'source',
    source: DATAPLANE,
    because: 'packets that root sends on the node are accepted before any policy counts (issue #65)',
    provided:
      'processes of a node that reach its pods run as root, as the kubelet does; for others set --assume localNodeIngress=evaluate',
  },
  {
    knob: 'serviceView',
    value: 'postDNAT',
    confidence: 'source',
    source: DATAPLANE,
    because: 'packets are looked at in the postrouting hook, after addresses of Services were replaced',
  },
  {
    knob: 'hairpin',
    value: 'enforce',
    confidence: 'source',
    source: DATAPLANE,
    because:
      'packets are looked at before source addresses are replaced, so that a pod is both ends and has no exemption',
  },
  {
    knob: 'sidecarNamedPorts',
    value: 'none',
    confidence: 'source',
    source: `${REPOSITORY}/blob/v1.1.1/pkg/api/helper.go`,
    because: 'the named ports of a pod are gathered from spec.containers alone',
  },
  {
    knob: 'egressNamedPorts',
    value: 'perDestination',
    confidence: 'source',
    source: POLICIES,
    because: 'a name is looked up on the pod that has the destination address, whatever peer of the rule matched',
  },
  {
    knob: 'icmp',
    value: 'portlessRules',
    confidence: 'source',
    source: POLICIES,
    because: 'a packet of another protocol matches a rule without ports, and no entry of a list of ports',
  },
  {
    knob: 'npTier',
    value: 'anyDirection',
    confidence: 'source',
    source: POLICIES,
    because:
      'a pod that a NetworkPolicy selects for the other direction alone is accepted at once, and Baseline is skipped',
  },
  {
    knob: 'tiePriority',
    value: 'byBareName',
    confidence: 'source',
    source: CLUSTER_POLICIES,
    because: 'policies are sorted by priority, then by name',
  },
  {
    knob: 'unlistedDirectionRules',
    value: 'ignored',
    confidence: 'source',
    source: POLICIES,
    because: 'only directions that policyTypes lists are looked at',
  },
  {
    knob: 'apis',
    value: ['network-policy', 'cluster-network-policy'],
    confidence: 'source',
    source: `${REPOSITORY}/blob/v1.1.1/cmd/kube-network-policies/npa-v1alpha2/main.go`,
    because:
      'there is a program for NetworkPolicy alone, one that adds ClusterNetworkPolicy, one for AdminNetworkPolicy',
    provided: 'the program with ClusterNetworkPolicy is installed (npa-v1alpha2); for another one set --assume apis=…',
  },
  {
    knob: 'endPort',
    value: 'range',
    confidence: 'source',
    source: POLICIES,
    because: 'ports from port to endPort match, both included',
  },
  {
    knob: 'sctp',
    value: 'enforced',
    confidence: 'source',
    source: `${REPOSITORY}/blob/v1.1.1/pkg/network/packet.go`,
    because: 'ports of SCTP packets are read like those of TCP and UDP',
  },
];

const NODE_UNSEEN: KnownValue = {
  knob: 'localNodeEgress',
  value: 'allow',
  confidence: 'source',
  source: `${REPOSITORY}/blob/v1.0.0/pkg/dataplane/controller.go`,
  because: 'packets to the own node do not come through the postrouting hook, the only one that is looked at',
};

const NODE_SEEN: KnownValue = {
  knob: 'localNodeEgress',
  value: 'evaluate',
  confidence: 'source',
  source: DATAPLANE,
  because: 'packets to the own node are looked at in the input hook, since 1.1',
};

/** Versions that differ in something that was looked up. */
export const KUBE_NETWORK_POLICIES_VERSIONS: Plugin['versions'] = [
  { version: '0.9', values: [...VALUES, NODE_UNSEEN] },
  { version: '1.1', values: [...VALUES, NODE_SEEN] },
];
