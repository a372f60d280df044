import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FAMILIES, intersect, isEmpty, isSubset, NO_ADDRESSES, ofFamily, subtract } from '../sets/ip-set.ts';
import { countOf, coverAddresses, EXACT, setOf } from './widen-addresses.ts';

const v4 = fc.tuple(fc.nat(3), fc.nat(255), fc.integer({ min: 24, max: 32 })).map(([net, host, bits]) => {
  const size = 2 ** (32 - bits);
  return `198.51.${100 + net}.${Math.floor(host / size) * size}/${bits}`;
});
const v6 = fc.tuple(fc.nat(3), fc.nat(255), fc.integer({ min: 120, max: 128 })).map(([net, host, bits]) => {
  const size = 2 ** (128 - bits);
  return `2001:db8:${net}::${(Math.floor(host / size) * size).toString(16)}/${bits}`;
});
const cidrs = fc.array(fc.oneof(v4, v6), { minLength: 1, maxLength: 24 });

describe('an exact cover', () => {
  it('is canonical, IPv4 first, ascending', () => {
    const set = setOf(['2001:db8::1/128', '203.0.113.9/32', '203.0.113.8/32', '198.51.100.0/25', '198.51.100.128/25']);
    expect(coverAddresses(set, EXACT, NO_ADDRESSES)).toEqual({
      cidrs: ['198.51.100.0/24', '203.0.113.8/31', '2001:db8::1/128'],
      added: NO_ADDRESSES,
      factor: { IPv4: 1, IPv6: 1 },
    });
  });

  it('is empty for no addresses', () => {
    expect(coverAddresses(NO_ADDRESSES, EXACT, NO_ADDRESSES).cidrs).toEqual([]);
  });

  it('holds the set and nothing else, whatever the number of blocks, at factor 1', () => {
    fc.assert(
      fc.property(cidrs, fc.integer({ min: 1, max: 4 }), (texts, blocks) => {
        const set = setOf(texts);
        const cover = coverAddresses(set, { blocks, factor: 1 }, NO_ADDRESSES);
        expect(setOf(cover.cidrs)).toEqual(set);
        expect(isEmpty(cover.added)).toBe(true);
      }),
    );
  });
});

describe('a wider cover', () => {
  const budget = fc.record({
    blocks: fc.integer({ min: 1, max: 6 }),
    factor: fc.constantFrom(1, 1.5, 2, 4, 100, 1e6),
  });

  it('holds the set, says what it adds, and never exceeds its factor in either family', () => {
    fc.assert(
      fc.property(cidrs, budget, (texts, allowed) => {
        const set = setOf(texts);
        const cover = coverAddresses(set, allowed, NO_ADDRESSES);
        const held = setOf(cover.cidrs);
        expect(isSubset(set, held)).toBe(true);
        expect(cover.added).toEqual(subtract(held, set));
        for (const family of FAMILIES) {
          const [own, all] = [countOf(ofFamily(set, family)), countOf(ofFamily(held, family))];
          if (own === 0n) expect(all).toBe(0n);
          else {
            expect(Number(all) / Number(own)).toBeLessThanOrEqual(allowed.factor);
            expect(cover.factor[family]).toBeCloseTo(Number(all) / Number(own));
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it('never reaches what it must not', () => {
    fc.assert(
      fc.property(cidrs, cidrs, budget, (texts, closed, allowed) => {
        const never = subtract(setOf(closed), setOf(texts));
        const { cidrs: cover } = coverAddresses(setOf(texts), allowed, never);
        expect(isEmpty(intersect(setOf(cover), never))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('has no more blocks than asked for where factor and closed addresses let it', () => {
    fc.assert(
      fc.property(cidrs, fc.integer({ min: 1, max: 4 }), (texts, blocks) => {
        const cover = coverAddresses(setOf(texts), { blocks, factor: 1e40 }, NO_ADDRESSES);
        for (const isV6 of [true, false]) {
          expect(cover.cidrs.filter((cidr) => cidr.includes(':') === isV6).length).toBeLessThanOrEqual(blocks);
        }
      }),
    );
  });

  it('does nothing while there are few blocks', () => {
    const set = setOf(['198.51.100.1/32', '198.51.100.3/32']);
    expect(coverAddresses(set, { blocks: 2, factor: 100 }, NO_ADDRESSES).cidrs).toHaveLength(2);
  });

  it('joins the neighbours that add least', () => {
    const set = setOf(['198.51.100.0/32', '198.51.100.2/32', '198.51.100.128/32']);
    expect(coverAddresses(set, { blocks: 2, factor: 100 }, NO_ADDRESSES).cidrs).toEqual([
      '198.51.100.0/30',
      '198.51.100.128/32',
    ]);
  });

  it('has neighbours as one block where they have come to lie side by side', () => {
    const set = setOf(['198.51.100.0/25', '198.51.100.128/32', '198.51.100.255/32', '198.51.101.1/32']);
    const cover = coverAddresses(set, { blocks: 3, factor: 100 }, NO_ADDRESSES);
    expect(cover.cidrs).toEqual(['198.51.100.0/24', '198.51.101.1/32']);
  });

  it('goes round a closed address and joins elsewhere', () => {
    const set = setOf(['198.51.100.0/32', '198.51.100.2/32', '198.51.100.8/32', '198.51.100.12/32']);
    const cover = coverAddresses(set, { blocks: 3, factor: 100 }, setOf(['198.51.100.1/32']));
    expect(cover.cidrs).toEqual(['198.51.100.0/32', '198.51.100.2/32', '198.51.100.8/29']);
  });

  it('is the same for IPv6', () => {
    const set = setOf(['2001:db8::/128', '2001:db8::2/128']);
    expect(coverAddresses(set, { blocks: 1, factor: 2 }, NO_ADDRESSES)).toMatchObject({
      cidrs: ['2001:db8::/126'],
      factor: { IPv4: 1, IPv6: 2 },
    });
  });
});

describe('counting', () => {
  it('is exact over both families', () => {
    expect(countOf(setOf(['10.0.0.0/8', '2001:db8::/64']))).toBe(2n ** 24n + 2n ** 64n);
  });
});
