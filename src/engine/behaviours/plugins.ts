// What plugins do, as data: per version the knobs that were looked up, each with the place where that can be read. A knob
// that is not here was not found out, and stays at its default. Knows nothing of policies or how they are placed.

import { ANTREA_VERSIONS } from './antrea.ts';
import { AWS_VPC_CNI_VERSIONS } from './aws-vpc-cni.ts';
import { AZURE_VERSIONS } from './azure.ts';
import { CILIUM_VERSIONS } from './cilium.ts';
import { GKE_DATAPLANE_V2_VERSIONS } from './gke-dataplane-v2.ts';
import type { KnownValue, Plugin } from './known-value.ts';
import { KUBE_NETWORK_POLICIES_VERSIONS } from './kube-network-policies.ts';
import { KUBE_ROUTER_VERSIONS } from './kube-router.ts';
import { OVN_KUBERNETES_VERSIONS } from './ovn-kubernetes.ts';

export type { Confidence, KnownValue, Plugin, PluginVersion } from './known-value.ts';

const CILIUM = 'https://github.com/cilium/cilium';
const CALICO = 'https://github.com/projectcalico/calico';
const CALICO_CONVERSION = `${CALICO}/blob/v3.32.0/libcalico-go/lib/backend/k8s/conversion/conversion.go`;

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

const CALICO_BARE_NAMES: KnownValue = {
  knob: 'tiePriority',
  value: 'byBareName',
  confidence: 'source',
  source: `${CALICO}/blob/v3.31.0/felix/calc/policy_sorter.go`,
  because: 'policies of equal order are sorted by their bare names',
};

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
        values: [...CALICO_VALUES, CALICO_SIDECARS_NONE, CALICO_BARE_NAMES, CALICO_ADMIN_APIS],
        kindsNotEnforced: ['BaselineAdminNetworkPolicy'],
      },
      { version: '3.30', values: [...CALICO_VALUES, CALICO_SIDECARS_ALL, CALICO_BARE_NAMES, CALICO_ADMIN_APIS] },
      { version: '3.31', values: [...CALICO_VALUES, CALICO_SIDECARS_ALL, CALICO_BARE_NAMES, CALICO_ADMIN_APIS] },
      { version: '3.32', values: [...CALICO_VALUES, CALICO_SIDECARS_ALL, ...CALICO_3_32] },
    ],
  },
  {
    name: 'cilium',
    title: 'Cilium with its default settings',
    placement: 'cilium',
    versions: CILIUM_VERSIONS,
  },
  {
    name: 'antrea',
    title: 'Antrea with its default settings',
    placement: 'default',
    versions: ANTREA_VERSIONS,
  },
  {
    name: 'ovn-kubernetes',
    title: 'OVN-Kubernetes, the plugin of OpenShift, with its default settings',
    placement: 'default',
    versions: OVN_KUBERNETES_VERSIONS,
  },
  {
    name: 'kube-network-policies',
    title: 'kube-network-policies of kubernetes-sigs, beside any plugin that enforces none',
    placement: 'default',
    versions: KUBE_NETWORK_POLICIES_VERSIONS,
  },
  {
    name: 'kube-router',
    title: 'kube-router, which k3s and k0s use too, with its default settings',
    placement: 'default',
    versions: KUBE_ROUTER_VERSIONS,
  },
  {
    name: 'aws-vpc-cni',
    title: 'Amazon VPC CNI with its network policy agent in standard mode',
    placement: 'default',
    versions: AWS_VPC_CNI_VERSIONS,
  },
  {
    name: 'azure',
    title: 'Azure Network Policy Manager on Linux nodes; for Azure CNI powered by Cilium name cilium',
    placement: 'default',
    versions: AZURE_VERSIONS,
  },
  {
    name: 'gke-dataplane-v2',
    title: 'GKE Dataplane V2, as far as what it is built on tells',
    placement: 'cilium',
    versions: GKE_DATAPLANE_V2_VERSIONS,
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
