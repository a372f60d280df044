// LabelSelectors of custom resources, as the API server's client would read them. Knows no kind.

import { findSelectorProblems, type LabelSelectorFields, toSelector } from '../dialects/decoding/label-selector.ts';
import { type Labels, NOTHING, type Selector } from '../model/selector.ts';
import { fieldsOf, listOf, textMapOf, textOf, textsOf } from './json-fields.ts';

/** The selector of a field; undefined where there is none (absent or null), everything for `{}`, nothing for one that is refused. */
export function selectorOf(value: unknown): Selector | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { matchLabels, matchExpressions } = fieldsOf(value);
  const fields: LabelSelectorFields = {
    matchLabels: Object.fromEntries(textMapOf(matchLabels)),
    matchExpressions: listOf(matchExpressions).map((one) => {
      const { key, operator, values } = fieldsOf(one);
      return { key: textOf(key) ?? '', operator: textOf(operator) ?? '', values: textsOf(values) };
    }),
  };
  return findSelectorProblems(fields).length > 0 ? NOTHING : toSelector(fields);
}

/** The labels of an object. */
export function labelsOf(value: unknown): Labels {
  return Object.fromEntries(textMapOf(fieldsOf(fieldsOf(value)['metadata'])['labels']));
}

/** The annotations of an object. */
export function annotationsOf(value: unknown): ReadonlyMap<string, string> {
  return textMapOf(fieldsOf(fieldsOf(value)['metadata'])['annotations']);
}
