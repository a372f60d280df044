// Numbers of sets against the sets themselves.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_SET, numberedSets } from './numbered-sets.ts';

describe('numberedSets', () => {
  it('gives equal sets equal numbers and others other ones, whatever the way to them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.array(fc.nat(39), { maxLength: 60 }), (size, steps) => {
        const sets = numberedSets(size);
        const numberOf = new Map<string, number>([['', EMPTY_SET]]);
        const seen = new Set<number>([EMPTY_SET]);
        const members = new Set<number>();
        let set = EMPTY_SET;
        for (const step of steps) {
          const position = step % size;
          if (!members.delete(position)) members.add(position);
          set = sets.toggle(set, position);
          const key = [...members].sort((a, b) => a - b).join();
          const known = numberOf.get(key);
          if (known === undefined) expect(seen.has(set)).toBe(false);
          else expect(set).toBe(known);
          numberOf.set(key, set);
          seen.add(set);
        }
      }),
    );
  });

  it('makes as many nodes as levels for each step', () => {
    const sets = numberedSets(100_000);
    let set = EMPTY_SET;
    for (let i = 0; i < 100_000; i++) set = sets.toggle(set, i);
    for (let i = 0; i < 100_000; i++) set = sets.toggle(set, i);
    expect(set).toBe(EMPTY_SET);
  });
});
