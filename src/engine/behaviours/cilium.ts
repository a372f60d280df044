// What Cilium does, per version. Knows nothing of other plugins.

import type { KnownValue, Plugin } from './known-value.ts';

const CILIUM = 'https://github.com/cilium/cilium';
const CILIUM_NODE = 'measured: a node with Cilium 1.15.19, kube-proxy and Kubernetes 1.36.3';

const ciliumPolicies = (version: string): string => `${CILIUM}/blob/v${version}.0/pkg/k8s/network_policy.go`;

/** What Cilium does by its default settings in every version listed; read at 1.15.19, 1.16.0, 1.18.0 and 1.20.0. */
const CILIUM_VALUES: readonly KnownValue[] = [
  {
    knob: 'ipBlockMatchesPods',
    value: false,
    confidence: 'documented',
    source: `${CILIUM}/blob/v1.20.0/Documentation/network/kubernetes/policy.rst`,
    because: 'by default an ipBlock does not match addresses inside the cluster, pods included',
  },
  {
    knob: 'ipBlockMatchesNodes',
    value: false,
    confidence: 'documented',
    source: `${CILIUM}/blob/v1.20.0/Documentation/network/kubernetes/policy.rst`,
    because: 'by default an ipBlock does not match nodes; the setting policyCIDRMatchMode=nodes changes that',
    provided: 'policyCIDRMatchMode is at its default; with nodes set --assume ipBlockMatchesNodes=true',
  },
  {
    knob: 'hostNetwork',
    value: 'asNode',
    confidence: 'source',
    source: `${CILIUM}/blob/v1.15.19/pkg/k8s/watchers/pod.go`,
    because: 'pods of the host network get no endpoint and share the identity of their node, host or remote-node',
  },
  {
    knob: 'localNodeIngress',
    value: 'allow',
    confidence: 'source',
    source: `${CILIUM}/blob/v1.20.0/daemon/cmd/daemon.go`,
    because: 'on Kubernetes the default of allow-localhost lets the own node reach its pods',
  },
  {
    knob: 'localNodeEgress',
    value: 'evaluate',
    confidence: 'source',
    source: `${CILIUM}/blob/v1.15.19/bpf/bpf_lxc.c`,
    because:
      'each new connection of a pod meets its egress policy first, and the own node is a destination like others',
  },
  {
    knob: 'serviceView',
    value: 'postDNAT',
    confidence: 'source',
    source: `${CILIUM}/blob/v1.15.19/bpf/bpf_lxc.c`,
    because: 'the backend of a Service is chosen before the egress policy is looked up',
  },
  {
    knob: 'hairpin',
    value: 'allow',
    confidence: 'source',
    source: `${CILIUM}/pull/15321`,
    because:
      'policy is skipped both ways for a pod that reaches itself through a ClusterIP (in 1.18 still only over IPv4)',
  },
  {
    knob: 'sidecarNamedPorts',
    value: 'none',
    confidence: 'source',
    source: `${CILIUM}/blob/v1.20.0/pkg/k8s/labels.go`,
    because: 'the named ports of a pod are gathered from spec.containers alone',
  },
  {
    knob: 'icmp',
    value: 'portlessRules',
    confidence: 'source',
    source: ciliumPolicies('1.20'),
    because:
      'a rule without ports becomes one without any restriction on protocols, and what no rule of an isolated pod matches is dropped, ICMP too',
  },
  {
    knob: 'unlistedDirectionRules',
    value: 'enforced',
    confidence: 'source',
    source: ciliumPolicies('1.20'),
    because: 'rules are taken over, and isolate, whatever policyTypes lists (issue 48703, open at 1.20.1)',
  },
  {
    knob: 'apis',
    value: ['network-policy'],
    confidence: 'documented',
    source: `${CILIUM}/issues/23380`,
    because: 'ClusterNetworkPolicy came with 1.20, AdminNetworkPolicy never',
  },
  {
    knob: 'sctp',
    value: 'unknown',
    confidence: 'documented',
    source: `${CILIUM}/blob/v1.20.0/Documentation/configuration/sctp.rst`,
    because: 'SCTP is a beta feature that is off by default, and policy without it is not described',
  },
];

const CILIUM_1_15: readonly KnownValue[] = [
  {
    knob: 'ipBlockMatchesPods',
    value: false,
    confidence: 'measured',
    source: CILIUM_NODE,
    because: 'an ipBlock with the address of a pod never matched it, in or out (upstream cases 34, 35 and 36)',
  },
  {
    knob: 'egressNamedPorts',
    value: 'clusterWide',
    confidence: 'measured',
    source: CILIUM_NODE,
    because:
      'an egress rule with a port name opened the number of that name on every peer, and nothing where pods of the cluster gave it different numbers',
  },
  {
    knob: 'endPort',
    value: 'portOnly',
    confidence: 'measured',
    source: CILIUM_NODE,
    because: 'endPort was ignored, only port itself was opened; the agent logs that it is not supported',
  },
  {
    knob: 'unlistedDirectionRules',
    value: 'enforced',
    confidence: 'measured',
    source: CILIUM_NODE,
    because: 'egress rules were enforced although policyTypes listed only Ingress',
  },
  {
    knob: 'localNodeIngress',
    value: 'allow',
    confidence: 'measured',
    source: CILIUM_NODE,
    because: 'the node always reached its pods, whatever the policies',
  },
  {
    knob: 'sctp',
    value: 'unknown',
    confidence: 'measured',
    source: CILIUM_NODE,
    because: 'policies with SCTP ports were enforced for TCP and UDP, but no SCTP connection could be tried',
  },
];

const CILIUM_END_PORT: KnownValue = {
  knob: 'endPort',
  value: 'range',
  confidence: 'source',
  source: `${CILIUM}/pull/32807`,
  because: 'port ranges came with 1.16, and endPort of NetworkPolicy is read since',
};

const CILIUM_NAMES_CLUSTER_WIDE: KnownValue = {
  knob: 'egressNamedPorts',
  value: 'clusterWide',
  confidence: 'documented',
  source: `${CILIUM}/pull/44429`,
  because: 'before 1.20 an egress rule considered the port names of all pods of the cluster (issue 30003)',
};

const CILIUM_NAMES_1_20: KnownValue = {
  knob: 'egressNamedPorts',
  value: 'perDestination',
  confidence: 'documented',
  source: `${CILIUM}/pull/45760`,
  because: 'since 1.20 the port names of a pod belong to its identity, and egress rules are resolved for each',
};

const CILIUM_APIS_1_20: KnownValue = {
  knob: 'apis',
  value: ['network-policy', 'cluster-network-policy'],
  confidence: 'documented',
  source: `${CILIUM}/blob/v1.20.0/Documentation/network/kubernetes/policy.rst`,
  because: 'ClusterNetworkPolicy is enforced since 1.20 where k8sClusterNetworkPolicy.enabled is set',
  provided: 'k8sClusterNetworkPolicy.enabled is set; where it is not, set --assume apis=network-policy',
};

/** One value a knob: a later one replaces an earlier one. */
function lastOfEach(values: readonly KnownValue[]): readonly KnownValue[] {
  return [...new Map(values.map((value) => [value.knob, value])).values()];
}

/** Versions that differ in something that was looked up. */
export const CILIUM_VERSIONS: Plugin['versions'] = [
  { version: '1.15', values: lastOfEach([...CILIUM_VALUES, ...CILIUM_1_15]) },
  { version: '1.16', values: [...CILIUM_VALUES, CILIUM_END_PORT, CILIUM_NAMES_CLUSTER_WIDE] },
  { version: '1.18', values: [...CILIUM_VALUES, CILIUM_END_PORT, CILIUM_NAMES_CLUSTER_WIDE] },
  { version: '1.20', values: lastOfEach([...CILIUM_VALUES, CILIUM_END_PORT, CILIUM_NAMES_1_20, CILIUM_APIS_1_20]) },
];
