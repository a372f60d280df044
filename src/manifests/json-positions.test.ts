import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Path } from '../engine/model/source.ts';
import { jsonPlace } from './json-positions.ts';
import { indexLines } from './line-index.ts';

const placeIn = (text: string): ReturnType<typeof jsonPlace> =>
  jsonPlace({ file: 'a.json', text, lines: indexLines(text) }, 0);

/** Every path of a value, the root's included. */
function paths(value: unknown, base: Path = []): Path[] {
  if (Array.isArray(value)) return [base, ...value.flatMap((item, index) => paths(item, [...base, index]))];
  if (typeof value !== 'object' || value === null) return [base];
  return [base, ...Object.entries(value).flatMap(([key, item]) => paths(item, [...base, key]))];
}

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((at, part) => (at as Record<string | number, unknown>)[part], value);

describe('jsonPlace', () => {
  it('finds the text of every value, and of its key', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
        const text = JSON.stringify(value);
        const normal: unknown = JSON.parse(text);
        for (const path of paths(normal)) {
          const { column, end } = placeIn(text).locate(path);
          expect(JSON.parse(text.slice(column! - 1, end!.column - 1))).toEqual(valueAt(normal, path));
          const last = path.at(-1);
          if (typeof last !== 'string') continue;
          const key = placeIn(text).locate(path, { key: true });
          expect(JSON.parse(text.slice(key.column! - 1, key.end!.column - 1))).toBe(last);
        }
      }),
    );
  });

  it('finds the same in what is long, however often it is asked', () => {
    const short = fc.jsonValue({ maxDepth: 2 });
    const long = short.map((value) => ({
      many: Array.from({ length: 40 }, () => [value, value]),
      pad: 'x'.repeat(1000),
    }));
    fc.assert(
      fc.property(long, (value) => {
        const text = JSON.stringify(value);
        const normal: unknown = JSON.parse(text);
        const place = placeIn(text);
        for (const path of [...paths(normal), ...paths(normal).reverse()]) {
          const { column, end } = place.locate(path);
          expect(JSON.parse(text.slice(column! - 1, end!.column - 1))).toEqual(valueAt(normal, path));
          const last = path.at(-1);
          if (typeof last !== 'string') continue;
          const key = place.locate(path, { key: true });
          expect(JSON.parse(text.slice(key.column! - 1, key.end!.column - 1))).toBe(last);
        }
        expect(place.locate(['many', 40])).toEqual({ ...place.locate(['many']), path: 'many[40]' });
        expect(place.locate(['none'])).toMatchObject({ column: 1 });
      }),
      { numRuns: 30 },
    );
  });

  it('falls back to the nearest enclosing field and keeps the path that was asked for', () => {
    const place = placeIn('{\n  "a": {"b": [1]}\n}');
    expect(place.locate(['a', 'b', 5, 'c'])).toEqual({
      file: 'a.json',
      line: 2,
      column: 14,
      end: { line: 2, column: 17 },
      path: 'a.b[5].c',
    });
    expect(place.locate(['x'], { key: true })).toMatchObject({ line: 1, column: 1 });
  });

  it('takes the last of two equal keys, escaped or not', () => {
    expect(placeIn('{"a":1,"\\u0061":2}').locate(['a'])).toMatchObject({ column: 17 });
    const long = placeIn(`{"pad":"${'x'.repeat(1000)}","a":1,"\\u0061":2}`);
    for (let i = 0; i < 2; i++) expect(long.locate(['a'])).toMatchObject({ column: 1026 });
  });

  it('finds elements relative to their list', () => {
    const element = placeIn('{"items":[{"a":1},\n{"a":22}]}').elements(['items']);
    expect(element(1).locate(['a'])).toMatchObject({ line: 2, column: 6, path: 'a' });
    expect(element(1).locate([])).toMatchObject({ line: 2, column: 1, path: '' });
    expect(element(7).locate([])).toMatchObject({ line: 1, column: 1 });
  });
});
