import { expect, it } from 'vitest';
import { nearestBlocks, openBlocks } from './open-blocks.ts';

const above = (text: string): readonly number[] => openBlocks(`${text}\nHERE`, text.length + 1);

it.each([
  ['', []],
  ['a:', [0]],
  ['a:\n  b: c\n    # comment:\n\n      text', [0, 2]],
  ['a:\n  - b:\n      - c: d', [0, 2, 4, 6, 8]],
  ['a:\n  - - b: c', [0, 2, 4, 6]],
  ['a:\n  - b: c\nd:\n   e: f', [0, 3]],
  ['a:\r\n  b: c\r', [0, 2]],
  ['  "a b": c', [2]],
])('%j has blocks open at %j', (text, expected) => {
  expect(above(text)).toEqual(expected);
});

it('names the nearest blocks on both sides, and the column itself', () => {
  expect(nearestBlocks([0, 2, 4], 3)).toEqual([2, 4]);
  expect(nearestBlocks([0, 2, 4], 2)).toEqual([0, 2, 4]);
  expect(nearestBlocks([0], 3)).toEqual([0]);
  expect(nearestBlocks([], 3)).toEqual([]);
});
