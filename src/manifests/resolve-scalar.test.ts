import { describe, expect, it } from 'vitest';
import { resolveScalar } from './resolve-scalar.ts';

// As `kubectl label --local -o json` of kubectl 1.36.3 printed them, read as `data: {key: TEXT}`.
const VALUES: readonly (readonly [string, unknown])[] = [
  ['y', true],
  ['on', true],
  ['Y', true],
  ['n', false],
  ['Off', false],
  ['oN', 'oN'],
  ['tRue', 'tRue'],
  ['TRUE', true],
  ['~', null],
  ['', null],
  ['NULL', null],
  ['0644', 420],
  ['08', 8],
  ['0o17', 15],
  ['-0o17', -15],
  ['+017', 15],
  ['0o8', '0o8'],
  ['0777_1', 4089],
  ['0777777777777777777777777', 7.777777777777778e23],
  ['1e3', 1000],
  ['1e+3', 1000],
  ['1e', '1e'],
  ['1e400', '1e400'],
  ['1e5_0', 1e50],
  ['1:30', '1:30'],
  ['2024-01-01', '2024-01-01'],
  ['1_000', 1000],
  ['1__0.5', 10.5],
  ['_1', '_1'],
  ['0x1F', 31],
  ['0X1f', 31],
  ['0x_1', 1],
  ['0x', '0x'],
  ['-0x1', -1],
  ['0b11', 3],
  ['0b12', '0b12'],
  ['-0B1', -1],
  ['.5', 0.5],
  ['._5', '._5'],
  ['-._5', -0.5],
  ['+.5', 0.5],
  ['1.', 1],
  ['.', '.'],
  ['+1', 1],
  ['-', '-'],
  ['=', '='],
  ['00x1', '00x1'],
  ['0.e1', 0],
  ['-0', 0],
  ['123456789012345678901234', 1.2345678901234569e23],
  ['18446744073709551616', 18446744073709552000],
  ['+.inf_', '+.inf_'],
];

describe('resolveScalar', () => {
  it.each(VALUES)('%j is %j', (text, expected) => {
    const resolved = resolveScalar(text);
    const value = 'value' in resolved ? resolved.value : text;
    expect(Object.is(value, -0) ? 0 : value).toEqual(expected);
  });

  it.each(['.inf', '-.Inf', '+.INF', '.nan', '.NaN'])('%s is no JSON number', (text) => {
    expect(resolveScalar(text).type).toBe('invalid');
  });

  it('tells the merge key from text', () => {
    expect(resolveScalar('<<').type).toBe('merge');
    expect(resolveScalar('<').type).toBe('string');
  });

  it.each([
    ['0x10', '16'],
    ['9223372036854775807', '9223372036854775807'],
    ['1.50', '1.5'],
    ['1e5', '100000'],
    ['1e6', '1e+06'],
    ['1234567.5', '1.2345675e+06'],
    ['1e30', '1e+30'],
    ['0.0001', '0.0001'],
    ['0.00001', '1e-05'],
  ])('as a key, %s is %s', (text, key) => {
    expect(resolveScalar(text)).toMatchObject({ text: key });
  });
});
