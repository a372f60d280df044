import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manifestObject } from '../../../test/support/manifest-object.ts';
import type { Edit } from '../model/edit.ts';
import type { Path } from '../model/source.ts';
import { applyEdits } from './apply-edits.ts';

const object = manifestObject({ a: 1, b: { c: [10, 20, 30], d: {} }, e: [] });

/** The value of one object after edits of it, given without the object. */
const applied = (...edits: readonly Record<string, unknown>[]): unknown =>
  applyEdits(
    [object],
    edits.map((edit) => ({ ...edit, object }) as unknown as Edit),
  )[0]!.value;

describe('applyEdits', () => {
  it('sets, removes and renames; paths are those of the object as it was', () => {
    expect(
      applied(
        { op: 'remove', path: ['b', 'c', 0] },
        { op: 'set', path: ['b', 'c', 1], value: 21 },
        { op: 'rename', path: ['b'], key: 'B' },
        { op: 'remove', path: ['a'] },
      ),
    ).toEqual({ B: { c: [21, 30], d: {} }, e: [] });
    expect(object.value).toEqual({ a: 1, b: { c: [10, 20, 30], d: {} }, e: [] });
  });

  it('insertions at one place keep their order, beside what happens to the item there', () => {
    const inserts = ['x', 'y'].map((value) => ({ op: 'insert', path: ['b', 'c', 1], value }));
    expect(applied(...inserts)).toMatchObject({ b: { c: [10, 'x', 'y', 20, 30] } });
    expect(applied({ op: 'remove', path: ['b', 'c', 1] }, ...inserts)).toMatchObject({ b: { c: [10, 'x', 'y', 30] } });
    expect(applied(...inserts, { op: 'set', path: ['b', 'c', 1], value: 0 })).toMatchObject({
      b: { c: [10, 'x', 'y', 0, 30] },
    });
    const atEnd = ['x', 'y'].map((value) => ({ op: 'insert', path: ['e', 0], value }));
    expect(applied(...atEnd)).toMatchObject({ e: ['x', 'y'] });
  });

  it('a set beside removals of siblings; new keys come last, in the order given', () => {
    const value = applied(
      { op: 'set', path: ['z'], value: 1 },
      { op: 'remove', path: ['a'] },
      { op: 'set', path: ['f'], value: 2 },
      { op: 'set', path: ['b'], value: 3 },
    );
    expect(Object.entries(value as object)).toEqual([
      ['b', 3],
      ['e', []],
      ['z', 1],
      ['f', 2],
    ]);
  });

  it('a key keeps its place under another name', () => {
    const value = applied({ op: 'rename', path: ['b'], key: 'q' }, { op: 'remove', path: ['b', 'c'] });
    expect(Object.entries(value as object)).toEqual([
      ['a', 1],
      ['q', { d: {} }],
      ['e', []],
    ]);
  });

  it('takes __proto__ for a key like any other', () => {
    const odd = manifestObject(JSON.parse('{"__proto__": {"a": 1}, "b": {}}'));
    const edits: Edit[] = [
      { op: 'set', object: odd, path: ['__proto__', 'a'], value: 2 },
      { op: 'set', object: odd, path: ['b', '__proto__'], value: 3 },
      { op: 'rename', object: odd, path: ['b'], key: 'constructor' },
    ];
    expect(JSON.stringify(applyEdits([odd], edits)[0]!.value)).toBe(
      '{"__proto__":{"a":2},"constructor":{"__proto__":3}}',
    );
    expect(() => applyEdits([odd], [{ op: 'remove', object: odd, path: ['toString'] }])).toThrow(RangeError);
  });

  it('what lies within a value that is set or removed is lost with it', () => {
    expect(applied({ op: 'set', path: ['b', 'c', 0], value: 1 }, { op: 'remove', path: ['b'] })).toEqual({
      a: 1,
      e: [],
    });
    expect(applied({ op: 'set', path: ['b'], value: 1 }, { op: 'remove', path: ['b', 'd'] })).toMatchObject({ b: 1 });
  });

  it('the same edit twice is one, but two insertions are two', () => {
    const set = { op: 'set', path: ['a'], value: { x: [1] } };
    expect(applied(set, { ...set, value: { x: [1] } })).toMatchObject({ a: { x: [1] } });
    const insert = { op: 'insert', path: ['e', 0], value: 1 };
    expect(applied(insert, insert)).toMatchObject({ e: [1, 1] });
  });

  it.each<[string, ...Record<string, unknown>[]]>([
    ['a key that is not there', { op: 'remove', path: ['x'] }],
    ['below a key that is not there', { op: 'set', path: ['x', 'y'], value: 1 }],
    ['an index behind the end', { op: 'set', path: ['b', 'c', 3], value: 1 }],
    ['an insertion further behind', { op: 'insert', path: ['b', 'c', 4], value: 1 }],
    ['an index before the start', { op: 'remove', path: ['b', 'c', -1] }],
    ['a key of a list', { op: 'set', path: ['b', 'c', 'x'], value: 1 }],
    ['an index of a mapping', { op: 'set', path: ['b', 0], value: 1 }],
    ['a member of a number', { op: 'set', path: ['a', 'x'], value: 1 }],
    ['an item that is renamed', { op: 'rename', path: ['b', 'c', 0], key: 'x' }],
    ['an insertion into a mapping', { op: 'insert', path: ['b', 'c'], value: 1 }],
    ['the object itself', { op: 'set', path: [], value: {} }],
    ['a name that is taken', { op: 'rename', path: ['a'], key: 'b' }],
    ['one name for two', { op: 'rename', path: ['a'], key: 'x' }, { op: 'rename', path: ['b'], key: 'x' }],
    ['two values', { op: 'set', path: ['a'], value: 1 }, { op: 'set', path: ['a'], value: 2 }],
    ['a value and none', { op: 'set', path: ['a'], value: 1 }, { op: 'remove', path: ['a'] }],
  ])('throws for %s', (_name, ...edits) => {
    expect(() => applied(...edits)).toThrow(RangeError);
  });

  it('a name may be taken where what had it goes', () => {
    expect(applied({ op: 'rename', path: ['a'], key: 'b' }, { op: 'remove', path: ['b'] })).toEqual({ b: 1, e: [] });
    const swap = [
      { op: 'rename', path: ['a'], key: 'b' },
      { op: 'rename', path: ['b'], key: 'a' },
    ];
    expect(applied(...swap)).toEqual({ b: 1, a: object.value['b'], e: [] });
  });

  it('objects are added beside others and removed; those that no edit names are the same values', () => {
    const [one, two] = [manifestObject({ n: 1 }), manifestObject({ n: 2 })];
    const result = applyEdits(
      [one, two],
      [
        { op: 'add-object', value: { n: 3 }, beside: one },
        { op: 'remove-object', object: one },
        { op: 'add-object', value: { n: 4 }, beside: one },
        { op: 'add-object', value: { n: 5 } },
      ],
    );
    expect(result.map(({ value }) => value['n'])).toEqual([3, 4, 2, 5]);
    expect(result[2]).toBe(two);
    expect(() => applyEdits([one], [{ op: 'remove-object', object: two }])).toThrow(RangeError);
    expect(() => applyEdits([one], [{ op: 'set', object: two, path: ['n'], value: 1 }])).toThrow(RangeError);
    expect(() => applyEdits([one], [{ op: 'add-object', value: {}, beside: two }])).toThrow(RangeError);
  });

  it('the order of edits does not matter, but among insertions at one place and new keys', () => {
    const paths: Path[] = [['a'], ['b', 'c', 0], ['b', 'c', 2], ['b', 'd'], ['b', 'd', 'x'], ['e'], ['b', 'c', 1]];
    const edits = paths.map((path, index) => ({ op: index % 3 === 2 ? 'remove' : 'set', path, value: index }));
    fc.assert(
      fc.property(fc.shuffledSubarray(edits, { minLength: 1 }), (some) => {
        const sorted = edits.filter((edit) => some.includes(edit));
        expect(applied(...some)).toEqual(applied(...sorted));
      }),
    );
  });
});
