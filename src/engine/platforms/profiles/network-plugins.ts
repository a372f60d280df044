// Network plugins as data: by which workloads and nodes they show themselves, whether they enforce policies, and what --cni
// calls them. Every row has its source. Written 2026-11. Knows no object; platforms/plugins.ts looks.

/** A plugin, or a part that enforces policies beside one. */
export type PluginName =
  | 'antrea'
  | 'aws-vpc-cni'
  | 'azure-npm'
  | 'calico'
  | 'cilium'
  | 'flannel'
  | 'gke-dataplane-v2'
  | 'kindnet'
  | 'kube-network-policies'
  | 'kube-ovn'
  | 'kube-router'
  | 'openshift-sdn'
  | 'ovn-kubernetes'
  | 'weave';

/** One plugin. */
export interface PluginProfile {
  readonly name: PluginName;
  readonly title: string;
  /** Names of the DaemonSets that it runs on every node. A container of that name counts where several plugins share one. */
  readonly daemonSets: readonly string[];
  /** Containers that are it, by name, in whatever DaemonSet they stand; the first gives the version. */
  readonly containers: readonly string[];
  /** Part of the image's name that must occur where the name of the DaemonSet or container alone says too little. */
  readonly image?: string;
  /** Beginnings of keys of annotations that it leaves on nodes. */
  readonly nodeAnnotations: readonly string[];
  /** Its word in the reason of a node's condition NetworkUnavailable. */
  readonly nodeReason?: string;
  /** A group of its own custom resources. */
  readonly group?: string;
  /** `depends`: on how it was installed; platforms/enforcement.ts finds out. */
  readonly enforces: 'yes' | 'no' | 'depends';
  /** The name of --cni; absent: Netweir has no behaviour of it. */
  readonly cni?: string;
  readonly source: string;
}

/** All plugins, by name but for those that hide in another's DaemonSet, which come first. */
export const NETWORK_PLUGINS: readonly PluginProfile[] = [
  {
    name: 'gke-dataplane-v2',
    title: 'GKE Dataplane V2',
    daemonSets: ['anetd'],
    containers: [],
    nodeAnnotations: [],
    enforces: 'yes',
    cni: 'gke-dataplane-v2',
    source: 'https://cloud.google.com/kubernetes-engine/docs/concepts/dataplane-v2',
  },
  {
    name: 'cilium',
    title: 'Cilium',
    daemonSets: ['cilium'],
    containers: ['cilium-agent'],
    nodeAnnotations: ['io.cilium.', 'network.cilium.io/'],
    nodeReason: 'CiliumIsUp',
    group: 'cilium.io',
    enforces: 'yes',
    cni: 'cilium',
    source: 'https://docs.cilium.io/en/stable/network/kubernetes/policy/',
  },
  {
    name: 'calico',
    title: 'Calico',
    // canal is flannel's network with Calico's policies, in one DaemonSet.
    daemonSets: ['calico-node', 'canal', 'rke2-canal'],
    containers: ['calico-node'],
    nodeAnnotations: ['projectcalico.org/'],
    nodeReason: 'CalicoIsUp',
    group: 'crd.projectcalico.org',
    enforces: 'yes',
    cni: 'calico',
    source:
      'https://docs.tigera.io/calico/latest/network-policy/get-started/kubernetes-policy/kubernetes-network-policy',
  },
  {
    name: 'antrea',
    title: 'Antrea',
    daemonSets: ['antrea-agent'],
    containers: ['antrea-agent'],
    nodeAnnotations: ['node.antrea.io/'],
    group: 'crd.antrea.io',
    enforces: 'yes',
    cni: 'antrea',
    source: 'https://antrea.io/docs/main/docs/antrea-network-policy/',
  },
  {
    name: 'aws-vpc-cni',
    title: 'Amazon VPC CNI',
    daemonSets: ['aws-node'],
    containers: ['aws-node'],
    nodeAnnotations: [],
    group: 'networking.k8s.aws',
    enforces: 'depends',
    cni: 'aws-vpc-cni',
    source: 'https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html',
  },
  {
    name: 'azure-npm',
    title: 'Azure Network Policy Manager',
    daemonSets: ['azure-npm'],
    containers: ['azure-npm'],
    nodeAnnotations: [],
    enforces: 'yes',
    cni: 'azure',
    source: 'https://learn.microsoft.com/azure/aks/use-network-policies',
  },
  {
    name: 'flannel',
    title: 'flannel',
    daemonSets: ['kube-flannel-ds', 'kube-flannel', 'rke2-flannel'],
    containers: ['kube-flannel'],
    nodeAnnotations: ['flannel.alpha.coreos.com/'],
    nodeReason: 'FlannelIsUp',
    enforces: 'no',
    source: 'https://github.com/flannel-io/flannel#networking-details',
  },
  {
    name: 'kindnet',
    title: 'kindnet',
    daemonSets: ['kindnet'],
    containers: ['kindnet-cni'],
    nodeAnnotations: [],
    // Since kind 0.24 its image has kube-network-policies in it.
    enforces: 'depends',
    cni: 'kube-network-policies',
    source: 'https://github.com/kubernetes-sigs/kind/releases/tag/v0.24.0',
  },
  {
    name: 'kube-network-policies',
    title: 'kube-network-policies',
    daemonSets: ['kube-network-policies'],
    containers: ['kube-network-policies'],
    nodeAnnotations: [],
    enforces: 'yes',
    cni: 'kube-network-policies',
    source: 'https://github.com/kubernetes-sigs/kube-network-policies',
  },
  {
    name: 'kube-ovn',
    title: 'Kube-OVN',
    daemonSets: ['kube-ovn-cni'],
    containers: [],
    nodeAnnotations: ['ovn.kubernetes.io/'],
    group: 'kubeovn.io',
    enforces: 'yes',
    source: 'https://kubeovn.github.io/docs/stable/en/',
  },
  {
    name: 'kube-router',
    title: 'kube-router',
    daemonSets: ['kube-router'],
    containers: ['kube-router'],
    nodeAnnotations: ['kube-router.io/'],
    enforces: 'depends',
    cni: 'kube-router',
    source: 'https://www.kube-router.io/docs/user-guide/',
  },
  {
    name: 'openshift-sdn',
    title: 'OpenShift SDN',
    daemonSets: ['sdn'],
    containers: [],
    image: 'sdn',
    nodeAnnotations: [],
    enforces: 'yes',
    source: 'https://docs.openshift.com/container-platform/4.14/networking/openshift_sdn/about-openshift-sdn.html',
  },
  {
    name: 'ovn-kubernetes',
    title: 'OVN-Kubernetes',
    daemonSets: ['ovnkube-node'],
    containers: ['ovnkube-controller', 'ovnkube-node'],
    nodeAnnotations: ['k8s.ovn.org/'],
    group: 'k8s.ovn.org',
    enforces: 'yes',
    cni: 'ovn-kubernetes',
    source: 'https://ovn-kubernetes.io/',
  },
  {
    name: 'weave',
    title: 'Weave Net',
    daemonSets: ['weave-net'],
    containers: ['weave-npc'],
    nodeAnnotations: [],
    nodeReason: 'WeaveIsUp',
    enforces: 'yes',
    source: 'https://github.com/weaveworks/weave/blob/master/site/kubernetes/kube-addon.md',
  },
];
