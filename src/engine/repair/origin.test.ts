// Positions after edits, led back to the object as read.

import { describe, expect, it } from 'vitest';
import { manifestObject } from '../../../test/support/manifest-object.ts';
import { type Change, conflict, originalPath, valueAt } from './origin.ts';

const object = manifestObject({ list: ['a', 'b', 'c', 'd'] });
const insert = (at: number): Change => ({ op: 'insert', object, path: ['list', at], value: 'x' });
const remove = (at: number): Change => ({ op: 'remove', object, path: ['list', at] });
const set = (...path: (string | number)[]): Change => ({ op: 'set', object, path, value: 1 });

/** Where each of the first positions after the changes came from. */
const origins = (...changes: Change[]) => [0, 1, 2, 3].map((at) => originalPath(changes, ['list', at])?.[1]);

describe('originalPath', () => {
  it.each([
    ['nothing', [], [0, 1, 2, 3]],
    ['an item in front', [insert(0)], [undefined, 0, 1, 2]],
    ['two items at one place', [insert(1), insert(1)], [0, undefined, undefined, 1]],
    ['an item less', [remove(1)], [0, 2, 3, 4]],
    ['two items less', [remove(0), remove(2)], [1, 3, 4, 5]],
    ['an item in the place of another', [remove(1), insert(1)], [0, undefined, 2, 3]],
    ['an item that was replaced', [set('list', 1)], [0, undefined, 2, 3]],
    ['a change elsewhere', [set('other')], [0, 1, 2, 3]],
  ])('%s', (_, changes, expected) => {
    expect(origins(...changes)).toEqual(expected);
  });

  it('leads nowhere below what is new', () => {
    expect(originalPath([set('list')], ['list', 0, 'a'])).toBeUndefined();
    expect(originalPath([insert(0)], ['list', 0, 'a'])).toBeUndefined();
    expect(originalPath([insert(0)], ['list', 1, 'a'])).toEqual(['list', 0, 'a']);
  });
});

describe('conflict', () => {
  it.each([
    ['insertions at one place', insert(1), insert(1), false],
    ['an insertion and a removal at one place', insert(1), remove(1), false],
    ['two removals of one item', remove(1), remove(1), true],
    ['a removal and a change within', remove(1), set('list', 1, 'a'), true],
    ['an insertion before and a change within', insert(1), set('list', 1, 'a'), false],
    ['neighbours', remove(1), remove(2), false],
  ])('%s', (_, one, other, expected) => {
    expect([conflict(one, other), conflict(other, one)]).toEqual([expected, expected]);
  });
});

it('valueAt knows only what is there itself', () => {
  expect(valueAt({ a: [{ b: 1 }] }, ['a', 0, 'b'])).toBe(1);
  expect(valueAt({ a: null }, ['a', 'b'])).toBeUndefined();
  expect(valueAt({}, ['constructor'])).toBeUndefined();
});
