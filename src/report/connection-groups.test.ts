import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countPairs, groupConnections, type Rectangle } from './connection-groups.ts';

const SIZE = 6;

/** Draws a table of texts per family and cuts it into rectangles that are disjoint per family. */
const rectangles: fc.Arbitrary<Rectangle[]> = fc
  .tuple(
    fc.array(fc.array(fc.constantFrom(undefined, 'a', 'b'), { minLength: SIZE, maxLength: SIZE }), {
      minLength: 2 * SIZE,
      maxLength: 2 * SIZE,
    }),
    fc.boolean(),
    fc.boolean(),
  )
  .map(([cells, areSplit, withSelf]) => {
    const result: Rectangle[] = [];
    for (const family of areSplit ? (['IPv4', 'IPv6'] as const) : [undefined])
      for (let from = 0; from < SIZE; from++)
        for (const text of ['a', 'b']) {
          const row = cells[from + (family === 'IPv6' ? SIZE : 0)] ?? [];
          const to = row.flatMap((cell, at) => (cell === text ? [at] : []));
          if (to.length > 0)
            result.push({ from: [from], to, text, ...(family && { family }), ...(withSelf ? {} : { self: false }) });
        }
    return result;
  });

/** Per pair what it may use, by families; the slow way. */
function pairsOf(list: readonly Rectangle[]): Map<string, string> {
  const cells = new Map<string, Map<string, string>>();
  for (const { from, to, family, self, text } of list)
    for (const source of from)
      for (const target of to) {
        if (self === false && source === target) continue;
        const cell = cells.get(`${source} ${target}`) ?? new Map();
        cells.set(`${source} ${target}`, cell.set(family ?? '', text));
      }
  return new Map(
    [...cells].map(([pair, byFamily]) => {
      const [first, second] = byFamily.values();
      const isSame = byFamily.has('') || (byFamily.size === 2 && first === second);
      const texts = [...byFamily].map(([family, text]) => `${family}:\u00a0${text}`).sort();
      return [pair, isSame ? (first ?? '') : texts.join('; ')];
    }),
  );
}

describe('groupConnections', () => {
  it.each(['source', 'destination', 'best'] as const)('by %s holds every pair exactly once', (by) => {
    fc.assert(
      fc.property(rectangles, (list) => {
        const groups = groupConnections(list, by);
        const found = new Map<string, string>();
        for (const { from, to, text, notSelf } of groups)
          for (const source of from)
            for (const target of to) {
              if (notSelf && source === target) continue;
              expect(found.has(`${source} ${target}`)).toBe(false);
              found.set(`${source} ${target}`, text);
            }
        expect([...found].sort()).toEqual([...pairsOf(list)].sort());
        expect(countPairs(groups)).toBe(found.size);
      }),
    );
  });

  it('gives each source one row per text by source', () => {
    fc.assert(
      fc.property(rectangles, (list) => {
        const seen = groupConnections(list, 'source').flatMap(({ from, text, notSelf }) =>
          from.map((id) => `${id} ${text} ${notSelf}`),
        );
        expect(new Set(seen).size).toBe(seen.length);
      }),
    );
  });

  it('needs one row where everybody reaches one, and one where one reaches everybody', () => {
    const star = [0, 1, 2, 3].map((from): Rectangle => ({ from: [from], to: [4], text: 'dns' }));
    const fan = [0, 1, 2, 3].map((to): Rectangle => ({ from: [5], to: [to], text: 'scrape' }));
    const others = [0, 1, 2, 3].map((from): Rectangle => ({ from: [from], to: [from + 10], text: 'own' }));
    const rows = groupConnections([...star, ...fan, ...others], 'best');
    expect(rows.filter(({ text }) => text === 'dns')).toEqual([
      { from: [0, 1, 2, 3], to: [4], text: 'dns', notSelf: false },
    ]);
    expect(rows.filter(({ text }) => text === 'scrape')).toEqual([
      { from: [5], to: [0, 1, 2, 3], text: 'scrape', notSelf: false },
    ]);
  });

  it('keeps a pair with itself from another rectangle apart', () => {
    const rows = groupConnections(
      [
        { from: [0, 1], to: [0, 1], text: 'all', self: false },
        { from: [0], to: [0], text: '80' },
      ],
      'best',
    );
    expect(countPairs(rows)).toBe(3);
    expect(rows).toContainEqual({ from: [0], to: [0], text: '80', notSelf: false });
  });
});
