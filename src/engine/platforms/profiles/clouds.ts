// Clouds as data: how nodes name them, and where each hands out instance metadata, identities and names. Every row has its
// source. Written 2026-11; `unverified` marks what no document of the vendor was found for.

/** A cloud, as the scheme of a node's providerID spells it. */
export type CloudName =
  | 'aws'
  | 'azure'
  | 'gce'
  | 'alicloud'
  | 'oci'
  | 'openstack'
  | 'digitalocean'
  | 'hcloud'
  | 'scaleway'
  | 'qcloud';

/** One place where something of the cloud answers. */
export interface CloudEndpoint {
  readonly title: string;
  /** What it hands out. `metadata` includes credentials of the node; `identity`: those of a pod's own account. */
  readonly gives: 'metadata' | 'identity' | 'node-agent' | 'names';
  readonly addresses: readonly string[];
  /** TCP; UDP too for `names`. */
  readonly ports: readonly number[];
  readonly source: string;
  /** True: no document of the vendor was found that says so. */
  readonly unverified?: true;
}

/** One cloud. */
export interface CloudProfile {
  readonly name: CloudName;
  readonly title: string;
  readonly endpoints: readonly CloudEndpoint[];
}

/** All clouds, by name. */
export const CLOUDS: readonly CloudProfile[] = [
  {
    name: 'alicloud',
    title: 'Alibaba Cloud',
    endpoints: [
      {
        title: 'instance metadata',
        gives: 'metadata',
        addresses: ['100.100.100.200'],
        ports: [80],
        source: 'https://www.alibabacloud.com/help/en/ecs/user-guide/view-instance-metadata',
      },
    ],
  },
  {
    name: 'aws',
    title: 'AWS',
    endpoints: [
      {
        title: 'instance metadata (IMDS)',
        gives: 'metadata',
        addresses: ['169.254.169.254', 'fd00:ec2::254'],
        ports: [80],
        source: 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html',
      },
      {
        title: 'EKS Pod Identity agent',
        gives: 'identity',
        addresses: ['169.254.170.23', 'fd00:ec2::23'],
        ports: [80],
        source: 'https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html',
      },
      {
        title: 'Amazon DNS server of the VPC',
        gives: 'names',
        addresses: ['169.254.169.253', 'fd00:ec2::253'],
        ports: [53],
        source: 'https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html',
      },
    ],
  },
  {
    name: 'azure',
    title: 'Azure',
    endpoints: [
      {
        title: 'instance metadata (IMDS)',
        gives: 'metadata',
        addresses: ['169.254.169.254'],
        ports: [80],
        source: 'https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service',
      },
      {
        title: 'WireServer',
        gives: 'node-agent',
        addresses: ['168.63.129.16'],
        ports: [80, 32526],
        source: 'https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16',
      },
      {
        title: 'DNS of the virtual network',
        gives: 'names',
        addresses: ['168.63.129.16'],
        ports: [53],
        source: 'https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16',
      },
    ],
  },
  {
    name: 'digitalocean',
    title: 'DigitalOcean',
    endpoints: [
      {
        title: 'droplet metadata',
        gives: 'metadata',
        addresses: ['169.254.169.254'],
        ports: [80],
        source: 'https://docs.digitalocean.com/reference/api/metadata/',
      },
    ],
  },
  {
    name: 'gce',
    title: 'Google Cloud',
    endpoints: [
      {
        title: 'metadata server',
        gives: 'metadata',
        addresses: ['169.254.169.254', 'fd20:ce::254'],
        ports: [80],
        source: 'https://cloud.google.com/compute/docs/metadata/querying-metadata',
      },
      {
        title: 'Cloud DNS through the metadata server',
        gives: 'names',
        addresses: ['169.254.169.254'],
        ports: [53],
        source: 'https://cloud.google.com/kubernetes-engine/docs/how-to/cloud-dns',
      },
    ],
  },
  {
    name: 'hcloud',
    title: 'Hetzner Cloud',
    endpoints: [
      {
        title: 'server metadata',
        gives: 'metadata',
        addresses: ['169.254.169.254'],
        ports: [80],
        source: 'https://docs.hetzner.cloud/reference/cloud#server-metadata',
      },
    ],
  },
  {
    name: 'oci',
    title: 'Oracle Cloud',
    endpoints: [
      {
        title: 'instance metadata',
        gives: 'metadata',
        addresses: ['169.254.169.254'],
        ports: [80],
        source: 'https://docs.oracle.com/iaas/Content/Compute/Tasks/gettingmetadata.htm',
      },
    ],
  },
  {
    name: 'openstack',
    title: 'OpenStack',
    endpoints: [
      {
        title: 'metadata service',
        gives: 'metadata',
        addresses: ['169.254.169.254'],
        ports: [80],
        source: 'https://docs.openstack.org/nova/latest/user/metadata.html',
      },
    ],
  },
  {
    name: 'qcloud',
    title: 'Tencent Cloud',
    endpoints: [
      {
        title: 'instance metadata',
        gives: 'metadata',
        addresses: ['169.254.0.23'],
        ports: [80],
        // the address is that of metadata.tencentyun.com in clients of the vendor.
        source: 'https://www.tencentcloud.com/document/product/213/4934',
        unverified: true,
      },
    ],
  },
  {
    name: 'scaleway',
    title: 'Scaleway',
    endpoints: [
      {
        title: 'instance metadata',
        gives: 'metadata',
        addresses: ['169.254.42.42', 'fd00:42::42'],
        ports: [80],
        // the addresses are those of the vendor's own command line program.
        source: 'https://github.com/scaleway/scaleway-sdk-go/blob/master/api/instance/v1/instance_metadata_sdk.go',
        unverified: true,
      },
    ],
  },
];

/** The cloud of a provider's scheme (`aws` of `aws:///eu-west-1a/i-0`), undefined for others. */
export function cloudNamed(name: string): CloudProfile | undefined {
  return CLOUDS.find((cloud) => cloud.name === name);
}
