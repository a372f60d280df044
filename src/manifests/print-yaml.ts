// Plain values to YAML that every reader reads back as the same values, kubectl's YAML 1.1 and YAML 1.2 alike.

import { Document, Scalar, visit, type YAMLSeq } from 'yaml';
import { resolveScalar } from './resolve-scalar.ts';

const OPTIONS = { version: '1.2', schema: 'core', aliasDuplicateObjects: false } as const;

/**
 * Prints objects as documents separated by `---`, in the order given, keys in the order that each object has them; ends
 * with a line break. No objects give the empty text. Values must be JSON: no undefined, functions or cycles.
 */
export function printObjects(values: readonly unknown[]): string {
  return values.map((value) => print(new Document(value, OPTIONS))).join('---\n');
}

/**
 * One scalar as printObjects writes it, on one line: text with line breaks is quoted. `inFlow`: it will stand between
 * brackets. Also prints keys of mappings.
 */
export function printScalar(value: unknown, inFlow: boolean): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  if (value.includes('\n')) return printQuoted(value);
  const document = new Document([value], OPTIONS);
  const list = document.contents as unknown as YAMLSeq;
  list.flow = inFlow;
  const text = print(document).trimEnd();
  return inFlow ? text.slice(2, -2) : text.slice(2);
}

function print(document: Document): string {
  visit(document, {
    Scalar: (_key, node) => {
      if (typeof node.value === 'string' && needsQuotes(node.value)) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return escapeUnprintable(document.toString({ lineWidth: 0, indentSeq: false, doubleQuotedAsJSON: true }));
}

/** Text in double quotes with no character that a reader could stumble over; also what JSON files hold. */
export function printQuoted(text: string): string {
  return escapeUnprintable(JSON.stringify(text));
}

// Only quoted scalars hold these (needsQuotes), and there the escape means the same.
function escapeUnprintable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Characters that YAML takes for line breaks or refuses to hold as they are; other controls are escaped by the library. */
const UNPRINTABLE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** Text that some reader takes for something else, under YAML 1.1 or 1.2, or could not hold plain. */
export function needsQuotes(text: string): boolean {
  if (resolveScalar(text).type !== 'string') return true;
  // Numbers of any reader: base 60, 0o17, 1,000; dates; words that YAML 1.1 reserves; characters below a space but \n.
  return /^[-+.]?\d[\d_:,.eE+-]*$|^0[oOxXbB]|^\d{4}-\d|^[=%@`]|[^\P{C}\n]|[\u2028\u2029]/u.test(text);
}
