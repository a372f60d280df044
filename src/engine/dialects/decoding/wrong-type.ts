// The finding for a value of the wrong JSON type, with the usual cure (quotes, dashes, a space).

import type { Path } from '../../model/source.ts';
import { printPath } from '../../model/source.ts';
import type { Decoding } from './decode-fields.ts';
import type { FieldType } from './field-table.ts';
import type { FixDraft } from './problems.ts';

const EXPECTED: Readonly<Record<FieldType['type'], string>> = {
  string: 'a string',
  integer: 'a whole number of at most 32 bits',
  'integer-or-string': 'a port number or a port name',
  list: 'a list',
  map: 'a map from strings to strings',
  object: 'an object',
  anything: 'a value',
};

/** Reports the value as one of the wrong type. `field`: what the API server names, where it is not the path. */
export function reportWrongType(
  value: unknown,
  type: FieldType,
  path: Path,
  decoding: Pick<Decoding, 'api' | 'problems'>,
  field: string = printPath(path),
): void {
  const name = path.length === 0 ? 'the object' : JSON.stringify(String(path.at(-1)));
  const hint = cureOf(value, type);
  const fix = fixOf(value, type, path);
  decoding.problems.refuse(
    'wrong-type',
    path,
    decoding.api === 'custom' ? 'FieldValueTypeInvalid' : 'WrongType',
    `${typeof path.at(-1) === 'number' ? `item ${path.at(-1)}` : name} must be ${EXPECTED[type.type]}, not ${describe(value)}`,
    { field, ...(hint === undefined ? {} : { hint }), ...(fix === undefined ? {} : { fix }) },
  );
}

/**
 * The value as the type has it, where only one can have been meant. Numbers and booleans in place of texts have none: the
 * file may say `1.10` or `yes`, which the value does not show.
 */
function fixOf(value: unknown, type: FieldType, path: Path): FixDraft | undefined {
  if (path.length === 0) return undefined;
  const write = (title: string, meant: unknown): FixDraft => ({
    title,
    changes: [{ op: 'set', path, value: meant }],
    safe: true,
  });
  if (type.type === 'integer' && typeof value === 'string' && /^[0-9]{1,9}$/.test(value)) {
    return write(`write ${Number(value)} without quotes`, Number(value));
  }
  const isItem =
    type.type === 'list' &&
    (type.of.type === 'string'
      ? typeof value === 'string'
      : type.of.type === 'object' && typeof value === 'object' && value !== null && !Array.isArray(value));
  return isItem ? write('make it a list of one item', [value]) : undefined;
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'object':
      return 'an object';
    case 'string':
      return `the string ${JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)}`;
    case 'number':
      return `the number ${value}`;
    case 'boolean':
      return `the boolean ${value}`;
    default:
      return `a ${typeof value}`;
  }
}

function cureOf(value: unknown, type: FieldType): string | undefined {
  if (type.type === 'string' && (typeof value === 'number' || typeof value === 'boolean')) {
    return `write it with quotes: "${value}"`;
  }
  if (type.type === 'integer' && typeof value === 'string' && /^[0-9]{1,9}$/.test(value)) {
    return `write it without quotes: ${value}`;
  }
  const glued = typeof value === 'string' ? /^([A-Za-z][\w./-]*):\S/.exec(value)?.[1] : undefined;
  if ((type.type === 'map' || type.type === 'object') && glued !== undefined) {
    return `write a space after the colon: ${glued}: VALUE`;
  }
  if (type.type === 'list' && value !== null) return 'write each item on a line of its own that begins with "- "';
  if (type.type === 'object' && Array.isArray(value)) return 'remove the "- " before its fields';
  return undefined;
}
