// Boxes as LabelSelectors, read back by the decoder that reads those of manifests; labels that are in a box.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { everyLabels, LABEL_KEYS, LABEL_VALUES, labelBox } from '../../../test/support/label-universe.ts';
import { findSelectorProblems, toSelector } from '../dialects/decoding/label-selector.ts';
import { labelValueProblem } from '../dialects/decoding/name-syntax.ts';
import { selects } from '../model/selector.ts';
import { boxOf, contains } from './label-box.ts';
import { completeLabels, exampleLabels, freshValue, type LabelSelector, labelSelectorsOf } from './label-selectors.ts';
import { ABSENT, allBut, PRESENT, union, valuesOf } from './value-set.ts';

const UNIVERSE = everyLabels(LABEL_KEYS);

/** As the decoder takes it. */
function fields(selector: LabelSelector): Parameters<typeof toSelector>[0] & object {
  return JSON.parse(JSON.stringify(selector));
}

describe('labelSelectorsOf', () => {
  it('an API server takes them, and together they select exactly the box', () => {
    fc.assert(
      fc.property(labelBox, (box) => {
        const selectors = labelSelectorsOf(box).map(fields);
        expect(selectors.flatMap(findSelectorProblems)).toEqual([]);
        for (const labels of UNIVERSE) {
          const selected = selectors.some((one) => selects(toSelector(one), labels));
          expect(selected).toBe(contains(box, labels));
        }
      }),
    );
  });

  it.each([
    ['everything', [], [{}]],
    ['one value', [{ key: 'app', is: valuesOf(['web']) }], [{ matchLabels: { app: 'web' } }]],
    [
      'some values',
      [{ key: 'app', is: valuesOf(['web', 'api']) }],
      [{ matchExpressions: [{ key: 'app', operator: 'In', values: ['api', 'web'] }] }],
    ],
    ['present', [{ key: 'app', is: PRESENT }], [{ matchExpressions: [{ key: 'app', operator: 'Exists' }] }]],
    ['absent', [{ key: 'app', is: ABSENT }], [{ matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] }]],
    [
      'all but some',
      [{ key: 'app', is: allBut(['web']) }],
      [{ matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] }],
    ],
    [
      'absent or one value: two selectors',
      [{ key: 'app', is: union(ABSENT, valuesOf(['web'])) }],
      [{ matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] }, { matchLabels: { app: 'web' } }],
    ],
  ])('%s', (_, tests, expected) => expect(labelSelectorsOf(boxOf(tests)!)).toEqual(expected));
});

describe('exampleLabels', () => {
  it('are in the box, are legal, and name no value that is mentioned where any other is meant', () => {
    fc.assert(
      fc.property(labelBox, (box) => {
        const labels = exampleLabels(box, () => [...LABEL_VALUES, 'any']);
        expect(contains(box, labels)).toBe(true);
        for (const [key, value] of Object.entries(labels)) {
          expect(labelValueProblem(value)).toBeUndefined();
          const { except } = box.find((test) => test.key === key)!.is;
          if (except) expect(value).toBe('any-2');
        }
      }),
    );
  });

  it('a fresh value is none of those taken', () => {
    expect(freshValue([])).toBe('any');
    expect(freshValue(['any', 'any-3', 'any-2'])).toBe('any-4');
  });
});

describe('completeLabels', () => {
  it('adds what the box asks for and keeps what is given', () => {
    const box = boxOf([
      { key: 'app', is: valuesOf(['web']) },
      { key: 'tier', is: allBut(['db']) },
      { key: 'team', is: PRESENT },
    ])!;
    expect(completeLabels({ tier: 'cache' }, box)).toEqual({ app: 'web', team: 'any', tier: 'cache' });
    expect(completeLabels({ tier: 'db' }, box)).toBeUndefined();
  });
});
