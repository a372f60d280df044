// Findings as compilers print them, so that editors find the place: `file:line:column severity check message`.

import type { FindingDocument, Findings } from '../engine/questions/documents.ts';
import { paragraph } from './answer-text.ts';
import { placeText } from './place-text.ts';
import { policyText } from './ports-text.ts';
import { printable } from './printable.ts';
import type { ReportOptions } from './reporter.ts';

/** Worst first, as in the summary. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const;

/** By file, line, column, check and message; live objects, which have no file, by the name of their policy first. */
export function sortFindings(findings: readonly FindingDocument[]): FindingDocument[] {
  const keys = new Map(
    findings.map((finding) => [
      finding,
      [
        finding.source.file ?? '',
        finding.policy === undefined ? '' : policyText(finding.policy),
        finding.source.line ?? 0,
        finding.source.column ?? 0,
        finding.check,
        finding.message,
      ] as const,
    ]),
  );
  return [...findings].sort((a, b) => {
    const [left, right] = [keys.get(a) ?? [], keys.get(b) ?? []];
    // Within one file the order of the lines counts, not that of the policies.
    const columns = a.source.file === undefined || a.source.file !== b.source.file ? [0, 1, 2, 3, 4, 5] : [2, 3, 4, 5];
    for (const at of columns) {
      const [one, other] = [left[at] ?? '', right[at] ?? ''];
      if (one !== other) return one < other ? -1 : 1;
    }
    return 0;
  });
}

/** One line per finding, its hint below, and a line of counts. */
export function* findingsText(document: Findings, options: ReportOptions): Iterable<string> {
  const { style } = options;
  for (const finding of sortFindings(document.findings)) {
    const place = placeText(finding.source, finding.source.file !== undefined);
    const policy =
      finding.policy === undefined
        ? ''
        : `${finding.policy.kind === 'NetworkPolicy' ? 'NetworkPolicy ' : ''}${policyText(finding.policy)}`;
    const where = finding.source.file === undefined ? [policy, place].filter((text) => text !== '').join(' ') : place;
    const paint =
      finding.severity === 'critical' || finding.severity === 'high'
        ? style.red
        : finding.severity === 'info'
          ? style.dim
          : style.yellow;
    const rejected = finding.rejectedByApi ? ' (the API server rejects it: it counts as absent)' : '';
    const named = options.wide === true && finding.source.file !== undefined && policy !== '' ? ` [${policy}]` : '';
    yield `${style.bold(where)} ${paint(finding.severity)} ${printable(finding.check)} ${printable(finding.message)}${rejected}${named}\n`;
    if (finding.hint !== undefined) yield* paragraph(`hint: ${printable(finding.hint)}`, options, '    ');
  }
  const counts = SEVERITIES.filter((severity) => (document.summary[severity] ?? 0) > 0).map(
    (severity) => `${document.summary[severity]} ${severity}`,
  );
  const total = document.findings.length;
  if (total > 0) yield '\n';
  yield total === 0 ? 'no findings\n' : `${total} finding${total === 1 ? '' : 's'}: ${counts.join(', ')}\n`;
}
