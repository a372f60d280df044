import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable, printableJson, printableName, widthOf, wrapWords } from './printable.ts';

describe('printable', () => {
  it.each([
    ['plain ünïcode 名前', 'plain ünïcode 名前'],
    ['\u001b[31mred', '\\x1b[31mred'],
    ['a\nb\tc\r', 'a\\x0ab\\x09c\\x0d'],
    ['\u009b2J', '\\x9b2J'],
    ['\u202egnp.exe', '\\u202egnp.exe'],
    ['zero\u200bwidth', 'zero\\u200bwidth'],
    ['\ud800 alone', '\\ud800 alone'],
    ['😀 stays', '😀 stays'],
    ['', ''],
  ])('%j is %j', (text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  it('leaves nothing that steers a terminal', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printable(text)).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });

  it('quotes names that are not made of the characters of names', () => {
    expect(printableName('web-1.a_b')).toBe('web-1.a_b');
    expect(printableName('a b')).toBe('"a b"');
    expect(printableName('a", "b\\')).toBe('"a\\", \\"b\\\\"');
    expect(printableName('')).toBe('""');
  });

  it('keeps the meaning of JSON', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const json = printableJson(JSON.stringify({ text }));
        expect(JSON.parse(json)).toEqual({ text });
        expect(json).not.toMatch(/[\u007f-\u00a0\u202e]/);
      }),
    );
  });
});

describe('wrapWords', () => {
  it('breaks at spaces only, within the width, and loses nothing', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ minLength: 1 }).map((word) => word.replace(/\s/g, '_'))),
        fc.integer({ min: 1, max: 30 }),
        (words, width) => {
          const lines = wrapWords(words.join(' '), width);
          expect(lines.join(' ')).toBe(words.join(' '));
          for (const line of lines) expect(widthOf(line) <= width || !line.includes(' ')).toBe(true);
        },
      ),
    );
  });

  it('keeps glued words together', () => {
    expect(wrapWords('a b\u00a0c d', 3)).toEqual(['a', 'b c', 'd']);
  });
});
