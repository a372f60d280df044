// Plain values to YAML that every reader reads back as the same values, kubectl's YAML 1.1 and YAML 1.2 alike.

import { Document, Scalar, visit } from 'yaml';
import { resolveScalar } from './resolve-scalar.ts';

/**
 * Prints objects as documents separated by `---`, in the order given, keys in the order that each object has them; ends
 * with a line break. No objects give the empty text. Values must be JSON: no undefined, functions or cycles.
 */
export function printObjects(values: readonly unknown[]): string {
  return values.map(printObject).join('---\n');
}

function printObject(value: unknown): string {
  const document = new Document(value, { version: '1.1', merge: false, aliasDuplicateObjects: false });
  visit(document, {
    Scalar: (_key, node) => {
      if (typeof node.value === 'string' && needsQuotes(node.value)) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return document.toString({ lineWidth: 0, indentSeq: false, directives: false });
}

/** Text that some reader takes for something else: kubectl, YAML 1.2 (0o17, 1:30 in 1.1), or no reader could hold plain. */
function needsQuotes(text: string): boolean {
  if (resolveScalar(text).type !== 'string') return true;
  if (/^[-+.]?\d[\d_:,.eE+-]*$|^0[oOxXbB]|^[=%@`]|[^\P{C}\n]|\p{Z}$|[\u2028\u2029\ufeff]/u.test(text)) return true;
  return /^\d{4}-\d/.test(text);
}
