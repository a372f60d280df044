// Columns: aligned where that helps a reader, and never blanks by the gigabyte.

import { describe, expect, it } from 'vitest';
import { layOut } from './columns.ts';

const textOf = (rows: readonly (readonly string[])[], width?: number): string[] => [
  ...layOut(
    ['FROM', 'TO'],
    rows.map((cells) => ({ cells })),
    width === undefined ? {} : { width },
  ),
];

describe('layOut', () => {
  it('makes a column as wide as its longest cell', () => {
    expect(
      textOf([
        ['shop/web', 'a'],
        ['shop/gateway', 'b'],
      ]),
    ).toEqual(['FROM           TO\n', 'shop/web       a\n', 'shop/gateway   b\n']);
    const long = 'x'.repeat(200);
    expect(
      textOf([
        ['a', 'b'],
        [long, 'b'],
      ])[1],
    ).toBe(`a${' '.repeat(199)}   b\n`);
  });

  it('lets very long cells stick out, so that others are not padded to them', () => {
    const long = 'x'.repeat(201);
    expect(
      textOf([
        ['shop/web', 'a'],
        [long, 'b'],
      ]),
    ).toEqual(['FROM       TO\n', 'shop/web   a\n', `${long}   b\n`]);
    expect(textOf([[long, 'b']])).toEqual(['FROM   TO\n', `${long}   b\n`]);
    expect(
      textOf([
        ['', ''],
        ['', 'b'],
      ])[2],
    ).toBe('       b\n');
  });

  it('breaks long cells where the width is known', () => {
    const words = Array.from({ length: 30 }, () => 'shop/gateway').join(' ');
    const lines = textOf([[words, 'b']], 80);
    expect(lines.length).toBeGreaterThan(5);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(81);
  });
});
