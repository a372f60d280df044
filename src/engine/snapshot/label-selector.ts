// A LabelSelector beside policies, such as that of a Gateway for namespaces. Policies have a reader of their own, which
// answers as the API server's validation does.

import { EVERYTHING, NOTHING, type Selector } from '../model/selector.ts';
import { type Path, printPath } from '../model/source.ts';
import { compareTexts } from './identity.ts';
import {
  type JsonObject,
  objectAt,
  objectsAt,
  type Reading,
  reportMissing,
  stringAt,
  stringMapAt,
  stringsAt,
} from './reading.ts';

const OPERATORS = { In: 'in', NotIn: 'not-in', Exists: 'exists', DoesNotExist: 'not-exists' } as const;

/**
 * Reads a selector; undefined where there is none, everything for `{}`. A requirement that cannot be read is a problem,
 * and the selector then selects nothing.
 */
export function selectorAt(reading: Reading, parent: JsonObject, key: string, path: Path): Selector | undefined {
  const selector = objectAt(reading, parent, key, path);
  if (selector === undefined) return undefined;
  const at = [...path, key];
  const labels = stringMapAt(reading, selector, 'matchLabels', at);
  const requirements: Selector[] = Object.keys(labels)
    .sort(compareTexts)
    .map((label) => ({ op: 'in', key: label, values: [labels[label]!] }));
  for (const [index, expression] of objectsAt(reading, selector, 'matchExpressions', at)) {
    requirements.push(readRequirement(reading, expression, [...at, 'matchExpressions', index]));
  }
  return requirements.length === 0 ? EVERYTHING : { op: 'and', of: requirements };
}

function readRequirement(reading: Reading, expression: JsonObject, path: Path): Selector {
  const key = stringAt(reading, expression, 'key', path);
  const operator = stringAt(reading, expression, 'operator', path) ?? '';
  if (key === undefined) {
    reportMissing(reading, [...path, 'key']);
    return NOTHING;
  }
  const op = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator as keyof typeof OPERATORS] : undefined;
  if (op === undefined) {
    // Custom resources are stored with any operator; no implementation can evaluate it.
    const at = [...path, 'operator'];
    const message = `${printPath(at)} is "${operator}", but must be In, NotIn, Exists or DoesNotExist`;
    reading.problems.push({ check: 'invalid-value', path: at, message, isStored: true });
    return NOTHING;
  }
  if (op === 'exists' || op === 'not-exists') return { op, key };
  return { op, key, values: stringsAt(reading, expression, 'values', path) };
}
