// A replay for spreadsheets and pipes: one line for each observed connection, unused rule and unattributed end.

import type { Replay } from '../engine/questions/replay-document.ts';
import { type Cell, line as csvLine, withHeader } from './csv.ts';
import { keysOf, line } from './jsonl.ts';
import { placeText } from './place-text.ts';
import { policyText } from './ports-text.ts';
import { unusedText } from './replay-text.ts';
import type { ReportOptions } from './reporter.ts';

/** `row` is the outcome of an observed connection, `unused-rule` or `unattributed`. */
const COLUMNS = 'row,from,to,protocol,port,via,log,before,verdict,reason,denied_by,records,first,last,record';

/** One line each. */
export function replayCsv(document: Replay, options: ReportOptions): Iterable<string> {
  const keyOf = keysOf(document.endpoints);
  const lines = (function* () {
    for (const one of document.observed) {
      const { via, seen, egress, ingress } = one;
      const denying = [egress, ingress].flatMap((side) => (side?.verdict === 'denied' ? side.isolatedBy : []));
      yield csvLine([
        ...[one.outcome, keyOf(one.from), keyOf(one.to), one.protocol, one.port],
        ...[
          via === undefined ? '' : `${via.namespace}/${via.name}:${via.port}`,
          one.log,
          one.before,
          one.verdict,
          one.reason,
        ],
        ...[[...new Set(denying.map(policyText))].join(' '), ...seenCells(seen)],
      ]);
    }
    for (const one of document.unused) {
      const ends = one.direction === 'egress' ? [policyText(one.policy), ''] : ['', policyText(one.policy)];
      const place = placeText(one.source);
      yield csvLine([
        'unused-rule',
        ...ends,
        '',
        '',
        '',
        '',
        '',
        '',
        unusedText(one, keyOf),
        '',
        one.used,
        '',
        '',
        place,
      ]);
    }
    for (const { source, destination, protocol, port, reason, seen } of document.unattributed) {
      yield csvLine([
        'unattributed',
        source,
        destination,
        protocol,
        port,
        '',
        '',
        '',
        '',
        reason,
        '',
        ...seenCells(seen),
      ]);
    }
  })();
  return withHeader(COLUMNS, options, lines);
}

function seenCells({ count, first, last, file, line: number }: Replay['observed'][number]['seen']): Cell[] {
  return [count, first, last, `${file}:${number}`];
}

/** `{"row": "observed" | "unused-rule" | "unattributed", …}`, ends by their keys. */
export function* replayJsonl(document: Replay): Iterable<string> {
  const keyOf = keysOf(document.endpoints);
  for (const { from, to, ...one } of document.observed)
    yield line({ row: 'observed', from: keyOf(from), to: keyOf(to), ...one });
  for (const { endpoints, ...one } of document.unused)
    yield line({ row: 'unused-rule', ...one, endpoints: endpoints.map(keyOf) });
  for (const one of document.unattributed) yield line({ row: 'unattributed', ...one });
}
