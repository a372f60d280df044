// The parser's acceptance as tables, canonical texts, covers and ranges, and that what is printed reads back.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CidrSloppiness } from './ip-address.ts';
import {
  isStrictCidr,
  parseAddress,
  parseCidr,
  printAddress,
  printAddresses,
  printCidrs,
  printRanges,
} from './ip-address.ts';
import type { IpSet } from './ip-set.ts';
import { ALL_ADDRESSES, equals, NO_ADDRESSES, unionAll } from './ip-set.ts';

const MAPPED = 0xffffn << 32n;
const v4 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const v6 = fc
  .oneof(
    fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }),
    // Groups that are mostly zero, so that runs of zeros of every place and length occur.
    fc.array(fc.constantFrom(0, 0, 0, 1, 0xa0, 0xffff), { minLength: 8, maxLength: 8 }).map((groups) => {
      return groups.reduce((value, group) => (value << 16n) | BigInt(group), 0n);
    }),
  )
  .filter((value) => value >> 32n !== 0xffffn);

/** The set of all CIDRs of a list; fails the test for one that does not parse. */
function addresses(...cidrs: readonly string[]): IpSet {
  return unionAll(
    cidrs.map((text) => {
      const cidr = parseCidr(text);
      if (!cidr.ok) throw new Error(`${text}: ${cidr.problem}`);
      return cidr.set;
    }),
  );
}

describe('parseAddress', () => {
  it.each<[string, 'IPv4' | 'IPv6', number | bigint]>([
    ['0.0.0.0', 'IPv4', 0],
    ['255.255.255.255', 'IPv4', 2 ** 32 - 1],
    ['10.1.2.3', 'IPv4', 0x0a010203],
    ['010.001.0.08', 'IPv4', 0x0a010008],
    ['192.168.0.0000000000000000000000001', 'IPv4', 0xc0a80001],
    ['::', 'IPv6', 0n],
    ['::1', 'IPv6', 1n],
    ['1::', 'IPv6', 1n << 112n],
    ['2001:db8::1', 'IPv6', 0x20010db8_00000000_00000000_00000001n],
    ['2001:DB8:0:0:0:0:0:aBc', 'IPv6', 0x20010db8_00000000_00000000_00000abcn],
    ['1:2:3:4:5:6:7::', 'IPv6', 0x00010002_00030004_00050006_00070000n],
    ['::2:3:4:5:6:7:8', 'IPv6', 0x00000002_00030004_00050006_00070008n],
    ['00001::000000002', 'IPv6', (1n << 112n) | 2n],
    ['::10.0.0.1', 'IPv6', 0x0a000001n],
    ['1:2:3:4:5:6:1.2.3.4', 'IPv6', 0x00010002_00030004_00050006_01020304n],
    ['64:ff9b::192.0.2.033', 'IPv6', 0x0064ff9b_00000000_00000000_c0000221n],
    ['::ffff:10.0.0.1', 'IPv4', 0x0a000001],
    ['::FFFF:a00:1', 'IPv4', 0x0a000001],
    ['0:0:0:0:0:ffff:0:0', 'IPv4', 0],
  ])('reads %s', (text, family, value) => expect(parseAddress(text)).toEqual({ ok: true, family, value }));

  it.each([
    ...[
      '',
      ' ',
      '.',
      ':',
      ':::',
      '1.2.3',
      '1.2.3.4.5',
      '1.2.3.',
      '.1.2.3',
      '1..2.3',
      '256.0.0.1',
      '1.2.3.-4',
      '+1.2.3.4',
    ],
    ...['0x1.2.3.4', '1.2.3.4 ', ' 1.2.3.4', '1.2.3.4\n', '１.2.3.4', '1e1.2.3.4', '16777216.0.0.0', '1.2.3.4:80'],
    ...['1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '1:2:3:4:5:6:7:8::', '::1:2:3:4:5:6:7:8', '1::2::3', '1:::2', ':1::2'],
    ...['1::2:', ':1:2:3:4:5:6:7', '1:2:3:4:5:6:7:', '12345::', '::g', '::-1', '1.2.3.4::', '::1.2.3', '::1.2.3.256'],
    ...['1:2:3:4:5:1.2.3.4', '1:2:3:4:5:6:7:1.2.3.4', '::1.2.3.4:5', '::1:2:3:4:5:6:1.2.3.4', '[::1]', 'localhost'],
  ])('refuses %j', (text) => {
    expect(parseAddress(text)).toEqual({ ok: false, problem: 'not an IPv4 or IPv6 address' });
  });

  it('says what else it was given', () => {
    expect(parseAddress('fe80::1%eth0')).toEqual({ ok: false, problem: 'an IPv6 zone is not allowed' });
    expect(parseAddress('10.0.0.0/8')).toMatchObject({ problem: 'a CIDR where a single address is expected' });
  });

  it('answers at once for absurdly long texts', () => {
    for (const unit of ['1.', '1:', '::', ':', '.', '0']) expect(parseAddress(unit.repeat(200_000)).ok).toBe(false);
  });

  it('reads back what is printed', () => {
    fc.assert(
      fc.property(v4, (value) => {
        expect(parseAddress(printAddress('IPv4', value))).toEqual({ ok: true, family: 'IPv4', value });
      }),
    );
    fc.assert(
      fc.property(v6, (value) => {
        expect(parseAddress(printAddress('IPv6', value))).toEqual({ ok: true, family: 'IPv6', value });
      }),
    );
  });
});

describe('printAddress', () => {
  // RFC 5952 sections 4 and 5.
  it.each([
    ['0:0:0:0:0:0:0:0', '::'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['1:0:0:0:0:0:0:0', '1::'],
    ['2001:0DB8:0:0:0:0:0002:1', '2001:db8::2:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['0:0:1:2:3:4:5:6', '::1:2:3:4:5:6'],
    ['1:2:3:4:5:6:0:0', '1:2:3:4:5:6::'],
    ['0:1:2:3:4:5:6:0', '0:1:2:3:4:5:6:0'],
    ['::10.0.0.1', '::a00:1'],
  ])('%s is %s', (text, canonical) => {
    const address = parseAddress(text);
    expect(address.ok && printAddress(address.family, address.value)).toBe(canonical);
  });

  it('writes the IPv4-mapped range with dots, and its neighbours without', () => {
    expect(printAddress('IPv6', MAPPED + 0x0a000001n)).toBe('::ffff:10.0.0.1');
    expect(printAddress('IPv6', MAPPED - 1n)).toBe('::fffe:ffff:ffff');
    expect(printAddress('IPv6', MAPPED + (1n << 32n))).toBe('::1:0:0:0');
  });
});

describe('parseCidr', () => {
  it.each<[string, CidrSloppiness[], string]>([
    ['10.0.0.0/8', [], '10.0.0.0/8'],
    ['0.0.0.0/0', [], '0.0.0.0/0'],
    ['255.255.255.255/32', [], '255.255.255.255/32'],
    ['128.0.0.0/1', [], '128.0.0.0/1'],
    ['::/0', [], '::/0'],
    ['2001:DB8::/32', [], '2001:db8::/32'],
    ['2001:0db8:0000::/32', [], '2001:db8::/32'],
    ['::10.0.0.0/104', [], '::a00:0/104'],
    ['::1/128', [], '::1/128'],
    ['10.1.2.3/8', ['host-bits'], '10.0.0.0/8'],
    ['10.1.2.3/0', ['host-bits'], '0.0.0.0/0'],
    ['10.0.0.1/31', ['host-bits'], '10.0.0.0/31'],
    ['2001:db8::1/32', ['host-bits'], '2001:db8::/32'],
    ['010.0.0.0/8', ['leading-zeros'], '10.0.0.0/8'],
    ['10.0.0.00/8', ['leading-zeros'], '10.0.0.0/8'],
    ['10.0.0.0/08', ['leading-zeros'], '10.0.0.0/8'],
    ['0.0.0.0/00', ['leading-zeros'], '0.0.0.0/0'],
    ['02001:db8::/32', ['leading-zeros'], '2001:db8::/32'],
    ['::10.0.0.00/104', ['leading-zeros'], '::a00:0/104'],
    ['::ffff:10.0.0.0/104', ['ipv4-mapped'], '10.0.0.0/8'],
    ['::ffff:0:0/96', ['ipv4-mapped'], '0.0.0.0/0'],
    ['::FFFF:a01:203/128', ['ipv4-mapped'], '10.1.2.3/32'],
    ['::ffff:0:0/95', ['ipv4-mapped', 'host-bits'], '::fffe:0:0/95'],
    ['::ffff:10.1.2.3/0', ['ipv4-mapped', 'host-bits'], '::/0'],
    ['010.1.2.3/08', ['leading-zeros', 'host-bits'], '10.0.0.0/8'],
    ['::ffff:010.1.2.3/104', ['leading-zeros', 'ipv4-mapped', 'host-bits'], '10.0.0.0/8'],
  ])('%s: %j %s', (text, sloppy, canonical) => {
    const cidr = parseCidr(text);
    expect(cidr).toMatchObject({ ok: true, sloppy, canonical });
    expect(isStrictCidr(text)).toBe(!sloppy.includes('leading-zeros') && !sloppy.includes('ipv4-mapped'));
    const again = parseCidr(canonical);
    expect(again).toMatchObject({ ok: true, sloppy: [], canonical });
    expect(cidr.ok && again.ok && equals(cidr.set, again.set)).toBe(true);
    expect(cidr.ok && printCidrs(cidr.set)).toEqual([canonical]);
  });

  it('keeps the written prefix length of a mapped network, which `except` is compared by', () => {
    expect(parseCidr('::ffff:10.0.0.0/104')).toMatchObject({ family: 'IPv4', prefix: 104, bits: 128 });
    expect(parseCidr('10.0.0.0/8')).toMatchObject({ family: 'IPv4', prefix: 8, bits: 32 });
    expect(parseCidr('::ffff:0:0/95')).toMatchObject({ family: 'IPv6', prefix: 95, bits: 128 });
  });

  it('holds the first and the last address of the network and no other family', () => {
    expect(addresses('10.1.2.3/8')).toEqual({ v4: [0x0a000000, 0x0b000000], v6: [] });
    expect(addresses('192.0.2.255/32')).toEqual({ v4: [0xc00002ff, 0xc0000300], v6: [] });
    expect(addresses('0.0.0.0/0', '::/0')).toEqual(ALL_ADDRESSES);
    expect(addresses('ff00::/8')).toEqual({ v4: [], v6: [0xffn << 120n, 1n << 128n] });
  });

  it.each([
    ['', 'not an IPv4 or IPv6 address'],
    ['/8', 'not an IPv4 or IPv6 address'],
    ['10.0.0.0', 'no prefix length'],
    ['2001:db8::', 'no prefix length'],
    ['10.0.0.256/8', 'not an IPv4 or IPv6 address'],
    [' 10.0.0.0/8', 'not an IPv4 or IPv6 address'],
    ['10.0.0.0 /8', 'not an IPv4 or IPv6 address'],
    ['example.com', 'not an IPv4 or IPv6 address'],
    ['fe80::1%eth0/64', 'an IPv6 zone is not allowed'],
    ['10.0.0.0/33', 'the prefix length must be a number from 0 to 32'],
    ['::/129', 'the prefix length must be a number from 0 to 128'],
    ['10.0.0.0/', 'the prefix length must be a number from 0 to 32'],
    ['10.0.0.0/-1', 'the prefix length must be a number from 0 to 32'],
    ['10.0.0.0/+8', 'the prefix length must be a number from 0 to 32'],
    ['10.0.0.0/8 ', 'the prefix length must be a number from 0 to 32'],
    ['10.0.0.0/ 8', 'the prefix length must be a number from 0 to 32'],
    ['10.0.0.0/8/8', 'the prefix length must be a number from 0 to 32'],
    ['10.0.0.0/8.0', 'the prefix length must be a number from 0 to 32'],
    ['10.0.0.0/255.0.0.0', 'the prefix length must be a number from 0 to 32'],
  ])('refuses %j: %s', (text, problem) => {
    expect(parseCidr(text)).toEqual({ ok: false, problem });
    expect(isStrictCidr(text)).toBe(false);
  });
});

describe('printCidrs', () => {
  it.each<[string, IpSet, string[]]>([
    ['nothing', NO_ADDRESSES, []],
    ['everything', ALL_ADDRESSES, ['0.0.0.0/0', '::/0']],
    ['an unaligned range', { v4: [1, 8], v6: [] }, ['0.0.0.1/32', '0.0.0.2/31', '0.0.0.4/30']],
    ['the upper half', { v4: [2 ** 31, 2 ** 32], v6: [] }, ['128.0.0.0/1']],
    ['both families, IPv4 first', { v4: [5, 6], v6: [2n, 4n] }, ['0.0.0.5/32', '::2/127']],
    ['two neighbours that are no block', { v4: [1, 3], v6: [] }, ['0.0.0.1/32', '0.0.0.2/32']],
  ])('covers %s', (_, set, cidrs) => expect(printCidrs(set)).toEqual(cidrs));

  it('all but one address takes one block for every bit', () => {
    expect(printCidrs({ v4: [0, 5, 6, 2 ** 32], v6: [] })).toHaveLength(32);
    expect(printCidrs({ v4: [], v6: [0n, 1n << 127n, (1n << 127n) + 1n, 1n << 128n] })).toHaveLength(128);
  });

  it('reads back as the same set, and no two blocks could be one', () => {
    const block4 = fc.tuple(v4, fc.integer({ min: 0, max: 32 })).map(([a, p]) => `${printAddress('IPv4', a)}/${p}`);
    const block6 = fc.tuple(v6, fc.integer({ min: 0, max: 128 })).map(([a, p]) => `${printAddress('IPv6', a)}/${p}`);
    fc.assert(
      fc.property(fc.array(fc.oneof(block4, block6), { maxLength: 6 }), (texts) => {
        const set = addresses(...texts);
        const cidrs = printCidrs(set);
        expect(addresses(...cidrs)).toEqual(set);
        expect(new Set(cidrs).size).toBe(cidrs.length);
        for (const [i, text] of cidrs.entries()) {
          const twin = cidrs[i + 1] === undefined ? undefined : addresses(text, cidrs[i + 1]!);
          if (twin !== undefined) expect(printCidrs(twin)).toEqual([text, cidrs[i + 1]]);
        }
      }),
    );
  });
});

describe('printRanges', () => {
  it('gives both ends, included, IPv4 first', () => {
    expect(printRanges(NO_ADDRESSES)).toEqual([]);
    expect(printRanges({ v4: [0, 0x0a000000, 0x0b000000, 2 ** 32], v6: [1n, 2n] })).toEqual([
      ['0.0.0.0', '9.255.255.255'],
      ['11.0.0.0', '255.255.255.255'],
      ['::1', '::1'],
    ]);
    expect(printRanges(ALL_ADDRESSES)).toEqual([
      ['0.0.0.0', '255.255.255.255'],
      ['::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
    ]);
  });
});

describe('printAddresses', () => {
  const scattered: IpSet = { v4: Array.from({ length: 20 }, (_, i) => 2 * i + 1), v6: [1n, 2n] };

  it.each<[string, IpSet, number | undefined, string]>([
    ['nothing', NO_ADDRESSES, undefined, 'no address'],
    ['one address', { v4: [1, 2], v6: [] }, undefined, '0.0.0.1'],
    ['one IPv6 address', { v4: [], v6: [1n, 2n] }, undefined, '::1'],
    ['a network of either family', addresses('10.0.0.0/8', 'fd00::/8'), undefined, '10.0.0.0/8, fd00::/8'],
    ['an IPv6 /32 keeps its prefix length', addresses('2001:db8::/32'), undefined, '2001:db8::/32'],
    ['what many blocks cover', { v4: [1, 2 ** 31 + 1], v6: [] }, undefined, '0.0.0.1-128.0.0.0'],
    ['many ranges', scattered, 2, '0.0.0.1-0.0.0.2, 0.0.0.5-0.0.0.6, … and 9 more'],
    ['exactly as many ranges as fit', { v4: [1, 8, 9, 17], v6: [] }, 2, '0.0.0.1-0.0.0.7, 0.0.0.9-0.0.0.16'],
    ['ranges of both families', { v4: [1, 8], v6: [1n, 8n] }, 2, '0.0.0.1-0.0.0.7, ::1-::7'],
  ])('%s', (_, set, max, text) => expect(printAddresses(set, max)).toBe(text));
});
