import fc from 'fast-check';
import { expect, it } from 'vitest';
import { arbitraryValue } from '../../../test/support/arbitrary-text.ts';
import { printObjects } from '../print-yaml.ts';
import { readText } from '../read-text.ts';
import { isFilled, printFlow, printLines } from './print-value.ts';

const OBJECT = { apiVersion: 'v1', kind: 'Thing' };

it('block lines are those of printObjects, whatever the value', () => {
  fc.assert(
    fc.property(arbitraryValue(), (value) => {
      const object = { ...OBJECT, spec: value };
      const text = `${printLines(object, 0, { step: 2, dashes: 0 }).join('\n')}\n`;
      // The library has more ways to print text of several lines.
      if (!JSON.stringify(value).includes('\\n')) expect(text).toBe(printObjects([object]));
      expect(readText(text, 'a.yaml').objects[0]?.value).toEqual(object);
    }),
  );
});

it('at any column and in any style it reads back as the value', () => {
  const style = fc.record({ step: fc.integer({ min: 1, max: 5 }), dashes: fc.nat(4) });
  fc.assert(
    fc.property(arbitraryValue(), style, fc.nat(5), (value, how, column) => {
      fc.pre(isFilled(value));
      const text = ['apiVersion: v1', 'kind: Thing', 'spec:', ...printLines(value as object, column + 1, how)].join(
        '\n',
      );
      expect(readText(text, 'a.yaml').objects[0]?.value).toEqual({ ...OBJECT, spec: value });
    }),
  );
});

it('flow reads back as the value, and quoted flow is JSON', () => {
  const blank = fc.constantFrom<'' | ' '>('', ' ');
  const style = fc.record({
    comma: fc.constantFrom(',', ', '),
    colon: fc.constantFrom(':', ': '),
    braces: blank,
    brackets: blank,
    isQuoted: fc.boolean(),
  });
  fc.assert(
    fc.property(arbitraryValue(), style, (value, how) => {
      const flow = printFlow(value, how);
      const text = `apiVersion: v1\nkind: Thing\nspec: [${flow}]\n`;
      expect(readText(text, 'a.yaml').objects[0]?.value).toEqual({ ...OBJECT, spec: [value] });
      if (how.isQuoted) expect(JSON.parse(flow)).toEqual(value);
    }),
  );
});
