// Kinds of network policies that plugins have and Netweir does not read yet. A table; matched by group and exact kind.

/** Kinds of one product. */
export interface ForeignKinds {
  readonly product: string;
  /** API groups, any version. */
  readonly groups: readonly string[];
  readonly kinds: readonly string[];
  readonly article: 'a' | 'an';
  readonly hint: string;
}

const NOT_READ = 'Netweir does not read this kind yet; answers that it could change are marked';

/** All of them. Kinds that only observe or configure are left out: they change no answer. */
export const FOREIGN_KINDS: readonly ForeignKinds[] = [
  {
    product: 'Cilium',
    groups: ['cilium.io'],
    kinds: ['CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy', 'CiliumCIDRGroup'],
    article: 'a',
    hint: NOT_READ,
  },
  {
    product: 'Calico',
    groups: ['projectcalico.org', 'crd.projectcalico.org'],
    kinds: ['NetworkPolicy', 'GlobalNetworkPolicy', 'Tier', 'NetworkSet', 'GlobalNetworkSet', 'HostEndpoint'],
    article: 'a',
    hint: NOT_READ,
  },
  {
    product: 'Calico',
    groups: ['projectcalico.org', 'crd.projectcalico.org'],
    kinds: ['StagedNetworkPolicy', 'StagedGlobalNetworkPolicy', 'StagedKubernetesNetworkPolicy'],
    article: 'a',
    hint: 'Netweir does not read this kind yet; a staged policy is not enforced',
  },
  {
    product: 'Antrea',
    groups: ['crd.antrea.io', 'security.antrea.tanzu.vmware.com', 'core.antrea.tanzu.vmware.com'],
    kinds: ['NetworkPolicy', 'ClusterNetworkPolicy', 'Tier', 'Group', 'ClusterGroup'],
    article: 'a',
    hint: NOT_READ,
  },
  {
    product: 'OVN-Kubernetes',
    groups: ['k8s.ovn.org'],
    kinds: ['EgressFirewall'],
    article: 'an',
    hint: NOT_READ,
  },
  {
    product: 'OpenShift SDN',
    groups: ['network.openshift.io'],
    kinds: ['EgressNetworkPolicy'],
    article: 'an',
    hint: NOT_READ,
  },
  {
    product: 'Multus',
    groups: ['k8s.cni.cncf.io'],
    kinds: ['MultiNetworkPolicy'],
    article: 'a',
    hint: 'Netweir does not read this kind yet; it is about secondary networks of pods',
  },
  {
    product: 'Amazon VPC CNI',
    groups: ['networking.k8s.aws'],
    kinds: ['ClusterNetworkPolicy', 'ApplicationNetworkPolicy'],
    article: 'a',
    hint: NOT_READ,
  },
  {
    product: 'GKE',
    groups: ['networking.gke.io'],
    kinds: ['FQDNNetworkPolicy'],
    article: 'an',
    hint: NOT_READ,
  },
];
