import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blocksOf } from './address-blocks.ts';
import { parseCidr } from './ip-address.ts';
import { type IpSet, ipSetKey, NO_ADDRESSES, subtract, unionAll } from './ip-set.ts';

function setOf(cidr: string): IpSet {
  const parsed = parseCidr(cidr);
  if (!parsed.ok) throw new Error(`no block: ${cidr}`);
  return parsed.set;
}

const text = (set: IpSet) =>
  blocksOf(set).map(({ cidr, except }) => (except.length === 0 ? cidr : `${cidr} except ${except.join(', ')}`));

describe('blocksOf', () => {
  it('lists a few blocks, and says what is left out of one where that is shorter', () => {
    expect(text(NO_ADDRESSES)).toEqual([]);
    expect(text(unionAll(['10.0.0.0/8', '192.0.2.1/32', '2001:db8::/32'].map(setOf)))).toEqual([
      '10.0.0.0/8',
      '192.0.2.1/32',
      '2001:db8::/32',
    ]);
    expect(text(subtract(setOf('0.0.0.0/0'), setOf('10.0.0.0/8')))).toEqual(['0.0.0.0/0 except 10.0.0.0/8']);
    expect(text(subtract(setOf('::/0'), setOf('fd00::/8')))).toEqual(['::/0 except fd00::/8']);
    const scattered = ['10.0.0.1/32', '10.64.0.1/32', '10.128.0.1/32', '10.192.0.1/32'];
    expect(text(unionAll(scattered.map(setOf)))).toEqual(scattered);
  });

  it('holds exactly the set', () => {
    const block = fc
      .tuple(fc.constantFrom('10.0.0.', 'fd00::'), fc.nat(15), fc.nat(4))
      .map(([prefix, at, bits]) => setOf(`${prefix}${at}/${(prefix === 'fd00::' ? 128 : 32) - bits}`));
    fc.assert(
      fc.property(fc.array(block, { maxLength: 6 }), fc.array(block, { maxLength: 3 }), (some, others) => {
        const set = subtract(unionAll(some), unionAll(others));
        const parts = blocksOf(set).map(({ cidr, except }) => subtract(setOf(cidr), unionAll(except.map(setOf))));
        expect(ipSetKey(unionAll(parts))).toBe(ipSetKey(set));
      }),
    );
  });
});
