// One line for a chart, not one for each of its templates: how templates that were not rendered are reported.

import type { Finding } from '../engine/model/finding.ts';
import { type Reading, report } from './problem.ts';

/** Reports a directory with Chart.yaml and templates, of which nothing is read. */
export function reportChart(reading: Reading, directory: string): void {
  const message = 'a Helm chart that was not rendered; its objects are not known';
  const hint = `render it with --helm ${directory}, or by hand: helm template RELEASE ${directory} | netweir map -f -`;
  const file = directory === '.' ? 'Chart.yaml' : `${directory}/Chart.yaml`;
  report(reading, 'unrendered-template', { file, path: '' }, message, { hint, lost: 'unparsable' });
}

/** Leaves one finding and one gap for the templates of each directory, that of the first file, with their number. */
export function mergeTemplates(reading: Reading): void {
  const first = new Map<string, number>();
  const counts = new Map<string, number>();
  const findings: Finding[] = [];
  const repeated = new Set<string>();
  for (const finding of reading.findings) {
    const file = finding.source.file ?? '';
    const directory = file.slice(0, Math.max(0, file.lastIndexOf('/')));
    if (finding.check !== 'unrendered-template') findings.push(finding);
    else if (!first.has(directory)) {
      first.set(directory, findings.length);
      counts.set(directory, 0);
      findings.push(finding);
    } else {
      counts.set(directory, counts.get(directory)! + 1);
      repeated.add(file);
    }
  }
  if (repeated.size === 0) return;
  for (const [directory, index] of first) {
    const more = counts.get(directory)!;
    const finding = findings[index]!;
    const where = directory === '' ? 'this directory' : directory;
    if (more > 0) findings[index] = { ...finding, message: `${finding.message} (and ${more} more in ${where})` };
  }
  const isRepeated = (file: string | undefined, message: string): boolean =>
    file !== undefined && repeated.has(file) && message.includes('not rendered');
  const gaps = reading.gaps.filter((gap) => !isRepeated(gap.file, gap.message));
  reading.findings.length = 0;
  for (const finding of findings) reading.findings.push(finding);
  reading.gaps.length = 0;
  for (const gap of gaps) reading.gaps.push(gap);
}
