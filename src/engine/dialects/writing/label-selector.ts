// Selectors as LabelSelectors of apimachinery, and requirements added to what is written. All dialects use the same one.

import type { Requirement, Selector } from '../../model/selector.ts';
import type { Path } from '../../model/source.ts';
import type { Fields, ItemChange } from '../writer.ts';

/**
 * The selector as a LabelSelector: `{}` for everything, single values under matchLabels. Undefined for what only other
 * languages can say: `or`, `not`, parts of values, and `in` of nothing.
 */
export function writeSelector(selector: Selector): Fields | undefined {
  const parts = selector.op === 'and' ? selector.of : [selector];
  const labels: Record<string, string> = {};
  const expressions: Fields[] = [];
  for (const part of parts) {
    if (part.op === 'in' && part.values.length === 1 && !Object.hasOwn(labels, part.key)) {
      Object.defineProperty(labels, part.key, { value: part.values[0]!, enumerable: true });
      continue;
    }
    const expression = writeRequirement(part);
    if (expression === undefined) return undefined;
    expressions.push(expression);
  }
  return {
    ...(Object.keys(labels).length === 0 ? {} : { matchLabels: labels }),
    ...(expressions.length === 0 ? {} : { matchExpressions: expressions }),
  };
}

const OPERATORS: Readonly<Record<string, string>> = {
  in: 'In',
  'not-in': 'NotIn',
  exists: 'Exists',
  'not-exists': 'DoesNotExist',
};

function writeRequirement(part: Selector): Fields | undefined {
  switch (part.op) {
    case 'in':
    case 'not-in':
      if (part.values.length === 0) return undefined;
      return { key: part.key, operator: OPERATORS[part.op], values: [...part.values] };
    case 'exists':
    case 'not-exists':
      return { key: part.key, operator: OPERATORS[part.op] };
    default:
      return undefined;
  }
}

/**
 * The change that adds a requirement to a written selector at the path; `selector` is its value, undefined or null where
 * none is written. A list of values that are ruled out already becomes longer.
 */
export function addRequirement(
  selector: unknown,
  path: Path,
  requirement: Requirement,
): readonly ItemChange[] | undefined {
  const expression = writeRequirement(requirement);
  if (expression === undefined) return undefined;
  if (!isFields(selector)) return [{ op: 'set', path, value: { matchExpressions: [expression] } }];
  const list = selector['matchExpressions'];
  const at = [...path, 'matchExpressions'];
  if (!Array.isArray(list)) return [{ op: 'set', path: at, value: [expression] }];
  const known = requirement.op === 'not-in' ? list.findIndex((one) => rulesOut(one, requirement.key)) : -1;
  if (known < 0 || requirement.op !== 'not-in') {
    return [{ op: 'insert', path: [...at, list.length], value: expression }];
  }
  const values = (list[known] as { readonly values: readonly unknown[] }).values;
  const more = requirement.values.filter((value) => !values.includes(value));
  const [only] = more;
  const where = [...at, known, 'values'];
  return more.length === 1
    ? [{ op: 'insert', path: [...where, values.length], value: only }]
    : [{ op: 'set', path: where, value: [...values, ...more] }];
}

function rulesOut(expression: unknown, key: string): boolean {
  return (
    isFields(expression) &&
    expression['key'] === key &&
    expression['operator'] === 'NotIn' &&
    Array.isArray(expression['values'])
  );
}

/** Reports whether a written value has named fields. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
