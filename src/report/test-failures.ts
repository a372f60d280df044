// Failed tests as formats for CI systems print them: name, place, what breaks it, and a name that stays. Knows no format.

import type { Source } from '../engine/model/source.ts';
import type { TestReport, TestResult } from '../engine/questions/documents.ts';
import { endpointNames } from './endpoint-names.ts';
import { partsText } from './ports-text.ts';
import { GLUE, printable } from './printable.ts';
import { manifestLines } from './witness-manifests.ts';

/** One failed test. Texts are safe to print and have no line breaks. */
export interface FailedTest {
  readonly name: string;
  readonly source: Source;
  /** The witness (`shop/web → shop/db   5432/TCP`) and the explanation; empty where the report says neither. */
  readonly lines: readonly string[];
  /** Lines of YAML that make the witness; empty where it exists. */
  readonly manifests: readonly string[];
  /** Of file and name, not of lines; tests of one name in one file are numbered. */
  readonly fingerprint: string;
}

/** A name for every test of a report: its own, with a number where the file has several of that name. */
export function testNames({ tests }: TestReport): string[] {
  const seen = new Map<string, number>();
  return tests.map(({ name, source }) => {
    const key = JSON.stringify([source.file, name]);
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return count === 1 ? name : `${name} (${count})`;
  });
}

/** Reports whether the witness and what was expected say all that the explanation of a failed test says. */
export function saysItself({ witness, expected }: TestResult): boolean {
  return expected !== undefined && witness?.unknown === undefined && witness?.conditional === undefined;
}

/** What stands below a failed test, line by line, but for the objects that make its witness. */
export function failureLines(test: TestResult, document: TestReport): string[] {
  const { witness, expected, explanation } = test;
  const names = endpointNames(document.endpoints, {});
  const lines: string[] = [];
  if (witness !== undefined) {
    const ports = partsText(witness, false) || 'denied';
    lines.push(
      `${expected === undefined ? '' : 'found: '}${names.set(witness.from)} → ${names.set(witness.to)}   ${ports}`.replaceAll(
        GLUE,
        ' ',
      ),
    );
  }
  if (expected !== undefined) lines.push(`expected: ${expected}`);
  if (explanation !== undefined && !saysItself(test))
    for (const line of explanation.split(/\r?\n/)) lines.push(printable(line.trimEnd()));
  return lines;
}

/** The failed tests, in order. */
export function failedTests(document: TestReport): FailedTest[] {
  const names = testNames(document);
  return document.tests.flatMap((test, index): FailedTest[] => {
    if (test.passed) return [];
    const name = names[index] ?? test.name;
    return [
      {
        name: printable(name),
        source: test.source,
        lines: failureLines(test, document),
        manifests: manifestLines(test),
        fingerprint: printable(`connectivity-test/${test.source.file ?? ''}/${name}`),
      },
    ];
  });
}
