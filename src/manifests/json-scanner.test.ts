import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isJsonDeeperThan, scanJson, skipBlank, skipValue } from './json-scanner.ts';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('scanJson', () => {
  it('accepts exactly what JSON.parse accepts', () => {
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"\\u00e9"',
      '"\\x"',
      '"',
      '1',
      '-0.5e3',
      '01',
      'true',
      ' ',
      '\n',
      '\\',
      '\u0001',
    ];
    const text = fc.oneof(
      fc.json().map((json) => json),
      fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((parts) => parts.join('')),
      fc.tuple(fc.json(), fc.nat(), fc.constantFrom(...pieces)).map(([json, at, piece]) => {
        const where = at % (json.length + 1);
        return json.slice(0, where) + piece + json.slice(where + 1);
      }),
    );
    fc.assert(
      fc.property(text, (value) => {
        const scan = scanJson(value, 0);
        const isWhole = 'end' in scan && skipBlank(value, scan.end) === value.length;
        expect(isWhole).toBe(isJson(value));
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['{"a":1,}', 7, 'a comma must be followed by another element'],
    ['{"a" 1}', 5, 'a colon is missing here'],
    ['[1 2]', 3, 'a comma or ] is missing here'],
    ['{a:1}', 1, 'a key in double quotes is missing here'],
    ['[nul]', 1, 'a value is missing here'],
    ['{"a":}', 5, 'a value is missing here'],
    ['["a', 1, 'string without a closing quote'],
    ['[1', 2, 'JSON ends too early: ] is missing'],
    ['["\\q"]', 1, 'malformed string'],
  ])('%s is wrong at %d', (text, at, error) => {
    expect(scanJson(text, 0)).toEqual({ error, at });
  });

  it('does not recurse', () => {
    const text = '['.repeat(1_000_000) + ']'.repeat(1_000_000);
    expect(scanJson(text, 0)).toEqual({ end: text.length });
  });
});

it.each([
  ['[[[]]]', 2, true],
  ['[[[]]]', 3, false],
  ['["[[[", {"[": "\\"["}]', 2, false],
  ['[[],[],[]]', 2, false],
])('%s deeper than %d: %s', (text, limit, expected) => {
  expect(isJsonDeeperThan(text, limit)).toBe(expected);
});

it('skipValue ends where scanJson does, behind values of any kind and layout', () => {
  const value = fc.tuple(fc.json(), fc.nat({ max: 3 }), fc.constantFrom('', ' ', '\n', ',', ']', '}', ', 1'));
  fc.assert(
    fc.property(value, ([json, indent, after]) => {
      const text = `${' '.repeat(indent)}${JSON.stringify(JSON.parse(json), undefined, indent)}${after}`;
      expect({ end: skipValue(text, 0) }).toEqual(scanJson(text, 0));
    }),
  );
});
