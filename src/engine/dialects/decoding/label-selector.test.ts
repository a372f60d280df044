import { describe, expect, it } from 'vitest';
import { EVERYTHING, selects } from '../../model/selector.ts';
import { findSelectorProblems, type LabelSelectorFields, toSelector } from './label-selector.ts';

const expression = (key: string, operator: string, values?: string[]): LabelSelectorFields => ({
  matchExpressions: [{ key, operator, ...(values === undefined ? {} : { values }) }],
});
const problemsOf = (selector: LabelSelectorFields) =>
  findSelectorProblems(selector).map(({ reason, field }) => `${reason} ${field.join('.')}`);

describe('selector validation (semantics 1.13 rows 17-20)', () => {
  it.each(['In', 'NotIn'])('row 17: %s without values', (operator) => {
    const required = ['FieldValueRequired matchExpressions.0.values'];
    expect(problemsOf(expression('k', operator))).toEqual(required);
    expect(problemsOf(expression('k', operator, []))).toEqual(required);
    expect(problemsOf(expression('k', operator, ['', 'a', 'a']))).toEqual([]);
  });

  it.each(['Exists', 'DoesNotExist'])('row 18: %s with values', (operator) => {
    expect(problemsOf(expression('k', operator))).toEqual([]);
    expect(problemsOf(expression('k', operator, ['a']))).toEqual(['FieldValueForbidden matchExpressions.0.values']);
  });

  it.each(['in', 'notIn', 'Gt', ''])('row 19: operator %j', (operator) => {
    expect(problemsOf(expression('k', operator, ['1']))).toEqual(['FieldValueInvalid matchExpressions.0.operator']);
  });

  it.each(['k', 'K', 'a.b_c-d', 'example.com/k', 'kubernetes.io/metadata.name', 'x'.repeat(63)])(
    'row 20: key %j is accepted',
    (key) => {
      expect(problemsOf(expression(key, 'Exists'))).toEqual([]);
      expect(problemsOf({ matchLabels: { [key]: '' } })).toEqual([]);
    },
  );

  it.each(['', '-k', 'k-', 'a b', 'a/b/c', '/k', 'example.com/', 'UPPER.com/k', 'x'.repeat(64), 'ü', '__proto__'])(
    'row 20: key %j is refused',
    (key) => {
      expect(problemsOf(expression(key, 'Exists'))).toEqual(['FieldValueInvalid matchExpressions.0.key']);
      const matchLabels = Object.fromEntries([[key, 'v']]);
      expect(problemsOf({ matchLabels })).toEqual(['FieldValueInvalid matchLabels']);
    },
  );

  it.each(['-', 'v_', 'a b', 'a/b', 'ünï', 'x'.repeat(64)])('row 20: value %j is refused', (value) => {
    expect(problemsOf({ matchLabels: { k: value } })).toEqual(['FieldValueInvalid matchLabels']);
    expect(problemsOf(expression('k', 'NotIn', ['a', value]))).toEqual([
      'FieldValueInvalid matchExpressions.0.values.1',
    ]);
  });
});

describe('selector meaning (semantics 1.4)', () => {
  it('missing and empty select everything', () => {
    for (const selector of [undefined, {}, { matchLabels: {} }, { matchExpressions: [] }]) {
      expect(toSelector(selector)).toEqual(EVERYTHING);
    }
  });

  it('a label must exist, even for the empty value', () => {
    const selector = toSelector({ matchLabels: { k: '' } });
    expect([selects(selector, { k: '' }), selects(selector, {}), selects(selector, { k: 'v' })]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it.each([
    ['In', ['a'], { absent: false, a: true, b: false }],
    ['NotIn', ['a'], { absent: true, a: false, b: true }],
    ['Exists', undefined, { absent: false, a: true, b: true }],
    ['DoesNotExist', undefined, { absent: true, a: false, b: false }],
  ])('%s', (operator, values, expected) => {
    const selector = toSelector(expression('k', operator, values));
    const actual = {
      absent: selects(selector, {}),
      a: selects(selector, { k: 'a' }),
      b: selects(selector, { k: 'b' }),
    };
    expect(actual).toEqual(expected);
  });

  it('labels and expressions must all hold', () => {
    const selector = toSelector({ matchLabels: { a: '1', b: '2' }, ...expression('c', 'Exists') });
    expect(selects(selector, { a: '1', b: '2', c: '' })).toBe(true);
    for (const labels of [
      { a: '1', b: '2' },
      { a: '1', c: '' },
      { b: '2', c: '' },
    ]) {
      expect(selects(selector, labels as Record<string, string>)).toBe(false);
    }
  });
});
