import fc from 'fast-check';
import { expect, it } from 'vitest';
import { plainOf, textOf } from './plain-values.ts';

it('every value comes back as it was, numbers of IPv6 too', () => {
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.bigInt(),
      fc.constantFrom(null, true, '\u0000big', '\\u0000big', '\ud800', '__proto__'),
      fc.string(),
      fc.integer(),
      fc.array(tie('value')),
      fc.dictionary(fc.string(), tie('value'), { noNullPrototype: true }),
    ),
  }));
  fc.assert(
    fc.property(value, (drawn) => {
      expect(plainOf(textOf([drawn]))).toEqual([drawn]);
    }),
  );
});

it('manifest objects are left out, and what cannot come back is refused', () => {
  const object = { value: {}, locate: () => ({ path: '' }) };
  expect(plainOf(textOf({ name: 'a', object }))).toEqual({ name: 'a' });
  for (const value of [{ '\u0000big': '1' }, new Map(), new Set()])
    expect(() => textOf({ value })).toThrow('no plain value');
});
