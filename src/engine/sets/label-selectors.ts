// Boxes as LabelSelectors, the form in which manifests select objects, and labels of one object that is in a box.

import { type Labels, labelOf } from '../model/selector.ts';
import { contains, type LabelBox, type LabelTest } from './label-box.ts';

/** A LabelSelector (apimachinery metav1): all parts must hold; without parts it selects everything. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly LabelExpression[];
}

/** One expression of a LabelSelector; `NotIn` also selects what has no such label. */
export type LabelExpression =
  | { readonly key: string; readonly operator: 'In' | 'NotIn'; readonly values: readonly string[] }
  | { readonly key: string; readonly operator: 'Exists' | 'DoesNotExist' };

/**
 * LabelSelectors that together select exactly the box: mostly one. A label that is absent or one of some values takes
 * two, since a LabelSelector cannot say "or".
 */
export function labelSelectorsOf(box: LabelBox): LabelSelector[] {
  const choices = box.map(expressionsOf);
  let lists: readonly (readonly LabelExpression[])[] = [[]];
  for (const choice of choices) lists = lists.flatMap((list) => choice.map((own) => [...list, ...own]));
  return lists.map(toSelector);
}

/** Alternatives; all expressions of one hold together. */
function expressionsOf({ key, is }: LabelTest): readonly (readonly LabelExpression[])[] {
  const { absent, except, values } = is;
  if (except) {
    const exists: LabelExpression[] = absent ? [] : [{ key, operator: 'Exists' }];
    return [values.length === 0 ? exists : [...exists, { key, operator: 'NotIn', values }]];
  }
  const missing: (readonly LabelExpression[])[] = absent ? [[{ key, operator: 'DoesNotExist' }]] : [];
  return values.length === 0 ? missing : [...missing, [{ key, operator: 'In', values }]];
}

function toSelector(expressions: readonly LabelExpression[]): LabelSelector {
  const labels: [string, string][] = [];
  const others: LabelExpression[] = [];
  for (const one of expressions) {
    if (one.operator === 'In' && one.values.length === 1) labels.push([one.key, one.values[0]!]);
    else others.push(one);
  }
  return {
    ...(labels.length === 0 ? {} : { matchLabels: Object.fromEntries(labels) }),
    ...(others.length === 0 ? {} : { matchExpressions: others }),
  };
}

/**
 * The fewest labels that are in the box: of several values the first, of all but some one that is not among `mentioned`
 * (values that selectors name for the key, wherever). Equal boxes give equal labels.
 */
export function exampleLabels(box: LabelBox, mentioned: (key: string) => Iterable<string> = () => []): Labels {
  const labels: [string, string][] = [];
  for (const { key, is } of box) {
    if (is.absent) continue;
    labels.push([key, is.except ? freshValue([...is.values, ...mentioned(key)]) : is.values[0]!]);
  }
  return Object.fromEntries(labels);
}

/** A label value that is not in the list: the word itself, else `any-2`, `any-3` … */
export function freshValue(taken: readonly string[], word = 'any'): string {
  const known = new Set(taken);
  if (!known.has(word)) return word;
  let number = 2;
  while (known.has(`${word}-${number}`)) number++;
  return `${word}-${number}`;
}

/** The labels and as few others as it takes to be in the box; undefined where one of the given ones keeps them out. */
export function completeLabels(
  labels: Labels,
  box: LabelBox,
  mentioned?: (key: string) => Iterable<string>,
): Labels | undefined {
  const open = box.filter(({ key }) => labelOf(labels, key) === undefined);
  const completed = { ...exampleLabels(open, mentioned), ...labels };
  return contains(box, completed) ? completed : undefined;
}
