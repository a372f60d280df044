import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSameValue } from './same-value.ts';

describe('isSameValue', () => {
  it('agrees with the text of JSON values whose keys are sorted', () => {
    const sorted = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(sorted)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .sort(([a], [b]) => (a < b ? -1 : 1))
                .map(([key, one]) => [key, sorted(one)]),
            )
          : value;
    const value = fc.jsonValue({ maxDepth: 3 });
    const pair = fc.oneof(
      fc.tuple(value, value),
      value.map((one) => [one, structuredClone(one)] as const),
    );
    fc.assert(
      fc.property(pair, ([a, b]) => {
        // JSON has no negative zero.
        fc.pre(!JSON.stringify([a, b], (_, one) => (Object.is(one, -0) ? 'negative' : one)).includes('negative'));
        expect(isSameValue(a, b)).toBe(JSON.stringify(sorted(a)) === JSON.stringify(sorted(b)));
      }),
    );
  });

  it('tells undefined from absent, big numbers from small, and leaves out what it is told to', () => {
    expect(isSameValue({ a: undefined }, { b: undefined })).toBe(false);
    expect(isSameValue({ a: undefined }, {})).toBe(false);
    expect([isSameValue([1n], [1n]), isSameValue([1n], [2n]), isSameValue([1n], [1])]).toEqual([true, false, false]);
    expect(isSameValue({ a: 1, x: [{ y: 2, z: 3 }] }, { a: 1, x: [{ y: 4, z: 3 }] }, ['y'])).toBe(true);
    expect(isSameValue({ a: 1, y: 2 }, { a: 1 }, ['y'])).toBe(false);
    expect(isSameValue(new Map([[1, 2]]), new Map([[1, 2]]))).toBe(false);
    expect(isSameValue([1, 2], { 0: 1, 1: 2 })).toBe(false);
  });
});
