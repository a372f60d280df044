import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addresses } from '../../../test/support/model.ts';
import { printCidrs } from '../sets/ip-address.ts';
import { contains, equals, type IpSet, isEmpty, isSubset, overlaps, unionAll } from '../sets/ip-set.ts';
import { atomIndex, classifyAddresses, classifyPerFamily } from './address-classes.ts';

/** Sets within 16 addresses of each family, so that everything overlaps. */
const set: fc.Arbitrary<IpSet> = fc
  .array(fc.tuple(fc.nat(15), fc.nat(15), fc.boolean()), { maxLength: 3 })
  .map((ranges) =>
    unionAll(
      ranges.map(([a, b, six]): IpSet => {
        const [low, high] = [Math.min(a, b), Math.max(a, b) + 1];
        return six ? { v4: [], v6: [BigInt(low), BigInt(high)] } : { v4: [low, high], v6: [] };
      }),
    ),
  );
const blocks = fc.array(set, { maxLength: 5 });

describe('classifyAddresses', () => {
  it('gives classes that are disjoint, not empty, and together the universe', () => {
    fc.assert(
      fc.property(set, blocks, (universe, list) => {
        const classes = classifyAddresses(universe, list);
        expect(equals(unionAll(classes), universe)).toBe(true);
        classes.forEach((one, i) => {
          expect(isEmpty(one)).toBe(false);
          for (const other of classes.slice(i + 1)) expect(overlaps(one, other)).toBe(false);
        });
      }),
    );
  });

  it('gives classes that no block splits', () => {
    fc.assert(
      fc.property(set, blocks, (universe, list) => {
        for (const one of classifyAddresses(universe, list)) {
          for (const block of list) expect(isSubset(one, block) || !overlaps(one, block)).toBe(true);
        }
      }),
    );
  });

  it('gives no two classes that lie in the same blocks', () => {
    fc.assert(
      fc.property(set, blocks, (universe, list) => {
        const signs = classifyAddresses(universe, list).map((one) => list.map((block) => overlaps(one, block)).join());
        expect(new Set(signs).size).toBe(signs.length);
      }),
    );
  });

  it('is the same in any order of the blocks', () => {
    fc.assert(
      fc.property(set, blocks, (universe, list) => {
        expect(classifyAddresses(universe, [...list].reverse())).toEqual(classifyAddresses(universe, list));
      }),
    );
  });

  it('sorts by first address and joins both families where they lie in the same blocks', () => {
    const universe = addresses('10.0.0.0/24', 'fd00::/64');
    const classes = classifyAddresses(universe, [addresses('10.0.0.128/25', 'fd00::/64')]);
    expect(classes.map((one) => printCidrs(one).join(' '))).toEqual(['10.0.0.0/25', '10.0.0.128/25 fd00::/64']);
  });
});

describe('classifyPerFamily', () => {
  it('keeps the families apart', () => {
    const classes = classifyPerFamily(addresses('10.0.0.0/24', 'fd00::/64'), []);
    expect(classes.map((one) => printCidrs(one).join(' '))).toEqual(['10.0.0.0/24', 'fd00::/64']);
  });
});

describe('atomIndex', () => {
  it('gives equal numbers only to addresses that lie in the same blocks', () => {
    const address = fc.oneof(fc.nat(16), fc.nat(16).map(BigInt));
    fc.assert(
      fc.property(blocks, address, address, (list, a, b) => {
        if (typeof a !== typeof b) return;
        const atom = atomIndex(list);
        const family = typeof a === 'number' ? 'IPv4' : 'IPv6';
        const inside = (value: number | bigint) => list.map((block) => contains(block, { family, value })).join();
        if (atom(a) === atom(b)) expect(inside(a)).toBe(inside(b));
      }),
    );
  });
});
