// Whom an exposure is open to, as a person reads it: `internet`, `any namespace`, `shop/app=web`, `{team=a}/{app=web}`.

import type { ExposedDocument, ExposedTo } from '../engine/questions/exposure-document.ts';
import { printAddresses } from '../engine/sets/ip-address.ts';
import type { LabelExpression, LabelSelector } from '../engine/sets/label-selectors.ts';
import { addressesOf } from './endpoint-names.ts';
import { GLUE, printable, printableName } from './printable.ts';

/** The label that every namespace carries, with its name. */
const NAME_LABEL = 'kubernetes.io/metadata.name';

/** So many names of namespaces are listed at most, unless wide. */
const MOST_NAMES = 3;

/** A LabelSelector as questions take it: `app=web,tier!=db`; everything is an empty text. */
export function selectorText({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string {
  const labels = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`);
  return printable([...labels, ...matchExpressions.map(expressionText)].join(',')).replaceAll(' ', GLUE);
}

function expressionText(expression: LabelExpression): string {
  const { key } = expression;
  switch (expression.operator) {
    case 'Exists':
      return key;
    case 'DoesNotExist':
      return `!${key}`;
    case 'In':
      return expression.values.length === 1
        ? `${key}=${expression.values[0]}`
        : `${key} in (${expression.values.join(',')})`;
    case 'NotIn':
      return expression.values.length === 1
        ? `${key}!=${expression.values[0]}`
        : `${key} notin (${expression.values.join(',')})`;
  }
}

/** Names of namespaces that a selector is confined to, where it asks for nothing else; undefined: it is not. */
function namesOf({ matchLabels = {}, matchExpressions = [] }: LabelSelector): readonly string[] | undefined {
  const labels = Object.entries(matchLabels);
  if (labels.length + matchExpressions.length !== 1) return undefined;
  if (labels[0]?.[0] === NAME_LABEL) return [labels[0][1]];
  const [only] = matchExpressions;
  return only?.key === NAME_LABEL && only.operator === 'In' ? only.values : undefined;
}

/** Whom it is open to, without the exceptions of limited namespaces. */
export function targetText(to: ExposedTo, wide: boolean): string {
  if (to === 'internet') return to;
  if (to === 'any-namespace') return `any${GLUE}namespace`;
  if ('ranges' in to) return rangesText(to.ranges, to.name, wide);
  const { namespaceSelector, podSelector } = to;
  const pods = selectorText(podSelector);
  const names = namesOf(namespaceSelector);
  if (names !== undefined) {
    const shown = names.length > MOST_NAMES && !wide ? undefined : names.map((name) => printableName(name));
    if (pods === '')
      return `any${GLUE}pod${GLUE}of${GLUE}${shown?.join(`,${GLUE}`) ?? `${names.length}${GLUE}namespaces`}`;
    return (
      shown?.map((name) => `${name}/${pods}`).join(' or ') ?? `${pods}${GLUE}of${GLUE}${names.length}${GLUE}namespaces`
    );
  }
  const homes = selectorText(namespaceSelector);
  return pods === '' ? `namespaces${GLUE}with${GLUE}${homes}` : `{${homes}}/{${pods}}`;
}

/** Addresses by their name where that says it all, else by their first ranges. */
export function rangesText(
  ranges: readonly (readonly [string, string])[],
  name: string | undefined,
  wide: boolean,
): string {
  const text = wide
    ? ranges.map(([first, last]) => (first === last ? first : `${first}-${last}`)).join(',')
    : printAddresses(addressesOf(ranges), 2).replaceAll(', ', ',');
  return printable(name === undefined ? text : `${text} (${name})`).replaceAll(' ', GLUE);
}

/** What an entry leaves out of whom it is open to; `limited` are the namespaces that are limited for its peers. */
export function exceptionText({ to, namespaces }: ExposedDocument, limited: readonly string[], wide: boolean): string {
  if (namespaces === undefined) return '';
  const few = limited.length <= MOST_NAMES || wide;
  const which = few
    ? limited.map((name) => printableName(name)).join(`,${GLUE}`)
    : `${limited.length}${GLUE}limited${GLUE}ones`;
  switch (namespaces) {
    case 'unlimited':
      return ` but not ${which}`;
    case 'any':
      return ' *';
    default:
      if (typeof to === 'object' && 'namespaceSelector' in to && namesOf(to.namespaceSelector) !== undefined)
        return ' *';
      return ` of ${which} *`;
  }
}
