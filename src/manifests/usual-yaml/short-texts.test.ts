import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forgetTexts, shortText } from './short-texts.ts';

describe('shortText', () => {
  it('is the part of the text, whatever was asked for before', () => {
    const text = fc.stringMatching(/^[ab]{0,60}$/);
    fc.assert(
      fc.property(text, fc.nat(60), fc.nat(60), (whole, a, b) => {
        const [start, end] = a < b ? [a, b] : [b, a];
        const to = Math.min(end, whole.length);
        const from = Math.min(start, to);
        expect(shortText(whole, from, to)).toBe(whole.slice(from, to));
      }),
      { numRuns: 2000 },
    );
  });

  it('tells texts apart that share their place', () => {
    const texts = ['abcdefgh', 'abXdefgh', 'abcdefXh'];
    for (const text of [...texts, ...texts]) expect(shortText(`-${text}-`, 1, 9)).toBe(text);
    forgetTexts();
    for (const text of texts) expect(shortText(text, 0, 8)).toBe(text);
  });
});
