// Address ranges that have a name: internet, private, link-local, metadata, and what is assumed of pods and nodes where
// the snapshot does not say. Fixed data; what a snapshot takes away (its pods, nodes, Services) is subtracted elsewhere.

import type { IntervalSet } from './interval-set.ts';
import { parseCidr } from './ip-address.ts';
import type { IpSet } from './ip-set.ts';
import * as ipSets from './ip-set.ts';

/** A range a person can name in a question and recognises in an answer. */
export type RangeName = 'internet' | 'private' | 'link-local' | 'metadata';

/** One row of IANA's special-purpose address registries: a block that is no ordinary part of the internet. */
export interface SpecialPurposeBlock {
  readonly cidr: string;
  readonly name: string;
  /** The document that set the block aside. */
  readonly rfc: string;
}

/** IANA IPv4 Special-Purpose Address Registry, https://www.iana.org/assignments/iana-ipv4-special-registry. */
export const IPV4_SPECIAL_PURPOSE: readonly SpecialPurposeBlock[] = [
  { cidr: '0.0.0.0/8', name: 'this network', rfc: 'RFC 791' },
  { cidr: '0.0.0.0/32', name: 'this host on this network', rfc: 'RFC 1122' },
  { cidr: '10.0.0.0/8', name: 'private use', rfc: 'RFC 1918' },
  { cidr: '100.64.0.0/10', name: 'shared address space', rfc: 'RFC 6598' },
  { cidr: '127.0.0.0/8', name: 'loopback', rfc: 'RFC 1122' },
  { cidr: '169.254.0.0/16', name: 'link local', rfc: 'RFC 3927' },
  { cidr: '172.16.0.0/12', name: 'private use', rfc: 'RFC 1918' },
  { cidr: '192.0.0.0/24', name: 'IETF protocol assignments', rfc: 'RFC 6890' },
  { cidr: '192.0.0.0/29', name: 'IPv4 service continuity', rfc: 'RFC 7335' },
  { cidr: '192.0.0.8/32', name: 'IPv4 dummy address', rfc: 'RFC 7600' },
  { cidr: '192.0.0.9/32', name: 'port control protocol anycast', rfc: 'RFC 7723' },
  { cidr: '192.0.0.10/32', name: 'TURN anycast', rfc: 'RFC 8155' },
  { cidr: '192.0.0.170/32', name: 'NAT64/DNS64 discovery', rfc: 'RFC 8880' },
  { cidr: '192.0.0.171/32', name: 'NAT64/DNS64 discovery', rfc: 'RFC 8880' },
  { cidr: '192.0.2.0/24', name: 'documentation (TEST-NET-1)', rfc: 'RFC 5737' },
  { cidr: '192.31.196.0/24', name: 'AS112-v4', rfc: 'RFC 7535' },
  { cidr: '192.52.193.0/24', name: 'AMT', rfc: 'RFC 7450' },
  { cidr: '192.88.99.0/24', name: 'former 6to4 relay anycast', rfc: 'RFC 7526' },
  { cidr: '192.168.0.0/16', name: 'private use', rfc: 'RFC 1918' },
  { cidr: '192.175.48.0/24', name: 'direct delegation AS112 service', rfc: 'RFC 7534' },
  { cidr: '198.18.0.0/15', name: 'benchmarking', rfc: 'RFC 2544' },
  { cidr: '198.51.100.0/24', name: 'documentation (TEST-NET-2)', rfc: 'RFC 5737' },
  { cidr: '203.0.113.0/24', name: 'documentation (TEST-NET-3)', rfc: 'RFC 5737' },
  { cidr: '240.0.0.0/4', name: 'reserved', rfc: 'RFC 1112' },
  { cidr: '255.255.255.255/32', name: 'limited broadcast', rfc: 'RFC 8190' },
];

/**
 * IANA IPv6 Special-Purpose Address Registry, https://www.iana.org/assignments/iana-ipv6-special-registry: the rows
 * within 2000::/3. All others (loopback, mapped, translated, unique local, link local …) lie outside global unicast.
 */
export const IPV6_SPECIAL_PURPOSE: readonly SpecialPurposeBlock[] = [
  { cidr: '2001::/23', name: 'IETF protocol assignments', rfc: 'RFC 2928' },
  { cidr: '2001::/32', name: 'Teredo', rfc: 'RFC 4380' },
  { cidr: '2001:1::1/128', name: 'port control protocol anycast', rfc: 'RFC 7723' },
  { cidr: '2001:1::2/128', name: 'TURN anycast', rfc: 'RFC 8155' },
  { cidr: '2001:1::3/128', name: 'DNS-SD service registration anycast', rfc: 'RFC 9665' },
  { cidr: '2001:2::/48', name: 'benchmarking', rfc: 'RFC 5180' },
  { cidr: '2001:3::/32', name: 'AMT', rfc: 'RFC 7450' },
  { cidr: '2001:4:112::/48', name: 'AS112-v6', rfc: 'RFC 7535' },
  { cidr: '2001:10::/28', name: 'former ORCHID', rfc: 'RFC 4843' },
  { cidr: '2001:20::/28', name: 'ORCHIDv2', rfc: 'RFC 7343' },
  { cidr: '2001:30::/28', name: 'drone remote identification', rfc: 'RFC 9374' },
  { cidr: '2001:db8::/32', name: 'documentation', rfc: 'RFC 3849' },
  { cidr: '2002::/16', name: '6to4', rfc: 'RFC 3056' },
  { cidr: '2620:4f:8000::/48', name: 'direct delegation AS112 service', rfc: 'RFC 7534' },
  { cidr: '3fff::/20', name: 'documentation', rfc: 'RFC 9637' },
];

/** Where a cloud hands out instance metadata or identities. */
export interface MetadataAddress {
  readonly address: string;
  /** As a person knows it. */
  readonly provider: string;
  /** Clouds in which it answers, as the providerID of a node spells them. */
  readonly clouds: readonly string[];
  /** TCP ports on which it answers. The same address may serve something harmless on others, such as DNS on 53. */
  readonly ports: readonly number[];
}

/**
 * Where clouds hand out instance metadata and identities; one row an address. All answer HTTP on port 80; WireServer on
 * 32526 too (https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16).
 */
export const METADATA_ADDRESSES: readonly MetadataAddress[] = [
  { address: '100.100.100.200', provider: 'Alibaba Cloud', clouds: ['alicloud'], ports: [80] },
  { address: '168.63.129.16', provider: 'Azure WireServer', clouds: ['azure'], ports: [80, 32526] },
  { address: '169.254.0.23', provider: 'Tencent Cloud', clouds: ['qcloud'], ports: [80] },
  { address: '169.254.42.42', provider: 'Scaleway', clouds: ['scaleway'], ports: [80] },
  {
    address: '169.254.169.254',
    provider: 'AWS, Azure, Google Cloud, DigitalOcean, Oracle Cloud, OpenStack',
    clouds: ['aws', 'azure', 'gce', 'digitalocean', 'oci', 'openstack', 'hcloud'],
    ports: [80],
  },
  { address: '169.254.170.2', provider: 'AWS ECS', clouds: ['aws'], ports: [80] },
  { address: '169.254.170.23', provider: 'AWS EKS Pod Identity', clouds: ['aws'], ports: [80] },
  { address: '192.0.0.192', provider: 'Oracle Cloud Classic', clouds: ['oci'], ports: [80] },
  { address: 'fd00:42::42', provider: 'Scaleway', clouds: ['scaleway'], ports: [80] },
  { address: 'fd00:ec2::23', provider: 'AWS EKS Pod Identity', clouds: ['aws'], ports: [80] },
  { address: 'fd00:ec2::254', provider: 'AWS', clouds: ['aws'], ports: [80] },
  { address: 'fd20:ce::254', provider: 'Google Cloud', clouds: ['gce'], ports: [80] },
];

const METADATA: IpSet = addressesOf(
  METADATA_ADDRESSES.map(({ address }) => `${address}/${address.includes(':') ? 128 : 32}`),
);

/**
 * What each name stands for.
 * - `internet`: IPv4 without multicast and IPv6 global unicast (2000::/3), both without every special-purpose block,
 *   also the few that carry anycast services: they are nobody's hosts. Without metadata addresses too: 168.63.129.16 has
 *   a public number but answers within Azure only.
 * - `private`: RFC 1918 and fc00::/7. Not 100.64.0.0/10: RFC 6598 sets it apart as shared between a carrier and its
 *   customers, and Go's and Python's IsPrivate leave it out, so the name would mean something else here than elsewhere.
 * - `link-local`: RFC 3927 and RFC 4291.
 * - `metadata`: METADATA_ADDRESSES, some of which are link-local or private as well.
 */
export const NAMED_RANGES: Readonly<Record<RangeName, IpSet>> = {
  internet: [
    addressesOf(['224.0.0.0/4']),
    addressesOf([...IPV4_SPECIAL_PURPOSE, ...IPV6_SPECIAL_PURPOSE].map((block) => block.cidr)),
    METADATA,
  ].reduce(ipSets.subtract, addressesOf(['0.0.0.0/0', '2000::/3'])),
  private: addressesOf(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']),
  'link-local': addressesOf(['169.254.0.0/16', 'fe80::/10']),
  metadata: METADATA,
};

/** Where a pod without a known address is assumed to live if the snapshot shows no pod CIDR; printed where it matters. */
export const ASSUMED_POD_RANGES: IpSet = addressesOf(['10.0.0.0/8', 'fd00::/8']);

/** Every address that a node of unknown address may have: unicast, not of the host itself, the link or the cloud. */
export const ASSUMED_NODE_RANGES: IpSet = [
  addressesOf(['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3']),
  METADATA,
].reduce(ipSets.subtract, addressesOf(['0.0.0.0/0', '2000::/3', 'fc00::/7']));

/**
 * The name a person recognises a set of addresses by, if it has one; the empty set has none. Sets within `metadata`,
 * `link-local` or `private` are called so, the narrowest first. A set is called `internet` if in every family in which it
 * holds any internet address it holds at least 15/16 of them, whatever else it holds: `0.0.0.0/0` without a few clouds'
 * published blocks is still the internet to a person, while a half, a country's or a company's blocks are not. The name
 * is for display; the exact ranges stand beside it, and questions about `internet` are decided by the exact set.
 */
export function nameRange(set: IpSet): RangeName | undefined {
  if (ipSets.isEmpty(set)) return undefined;
  for (const name of ['metadata', 'link-local', 'private'] as const) {
    if (ipSets.isSubset(set, NAMED_RANGES[name])) return name;
  }
  const held = ipSets.intersect(set, NAMED_RANGES.internet);
  const isMost = (part: IntervalSet<number | bigint>, whole: IntervalSet<number | bigint>): boolean =>
    part.length === 0 || 16n * sizeOf(part) >= 15n * sizeOf(whole);
  if (ipSets.isEmpty(held)) return undefined;
  const { internet } = NAMED_RANGES;
  return isMost(held.v4, internet.v4) && isMost(held.v6, internet.v6) ? 'internet' : undefined;
}

function sizeOf(bounds: IntervalSet<number | bigint>): bigint {
  let size = 0n;
  for (let i = 0; i < bounds.length; i += 2) size += BigInt(bounds[i + 1]!) - BigInt(bounds[i]!);
  return size;
}

function addressesOf(cidrs: readonly string[]): IpSet {
  return ipSets.unionAll(
    cidrs.map((text) => {
      const cidr = parseCidr(text);
      if (!cidr.ok) throw new Error(`${text}: ${cidr.problem}`);
      return cidr.set;
    }),
  );
}
