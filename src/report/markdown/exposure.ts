// What is open beyond the snapshot as Markdown to paste into an issue or a page: the sections of the table.

import type { Exposure } from '../../engine/questions/exposure-document.ts';
import { exposureSections, hasLimits, LIMITS_NOTE, NOTHING_OPEN } from '../exposure-table.ts';
import { GLUE } from '../printable.ts';
import type { ReportOptions } from '../reporter.ts';
import { type Block, comment, table, text } from './blocks.ts';
import { footer, gaps, legend, remarks } from './parts.ts';
import { code, count } from './text.ts';

/** How many endpoints were looked at, then a table for each section. */
export function* exposureMarkdown(document: Exposure, options: ReportOptions): Iterable<string> {
  const sections = exposureSections(document, { ...options, wide: false });
  const workloads = document.endpoints.filter(({ type }) => type === 'workload' || type === 'pods').length;
  const ports = sections.flatMap(({ headers, rows }) => rows.map(({ cells }) => cells[headers.indexOf('PORTS')] ?? ''));
  yield* comment([
    text(`**What ${count(workloads, 'endpoint')} ${workloads === 1 ? 'is' : 'are'} open to beyond the input.**\n`),
    ...gaps(document.incomplete, options.run),
    ...(sections.length === 0 ? [text(`${NOTHING_OPEN.replace(/^n/, 'N')}.\n`)] : []),
    ...sections.flatMap(({ headers, rows }): Block[] =>
      table(
        headers.map(title),
        rows.map(({ cells }) => cells.map((cell) => code(cell.replaceAll(GLUE, ' ')))),
        'row',
      ),
    ),
    ...(hasLimits(document) ? [text(`\\* ${LIMITS_NOTE}\n`)] : []),
    ...legend(ports),
    ...remarks(document.assumptions, document.notes),
    ...footer(document.cni, options.run),
  ]);
}

/** A header as a sentence begins: `Not isolated`. */
function title(header: string): string {
  return header.charAt(0) + header.slice(1).toLowerCase();
}
