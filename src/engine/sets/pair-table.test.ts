// A table of pairs against a plain map, beyond the size at which it grows.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pairTable } from './pair-table.ts';

describe('pair tables', () => {
  it('make the number of each ordered pair once, and keep it', () => {
    const table = pairTable();
    const made: string[] = [];
    for (let round = 0; round < 2; round++) {
      for (let a = 0; a < 80; a++) {
        for (let b = 0; b < 80; b++) {
          const make = () => {
            made.push(`${a} ${b}`);
            return 100 * a + b;
          };
          expect(table.entry(a, b, make)).toBe(100 * a + b);
        }
      }
    }
    expect(made).toHaveLength(6400);
    expect(new Set(made).size).toBe(6400);
  });

  it('agree with a map for any numbers, negative results included', () => {
    const number = fc.oneof(fc.nat(5), fc.nat(2 ** 31 - 1));
    fc.assert(
      fc.property(fc.array(fc.tuple(number, number, fc.integer({ min: -5, max: 5 }))), (list) => {
        const [table, plain] = [pairTable(), new Map<string, number>()];
        for (const [a, b, value] of list) {
          const key = `${a} ${b}`;
          if (!plain.has(key)) plain.set(key, value);
          expect(table.entry(a, b, () => value)).toBe(plain.get(key));
        }
      }),
    );
  });

  it('stay whole where making a number needs another one', () => {
    const table = pairTable();
    const depth = (n: number): number => table.entry(n, 0, () => (n === 0 ? 0 : 1 + depth(n - 1)));
    expect(depth(1500)).toBe(1500);
    expect(table.entry(700, 0, () => -1)).toBe(700);
  });
});
