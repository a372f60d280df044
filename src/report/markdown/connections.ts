// Maps, who-can answers, single answers and explanations as Markdown to paste into an issue or a page. Knows no policies.

import type { Answer, ConnectivityMap, Explanation, WhoCan } from '../../engine/questions/documents.ts';
import { countPairs, type Group, groupConnections } from '../connection-groups.ts';
import { groupText, rectanglesOf } from '../connection-table.ts';
import { type EndpointNames, endpointNames } from '../endpoint-names.ts';
import { explanationText } from '../explanation-text.ts';
import { sortFindings } from '../finding-details.ts';
import { portsText } from '../ports-text.ts';
import { GLUE } from '../printable.ts';
import { reasonText } from '../reasons.ts';
import type { ReportOptions } from '../reporter.ts';
import { PLAIN_STYLE } from '../style.ts';
import { type Block, comment, list, table, text } from './blocks.ts';
import { endpointSet, findingItem, footer, gaps, legend, ports, remarks, severityCounts } from './parts.ts';
import { code, count, fenceOf, plain } from './text.ts';

/** Connections in groups, the findings of the state, what is not known. */
export function* mapMarkdown(document: ConnectivityMap, options: ReportOptions): Iterable<string> {
  const names = endpointNames(document.endpoints, { abbreviate: options.allPods === true });
  const groups = groupConnections(rectanglesOf(document.connections, false), 'best');
  const findings = sortFindings(document.findings);
  yield* comment([
    text(`**${count(countPairs(groups), 'connection')} between ${count(document.endpoints.length, 'endpoint')}.**\n`),
    ...gaps(document.incomplete, options.run),
    ...groupTable(groups, names, ['From', 'To', 'Ports']),
    ...(findings.length === 0 ? [] : [text(`### ${severityCounts(findings)}\n`)]),
    ...list(
      findings.map((finding) => findingItem(finding, options.run)),
      'finding',
    ),
    ...remarks(document.assumptions, document.notes),
    ...footer(document.cni, options.run),
  ]);
}

/** The endpoints at the other side of the question. */
export function* whoCanMarkdown(document: WhoCan, options: ReportOptions): Iterable<string> {
  const names = endpointNames(document.endpoints, {});
  const asksForSources = document.question === 'reach';
  const groups = groupConnections(rectanglesOf(document.connections, false), asksForSources ? 'source' : 'destination');
  const others = new Set(groups.flatMap(({ from, to }) => (asksForSources ? from : to))).size;
  const subject = code(document.subject);
  const said = asksForSources ? `can reach ${subject}` : `can be reached by ${subject}`;
  yield* comment([
    text(others === 0 ? `**Nobody** ${said}.\n` : `**${count(others, 'endpoint')}** ${said}.\n`),
    ...gaps(document.incomplete, options.run),
    ...groupTable(groups, names, ['From', 'To', 'Ports']),
    ...remarks(document.assumptions, document.notes),
    ...footer(document.cni, options.run),
  ]);
}

/** The verdict in a line, its reason, the exceptions. */
export function* answerMarkdown(document: Answer, options: ReportOptions): Iterable<string> {
  const { reason } = document;
  const isSaid = document.ports === 'all' && document.to.includes(':');
  const words = isSaid ? '' : portsText(document.ports).replaceAll(GLUE, ' ');
  const head = `**${plain(document.verdict)}**: ${code(document.from)} → ${code(document.to)}`;
  const names = endpointNames(document.endpoints, {});
  const groups = groupConnections(rectanglesOf(document.exceptions, false), 'best');
  yield* comment([
    text(`${head}${words === '' ? '' : `, ${ports(words)}`}\n`),
    ...gaps(document.incomplete, options.run),
    ...(reason === undefined ? [] : [text(`${reasonSentences(reason)}\n`)]),
    ...(groups.length === 0 ? [] : [text('Exceptions:\n')]),
    ...groupTable(groups, names, ['From', 'To', 'Ports']),
    ...remarks(document.assumptions, document.notes),
    ...footer(document.cni, options.run),
  ]);
}

/** The verdict, and below it what a terminal shows: columns say more than a list would. */
export function* explanationMarkdown(document: Explanation, options: ReportOptions): Iterable<string> {
  const shown = [
    ...explanationText(document, { ...(options.run === undefined ? {} : { run: options.run }), style: PLAIN_STYLE }),
  ];
  yield* comment([
    text(`**${plain(document.verdict)}**: ${code(document.from)} → ${code(document.to)}\n`),
    ...gaps(document.incomplete, options.run),
    codeBlock(shown),
    ...remarks(document.assumptions, document.notes),
    ...footer(document.cni, options.run),
  ]);
}

/** What a terminal shows. Lines that do not fit are left out at the end, as rows are. */
export function codeBlock(lines: readonly string[]): Block {
  const fence = fenceOf(lines);
  return { head: `${fence}text\n`, rows: lines, what: 'line', tail: `${fence}\n\n` };
}

/** A reason of an answer: words of the table of reasons joined by commas, or a sentence that stands for itself. */
function reasonSentences(reason: string): string {
  return reason
    .split(', ')
    .map((word) => {
      const { sentence, settle } = reasonText(word);
      return plain(settle === undefined ? sentence : `${sentence} (${word}); to settle it: ${settle}`);
    })
    .join('\n');
}

function groupTable(groups: readonly Group[], names: EndpointNames, columns: readonly string[]): Block[] {
  const rows = groups.map((group) => [
    endpointSet(names, group.from),
    endpointSet(names, group.to),
    ports(groupText(group).replaceAll(GLUE, ' ')),
  ]);
  rows.sort((a, b) => (a.join('\u0001') < b.join('\u0001') ? -1 : 1));
  return [...table(columns, rows, 'row'), ...legend(groups.map(({ text: words }) => words))];
}
