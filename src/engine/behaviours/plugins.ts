// What plugins do, as data: per version the knobs that were looked up, each with the place where that can be read. A knob
// that is not here was not found out, and stays at its default. Knows nothing of policies or how they are placed.

import type { Behaviour } from '../model/behaviour.ts';
import type { Assumption } from './knobs.ts';

/**
 * How a value is known, best first: seen on a running cluster; read in the plugin's source code; said by its
 * documentation or maintainers; concluded from one of those.
 */
export type Confidence = 'measured' | 'source' | 'documented' | 'inferred';

/** One value of one knob, and how it is known. */
export type KnownValue = Assumption & {
  readonly confidence: Confidence;
  /** An address, or the name of a document. */
  readonly source: string;
  /** What it says, in one sentence. */
  readonly because: string;
  /** Where the value holds only for a setting that the snapshot does not show: what is assumed, and how to say otherwise. */
  readonly provided?: string;
};

/** One version of a plugin, or a plugin without versions. A knob is there once. */
export interface PluginVersion {
  /** `major.minor`; absent for a behaviour that has no versions. */
  readonly version?: string;
  readonly values: readonly KnownValue[];
  /** See {@link Behaviour.kindsNotEnforced}. */
  readonly kindsNotEnforced?: readonly string[];
}

/** A plugin. Its versions ascend; a version that is not listed behaves as the nearest lower one that is. */
export interface Plugin {
  readonly name: string;
  /** One line for lists. */
  readonly title: string;
  readonly placement: Behaviour['placement'];
  readonly versions: readonly [PluginVersion, ...PluginVersion[]];
}

const CILIUM = 'https://github.com/cilium/cilium';
const CALICO = 'https://github.com/projectcalico/calico';
const CALICO_CONVERSION = `${CALICO}/blob/v3.32.0/libcalico-go/lib/backend/k8s/conversion/conversion.go`;
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

const CALICO_SIDECARS_NONE: KnownValue = {
  knob: 'sidecarNamedPorts',
  value: 'none',
  confidence: 'source',
  source: `${CALICO}/blob/v3.29.0/libcalico-go/lib/backend/k8s/conversion/workload_endpoint_default.go`,
  because: 'the named ports of a pod are gathered from spec.containers alone',
};

const CALICO_SIDECARS_ALL: KnownValue = {
  knob: 'sidecarNamedPorts',
  value: 'all',
  confidence: 'source',
  source: `${CALICO}/pull/8885`,
  because: 'since 3.30 the ports of all init containers count, whether they restart or not',
};

/** What Calico does in every version listed; read at 3.28, 3.29, 3.30, 3.31 and 3.32. */
const CALICO_VALUES: readonly KnownValue[] = [
  {
    knob: 'ipBlockMatchesPods',
    value: true,
    confidence: 'source',
    source: CALICO_CONVERSION,
    because: 'an ipBlock becomes a list of networks that is compared with the address of the packet',
  },
  {
    knob: 'ipBlockMatchesNodes',
    value: true,
    confidence: 'source',
    source: CALICO_CONVERSION,
    because: 'an ipBlock becomes a list of networks that is compared with the address of the packet',
  },
  {
    knob: 'hostNetwork',
    value: 'asNode',
    confidence: 'source',
    source: CALICO_CONVERSION,
    because: 'pods of the host network are no workload endpoints, so no selector finds them',
  },
  {
    knob: 'localNodeIngress',
    value: 'allow',
    confidence: 'documented',
    source: 'https://docs.tigera.io/calico/latest/network-policy/hosts/protect-hosts',
    because: 'processes of a host may connect to all workloads on it',
  },
  {
    knob: 'localNodeEgress',
    value: 'evaluate',
    confidence: 'source',
    source: `${CALICO}/blob/v3.32.0/felix/rules/static.go`,
    because: 'traffic of a pod to its own node meets the egress policy of the pod, then defaultEndpointToHostAction',
    provided: 'defaultEndpointToHostAction lets through what policy allows, as the usual installations set it',
  },
  {
    knob: 'hairpin',
    value: 'enforce',
    confidence: 'documented',
    source: `${CILIUM}/issues/13767`,
    because: 'the common tests found that Calico blocks a pod that reaches itself through a Service as policy says',
  },
  {
    knob: 'icmp',
    value: 'portlessRules',
    confidence: 'source',
    source: CALICO_CONVERSION,
    because: 'a rule without ports becomes one without a protocol, and the end of the tier denies whatever is left',
  },
  {
    knob: 'npTier',
    value: 'perDirection',
    confidence: 'source',
    source: `${CALICO}/blob/v3.32.0/felix/calc/policy_sorter.go`,
    because: 'whether a policy governs ingress or egress is kept for each direction',
  },
  {
    knob: 'unlistedDirectionRules',
    value: 'ignored',
    confidence: 'source',
    source: CALICO_CONVERSION,
    because: 'the types of the converted policy are those of policyTypes, and rules of others have no effect',
  },
  {
    knob: 'endPort',
    value: 'range',
    confidence: 'source',
    source: CALICO_CONVERSION,
    because: 'port and endPort become one range',
  },
  {
    knob: 'sctp',
    value: 'enforced',
    confidence: 'source',
    source: CALICO_CONVERSION,
    because: 'the protocol of a port is taken over as it is, SCTP included',
  },
];

const CALICO_ADMIN_APIS: KnownValue = {
  knob: 'apis',
  value: ['network-policy', 'admin-network-policy'],
  confidence: 'source',
  source: `${CALICO}/blob/v3.30.0/libcalico-go/lib/backend/k8s/conversion/conversion.go`,
  because: 'AdminNetworkPolicy is converted since 3.29, BaselineAdminNetworkPolicy since 3.30, neither since 3.32',
};

const CALICO_NP_ONLY: KnownValue = {
  knob: 'apis',
  value: ['network-policy'],
  confidence: 'source',
  source: `${CALICO}/blob/v3.28.0/libcalico-go/lib/backend/k8s/conversion/conversion.go`,
  because: 'NetworkPolicy is the only one of the three that is converted',
};

/** Until 3.31 ties are broken by the bare name, which `byName` does not say exactly; so they stay ambiguous there. */
const CALICO_3_32: readonly KnownValue[] = [
  {
    knob: 'tiePriority',
    value: 'byName',
    confidence: 'source',
    source: `${CALICO}/blob/v3.32.0/felix/calc/policy_sorter.go`,
    because: 'policies of equal order are sorted by name, namespace and kind, joined with slashes and compared as text',
  },
  {
    knob: 'apis',
    value: ['network-policy', 'cluster-network-policy'],
    confidence: 'source',
    source: `${CALICO}/blob/v3.32.0/libcalico-go/lib/backend/k8s/conversion/clusternetworkpolicy.go`,
    because:
      'ClusterNetworkPolicy is converted into the tiers kube-admin and kube-baseline, AdminNetworkPolicy no more',
  },
];

/** One value a knob: a later one replaces an earlier one. */
function lastOfEach(values: readonly KnownValue[]): readonly KnownValue[] {
  return [...new Map(values.map((value) => [value.knob, value])).values()];
}

/** All plugins, in the order in which they are listed. */
export const PLUGINS: readonly Plugin[] = [
  {
    name: 'default',
    title: 'the specification; what it leaves open is unknown',
    placement: 'default',
    versions: [{ values: [] }],
  },
  {
    name: 'calico',
    title: 'Calico, iptables or nftables data plane, with its default settings',
    placement: 'calico',
    versions: [
      { version: '3.28', values: [...CALICO_VALUES, CALICO_SIDECARS_NONE, CALICO_NP_ONLY] },
      {
        version: '3.29',
        values: [...CALICO_VALUES, CALICO_SIDECARS_NONE, CALICO_ADMIN_APIS],
        kindsNotEnforced: ['BaselineAdminNetworkPolicy'],
      },
      { version: '3.30', values: [...CALICO_VALUES, CALICO_SIDECARS_ALL, CALICO_ADMIN_APIS] },
      { version: '3.31', values: [...CALICO_VALUES, CALICO_SIDECARS_ALL, CALICO_ADMIN_APIS] },
      { version: '3.32', values: [...CALICO_VALUES, CALICO_SIDECARS_ALL, ...CALICO_3_32] },
    ],
  },
  {
    name: 'cilium',
    title: 'Cilium with its default settings',
    placement: 'cilium',
    versions: [
      { version: '1.15', values: lastOfEach([...CILIUM_VALUES, ...CILIUM_1_15]) },
      { version: '1.16', values: [...CILIUM_VALUES, CILIUM_END_PORT, CILIUM_NAMES_CLUSTER_WIDE] },
      { version: '1.18', values: [...CILIUM_VALUES, CILIUM_END_PORT, CILIUM_NAMES_CLUSTER_WIDE] },
      { version: '1.20', values: lastOfEach([...CILIUM_VALUES, CILIUM_END_PORT, CILIUM_NAMES_1_20, CILIUM_APIS_1_20]) },
    ],
  },
  {
    name: 'none',
    title: 'no plugin that enforces policies: everything is allowed',
    placement: 'default',
    versions: [
      {
        values: [
          {
            knob: 'enforces',
            value: 'no',
            confidence: 'documented',
            source: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/#prerequisites',
            because: 'a policy has no effect where nothing implements it',
          },
        ],
      },
    ],
  },
];
