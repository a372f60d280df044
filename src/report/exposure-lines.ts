// What is open beyond the snapshot as lines for programs: CSV, and one JSON object a line.

import type { ExposedTo, Exposure } from '../engine/questions/exposure-document.ts';
import { type Cell, line as csvLine, PART_COLUMNS, partCells, withHeader } from './csv.ts';
import { selectorText } from './exposure-text.ts';
import { line as jsonLine, keysOf } from './jsonl.ts';
import { policyText } from './ports-text.ts';
import { GLUE } from './printable.ts';
import type { ReportOptions } from './reporter.ts';

/** `internet`, `any-namespace`, ranges as `first-last`, or selectors as questions take them: `{team=a}/{app=web}`. */
function targetCell(to: ExposedTo): string {
  if (typeof to === 'string') return to;
  if ('ranges' in to) return to.ranges.map(([first, last]) => (first === last ? first : `${first}-${last}`)).join(' ');
  return `{${selectorText(to.namespaceSelector)}}/{${selectorText(to.podSelector)}}`.replaceAll(GLUE, ' ');
}

/** One line per entry and range of ports, then one per endpoint that is not isolated, then the limits of namespaces. */
export function exposureCsv(document: Exposure, options: ReportOptions): Iterable<string> {
  return withHeader(
    `what,endpoint,direction,to,namespaces,family,${PART_COLUMNS},opened_by`,
    options,
    csvLines(document),
  );
}

function* csvLines(document: Exposure): Iterable<string> {
  const keyOf = keysOf(document.endpoints);
  for (const one of document.exposed) {
    const first: Cell[] = [
      'exposed',
      keyOf(one.endpoint),
      one.direction,
      targetCell(one.to),
      one.namespaces,
      one.family,
    ];
    for (const cells of partCells(one)) yield csvLine([...first, ...cells, one.policies.map(policyText).join(' ')]);
  }
  for (const { endpoint, direction, perhaps } of document.unisolated) {
    const verdict = perhaps === undefined ? 'allowed' : 'unknown';
    yield csvLine(['unisolated', keyOf(endpoint), direction, '', '', '', verdict, '', '', '', perhaps, '', '', '']);
  }
  for (const one of document.limits) {
    const pods = `${one.namespace}/{${selectorText(one.podSelector).replaceAll(GLUE, ' ')}}`;
    const ends = one.endpoints === 'all' ? 'all' : one.endpoints.map(keyOf).join(' ');
    const first: Cell[] = ['limit', pods, one.direction, ends, '', one.family];
    for (const cells of partCells(one)) yield csvLine([...first, ...cells, one.policies.map(policyText).join(' ')]);
  }
}

/** `{"what": "exposed" | "unisolated" | "limit", …}` per line, with keys of endpoints for their numbers. */
export function* exposureJsonl(document: Exposure): Iterable<string> {
  const keyOf = keysOf(document.endpoints);
  for (const { endpoint, matches, ...one } of document.exposed) {
    yield jsonLine({ what: 'exposed', endpoint: keyOf(endpoint), ...one, matches: matches?.map(keyOf) });
  }
  for (const { endpoint, ...one } of document.unisolated) {
    yield jsonLine({ what: 'unisolated', endpoint: keyOf(endpoint), ...one });
  }
  for (const { endpoints, ...one } of document.limits) {
    yield jsonLine({ what: 'limit', ...one, endpoints: endpoints === 'all' ? endpoints : endpoints.map(keyOf) });
  }
}
