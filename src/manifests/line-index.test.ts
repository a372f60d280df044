import fc from 'fast-check';
import { expect, it } from 'vitest';
import { indexLines } from './line-index.ts';

it('counts from 1, keeps CR on its line, and clamps', () => {
  const at = indexLines('a\r\nbc\n');
  expect([0, 2, 3, 4, 6, 99, -1].map(at)).toEqual([
    { line: 1, column: 1 },
    { line: 1, column: 3 },
    { line: 2, column: 1 },
    { line: 2, column: 2 },
    { line: 3, column: 1 },
    { line: 3, column: 1 },
    { line: 1, column: 1 },
  ]);
});

it('agrees with splitting the text', () => {
  const text = fc.array(fc.constantFrom('a', '\n', '\r', 'é')).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, fc.nat(30), (value, offset) => {
      const before = value.slice(0, offset).split('\n');
      expect(indexLines(value)(offset)).toEqual({ line: before.length, column: before.at(-1)!.length + 1 });
    }),
  );
});
