import { describe, expect, it } from 'vitest';
import { isJsonDeeperThan } from '../json-scanner.ts';
import { MAX_DEPTH } from '../limits.ts';
import { walkValue } from './walk-value.ts';

/** The result for a text, with the 0 behind it that the walk needs. */
const walk = (text: string, depth: number = 0): number =>
  walkValue(Uint8Array.from([...new TextEncoder().encode(text), 0]), 0, depth);

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Every text of so many of these pieces, and of fewer. */
function textsOf(pieces: readonly string[], length: number): readonly string[] {
  let texts = [''];
  const all = [''];
  for (let i = 0; i < length; i++) {
    texts = texts.flatMap((text) => pieces.map((piece) => text + piece));
    for (const text of texts) all.push(text);
  }
  return all;
}

describe('walkValue', () => {
  it.each([
    ['structure', textsOf(['{', '}', '[', ']', ',', ':', '"a"', '1'], 5)],
    ['numbers', textsOf(['-', '0', '1', '.', 'e', '+', 'E'], 5)],
    ['words', textsOf(['tr', 'ue', 'u', 'fal', 'se', 'nul', 'l', ' '], 4)],
    ['texts', textsOf(['"', '\\', '\\u', '00', '0', 'G', 'é'], 5)],
    ['white space', textsOf(['{', '"a"', ':', '1', '}', ' ', '\r\n'], 5)],
    [
      'any character',
      Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).flatMap((one) => [
        one,
        `"${one}"`,
        `"\\${one}"`,
        `"\\u${one}000"`,
        `"\\u000${one}"`,
        `[1${one}]`,
        `${one}1`,
      ]),
    ],
  ])('accepts what JSON.parse accepts, to its last byte: %s', (_, texts) => {
    const wrong = texts.filter((text) => {
      const trimmed = text.replace(/[ \r\n\t]+$/, '');
      const isWhole = walk(text) === new TextEncoder().encode(trimmed).length && !/^[ \r\n\t]/.test(text);
      return isWhole !== (isJson(text) && !/^[ \r\n\t]/.test(text));
    });
    expect(wrong).toEqual([]);
  });

  it.each([
    ['{"a":1,}', 7],
    ['{"a" 1}', 5],
    ['[1 2]', 3],
    ['[1}', 2],
    ['{"a":1]', 6],
    ['{"a":}', 5],
    ['["a', 3],
    ['["\\u12', 6],
    ['[tru]', 4],
    ['[-]', 2],
    ['["a\n"]', 3],
  ])('names the first byte of %s that cannot be there', (text, at) => {
    expect(~walk(text)).toBe(at);
  });

  it('goes as deep as the reader of texts', () => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      for (const levels of [MAX_DEPTH - 1, MAX_DEPTH, MAX_DEPTH + 1]) {
        const text = `${open.repeat(levels)}1${close.repeat(levels)}`;
        expect(walk(text) < 0).toBe(isJsonDeeperThan(text, MAX_DEPTH));
        expect(walk(text, 2) < 0).toBe(isJsonDeeperThan(`[[${text}]]`, MAX_DEPTH));
      }
      expect(walk(`${open.repeat(MAX_DEPTH)}[]`) < 0).toBe(true);
      expect(walk(`${open.repeat(MAX_DEPTH)}{}`) < 0).toBe(true);
    }
  });
});
