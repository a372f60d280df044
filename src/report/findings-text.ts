// Findings as compilers print them, so that editors find the place: `file:line:column severity check message`.

import { SEVERITIES } from '../engine/model/finding.ts';
import type { FindingDocument, Findings } from '../engine/questions/documents.ts';
import { paragraph } from './answer-text.ts';
import { fateText, findingDetails, findingPolicyText, sortFindings, splitFindings } from './finding-details.ts';
import { placeText } from './place-text.ts';
import { printable } from './printable.ts';
import type { ReportOptions } from './reporter.ts';
import type { Style } from './style.ts';

/**
 * One line per finding with what it does and how to mend it below, and a line of counts. Suppressed and known findings
 * are only counted, unless the output is wide.
 */
export function* findingsText(document: Findings, options: ReportOptions): Iterable<string> {
  const { active, suppressed, known } = splitFindings(document.findings);
  for (const finding of options.wide === true ? sortFindings(document.findings) : sortFindings(active)) {
    yield headline(finding, options);
    for (const detail of findingDetails(finding)) yield* paragraph(detail, options, '    ');
  }
  const counts = SEVERITIES.filter((severity) => (document.summary[severity] ?? 0) > 0).map(
    (severity) => `${document.summary[severity]} ${severity}`,
  );
  const total = active.length;
  if (options.wide === true ? document.findings.length > 0 : total > 0) yield '\n';
  const list = total === 0 ? 'no findings' : `${total} finding${total === 1 ? '' : 's'}: ${counts.join(', ')}`;
  const silent = [
    ...(suppressed.length > 0 ? [`${suppressed.length} suppressed`] : []),
    ...(known.length > 0 ? [`${known.length} known`] : []),
  ].join(', ');
  const where = options.wide === true ? '' : ' (-o wide shows them)';
  yield `${list}${silent === '' ? '' : `; ${silent}${where}`}\n`;
}

function headline(finding: FindingDocument, { style, wide }: ReportOptions): string {
  const place = placeText(finding.source, finding.source.file !== undefined);
  const policy = findingPolicyText(finding);
  const { file, object } = finding.source;
  const where =
    file === undefined && object === undefined ? [policy, place].filter((text) => text !== '').join(' ') : place;
  const rejected = fateText(finding);
  const named = wide === true && finding.source.file !== undefined && policy !== '' ? ` [${policy}]` : '';
  const { suppressed, known } = finding;
  const until = suppressed?.until === undefined ? '' : ` until ${printable(suppressed.until)}`;
  const quiet = suppressed === undefined ? '' : style.dim(` (suppressed${until}: ${printable(suppressed.reason)})`);
  const before = known === true ? style.dim(' (known: in the baseline)') : '';
  return `${style.bold(where)} ${paintOf(finding, style)(finding.severity)} ${printable(finding.check)} ${printable(finding.message)}${rejected}${named}${quiet}${before}\n`;
}

function paintOf({ severity }: FindingDocument, style: Style): (text: string) => string {
  if (severity === 'critical' || severity === 'high') return style.red;
  return severity === 'info' ? style.dim : style.yellow;
}
