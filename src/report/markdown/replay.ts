// A replay as a comment for whoever reviews policies: the answer, what would be denied and by what, what nobody used.

import type { DirectionDocument } from '../../engine/questions/documents.ts';
import type { Replay, ReplayedConnection } from '../../engine/questions/replay-document.ts';
import { GLUE } from '../printable.ts';
import { answerLine, GROUPS, replayNames, ruleName, unusedText } from '../replay-text.ts';
import type { ReportOptions } from '../reporter.ts';
import { unattributedText } from '../unattributed-text.ts';
import { type Block, comment, details, table, text } from './blocks.ts';
import { footer, gaps, place, policies, remarks } from './parts.ts';
import { code, count, plain, row } from './text.ts';

/** What would be denied stands open, all else folded. */
export function* replayMarkdown(document: Replay, options: ReportOptions): Iterable<string> {
  const { run } = options;
  const { records, window, unused, unattributed } = document;
  const nameOf = replayNames(document.endpoints, { ...options, wide: false });
  const name = (id: number): string => code(nameOf(id).replaceAll(GLUE, ' '));
  const cells = (one: ReplayedConnection): string[] => [
    name(one.from),
    name(one.to),
    plain(`${one.port}/${one.protocol}`),
    [deniedBy('egress', one.egress, run), deniedBy('ingress', one.ingress, run), plain(one.reason ?? '')]
      .filter((part) => part !== '')
      .join('; '),
    `${one.seen.count}`,
    code(`${one.seen.file}:${one.seen.line}`),
  ];
  const columns = ['From', 'To', 'Port', 'Because of', 'Records', 'First'];
  const groups = GROUPS.flatMap(({ outcome, title }): Block[] => {
    const members = document.observed.filter((one) => one.outcome === outcome);
    if (members.length === 0) return [];
    const head = `${title.charAt(0).toUpperCase()}${title.slice(1)}`;
    if (outcome === 'newly-denied' || outcome === 'undecidable') {
      return [text(`### ${head}\n`), ...table(columns, members.map(cells), 'connection')];
    }
    return details(
      `${head}: ${count(members.length, 'connection')}`,
      header(columns),
      members.map((one) => row(cells(one))),
      'connection',
    );
  });
  const span = window.first === undefined ? '' : `, ${code(window.first)} to ${code(window.last ?? window.first)}`;
  yield* comment([
    text(
      `**${capital(answerLine(document))}.** ${count(records.total, 'record')}${span}, ${records.unattributed} not attributed.\n`,
    ),
    ...gaps(document.incomplete, run),
    ...groups,
    ...details(
      `Never used: ${count(unused.length, 'rule')}`,
      header(['Rule', 'Where', 'Unused']),
      unused.map((one) =>
        row([code(ruleName(one)), place(one.source, run), plain(unusedText(one, nameOf).replaceAll(GLUE, ' '))]),
      ),
      'rule',
    ),
    ...details(
      `Not attributed: ${count(records.unattributed, 'record')}`,
      header(['From', 'To', 'Why', 'Records', 'First']),
      unattributed.map(({ source, destination, reason, seen }) =>
        row([
          code(source),
          code(destination),
          plain(unattributedText(reason)),
          `${seen.count}`,
          code(`${seen.file}:${seen.line}`),
        ]),
      ),
      'end',
    ),
    ...remarks(document.assumptions, document.notes),
    ...footer(document.cni, run),
  ]);
}

function header(columns: readonly string[]): string {
  return `${row(columns)}${row(columns.map(() => '---'))}`;
}

function capital(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

function deniedBy(name: string, side: DirectionDocument | undefined, run: ReportOptions['run']): string {
  return side?.verdict === 'denied' ? `${name} ${policies(side.isolatedBy, run)}`.trim() : '';
}
