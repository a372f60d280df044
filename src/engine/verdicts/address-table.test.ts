import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addressTable } from './address-table.ts';

const NO_STRETCHES = { v4: [], v6: [] };

it('knows every address of its list, the first and the last of the space among them', () => {
  const address = fc.oneof(
    fc.nat(40),
    fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    fc.constantFrom(0, 2 ** 32 - 1, 2 ** 31),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(address, fc.integer({ min: -1, max: 200000 })), { maxLength: 200 }), (list) => {
      const known = new Map(list);
      const table = addressTable(
        [...known].map(([one, number]) => ({ address: one, number })),
        NO_STRETCHES,
      );
      for (const one of [...known.keys(), 5, 77, 2 ** 31 + 1]) expect(table.ipv4(one)).toBe(known.get(one) ?? -1);
    }),
    { numRuns: 200 },
  );
});

it('looks what is not in the list up in stretches, of which the end is none of theirs', () => {
  const v4 = [
    { start: 2 ** 32 - 10, end: 2 ** 32, number: 3 },
    { start: 10, end: 20, number: 1 },
    { start: 20, end: 21, number: 2 },
  ];
  const v6 = [{ start: 1n << 64n, end: 1n << 65n, number: 4 }];
  const table = addressTable(
    [
      { address: 15, number: -1 },
      { address: (1n << 64n) + 1n, number: 9 },
    ],
    { v4, v6 },
  );
  expect([9, 10, 14, 15, 19, 20, 21, 2 ** 32 - 11, 2 ** 32 - 10, 2 ** 32 - 1].map(table.ipv4)).toEqual([
    -1, 1, 1, -1, 1, 2, -1, -1, 3, 3,
  ]);
  expect([0n, (1n << 64n) - 1n, 1n << 64n, (1n << 64n) + 1n, (1n << 65n) - 1n, 1n << 65n].map(table.ipv6)).toEqual([
    -1, -1, 4, 9, 4, -1,
  ]);
});
