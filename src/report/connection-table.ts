// Tables of connections: a map, who can reach or be reached, the exceptions of an answer. Knows nothing of policies.

import type { ConnectionDocument, ConnectivityMap, EndpointDocument, WhoCan } from '../engine/questions/documents.ts';
import type { Row } from './columns.ts';
import { layOut } from './columns.ts';
import { type Group, groupConnections, type Rectangle } from './connection-groups.ts';
import type { EndpointNames } from './endpoint-names.ts';
import { endpointNames } from './endpoint-names.ts';
import { partsText } from './ports-text.ts';
import type { ReportOptions } from './reporter.ts';

/** The connections as rectangles of text; a connection without any part reads `denied`. */
export function rectanglesOf(connections: readonly ConnectionDocument[], wide: boolean): Rectangle[] {
  return connections.map((connection) => ({
    from: connection.from,
    to: connection.to,
    ...(connection.family === undefined ? {} : { family: connection.family }),
    ...(connection.self === undefined ? {} : { self: connection.self }),
    text: partsText(connection, wide) || 'denied',
  }));
}

/** What a group may use, with the remark that an endpoint does not reach itself, where the group has such pairs. */
export function groupText(group: Group): string {
  if (!group.notSelf) return group.text;
  const destinations = new Set(group.to);
  return group.from.some((id) => destinations.has(id)) ? `${group.text} (not with itself)` : group.text;
}

/** Orders rows by their cells, first column first, by code points. */
export function compareRows(a: Row, b: Row): number {
  for (const [at, cell] of a.cells.entries()) {
    const other = b.cells[at] ?? '';
    if (cell !== other) return cell < other ? -1 : 1;
  }
  return 0;
}

/** Yellow for what is not simply allowed. */
export function paintPorts(text: string, options: ReportOptions): ((text: string) => string) | undefined {
  if (text.startsWith('denied')) return options.style.red;
  return /(^|; |: |\u00a0)[?~]\u00a0/.test(text) ? options.style.yellow : undefined;
}

/** `FROM  TO  PORTS`, pairs grouped and sets abbreviated; nothing but headers where nothing is allowed. */
export function* mapTable(document: ConnectivityMap, options: ReportOptions): Iterable<string> {
  const names = endpointNames(document.endpoints, {
    wide: options.wide === true,
    abbreviate: options.allPods === true,
  });
  yield* connectionTable(document.connections, names, options);
}

/** `FROM  TO  PORTS` for any connections. `indent` stands before each line. */
export function* connectionTable(
  connections: readonly ConnectionDocument[],
  names: EndpointNames,
  options: ReportOptions,
  indent = '',
): Iterable<string> {
  const groups = groupConnections(rectanglesOf(connections, options.wide === true), 'best');
  const rows = groups.map((group): Row => {
    const text = groupText(group);
    return {
      cells: [names.set(group.from), names.set(group.to), text],
      paint: [undefined, undefined, paintPorts(text, options)],
    };
  });
  yield* table(['FROM', 'TO', 'PORTS'], rows.sort(compareRows), options, indent);
}

/** One line per endpoint at the other side of the question; the subject has a column where it is more than one. */
export function* whoCanTable(document: WhoCan, options: ReportOptions): Iterable<string> {
  const names = endpointNames(document.endpoints, { wide: options.wide === true });
  const asksForSources = document.question === 'reach';
  const groups = groupConnections(
    rectanglesOf(document.connections, options.wide === true),
    asksForSources ? 'source' : 'destination',
  );
  const subjects = new Set(groups.flatMap((group) => (asksForSources ? group.to : group.from)));
  const rows: Row[] = [];
  for (const group of groups)
    for (const id of asksForSources ? group.from : group.to) {
      const notSelf = group.notSelf && (asksForSources ? group.to : group.from).includes(id);
      const text = notSelf ? `${group.text} (not with itself)` : group.text;
      const other = names.set(asksForSources ? group.to : group.from);
      const cells = asksForSources ? [names.one(id), other, text] : [other, names.one(id), text];
      if (subjects.size <= 1) cells.splice(asksForSources ? 1 : 0, 1);
      rows.push({ cells, paint: [...cells.slice(1).map(() => undefined), paintPorts(text, options)] });
    }
  const headers = ['FROM', 'TO', 'PORTS'].filter((_, at) => subjects.size > 1 || at !== (asksForSources ? 1 : 0));
  yield* table(headers, rows.sort(compareRows), options);
}

function* table(
  headers: readonly string[],
  rows: readonly Row[],
  options: ReportOptions,
  indent = '',
): Iterable<string> {
  const layout = { indent, ...(options.width === undefined ? {} : { width: options.width }) };
  yield* layOut(options.noHeaders === true ? [] : headers, rows, layout);
}

/** Names for documents whose endpoints may be only some of the snapshot's. */
export function plainNames(endpoints: readonly EndpointDocument[], options: ReportOptions): EndpointNames {
  return endpointNames(endpoints, { wide: options.wide === true });
}
