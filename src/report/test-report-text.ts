// Results of connectivity tests, a line each, and for a failed one what breaks it. Knows nothing of the tests' files.

import type { TestReport } from '../engine/questions/documents.ts';
import { paragraph } from './answer-text.ts';
import { GAP, layOut, type Row } from './columns.ts';
import { plainNames } from './connection-table.ts';
import { placeText } from './place-text.ts';
import { partsText } from './ports-text.ts';
import { GLUE, printable } from './printable.ts';
import type { ReportOptions } from './reporter.ts';
import { signs } from './style.ts';
import { saysItself } from './test-failures.ts';
import { applyLines, manifestLines } from './witness-manifests.ts';

/** `ok` or `FAIL`, name, place; the witness and its explanation under a failure; the counts at the end. */
export function* testReportText(document: TestReport, options: ReportOptions): Iterable<string> {
  const { style } = options;
  const names = plainNames(document.endpoints, options);
  const rows = document.tests.map(
    ({ name, passed, source }): Row => ({
      cells: [passed ? 'ok' : 'FAIL', printable(name), placeText(source)],
      paint: [passed ? style.green : style.red, undefined, style.dim],
    }),
  );
  // Names are never broken: each row of the table is one line, and so belongs to one test.
  const lines = [...layOut([], rows)];
  for (const [at, test] of document.tests.entries()) {
    yield lines[at] ?? '';
    if (test.witness !== undefined) {
      const { from, to } = test.witness;
      const ports = partsText(test.witness, options.wide === true) || 'denied';
      const found = test.expected === undefined ? '' : 'found:    ';
      const ends = `${found}${names.set(from)} ${signs(options.ascii).arrow} ${names.set(to)}`;
      yield* paragraph(`${ends}${GAP}${ports}`.replaceAll(GLUE, ' '), options, '       ');
    }
    if (test.expected !== undefined) yield* paragraph(`expected: ${test.expected}`, options, '       ');
    if (test.explanation !== undefined && !test.passed && !saysItself(test))
      for (const line of test.explanation.split(/\r?\n/)) yield* paragraph(printable(line), options, '       ');
    for (const line of applyLines(manifestLines(test))) yield `       ${line}\n`;
  }
  const { passed, failed } = document.summary;
  const failures = `${failed} failed`;
  if (document.tests.length > 0) yield '\n';
  yield `${passed} passed, ${failed > 0 ? style.red(failures) : failures}\n`;
}
