// Sorting by ranks, against sorting by comparing.

import { expect, test } from 'vitest';
import { placesIn, ranksOf, sortByRanks, sortedByRanks } from './ranks.ts';

test('a text stands where comparing puts it', () => {
  expect([...ranksOf(['b', 'a', 'ab', ''])]).toEqual([3, 1, 2, 0]);
});

test('numbers are in the order of the first rank, among equals of the second, among equals of both as given', () => {
  const [first, second] = [
    [2, 0, 2, 1, 0, 2],
    [0, 1, 0, 1, 0, 1],
  ];
  const ranks = [first, second].map((of) => ({ of: (number: number) => of![number]!, count: 3 }));
  expect([...sortByRanks(6, ranks)]).toEqual([4, 1, 3, 0, 2, 5]);
  expect([...sortedByRanks(Int32Array.of(5, 2, 0, 1), ranks)]).toEqual([1, 2, 0, 5]);
});

test('ranks that all are equal change nothing, nor do none', () => {
  expect([...sortedByRanks(Int32Array.of(3, 1, 2), [{ of: () => 0, count: 1 }])]).toEqual([3, 1, 2]);
  expect([...sortByRanks(3, [])]).toEqual([0, 1, 2]);
  expect([...sortByRanks(0, [{ of: () => 0, count: 2 }])]).toEqual([]);
});

test('a place is where the order has the number', () => {
  expect([...placesIn(Int32Array.of(2, 0, 1))]).toEqual([1, 2, 0]);
});
