// Fields of rows, by RFC 4180 and by what people write.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DELIMITERS, delimiterOf, splitRow } from './split-row.ts';

const fieldsOf = (text: string) => splitRow(text, ',');

describe('a row', () => {
  it.each([
    ['a,b,c', ['a', 'b', 'c']],
    ['', ['']],
    [',', ['', '']],
    ['"a,b",c', ['a,b', 'c']],
    ['"a""b",""', ['a"b', '']],
    ['a,"b\nc"', ['a', 'b\nc']],
    ['"","",', ['', '', '']],
    [' a , "b', undefined],
  ])('%s', (text, fields) => {
    expect(fieldsOf(text)).toEqual(
      fields === undefined ? { kind: 'broken', why: expect.any(String) } : { kind: 'fields', fields },
    );
  });

  it('is open where a quoted field does not end', () => {
    expect(fieldsOf('a,"b')).toEqual({ kind: 'open' });
    expect(fieldsOf('"a""')).toEqual({ kind: 'open' });
  });

  it('is broken where text stands after a quote, or a quote within a field', () => {
    expect(fieldsOf('"a"b,c')).toEqual({ kind: 'broken', why: 'field 1 goes on after its closing quote' });
    expect(fieldsOf('x,a"b,c')).toEqual({ kind: 'broken', why: 'field 2 has a quote in it and is not quoted' });
  });

  it('gives back whatever was written as RFC 4180 says', () => {
    const write = (field: string) => (/[",;\t\n\r]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);
    const field = fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\t', '\n', ' '), maxLength: 6 });
    fc.assert(
      fc.property(
        fc.array(field, { minLength: 1, maxLength: 5 }),
        fc.constantFrom(...DELIMITERS),
        (fields, delimiter) => {
          expect(splitRow(fields.map(write).join(delimiter), delimiter)).toEqual({ kind: 'fields', fields });
        },
      ),
    );
  });
});

it.each([
  ['a,b,c', ','],
  ['a;b;c', ';'],
  ['a\tb\tc', '\t'],
  ['"a,b,c";d', ';'],
  ['alone', ','],
])('the delimiter of %j', (header, delimiter) => expect(delimiterOf(header)).toBe(delimiter));
