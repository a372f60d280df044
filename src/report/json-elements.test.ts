import fc from 'fast-check';
import { expect, it } from 'vitest';
import { elementPrinter } from './json-elements.ts';

it('prints what JSON.stringify prints, whatever stands in the list', () => {
  const element = fc.oneof(fc.jsonValue(), fc.dictionary(fc.string(), fc.option(fc.jsonValue(), { nil: undefined })));
  fc.assert(
    fc.property(fc.array(element), (elements) => {
      const print = elementPrinter();
      expect(elements.map((one) => print(one))).toEqual(elements.map((one) => JSON.stringify(one)));
    }),
  );
});

it.each([
  ['the same value again and again', (all: object[]) => all[0]!],
  ['values that are never the same', (all: object[], i: number) => all[i]!],
  ['values that stop being the same', (all: object[], i: number) => all[Math.max(0, i - 4000)]!],
])('prints right over a long list: %s', (_, pick) => {
  const values = Array.from({ length: 9000 }, (__, i) => ({ i }));
  const print = elementPrinter();
  for (let i = 0; i < values.length; i++) {
    const element = { i, shared: pick(values, i), absent: undefined, text: '"\n' };
    expect(print(element)).toBe(JSON.stringify(element));
  }
});
