import { describe, expect, it } from 'vitest';
import { indexLines } from '../line-index.ts';
import { indexByteLines } from './byte-lines.ts';
import { memorySource } from './byte-source.ts';

/** Offsets in bytes and in the text of every so many characters. */
function places(text: string, step: number): readonly (readonly [bytes: number, characters: number])[] {
  const found: [number, number][] = [];
  let [bytes, characters, count] = [0, 0, 0];
  for (const character of text) {
    if (count++ % step === 0) found.push([bytes, characters]);
    bytes += Buffer.byteLength(character);
    characters += character.length;
  }
  return [...found, [bytes, characters]];
}

describe('indexByteLines', () => {
  it.each([
    ['one line', 'aé漢😀'.repeat(30_000)],
    ['long lines', `${'aé漢😀'.repeat(20_000)}\n`.repeat(3)],
    ['short lines', 'a\r\né\n\n😀'.repeat(30_000)],
    ['ASCII alone', `${'a'.repeat(100_000)}\n`.repeat(3)],
    ['nothing', ''],
  ])('says what an index of the text says: %s', (_, text) => {
    const lines = indexLines(text);
    const mark = Buffer.from('\ufeff');
    const byteLines = indexByteLines(memorySource([mark, Buffer.from(text)]), mark.length);
    for (const [bytes, characters] of places(text, 997)) {
      expect(byteLines(mark.length + bytes)).toEqual(lines(characters));
    }
  });

  it('counts what stands in for bytes that are no UTF-8', () => {
    const bytes = Buffer.concat(
      Array.from({ length: 40_000 }, (_, index) =>
        Buffer.from([0x61, 0xff, 0xe2, 0x82, 0xf0, 0x9f, 0x61 + (index % 3)]),
      ),
    );
    const lines = indexLines(bytes.toString('utf8'));
    const byteLines = indexByteLines(memorySource([bytes]), 0);
    // Each seven bytes are five characters: a sequence that is cut off is one.
    for (let index = 0; index < 40_000; index += 997) expect(byteLines(7 * index)).toEqual(lines(5 * index));
  });
});
