// Documents as CSV (RFC 4180: a header, CRLF, quotes doubled), one line per pair and range of ports. Cells are safe in
// spreadsheets: what would be read as a formula begins with an apostrophe, control characters are escaped.

import type { Source } from '../engine/model/source.ts';
import type {
  Answer,
  ConnectionDocument,
  ConnectivityDiff,
  ConnectivityMap,
  Explanation,
  Findings,
  Ports,
  TestReport,
  WhoCan,
} from '../engine/questions/documents.ts';
import type { PortableExplanation, PortableMap } from '../engine/questions/portable-document.ts';
import { PROTOCOLS } from '../engine/sets/traffic-set.ts';
import { sideText } from './diff-text.ts';
import { sortFindings } from './finding-details.ts';
import { keysOf } from './jsonl.ts';
import { pairsOf } from './pairs.ts';
import { becauseText, rulesText } from './plugin-groups.ts';
import { conditionsText, isNoPorts, type Parts, policyText } from './ports-text.ts';
import { GLUE, printable } from './printable.ts';
import type { ReportOptions } from './reporter.ts';

/** A cell; undefined is empty. */
export type Cell = string | number | undefined;

function csvCell(value: Cell): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return `${value}`;
  const text = printable(value.replaceAll(GLUE, ' '));
  const safe = /^[=+\-@]/.test(text.trimStart()) ? `'${text}` : text;
  return /[",]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** One line of cells. */
export function line(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/** The lines after a header, unless the options leave it out. */
export function* withHeader(names: string, options: ReportOptions, lines: Iterable<string>): Iterable<string> {
  if (options.noHeaders !== true) yield `${names}\r\n`;
  yield* lines;
}

/** `[protocol, first, last]`; `all` has no numbers, no port at all no row. */
function portCells(ports: Ports): [string, Cell, Cell][] {
  if (ports === 'all') return [['all', undefined, undefined]];
  return PROTOCOLS.flatMap((protocol) =>
    (ports[protocol] ?? []).map(([first, last]): [string, Cell, Cell] => [protocol, first, last]),
  );
}

/** What is said about each part: verdict, protocol, ports, reason, policies, conditions. */
export const PART_COLUMNS = 'verdict,protocol,first_port,last_port,reason,policies,conditions';

/** A line of {@link PART_COLUMNS} for each part and range of ports. */
export function* partCells(connection: Parts): Iterable<Cell[]> {
  for (const cells of portCells(connection.allowed ?? {})) yield ['allowed', ...cells, '', '', ''];
  for (const { ports, reason, policies } of connection.unknown ?? [])
    for (const cells of portCells(ports)) yield ['unknown', ...cells, reason, policies.map(policyText).join(' '), ''];
  for (const { ports, conditions } of connection.conditional ?? [])
    for (const cells of portCells(ports)) yield ['conditional', ...cells, '', '', conditionsText(conditions)];
  if (isNoPorts(connection.allowed) && connection.unknown === undefined && connection.conditional === undefined)
    yield ['denied', '', '', '', '', '', ''];
}

function* pairLines(
  connections: readonly ConnectionDocument[],
  keyOf: (id: number) => string,
  first: readonly Cell[] = [],
): Iterable<string> {
  for (const { from, to, connection } of pairsOf(connections))
    for (const cells of partCells(connection))
      yield line([...first, keyOf(from), keyOf(to), connection.family, ...cells]);
}

/** Denied pairs of a map have no line. The family is empty where all come out alike. */
export function connectionsCsv(document: ConnectivityMap | WhoCan, options: ReportOptions): Iterable<string> {
  return withHeader(
    `from,to,family,${PART_COLUMNS}`,
    options,
    pairLines(document.connections, keysOf(document.endpoints)),
  );
}

/** The answer itself, then the exceptions with the keys of their ends. */
export function answerCsv(document: Answer, options: ReportOptions): Iterable<string> {
  const ports: [string, Cell, Cell][] = isNoPorts(document.ports) ? [['', '', '']] : portCells(document.ports);
  const answer = ports.map((cells) =>
    line(['answer', document.from, document.to, '', document.verdict, ...cells, document.reason, '', '']),
  );
  const exceptions = pairLines(document.exceptions, keysOf(document.endpoints), ['exception']);
  const lines = (function* () {
    yield* answer;
    yield* exceptions;
  })();
  return withHeader(`row,from,to,family,${PART_COLUMNS}`, options, lines);
}

/** One line per case and range of ports. */
export function explanationCsv(document: Explanation, options: ReportOptions): Iterable<string> {
  const lines = document.cases.flatMap((each) =>
    each.ports.map(([first, last]) =>
      line([
        ...[each.fromPod, each.toPod, each.family, each.verdict, each.protocol, first, last, each.reason],
        ...[each.egress.verdict, each.ingress.verdict],
        ...[each.egress, each.ingress].map(({ isolatedBy }) => isolatedBy.map(policyText).join(' ')),
      ]),
    ),
  );
  const columns = 'egress,ingress,egress_isolated_by,ingress_isolated_by';
  return withHeader(`from,to,family,verdict,protocol,first_port,last_port,reason,${columns}`, options, lines);
}

/** Added and removed pairs as in a map; a changed pair has its ports before and after as text. */
export function diffCsv(document: ConnectivityDiff, options: ReportOptions): Iterable<string> {
  const keyOf = keysOf(document.endpoints);
  const lines = (function* () {
    for (const [change, connections] of [
      ['added', document.added],
      ['removed', document.removed],
    ] as const)
      for (const { from, to, connection } of pairsOf(connections))
        for (const cells of partCells(connection))
          yield line([change, keyOf(from), keyOf(to), connection.family, ...cells, '', '']);
    for (const { from, to, connection } of pairsOf(document.changed)) {
      const before = sideText(connection, 'before', false);
      const after = sideText(connection, 'after', false);
      const none = PART_COLUMNS.split(',').map(() => '');
      yield line(['changed', keyOf(from), keyOf(to), connection.family, ...none, before, after]);
    }
  })();
  return withHeader(`change,from,to,family,${PART_COLUMNS},before,after`, options, lines);
}

/** One line per pair, range of ports and plugin. A cause's clauses and the rules concerned are text. */
export function portableCsv(document: PortableMap | PortableExplanation, options: ReportOptions): Iterable<string> {
  const keyOf = keysOf(document.endpoints);
  const lines = (function* () {
    for (const { from, to, connection } of pairsOf(document.differences))
      for (const cells of portCells(connection.ports))
        for (const group of connection.groups) {
          const { cnis, verdict, reason, conditions = [], because } = group;
          const why = because === undefined ? '' : becauseText(because);
          const said = [verdict, reason, conditionsText(conditions), why, rulesText([group])];
          for (const cni of cnis) yield line([keyOf(from), keyOf(to), connection.family, ...cells, cni, ...said]);
        }
  })();
  const columns = 'cni,verdict,reason,conditions,because,rules';
  return withHeader(`from,to,family,protocol,first_port,last_port,${columns}`, options, lines);
}

function sourceCells(source: Source): Cell[] {
  return [source.file, source.line, source.column, source.path];
}

/** One line per test. */
export function testReportCsv(document: TestReport, options: ReportOptions): Iterable<string> {
  const keyOf = keysOf(document.endpoints);
  const lines = document.tests.map(({ name, passed, source, witness, explanation }) => {
    const ends = [witness?.from, witness?.to].map((ids) => ids?.map(keyOf).join(' '));
    return line([name, passed ? 'passed' : 'failed', ...sourceCells(source), ...ends, explanation]);
  });
  const columns = 'test,result,file,line,column,path,witness_from,witness_to,explanation';
  return withHeader(columns, options, lines);
}

/** One line per finding, by place; suppressed and known ones too. */
export function findingsCsv(document: Findings, options: ReportOptions): Iterable<string> {
  const lines = sortFindings(document.findings).map((finding) =>
    line([
      ...[finding.check, finding.severity, finding.rejectedByApi ? 'yes' : 'no', finding.message, finding.hint],
      ...[finding.policy === undefined ? '' : policyText(finding.policy), ...sourceCells(finding.source)],
      ...[finding.effect, finding.impact?.pods, finding.impact?.namespaces, finding.example],
      ...[finding.fix?.title, finding.fix === undefined ? '' : finding.fix.safe ? 'yes' : 'no'],
      ...[finding.controls?.join(' '), finding.fingerprint],
      ...[finding.suppressed?.reason, finding.suppressed?.until, finding.known === true ? 'yes' : 'no'],
    ]),
  );
  const place = 'check,severity,rejected_by_api,message,hint,policy,file,line,column,path';
  const more = 'effect,pods,namespaces,example,fix,fix_is_safe,controls,fingerprint,suppressed,suppressed_until,known';
  return withHeader(`${place},${more}`, options, lines);
}
