// Objects that make a witness, as YAML that every reader takes for the same. Knows no tests.

import type { TestResult } from '../engine/questions/documents.ts';
import { printableJson } from './printable.ts';

/**
 * What makes the witness, as YAML to copy, line by line: mappings of text, numbers and lists, in the order that they have.
 * Empty where the witness exists already.
 */
export function manifestLines({ manifests = [] }: Pick<TestResult, 'manifests'>): string[] {
  return manifests.flatMap((manifest) => [
    '---',
    ...Object.entries(manifest).map(([key, value]) => `${word(key)}: ${flow(value)}`),
  ]);
}

/** The lines below a sentence that says what they are for; nothing where there are none. */
export function applyLines(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['to see it, apply:', ...lines.map((line) => `  ${line}`)];
}

/** A value on one line, in a form that YAML and JSON readers share but for quotes around plain words. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([key, one]) => `${word(key)}: ${flow(one)}`)
      .join(', ')}}`;
  }
  return typeof value === 'string' ? word(value) : JSON.stringify(value);
}

/** Plain where every reader takes it for text: words that begin with a letter and are no truth value or null. */
function word(text: string): string {
  const isPlain = /^[A-Za-z][\w./-]*(?::[\w.-]+)?$/.test(text) && !/^(y|n|yes|no|on|off|true|false|null)$/i.test(text);
  return isPlain ? text : printableJson(JSON.stringify(text));
}
