// Sets of addresses of both families under the laws of sets; the families never mix.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeSetLaws } from '../../../test/support/set-laws.ts';
import type { Family, IpSet } from './ip-set.ts';
import * as ipSets from './ip-set.ts';

interface Address {
  readonly family: Family;
  readonly value: number | bigint;
}

const universe: readonly Address[] = [
  ...[0, 1, 2, 7, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 2, 2 ** 32 - 1].map((value) => ({ family: 'IPv4' as const, value })),
  ...[0n, 1n, 5n, 6n, 1n << 64n, (1n << 128n) - 2n, (1n << 128n) - 1n].map((value) => ({
    family: 'IPv6' as const,
    value,
  })),
];

function ofAddresses(addresses: readonly Address[]): IpSet {
  const v4: number[] = [];
  const v6: bigint[] = [];
  for (const { value } of addresses) {
    if (typeof value === 'number') {
      if (v4.at(-1) === value) v4[v4.length - 1] = value + 1;
      else v4.push(value, value + 1);
    } else if (v6.at(-1) === value) v6[v6.length - 1] = value + 1n;
    else v6.push(value, value + 1n);
  }
  return { v4, v6 };
}

describeSetLaws<IpSet, Address>('addresses', {
  universe,
  of: ofAddresses,
  union: ipSets.union,
  unionAll: ipSets.unionAll,
  intersect: ipSets.intersect,
  subtract: ipSets.subtract,
  contains: ipSets.contains,
  isEmpty: ipSets.isEmpty,
  equals: ipSets.equals,
  isSubset: ipSets.isSubset,
  overlaps: ipSets.overlaps,
  key: ipSets.ipSetKey,
});

describe('ip sets', () => {
  it('one family at a time, and single addresses, as the general words have it', () => {
    const sets = fc.subarray([...universe]).map(ofAddresses);
    fc.assert(
      fc.property(sets, sets, (a, b) => {
        for (const family of ipSets.FAMILIES) {
          const own = ipSets.ofFamily(a, family);
          expect(ipSets.overlapsIn(family, a, b)).toBe(ipSets.overlaps(own, b));
          expect(ipSets.isSubsetIn(family, a, b)).toBe(ipSets.isSubset(own, b));
        }
        const size = universe.filter((one) => ipSets.contains(a, one)).length;
        expect(ipSets.isSingle(a)).toBe(size === 1);
      }),
    );
  });

  const one4: Address = { family: 'IPv4', value: 1 };
  const one6: Address = { family: 'IPv6', value: 1n };

  it('the same number is another address in the other family', () => {
    const set = ipSets.singleAddress(one4);
    expect(set).toEqual({ v4: [1, 2], v6: [] });
    expect(ipSets.singleAddress(one6)).toEqual({ v4: [], v6: [1n, 2n] });
    expect(ipSets.contains(set, one6)).toBe(false);
    expect(ipSets.ipSetKey(set)).not.toBe(ipSets.ipSetKey(ipSets.singleAddress(one6)));
    expect(ipSets.overlaps(set, ipSets.singleAddress(one6))).toBe(false);
  });

  it('parts a set by family and says which it holds', () => {
    const both = ipSets.union(ipSets.singleAddress(one4), ipSets.singleAddress(one6));
    expect(ipSets.familiesOf(both)).toEqual(['IPv4', 'IPv6']);
    expect(ipSets.familiesOf(ipSets.ofFamily(both, 'IPv6'))).toEqual(['IPv6']);
    expect(ipSets.ofFamily(both, 'IPv4')).toEqual(ipSets.singleAddress(one4));
    expect(ipSets.familiesOf(ipSets.NO_ADDRESSES)).toEqual([]);
  });

  it('all addresses hold the first and the last of each family, and no more', () => {
    for (const address of universe) expect(ipSets.contains(ipSets.ALL_ADDRESSES, address)).toBe(true);
    expect(ipSets.contains(ipSets.ALL_ADDRESSES, { family: 'IPv4', value: 2 ** 32 })).toBe(false);
    expect(ipSets.contains(ipSets.ALL_ADDRESSES, { family: 'IPv6', value: 1n << 128n })).toBe(false);
  });

  it('says which part of another set it holds, by family', () => {
    const quarter: ipSets.IpSet = { v4: [0, 2 ** 30], v6: [0n, 1n << 126n] };
    expect(ipSets.shareOf(quarter, ipSets.ALL_ADDRESSES, 'IPv4')).toBe(0.25);
    expect(ipSets.shareOf(quarter, ipSets.ALL_ADDRESSES, 'IPv6')).toBe(0.25);
    expect(ipSets.shareOf(ipSets.ALL_ADDRESSES, quarter, 'IPv4')).toBe(1);
    expect(ipSets.shareOf(quarter, ipSets.singleAddress(one6), 'IPv4')).toBe(0);
  });
});
