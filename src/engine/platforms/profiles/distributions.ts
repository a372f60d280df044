// Distributions of Kubernetes as data: by what their nodes show themselves, who runs the control plane, where DNS is. Every
// row has its source. Written 2026-11. Knows no object; platforms/distribution.ts looks.

import type { CloudName } from './clouds.ts';

/** A distribution. `kubeadm` is any cluster that kubeadm made, kind and minikube aside. */
export type DistributionName =
  | 'aks'
  | 'eks'
  | 'gke'
  | 'k0s'
  | 'k3s'
  | 'kind'
  | 'kubeadm'
  | 'microk8s'
  | 'minikube'
  | 'openshift'
  | 'rke2'
  | 'talos';

/** A sign on nodes, or in the server's version. The first that holds counts. */
export type Sign =
  | { readonly on: 'label'; readonly key: string }
  | { readonly on: 'annotation'; readonly key: string }
  | { readonly on: 'kubelet' | 'os-image' | 'provider'; readonly pattern: RegExp }
  | { readonly on: 'config-map'; readonly namespace: string; readonly name: string };

/** Where pods of the cluster ask for names if nothing in the snapshot shows it. */
export interface UsualDns {
  readonly title: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Of the pods. */
  readonly port: number;
}

/** One distribution. */
export interface DistributionProfile {
  readonly name: DistributionName;
  readonly title: string;
  readonly signs: readonly Sign[];
  /** The cloud that it is always in; absent: any or none. */
  readonly cloud?: CloudName;
  /** `nodes`: on nodes of the cluster, which the snapshot may show. `vendor`: nobody in the cluster sees it. */
  readonly controlPlane: 'nodes' | 'vendor';
  /** The port on which its API server usually answers, for hints only. */
  readonly apiServerPort: number;
  readonly dns: UsualDns;
  readonly source: string;
}

const KUBE_DNS: UsualDns = {
  title: 'CoreDNS',
  namespace: 'kube-system',
  labels: { 'k8s-app': 'kube-dns' },
  port: 53,
};

/** All distributions, the more particular signs first. */
export const DISTRIBUTIONS: readonly DistributionProfile[] = [
  {
    name: 'openshift',
    title: 'OpenShift',
    signs: [{ on: 'label', key: 'node.openshift.io/os_id' }],
    controlPlane: 'nodes',
    apiServerPort: 6443,
    // The DNS operator runs a DaemonSet whose pods listen on 5353; Service dns-default has 53.
    dns: {
      title: 'OpenShift DNS',
      namespace: 'openshift-dns',
      labels: { 'dns.operator.openshift.io/daemonset-dns': 'default' },
      port: 5353,
    },
    source: 'https://docs.openshift.com/container-platform/latest/networking/networking_operators/dns-operator.html',
  },
  {
    name: 'eks',
    title: 'Amazon EKS',
    signs: [
      { on: 'label', key: 'eks.amazonaws.com/nodegroup' },
      { on: 'label', key: 'eks.amazonaws.com/compute-type' },
      { on: 'kubelet', pattern: /-eks-[0-9a-f]+$/ },
    ],
    cloud: 'aws',
    controlPlane: 'vendor',
    apiServerPort: 443,
    dns: KUBE_DNS,
    source: 'https://docs.aws.amazon.com/eks/latest/userguide/managing-coredns.html',
  },
  {
    name: 'gke',
    title: 'Google Kubernetes Engine',
    signs: [
      { on: 'label', key: 'cloud.google.com/gke-nodepool' },
      { on: 'kubelet', pattern: /-gke\.\d+$/ },
    ],
    cloud: 'gce',
    controlPlane: 'vendor',
    apiServerPort: 443,
    dns: { ...KUBE_DNS, title: 'kube-dns' },
    source: 'https://cloud.google.com/kubernetes-engine/docs/concepts/service-discovery',
  },
  {
    name: 'aks',
    title: 'Azure Kubernetes Service',
    signs: [
      { on: 'label', key: 'kubernetes.azure.com/cluster' },
      { on: 'label', key: 'kubernetes.azure.com/agentpool' },
    ],
    cloud: 'azure',
    controlPlane: 'vendor',
    apiServerPort: 443,
    dns: KUBE_DNS,
    source: 'https://learn.microsoft.com/azure/aks/coredns-custom',
  },
  {
    name: 'rke2',
    title: 'RKE2',
    signs: [
      { on: 'kubelet', pattern: /\+rke2r\d+$/ },
      { on: 'annotation', key: 'rke2.io/node-args' },
    ],
    controlPlane: 'nodes',
    apiServerPort: 6443,
    // The chart overrides the label of upstream's chart, so that it is the usual one.
    dns: { ...KUBE_DNS, title: 'rke2-coredns' },
    source: 'https://docs.rke2.io/networking/networking_services',
  },
  {
    name: 'k3s',
    title: 'K3s',
    signs: [
      { on: 'kubelet', pattern: /\+k3s\d+$/ },
      { on: 'annotation', key: 'k3s.io/node-args' },
    ],
    controlPlane: 'nodes',
    apiServerPort: 6443,
    dns: KUBE_DNS,
    source: 'https://docs.k3s.io/networking/networking-services',
  },
  {
    name: 'k0s',
    title: 'k0s',
    signs: [{ on: 'kubelet', pattern: /\+k0s(\.\d+)?$/ }],
    controlPlane: 'nodes',
    apiServerPort: 6443,
    dns: KUBE_DNS,
    source: 'https://docs.k0sproject.io/stable/networking/',
  },
  {
    name: 'microk8s',
    title: 'MicroK8s',
    signs: [{ on: 'label', key: 'microk8s.io/cluster' }],
    controlPlane: 'nodes',
    apiServerPort: 16443,
    dns: KUBE_DNS,
    source: 'https://microk8s.io/docs/services-and-ports',
  },
  {
    name: 'talos',
    title: 'Talos Linux',
    signs: [{ on: 'os-image', pattern: /^Talos\b/ }],
    controlPlane: 'nodes',
    apiServerPort: 6443,
    dns: KUBE_DNS,
    source: 'https://www.talos.dev/latest/learn-more/talos-network-connectivity/',
  },
  {
    name: 'kind',
    title: 'kind',
    signs: [{ on: 'provider', pattern: /^kind:/ }],
    controlPlane: 'nodes',
    apiServerPort: 6443,
    dns: KUBE_DNS,
    source: 'https://kind.sigs.k8s.io/docs/design/node-image/',
  },
  {
    name: 'minikube',
    title: 'minikube',
    signs: [{ on: 'label', key: 'minikube.k8s.io/name' }],
    controlPlane: 'nodes',
    apiServerPort: 8443,
    dns: KUBE_DNS,
    source: 'https://minikube.sigs.k8s.io/docs/handbook/network_policy/',
  },
  {
    name: 'kubeadm',
    title: 'kubeadm',
    signs: [
      { on: 'annotation', key: 'kubeadm.alpha.kubernetes.io/cri-socket' },
      { on: 'config-map', namespace: 'kube-system', name: 'kubeadm-config' },
    ],
    controlPlane: 'nodes',
    apiServerPort: 6443,
    dns: KUBE_DNS,
    source: 'https://kubernetes.io/docs/reference/setup-tools/kubeadm/implementation-details/',
  },
];

/** The profile of a distribution. */
export function distributionNamed(name: DistributionName): DistributionProfile {
  return DISTRIBUTIONS.find((one) => one.name === name)!;
}

/** The DNS of a cluster of which nothing is known: kubeadm and most vendors have it so. */
export const USUAL_DNS: UsualDns = KUBE_DNS;
