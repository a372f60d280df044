// The LabelSelector of apimachinery: its fields, its validation, its meaning. All dialects use the same one.

import type { Selector } from '../../model/selector.ts';
import { EVERYTHING } from '../../model/selector.ts';
import type { Path } from '../../model/source.ts';
import { printPath } from '../../model/source.ts';
import type { ObjectType } from './field-table.ts';
import { isGoodLabel, labelKeyProblem, labelValueProblem } from './name-syntax.ts';
import type { CauseReason, Problems } from './problems.ts';

/** A decoded LabelSelector. Missing and empty lists are the same: no constraint; `{}` selects everything. */
export interface LabelSelectorFields {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key?: string;
    readonly operator?: string;
    readonly values?: readonly string[];
  }[];
}

/** The fields of a LabelSelector. */
export const LABEL_SELECTOR: ObjectType = {
  type: 'object',
  what: 'a label selector',
  fields: {
    matchLabels: { type: { type: 'map' }, without: 'the selector would select everything' },
    matchExpressions: {
      type: {
        type: 'list',
        of: {
          type: 'object',
          what: 'a match expression',
          fields: {
            key: { type: { type: 'string' }, required: true },
            operator: { type: { type: 'string' }, required: true },
            values: { type: { type: 'list', of: { type: 'string' } } },
          },
          mistakes: { value: { meant: 'values', hint: 'write "values", a list' } },
        },
      },
      without: 'the selector would select everything',
    },
  },
  mistakes: {
    namespaceSelector: {
      meant: 'matchLabels',
      hint: 'this is a selector already (the API up to v0.1.2 had another level here); write its matchLabels directly',
    },
    podSelector: { meant: 'matchLabels', hint: 'this is a selector already; write its matchLabels directly' },
    sameLabels: {
      meant: 'matchLabels',
      hint: 'the API has no sameLabels since v0.1.3; write one policy for each value of the label',
    },
    notSameLabels: {
      meant: 'matchLabels',
      hint: 'the API has no notSameLabels since v0.1.3; write one policy for each value of the label',
    },
  },
  otherwiseMeant: { meant: 'matchLabels', hint: 'labels stand under "matchLabels"' },
};

/** What is wrong with one part of a selector. Paths are relative to the selector. */
export interface SelectorProblem {
  readonly path: Path;
  /** What the API server names: the whole of matchLabels, or the path. */
  readonly field: Path;
  readonly reason: CauseReason;
  readonly message: string;
}

/**
 * Everything for which NetworkPolicy validation refuses a selector (metav1 ValidateLabelSelector). Custom resources
 * store such selectors, and no implementation can evaluate them.
 */
export function findSelectorProblems(selector: LabelSelectorFields): readonly SelectorProblem[] {
  if (selector.matchExpressions === undefined && hasGoodLabels(selector.matchLabels)) return NO_PROBLEMS;
  const problems: SelectorProblem[] = [];
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) {
    const keyProblem = labelKeyProblem(key);
    const valueProblem = labelValueProblem(value);
    if (keyProblem === undefined && valueProblem === undefined) continue;
    const at = { path: ['matchLabels', key], field: ['matchLabels'], reason: 'FieldValueInvalid' } as const;
    if (keyProblem !== undefined) problems.push({ ...at, message: `label key ${quote(key)} ${keyProblem}` });
    if (valueProblem !== undefined) problems.push({ ...at, message: `label value ${quote(value)} ${valueProblem}` });
  }
  for (const [index, { key = '', operator = '', values = [] }] of (selector.matchExpressions ?? []).entries()) {
    const report = (name: readonly (string | number)[], reason: CauseReason, message: string) => {
      const path = ['matchExpressions', index, ...name];
      problems.push({ path, field: path, reason, message });
    };
    if (operator === 'In' || operator === 'NotIn') {
      if (values.length === 0) report(['values'], 'FieldValueRequired', `operator ${operator} needs values`);
    } else if (operator === 'Exists' || operator === 'DoesNotExist') {
      if (values.length > 0) report(['values'], 'FieldValueForbidden', `operator ${operator} takes no values`);
    } else {
      const known = 'In, NotIn, Exists and DoesNotExist (letter case counts)';
      report(['operator'], 'FieldValueInvalid', `${quote(operator)} is not an operator; there are ${known}`);
    }
    const keyProblem = labelKeyProblem(key);
    if (keyProblem !== undefined) report(['key'], 'FieldValueInvalid', `label key ${quote(key)} ${keyProblem}`);
    for (const [position, value] of values.entries()) {
      const problem = labelValueProblem(value);
      if (problem === undefined) continue;
      report(['values', position], 'FieldValueInvalid', `label value ${quote(value)} ${problem}`);
    }
  }
  return problems;
}

const NO_PROBLEMS: readonly SelectorProblem[] = [];

function hasGoodLabels(labels: Readonly<Record<string, string>> = {}): boolean {
  for (const key in labels) if (!isGoodLabel(key, labels[key]!)) return false;
  return true;
}

/** Refuses whatever is wrong with the selector in that field of the object at the path, as built-in kinds do. */
export function refuseInvalidSelector(
  selector: LabelSelectorFields | undefined,
  at: Path,
  field: string,
  problems: Problems,
): void {
  if (selector === undefined) return;
  for (const problem of findSelectorProblems(selector)) {
    const path = [...at, field];
    problems.refuse('invalid-selector', [...path, ...problem.path], problem.reason, problem.message, {
      field: printPath([...path, ...problem.field]),
    });
  }
}

/**
 * The meaning of a selector that {@link findSelectorProblems} finds nothing wrong with; missing means everything.
 * `{k: v}` is `k In [v]`, so that the key must exist even for an empty v; all parts are ANDed.
 */
export function toSelector(selector: LabelSelectorFields | undefined): Selector {
  if (selector === undefined) return EVERYTHING;
  const parts: Selector[] = [];
  const { matchLabels = {} } = selector;
  const keys = Object.keys(matchLabels);
  const isOne = keys.length === 1 && selector.matchExpressions === undefined;
  const known = isOne ? pool.get(keys[0]!)?.get(matchLabels[keys[0]!]!) : undefined;
  if (known !== undefined) return known;
  for (const key of keys) parts.push({ op: 'in', key, values: [matchLabels[key]!] });
  for (const { key = '', operator, values = [] } of selector.matchExpressions ?? []) {
    if (operator === 'In') parts.push({ op: 'in', key, values });
    else if (operator === 'NotIn') parts.push({ op: 'not-in', key, values });
    else parts.push({ op: operator === 'Exists' ? 'exists' : 'not-exists', key });
  }
  if (parts.length === 0) return EVERYTHING;
  const made: Selector = { op: 'and', of: parts };
  const [only] = parts;
  const isOneLabel = parts.length === 1 && only?.op === 'in' && only.values.length === 1;
  return isOneLabel ? shared(made, only.key, only.values[0]!) : made;
}

/** Selectors for one label, by key and value: most are, few are different, and equal objects are compared no more. */
const pool = new Map<string, Map<string, Selector>>();
let pooled = 0;

/** More than any cluster asks for; a process that reads many clusters begins anew. */
const MAX_POOLED = 20_000;

function shared(made: Selector, key: string, value: string): Selector {
  const known = pool.get(key)?.get(value);
  if (known !== undefined) return known;
  if (pooled >= MAX_POOLED) {
    pool.clear();
    pooled = 0;
  }
  const values = pool.get(key) ?? new Map<string, Selector>();
  pool.set(key, values.set(value, made));
  pooled++;
  return made;
}

function quote(text: string): string {
  return JSON.stringify(text);
}
