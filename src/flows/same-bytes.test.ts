// Texts are the same if all bytes are, wherever they begin.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isSameText, viewOf } from './same-bytes.ts';

const byte = fc.integer({ min: 1, max: 255 });

it('compares every byte, and none beside them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ min: 1, maxLength: 40 }), fc.nat(9), fc.nat(9), byte, (text, from, at, other) => {
      const [one, two] = [new Uint8Array(from + text.length).fill(9), new Uint8Array(at + text.length + 3).fill(7)];
      one.set(text, from);
      two.set(text, at);
      const isSame = (): boolean => isSameText(viewOf(one), from, viewOf(two), at, text.length);
      // What is no number is unequal to itself: such bytes are no UTF-8.
      const isNumber = !text.some((value, index) => value >= 0xf0 && (text[index + 1]! & 0x7f) === 0x7f);
      if (isNumber) expect(isSame()).toBe(true);
      for (let index = 0; index < text.length; index++) {
        const before = two[at + index]!;
        for (const value of [other, 0, before ^ 0x80]) {
          two[at + index] = value;
          if (value !== before) expect(isSame()).toBe(false);
        }
        two[at + index] = before;
      }
    }),
    { numRuns: 300 },
  );
});

it('compares texts of any UTF-8', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 8 }), (text) => {
      const bytes = Buffer.from(JSON.stringify(text));
      expect(isSameText(viewOf(bytes), 0, viewOf(Buffer.concat([bytes])), 0, bytes.length)).toBe(true);
    }),
  );
});
