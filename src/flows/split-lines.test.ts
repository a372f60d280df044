// Lines of bytes that are cut anywhere.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createLineSplitter, LONGEST_LINE } from './split-lines.ts';

/** Lines with their numbers; `!` marks one that is too long, `…` one without an end. */
function linesOf(text: string | Buffer, piece: number): string[] {
  const bytes = Buffer.from(text as string);
  const lines: string[] = [];
  const splitter = createLineSplitter({
    line: (buffer, start, end, number) => lines.push(`${number} ${buffer.toString('latin1', start, end)}`),
    tooLong: (beginning, number) => lines.push(`${number}! ${beginning.length}`),
  });
  for (let at = 0; at < bytes.length; at += piece) splitter.read(Buffer.from(bytes.subarray(at, at + piece)));
  splitter.end((buffer, start, end, number) => lines.push(`${number}… ${buffer.toString('latin1', start, end)}`));
  return lines;
}

it('numbers lines from 1, blank ones too, and takes both ends', () => {
  expect(linesOf('a\r\n\nb\nc', 100)).toEqual(['1 a', '2 ', '3 b', '4… c']);
  expect(linesOf('a\n', 100)).toEqual(['1 a']);
  expect(linesOf('\r', 100)).toEqual(['1… ']);
  expect(linesOf('', 100)).toEqual([]);
});

it('gives the same lines however the bytes are cut', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n', '\r'), maxLength: 40 });
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 41 }), (drawn, piece) => {
      expect(linesOf(drawn, piece)).toEqual(linesOf(drawn, 100));
    }),
  );
});

it('drops lines that are too long, within one piece and over many, and goes on after them', () => {
  const long = Buffer.alloc(LONGEST_LINE + 1, 'x');
  const text = Buffer.concat([Buffer.from('a\n'), long, Buffer.from('\nb\n'), long, Buffer.from('\nc')]);
  const expected = ['1 a', '2! 256', '3 b', '4! 256', '5… c'];
  expect(linesOf(text, text.length)).toEqual(expected);
  expect(linesOf(text, 65_536)).toEqual(expected);
  expect(linesOf(text, 1_000_003)).toEqual(expected);
  expect(linesOf(Buffer.concat([Buffer.from('a\n'), long]), 1_000_000)).toEqual(['1 a', '2! 256']);
});

it('takes the longest line there is', () => {
  const line = 'x'.repeat(LONGEST_LINE);
  expect(linesOf(`${line}\n`, 1_000_000)).toEqual([`1 ${line}`]);
});

it('does not hold what it drops', () => {
  const piece = Buffer.alloc(1_000_000, 'x');
  const splitter = createLineSplitter({ line: () => {}, tooLong: () => {} });
  const before = process.memoryUsage().arrayBuffers;
  for (let count = 0; count < 200; count++) splitter.read(piece);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50_000_000);
});
