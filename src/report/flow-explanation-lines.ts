// One explained record for pipes and comments: a JSON line, a CSV line, Markdown.

import type { FlowExplanation } from '../engine/questions/flow-explanation-document.ts';
import { line as csvLine, withHeader } from './csv.ts';
import { flowAnswer, flowExplanationText, flowPair } from './flow-explanation-text.ts';
import { keysOf, line } from './jsonl.ts';
import { comment, text } from './markdown/blocks.ts';
import { codeBlock } from './markdown/connections.ts';
import { footer, gaps, remarks } from './markdown/parts.ts';
import { code, plain } from './markdown/text.ts';
import { policyText } from './ports-text.ts';
import type { ReportOptions } from './reporter.ts';
import { PLAIN_STYLE } from './style.ts';

/** The whole document in one line. */
export function* flowExplanationJsonl(document: FlowExplanation): Iterable<string> {
  yield line(document);
}

/** One line for each destination; one without ends where they could not be told. */
export function flowExplanationCsv(document: FlowExplanation, options: ReportOptions): Iterable<string> {
  const { record, says, from, to, verdict, reason, agrees, unattributed, leftAside, egress, ingress } = document;
  const keyOf = keysOf(document.endpoints);
  const denying = [egress, ingress].flatMap((side) => (side?.verdict === 'denied' ? side.isolatedBy : []));
  const lines = (to ?? [undefined]).map((end) =>
    csvLine([
      ...[`${record.file}:${record.line}`, from === undefined ? says.source : keyOf(from.endpoint)],
      ...[end === undefined ? says.destination : keyOf(end.endpoint), says.protocol, end?.port ?? says.port],
      ...[says.verdict, says.reason, says.seenAt, verdict, reason ?? unattributed?.reason ?? leftAside?.reason, agrees],
      [...new Set(denying.map(policyText))].join(' '),
    ]),
  );
  return withHeader(
    'record,from,to,protocol,port,log,log_reason,seen_at,verdict,reason,agrees,denied_by',
    options,
    lines,
  );
}

/** The answer, and below it what a terminal shows. */
export function* flowExplanationMarkdown(document: FlowExplanation, options: ReportOptions): Iterable<string> {
  const { run } = options;
  const shown = [...flowExplanationText(document, { ...(run === undefined ? {} : { run }), style: PLAIN_STYLE })];
  yield* comment([
    text(`**${plain(flowAnswer(document))}**: ${code(flowPair(document, { style: PLAIN_STYLE }))}\n`),
    ...gaps(document.incomplete, run),
    codeBlock(shown),
    ...remarks(document.assumptions, document.notes),
    ...footer(document.cni, run),
  ]);
}
