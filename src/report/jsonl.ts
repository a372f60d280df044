// One JSON object a line, ends by their keys: for grep, jq and databases. Knows no layout.

import type {
  Answer,
  ConnectionDocument,
  ConnectivityDiff,
  ConnectivityMap,
  EndpointDocument,
  Explanation,
  Findings,
  TestReport,
  WhoCan,
} from '../engine/questions/documents.ts';
import type { PortableExplanation, PortableMap } from '../engine/questions/portable-document.ts';
import { sortFindings } from './finding-details.ts';
import { pairsOf } from './pairs.ts';
import { printableJson } from './printable.ts';

/** One object as a line. */
export function line(value: object): string {
  return printableJson(`${JSON.stringify(value)}\n`);
}

/** The key of an endpoint by its id; an id that the document does not have is `#7`. */
export function keysOf(endpoints: readonly EndpointDocument[]): (id: number) => string {
  const keys = new Map(endpoints.map(({ id, key }) => [id, key]));
  return (id) => keys.get(id) ?? `#${id}`;
}

function* pairLines(
  connections: readonly ConnectionDocument[],
  keyOf: (id: number) => string,
  first: object = {},
): Iterable<string> {
  for (const { from, to, connection } of pairsOf(connections)) {
    const { family, allowed, unknown, conditional } = connection;
    yield line({ ...first, from: keyOf(from), to: keyOf(to), family, allowed, unknown, conditional });
  }
}

/** `{"from", "to", "family"?, "allowed"?, "unknown"?, "conditional"?}` per pair. */
export function* connectionsJsonl(document: ConnectivityMap | WhoCan): Iterable<string> {
  yield* pairLines(document.connections, keysOf(document.endpoints));
}

/** As for a map, with `"change": "added" | "removed"`; changed pairs with `before` and `after`. */
export function* diffJsonl(document: ConnectivityDiff): Iterable<string> {
  const keyOf = keysOf(document.endpoints);
  yield* pairLines(document.added, keyOf, { change: 'added' });
  yield* pairLines(document.removed, keyOf, { change: 'removed' });
  for (const { from, to, connection } of pairsOf(document.changed)) {
    const { from: _from, to: _to, ...rest } = connection;
    yield line({ change: 'changed', from: keyOf(from), to: keyOf(to), ...rest });
  }
}

/** `{"from", "to", "family"?, "ports", "groups"}` per pair and difference. */
export function* portableJsonl(document: PortableMap | PortableExplanation): Iterable<string> {
  const keyOf = keysOf(document.endpoints);
  for (const { from, to, connection } of pairsOf(document.differences)) {
    const { family, ports, groups } = connection;
    yield line({ from: keyOf(from), to: keyOf(to), family, ports, groups });
  }
}

/** The whole document in one line. */
export function* documentJsonl(document: Answer): Iterable<string> {
  yield line(document);
}

/** One case a line. */
export function* explanationJsonl(document: Explanation): Iterable<string> {
  for (const each of document.cases) yield line({ from: document.from, to: document.to, ...each });
}

/** One test a line; the witness names its ends by key. */
export function* testReportJsonl(document: TestReport): Iterable<string> {
  const keyOf = keysOf(document.endpoints);
  for (const { witness, ...test } of document.tests) {
    const ends = witness && { ...witness, from: witness.from.map(keyOf), to: witness.to.map(keyOf) };
    yield line({ ...test, witness: ends });
  }
}

/** One finding a line, by place. */
export function* findingsJsonl(document: Findings): Iterable<string> {
  for (const finding of sortFindings(document.findings)) yield line(finding);
}
