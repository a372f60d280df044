import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearestNames } from './nearest-names.ts';

describe('nearestNames', () => {
  it.each([
    ['frontned', ['frontend', 'backend', 'db'], ['frontend']],
    ['WEB', ['web', 'wed'], ['web', 'wed']],
    ['deny', ['deny.yaml', 'allow.yaml'], ['deny.yaml']],
    ['xyz', ['frontend', 'backend'], []],
    ['ba', ['ab', 'bb', 'ba'], ['ab', 'bb']],
    ['', ['a', 'long-name'], ['a']],
    ['constructor', ['__proto__', 'construct'], ['construct']],
  ])('%s among %j', (word, candidates, expected) => {
    expect(nearestNames(word, candidates)).toEqual(expected);
  });

  it('offers at most max names, each once', () => {
    expect(nearestNames('app', ['app1', 'app2', 'app2', 'app3', 'app4'])).toEqual(['app1', 'app2', 'app3']);
    expect(nearestNames('app', ['app1', 'app2'], 1)).toEqual(['app1']);
  });

  it('does not depend on the order of the candidates', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 8 }), fc.array(fc.string({ maxLength: 8 })), (word, names) => {
        expect(nearestNames(word, [...names].reverse())).toEqual(nearestNames(word, names));
      }),
    );
  });

  it('offers what a few edits make of the word, and no other of its length', () => {
    const letters = fc
      .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 9 })
      .map((list) => list.join(''));
    fc.assert(
      fc.property(letters, letters, (word, name) => {
        fc.pre(word !== name && !word.startsWith(name) && !name.startsWith(word));
        const allowed = Math.max(1, Math.floor(Math.max(word.length, name.length) / 3));
        expect(nearestNames(word, [name])).toEqual(edits(word, name) <= allowed ? [name] : []);
      }),
    );
  });
});

/** Optimal string alignment as it is defined, from the end. */
function edits(a: string, b: string): number {
  const known = new Map<string, number>();
  const at = (i: number, j: number): number => {
    const key = `${i} ${j}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const ways = [
      ...(i > 0 ? [at(i - 1, j) + 1] : []),
      ...(j > 0 ? [at(i, j - 1) + 1] : []),
      ...(i > 0 && j > 0 ? [at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)] : []),
      ...(i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? [at(i - 2, j - 2) + 1] : []),
    ];
    const least = ways.length === 0 ? 0 : Math.min(...ways);
    known.set(key, least);
    return least;
  };
  return at(a.length, b.length);
}
