// How pods get an identity of their cloud, as data: what asks for it, and where it is handed out. Every row has its source.
// Written 2026-11.

import type { PluginName } from './network-plugins.ts';

/** Addresses where an identity is handed out. */
export interface IdentityPoint {
  readonly title: string;
  readonly addresses: readonly string[];
  /** TCP. */
  readonly ports: readonly number[];
  /** Only where the cluster has that plugin, or has it not. */
  readonly only?: { readonly plugin: PluginName; readonly present: boolean };
}

/** One way to an identity. */
export interface IdentityProfile {
  readonly name: string;
  readonly title: string;
  /** Annotations of a service account that ask for it. */
  readonly annotations: readonly string[];
  /** Labels of pods that ask for it. */
  readonly podLabels: readonly (readonly [key: string, value: string])[];
  /** Variables that an admission webhook sets in pods that have it. */
  readonly env: readonly { readonly name: string; readonly holds: string }[];
  readonly points: readonly IdentityPoint[];
  /** Services outside of the cluster that are reached by name; NetworkPolicies cannot name them. */
  readonly domains: readonly { readonly name: string; readonly port: number }[];
  readonly source: string;
  /** True: no document of the vendor was found that says so in full. */
  readonly unverified?: true;
}

/** All of them, by name. */
export const IDENTITIES: readonly IdentityProfile[] = [
  {
    name: 'aks-workload-identity',
    title: 'Microsoft Entra Workload ID',
    annotations: ['azure.workload.identity/client-id'],
    podLabels: [['azure.workload.identity/use', 'true']],
    env: [],
    points: [],
    domains: [{ name: 'login.microsoftonline.com', port: 443 }],
    source: 'https://azure.github.io/azure-workload-identity/docs/topics/service-account-labels-and-annotations.html',
  },
  {
    name: 'alibaba-rrsa',
    title: 'Alibaba Cloud STS (RRSA)',
    annotations: ['pod-identity.alibabacloud.com/role-name'],
    podLabels: [],
    env: [],
    points: [],
    // Regional endpoints sts.REGION.aliyuncs.com are used as well.
    domains: [{ name: 'sts.aliyuncs.com', port: 443 }],
    source:
      'https://www.alibabacloud.com/help/en/ack/serverless-kubernetes/user-guide/use-rrsa-to-authorize-pods-to-access-different-cloud-services',
    unverified: true,
  },
  {
    name: 'eks-irsa',
    title: 'AWS STS (IAM roles for service accounts)',
    annotations: ['eks.amazonaws.com/role-arn'],
    podLabels: [],
    env: [],
    points: [],
    // Regional endpoints are the default of current SDKs; the pattern means them all.
    domains: [
      { name: 'sts.*.amazonaws.com', port: 443 },
      { name: 'sts.amazonaws.com', port: 443 },
    ],
    source: 'https://docs.aws.amazon.com/eks/latest/userguide/configure-sts-endpoint.html',
  },
  {
    name: 'eks-pod-identity',
    title: 'the EKS Pod Identity agent of the node',
    annotations: [],
    podLabels: [],
    // Associations are no objects of the cluster; what they do to pods shows.
    env: [
      { name: 'AWS_CONTAINER_CREDENTIALS_FULL_URI', holds: '169.254.170.23' },
      { name: 'AWS_CONTAINER_CREDENTIALS_FULL_URI', holds: 'fd00:ec2::23' },
    ],
    points: [{ title: 'EKS Pod Identity agent', addresses: ['169.254.170.23', 'fd00:ec2::23'], ports: [80] }],
    domains: [],
    source: 'https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html',
  },
  {
    name: 'gke-workload-identity',
    title: 'the GKE metadata server of the node',
    annotations: ['iam.gke.io/gcp-service-account'],
    podLabels: [],
    env: [],
    points: [
      {
        title: 'GKE metadata server (Dataplane V2)',
        addresses: ['169.254.169.254'],
        ports: [80, 8080],
        only: { plugin: 'gke-dataplane-v2', present: true },
      },
      {
        title: 'GKE metadata server',
        addresses: ['169.254.169.252'],
        ports: [987, 988],
        only: { plugin: 'gke-dataplane-v2', present: false },
      },
    ],
    domains: [],
    // The page lists both cases under "Restricted network traffic"; read in excerpts of 2026 that quote it.
    source:
      'https://cloud.google.com/kubernetes-engine/docs/how-to/network-policy#network-policy-and-workload-identity',
    unverified: true,
  },
];
