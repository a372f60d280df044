// A small universe of labels, and selectors and boxes drawn over it: few enough label sets to enumerate them all.

import fc from 'fast-check';
import type { Labels, Selector } from '../../src/engine/model/selector.ts';
import { ALL_LABELS, boxOf, type LabelBox } from '../../src/engine/sets/label-box.ts';
import type { ValueSet } from '../../src/engine/sets/value-set.ts';

/** Keys of the universe; `constructor` is a name that plain objects inherit. */
export const LABEL_KEYS = ['app', 'constructor', 'tier'] as const;

/** Values that selectors name. */
export const LABEL_VALUES = ['', 'a', 'b'] as const;

/** A value that no selector names: it stands for all others. */
export const UNNAMED_VALUE = 'z';

/** Every label set over these keys: each absent, a named value or the unnamed one. */
export function everyLabels(keys: readonly string[], values: readonly string[] = LABEL_VALUES): Labels[] {
  return keys.reduce<Labels[]>(
    (all, key) =>
      all.flatMap((labels) => [
        labels,
        ...[...values, UNNAMED_VALUE].map((value) => ({ ...labels, [key]: value }) as Labels),
      ]),
    [{}],
  );
}

const key = fc.constantFrom(...LABEL_KEYS);
const values = fc.array(fc.constantFrom(...LABEL_VALUES), { maxLength: 3 });

/** One requirement on one label; lists may be empty and hold repeats. */
export const requirement: fc.Arbitrary<Selector> = fc.oneof(
  fc.record({ op: fc.constantFrom('in' as const, 'not-in' as const), key, values }),
  fc.record({ op: fc.constantFrom('exists' as const, 'not-exists' as const), key }),
);

/** Selectors of every form that is a finite matter of values. */
export const selector: fc.Arbitrary<Selector> = fc.letrec<{ readonly selector: Selector }>((tie) => ({
  selector: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'selector' },
    { weight: 3, arbitrary: requirement },
    {
      weight: 2,
      arbitrary: fc.record({
        op: fc.constantFrom('and' as const, 'or' as const),
        of: fc.array(tie('selector'), { maxLength: 3, depthIdentifier: 'selector' }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ op: fc.constant('not' as const), of: tie('selector') }) },
  ),
})).selector;

const valueSet: fc.Arbitrary<ValueSet> = fc.record({
  absent: fc.boolean(),
  except: fc.boolean(),
  values: fc.subarray([...LABEL_VALUES]),
});

/** Boxes; everything where the drawn tests contradict each other. */
export const labelBox: fc.Arbitrary<LabelBox> = fc
  .array(fc.record({ key, is: valueSet }), { maxLength: 4 })
  .map((tests) => boxOf(tests) ?? ALL_LABELS);

/** Unions of a few boxes. */
export const labelSet: fc.Arbitrary<readonly LabelBox[]> = fc.array(labelBox, { maxLength: 4 });
