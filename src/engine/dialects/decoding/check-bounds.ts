// The bounds that the schema of a custom resource puts on one value: enum, range, length, pattern, number of items, set.

import type { Path } from '../../model/source.ts';
import type { FieldType } from './field-table.ts';
import type { Problems } from './problems.ts';

/** Reports every bound of the type that the value breaks. The value is of the type. */
export function checkBounds(value: unknown, type: FieldType, path: Path, problems: Problems): void {
  if (type.type === 'string') checkString(value as string, type, path, problems);
  else if (type.type === 'integer') checkInteger(value as number, type, path, problems);
  else if (type.type === 'list') checkList(value as readonly unknown[], type, path, problems);
}

function checkString(
  value: string,
  type: Extract<FieldType, { type: 'string' }>,
  path: Path,
  problems: Problems,
): void {
  if (type.oneOf !== undefined && !type.oneOf.includes(value)) {
    const same = type.oneOf.find((allowed) => allowed.toLowerCase() === value.toLowerCase());
    problems.refuse(
      type.check ?? 'wrong-type',
      path,
      'FieldValueNotSupported',
      `${JSON.stringify(value)} is not one of ${type.oneOf.join(', ')}`,
      same === undefined
        ? {}
        : {
            hint: `write ${same}: letter case counts`,
            fix: { title: `write ${same}`, changes: [{ op: 'set', path, value: same }], safe: true },
          },
    );
  }
  if (type.maxLength !== undefined && isLongerThan(value, type.maxLength)) {
    const message = `the text has more than ${type.maxLength} characters`;
    problems.refuse('too-long', path, 'FieldValueTooLong', message);
  }
  if (type.pattern !== undefined && !type.pattern.test(value)) {
    const message = `${JSON.stringify(value)} is not ${type.what ?? `a text that matches ${type.pattern.source}`}`;
    problems.refuse(type.check ?? 'wrong-type', path, 'FieldValueInvalid', message);
  }
}

function checkInteger(
  value: number,
  type: Extract<FieldType, { type: 'integer' }>,
  path: Path,
  problems: Problems,
): void {
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = type;
  if (value >= minimum && value <= maximum) return;
  const message = `${value} is outside ${minimum}-${maximum}`;
  problems.refuse(type.check ?? 'wrong-type', path, 'FieldValueInvalid', message);
}

function checkList(
  items: readonly unknown[],
  type: Extract<FieldType, { type: 'list' }>,
  path: Path,
  problems: Problems,
): void {
  if (type.minItems !== undefined && items.length < type.minItems) {
    const message = `the list needs at least ${type.minItems === 1 ? 'one item' : `${type.minItems} items`}`;
    problems.refuse('empty-list', path, 'FieldValueInvalid', message);
  }
  if (type.maxItems !== undefined && items.length > type.maxItems) {
    const message = `the list has ${items.length} items; at most ${type.maxItems} are allowed`;
    problems.refuse('too-many-items', path, 'FieldValueTooMany', message);
  }
  if (type.isSet !== true) return;
  const seen = new Set<unknown>();
  for (const [index, item] of items.entries()) {
    if (seen.has(item)) {
      const message = `${JSON.stringify(item)} is in the list already, and no item may be there twice`;
      const at = [...path, index];
      problems.refuse('duplicate-item', at, 'FieldValueDuplicate', message, {
        fix: { title: 'take the second one away', changes: [{ op: 'remove', path: at }], safe: true },
      });
    }
    seen.add(item);
  }
}

/** Counts code points, and no more of them than needed. */
function isLongerThan(text: string, limit: number): boolean {
  if (text.length <= limit) return false;
  let count = 0;
  for (const _ of text) if (++count > limit) return true;
  return false;
}
