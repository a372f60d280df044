// What each named range holds and leaves out, and which sets a person would call by which name.

import { describe, expect, it } from 'vitest';
import { parseAddress, parseCidr, printCidrs } from './ip-address.ts';
import type { IpSet } from './ip-set.ts';
import { ALL_ADDRESSES, contains, isSubset, NO_ADDRESSES, overlaps, subtract, union, unionAll } from './ip-set.ts';
import type { RangeName } from './named-ranges.ts';
import {
  ASSUMED_NODE_RANGES,
  ASSUMED_POD_RANGES,
  IPV4_SPECIAL_PURPOSE,
  IPV6_SPECIAL_PURPOSE,
  METADATA_ADDRESSES,
  NAMED_RANGES,
  nameRange,
} from './named-ranges.ts';

function addresses(...cidrs: readonly string[]): IpSet {
  return unionAll(
    cidrs.map((text) => {
      const cidr = parseCidr(text);
      if (!cidr.ok) throw new Error(`${text}: ${cidr.problem}`);
      return cidr.set;
    }),
  );
}

function holds(set: IpSet, text: string): boolean {
  const address = parseAddress(text);
  if (!address.ok) throw new Error(`${text}: ${address.problem}`);
  return contains(set, address);
}

const { internet } = NAMED_RANGES;

describe('named ranges', () => {
  it.each([...IPV4_SPECIAL_PURPOSE, ...IPV6_SPECIAL_PURPOSE])(
    '$cidr ($name) is written canonically and not internet',
    (block) => {
      expect(parseCidr(block.cidr)).toMatchObject({ ok: true, sloppy: [], canonical: block.cidr });
      expect(overlaps(internet, addresses(block.cidr))).toBe(false);
      expect(block.rfc).toMatch(/^RFC \d+$/);
    },
  );

  it('the IPv6 rows are those within global unicast', () => {
    expect(isSubset(addresses(...IPV6_SPECIAL_PURPOSE.map((block) => block.cidr)), addresses('2000::/3'))).toBe(true);
  });

  it.each([
    ...['1.1.1.1', '8.8.8.8', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '126.255.255.255'],
    ...['169.253.255.255', '172.15.255.255', '172.32.0.0', '198.17.255.255', '198.20.0.0', '223.255.255.255'],
    ...['2000::', '2001:200::', '2001:4860:4860::8888', '2606:4700::1111', '2a00::1', '3ffe:ffff::', '3fff:1000::'],
  ])('%s is internet', (text) => expect(holds(internet, text)).toBe(true));

  it.each([
    ...[
      '0.0.0.0',
      '10.1.2.3',
      '100.64.0.1',
      '127.0.0.1',
      '224.0.0.1',
      '239.255.255.255',
      '240.0.0.1',
      '255.255.255.255',
    ],
    ...['168.63.129.16', '::', '::1', '64:ff9b::808:808', '100::1', '1fff:ffff::', '4000::', 'fc00::1', 'fec0::1'],
    ...['fe80::1', 'ff02::1', '5f00::1', '2001::1', '2001:db8::1', '2002:a00:1::', '3fff::1'],
  ])('%s is not', (text) => expect(holds(internet, text)).toBe(false));

  it('the other ranges are exactly these', () => {
    expect(printCidrs(NAMED_RANGES.private)).toEqual(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']);
    expect(printCidrs(NAMED_RANGES['link-local'])).toEqual(['169.254.0.0/16', 'fe80::/10']);
    expect(printCidrs(ASSUMED_POD_RANGES)).toEqual(['10.0.0.0/8', 'fd00::/8']);
  });

  it('metadata is one address a row, each written once and canonically', () => {
    expect(
      printCidrs(NAMED_RANGES.metadata)
        .map((cidr) => cidr.replace(/\/\d+$/, ''))
        .sort(),
    ).toEqual(METADATA_ADDRESSES.map(({ address }) => address).sort());
    expect(METADATA_ADDRESSES).toHaveLength(12);
  });

  it.each<[string, boolean]>([
    ['0.0.0.1', false],
    ['1.0.0.0', true],
    ['10.0.0.1', true],
    ['100.64.0.1', true],
    ['126.255.255.255', true],
    ['127.0.0.1', false],
    ['168.63.129.16', false],
    ['169.253.255.255', true],
    ['169.254.1.1', false],
    ['223.255.255.255', true],
    ['224.0.0.0', false],
    ['255.255.255.255', false],
    ['2001:db8::1', true],
    ['fd00::1', true],
    ['fd00:ec2::254', false],
    ['fe80::1', false],
    ['ff02::1', false],
    ['::1', false],
  ])('a node may have %s: %s', (text, expected) => expect(holds(ASSUMED_NODE_RANGES, text)).toBe(expected));
});

describe('nameRange', () => {
  const metadata2 = addresses('169.254.169.254/32', 'fd00:ec2::254/128');

  it.each<[string, IpSet, RangeName | undefined]>([
    ['nothing', NO_ADDRESSES, undefined],
    ['one metadata address', addresses('169.254.169.254/32'), 'metadata'],
    ['metadata addresses of both families', metadata2, 'metadata'],
    ['a metadata address that is no link-local one', addresses('168.63.129.16/32'), 'metadata'],
    ['a metadata address and its neighbour', addresses('169.254.169.254/31'), 'link-local'],
    ['link-local', NAMED_RANGES['link-local'], 'link-local'],
    ['part of a private range', addresses('10.20.0.0/16'), 'private'],
    ['private ranges of both families', addresses('192.168.0.0/16', 'fd00::/8'), 'private'],
    ['private and link-local', addresses('10.0.0.0/8', '169.254.0.0/16'), undefined],
    ['shared address space', addresses('100.64.0.0/10'), undefined],
    ['documentation', addresses('203.0.113.0/24'), undefined],
    ['loopback', addresses('127.0.0.0/8', '::1/128'), undefined],
    ['a company', addresses('8.8.8.0/24'), undefined],
    ['half of IPv4', addresses('0.0.0.0/1'), undefined],
    ['internet', internet, 'internet'],
    ['everything', ALL_ADDRESSES, 'internet'],
    [
      'everything but two metadata addresses and 10/8',
      subtract(ALL_ADDRESSES, union(metadata2, addresses('10.0.0.0/8'))),
      'internet',
    ],
    ['all of IPv4', addresses('0.0.0.0/0'), 'internet'],
    ['all of IPv6', addresses('::/0'), 'internet'],
    [
      'IPv4 but some public blocks',
      subtract(addresses('0.0.0.0/0'), addresses('8.0.0.0/8', '52.0.0.0/10')),
      'internet',
    ],
    ['IPv4 but a sixteenth of it', subtract(addresses('0.0.0.0/0'), addresses('16.0.0.0/4')), undefined],
    ['IPv6 but a quarter of it', subtract(addresses('::/0'), addresses('2000::/5')), undefined],
    ['all of IPv4 and one public IPv6 block', addresses('0.0.0.0/0', '2606:4700::/32'), undefined],
    ['all of IPv4 and private IPv6', addresses('0.0.0.0/0', 'fd00::/8'), 'internet'],
  ])('%s', (_, set, name) => expect(nameRange(set)).toBe(name));
});
