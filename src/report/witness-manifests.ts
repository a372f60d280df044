// Objects that make a witness, as YAML that every reader takes for the same. Knows no tests.

import type { TestResult } from '../engine/questions/documents.ts';
import { flow, word } from './flow-yaml.ts';

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
