import fc from 'fast-check';
import { expect, it } from 'vitest';
import { flowMemory } from './flow-memory.ts';

const end = fc.oneof(fc.nat(3), fc.constantFrom(2 ** 21 - 2, 2 ** 20, 2 ** 11 - 1, 2 ** 11));
const kind = fc.oneof(fc.nat(3), fc.constantFrom(2 ** 20 - 1, 2 ** 19, 2 ** 11 - 1, 2 ** 11, 2 ** 16));

it('knows the code of a flow or nothing, and the last flow in any case', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(end, end, kind, fc.nat(3)), { maxLength: 200 }), (flows) => {
      const memory = flowMemory(10);
      const codes = new Map<string, number>();
      for (const [from, to, what, code] of flows) {
        expect([-1, codes.get(`${from} ${to} ${what}`) ?? -1]).toContain(memory.find(from, to, what));
        memory.touch(from, to, what);
        memory.put(from, to, what, code);
        codes.set(`${from} ${to} ${what}`, code);
        expect(memory.find(from, to, what)).toBe(code);
      }
    }),
    { numRuns: 300 },
  );
});

it('never takes one flow for another, and grows to hold most of many', () => {
  const memory = flowMemory(10);
  const flows = Array.from({ length: 300_000 }, (_, i) => [i % 5003, (i * 7) % 4999, i % 17] as const);
  const codeOf = (i: number) => (i * 31) % 4;
  for (const [i, [from, to, what]] of flows.entries()) memory.put(from, to, what, codeOf(i));
  const found = flows.map(([from, to, what]) => memory.find(from, to, what));
  expect(found.filter((code, i) => code !== -1 && code !== codeOf(i))).toEqual([]);
  expect(found.filter((code) => code !== -1).length).toBeGreaterThan(150_000);
});

it('remembers nothing of more ends than have room in a place', () => {
  const memory = flowMemory(2 ** 21);
  memory.put(1, 2, 3, 1);
  expect([memory.find(1, 2, 3), memory.touch(1, 2, 3)]).toEqual([-1, 0]);
});
