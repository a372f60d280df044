// Plain values as YAML for people to read and copy: on one line, or an object a line per field. Knows no documents.

import { printableJson } from './printable.ts';

/** A value on one line, in a form that YAML and JSON readers share but for quotes around plain words. */
export function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([key, one]) => `${word(key)}: ${flow(one)}`)
      .join(', ')}}`;
  }
  return typeof value === 'string' ? word(value) : JSON.stringify(value);
}

/** Plain where every reader takes it for text: words that begin with a letter and are no truth value or null. */
export function word(text: string): string {
  const isPlain = /^[A-Za-z][\w./-]*(?::[\w.-]+)?$/.test(text) && !/^(y|n|yes|no|on|off|true|false|null)$/i.test(text);
  return isPlain ? text : printableJson(JSON.stringify(text));
}

/** An item on one line is not longer than this, where it has several fields. */
const LONG = 72;

/** An item of a list behind its dash: `- podSelector: {…}` for an object with one field, a line a field for a long one. */
export function itemLines(value: unknown): string[] {
  const fields = fieldsOf(value);
  const line = flow(value);
  if (fields.length === 0 || (fields.length > 1 && line.length <= LONG)) return [`- ${line}`];
  return fields.map(([key, one], at) => `${at === 0 ? '-' : ' '} ${word(key)}: ${flow(one)}`);
}

/** A field: on one line, or with the items of a list of objects below it. */
export function fieldLines(name: string, value: unknown): string[] {
  const isList = Array.isArray(value) && value.some((item) => fieldsOf(item).length > 0);
  if (!isList || flow(value).length + name.length <= LONG) return [`${word(name)}: ${flow(value)}`];
  return [`${word(name)}:`, ...value.flatMap(itemLines)];
}

/** A whole object: fields of the object and of its `spec` have lines of their own, and so have rules. */
export function objectLines(value: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(value).flatMap(([key, one]) => {
    if (key !== 'spec' || fieldsOf(one).length === 0) return [`${word(key)}: ${flow(one)}`];
    const lines = fieldsOf(one).flatMap(([name, part]) => fieldLines(name, part));
    return [`${word(key)}:`, ...lines.map((line) => `  ${line}`)];
  });
}

function fieldsOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}
