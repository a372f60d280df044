// One record of a flow log as a person reads it: what became of it and whether the policies say so, who its ends are and how
// that is known, what decides, and where both do not agree, why that may be.

import type { FlowExplanation, RecognisedEndDocument } from '../engine/questions/flow-explanation-document.ts';
import { paragraph, reasonLines } from './answer-text.ts';
import { layOut, type Row } from './columns.ts';
import { directionLines } from './explanation-text.ts';
import { policyText } from './ports-text.ts';
import { GLUE, printable } from './printable.ts';
import { REPLAY_REASONS, replayNames } from './replay-text.ts';
import type { ReportOptions } from './reporter.ts';
import { signs, verdictMark } from './style.ts';
import { unattributedText } from './unattributed-text.ts';

/** The whole explanation. */
export function* flowExplanationText(document: FlowExplanation, options: ReportOptions): Iterable<string> {
  const { style } = options;
  yield* headline(document, options);
  yield `\n${style.bold('the ends')}\n`;
  yield* endLines(document, options);
  yield `\n${style.bold('the log')}\n`;
  yield* paragraph(printable(saidByLog(document)), options, '  ');
  if (document.verdict !== undefined) yield* policyLines(document, options);
  yield* differenceLines(document, options);
}

/** What became of the record and what the policies make of it, in one line. */
export function flowAnswer({ says, verdict, agrees, unattributed, leftAside }: FlowExplanation): string {
  const log = { allowed: 'let through', denied: 'dropped', unknown: 'without a verdict' }[says.verdict];
  if (unattributed !== undefined) return `${log}, and its ends cannot be told`;
  if (leftAside !== undefined) return `${log}, and no NetworkPolicy could name it`;
  const ours = { allowed: 'allow', denied: 'deny', partly: 'deny in part', unknown: 'may deny' }[verdict ?? 'unknown'];
  switch (agrees) {
    case 'yes':
      // The other end was not asked when the record was written.
      if (says.verdict === 'allowed' && verdict !== 'allowed') {
        const other = says.seenAt === 'egress' ? 'arrives' : 'leaves';
        return `${log} where it ${other === 'arrives' ? 'leaves' : 'arrives'}; these policies ${ours} it where it ${other}`;
      }
      return `${log}, as these policies have it`;
    case 'no':
      // They do deny it, but not at the end where the log says.
      if (says.verdict === 'denied' && verdict !== 'allowed' && says.seenAt !== undefined) {
        const [here, there] = says.seenAt === 'egress' ? ['leaves', 'arrives'] : ['arrives', 'leaves'];
        return `${log} where it ${here}; these policies ${ours} it where it ${there} only`;
      }
      return `${log}, and these policies ${ours} it`;
    case 'unrelated':
      return `${log} for a reason that is no policy's`;
    default:
      return `${log}; these policies ${ours} it`;
  }
}

/** The ends as far as they are known, and the port. */
export function flowPair(document: FlowExplanation, options: ReportOptions): string {
  const { from, to, says } = document;
  const nameOf = replayNames(document.endpoints, options);
  const arrow = ` ${signs(options.ascii).arrow} `;
  if (from === undefined || to === undefined) {
    const port = says.port === undefined ? says.protocol : `${says.port}/${says.protocol}`;
    return `${printable(says.source)}${arrow}${printable(says.destination)}   ${port}`;
  }
  const targets = to.map((one) => nameOf(one.endpoint)).join(', ');
  const ports = [...new Set(to.map(({ port }) => `${port}/${says.protocol}`))].join(' ');
  return `${nameOf(from.endpoint)}${arrow}${targets}   ${ports}`.replaceAll(GLUE, ' ');
}

function* headline(document: FlowExplanation, options: ReportOptions): Iterable<string> {
  const { says, record } = document;
  const { sign, paint } = verdictMark(says.verdict, options.style, options.ascii);
  yield `${paint(`${sign} ${flowAnswer(document)}`)}\n`;
  yield `  ${options.style.bold(flowPair(document, options))}\n`;
  const time = says.time === undefined ? '' : `, ${says.time}`;
  yield `  ${printable(record.file)}:${record.line}${time}\n`;
}

function* endLines(document: FlowExplanation, options: ReportOptions): Iterable<string> {
  const { from, to = [], opened, unattributed, leftAside, says } = document;
  const nameOf = replayNames(document.endpoints, options);
  const layout = { indent: '  ', ...(options.width === undefined ? {} : { width: options.width }) };
  if (from === undefined) {
    const rows: Row[] = [{ cells: ['from', printable(says.source)] }, { cells: ['to', printable(says.destination)] }];
    yield* layOut([], rows, layout);
    if (unattributed !== undefined) {
      const which = unattributed.end === 'both' ? '' : `the ${unattributed.end}: `;
      yield* paragraph(`${which}${unattributedText(unattributed.reason)} (${unattributed.reason})`, options, '  ');
    }
    if (leftAside !== undefined) yield* paragraph(`${printable(leftAside.says)} (${leftAside.reason})`, options, '  ');
    return;
  }
  const row = (word: string, end: RecognisedEndDocument): Row => {
    const isSaid = end.how === 'service' || end.how === 'endpoint-slice';
    const via =
      end.via === undefined || isSaid ? '' : `, called as Service ${end.via.namespace}/${end.via.name}:${end.via.port}`;
    return { cells: [word, nameOf(end.endpoint), printable(`${end.says}${via}`)] };
  };
  yield* layOut([], [row('from', from), ...to.map((end) => row('to', end))], layout);
  if (opened !== undefined) yield* paragraph(printable(opened), options, '  ');
}

/** One sentence about the record's own words. */
export function saidByLog({ says }: FlowExplanation): string {
  const where = { egress: ', written down where it leaves', ingress: ', written down where it arrives' };
  const by =
    says.by === 'policy'
      ? ' by a policy'
      : says.by === 'other' && says.reason === undefined
        ? ', it does not say by whom'
        : '';
  const reason = says.reason === undefined ? '' : ` (${says.reason})`;
  const named = [...(says.policies ?? []).map(policyText), ...(says.foreignPolicies ?? [])];
  const names = named.length === 0 ? '' : `; it names ${named.join(', ')}`;
  const verdict = { allowed: 'let through', denied: 'denied', unknown: 'no verdict' }[says.verdict];
  return `${verdict}${by}${reason}${says.seenAt === undefined ? '' : where[says.seenAt]}${names}`;
}

function* policyLines(document: FlowExplanation, options: ReportOptions): Iterable<string> {
  const { verdict, reason, egress, ingress, says } = document;
  const { paint } = verdictMark(verdict ?? 'unknown', options.style, options.ascii);
  yield `\n${options.style.bold('these policies')}   ${paint(verdict ?? 'unknown')}\n`;
  if (reason !== undefined) yield* reasonLines(REPLAY_REASONS[reason] ?? reason, options, '  ');
  if (egress === undefined || ingress === undefined) return;
  const pair = flowPair(document, options);
  const [from = '', rest = ''] = pair.split(` ${signs(options.ascii).arrow} `);
  yield* directionLines({ egress, ingress }, { from, to: rest.split('   ')[0] ?? says.destination }, options);
}

function* differenceLines({ agrees, because }: FlowExplanation, options: ReportOptions): Iterable<string> {
  if (agrees !== 'no' && because.length === 0) return;
  const title = agrees === 'no' ? 'they do not agree' : 'since then';
  const perhaps = agrees === 'no' && because.length > 0 ? ', perhaps because' : '';
  yield `\n${options.style.bold(title)}${perhaps}\n`;
  for (const { says, hint } of because) {
    yield* paragraph(printable(says), options, '  ');
    if (hint !== undefined) yield* paragraph(printable(hint), options, '    ');
  }
}
