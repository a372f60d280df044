// Looks single pairs up in the documents that questions answer with, as a program that reads the JSON would.

import type { ConnectionDocument, Ports } from '../../src/engine/questions/documents.ts';

/** What a document says of one pair, family, protocol and port. */
export type PairVerdict = 'allowed' | 'denied' | 'unknown' | 'conditional';

/** Reports whether listed ports hold one; `all` is every port of the document's protocols. */
export function holds(ports: Ports | undefined, protocol: string, port: number): boolean {
  if (ports === undefined) return false;
  if (ports === 'all') return true;
  const ranges = ports[protocol as 'TCP'] ?? [];
  return ranges.some(([first, last]) => first <= port && port <= last);
}

/** The connections that speak of a pair in a family. A connection without a family speaks of both. */
export function connectionsOf<C extends Pick<ConnectionDocument, 'from' | 'to' | 'family' | 'self'>>(
  connections: readonly C[],
  from: number,
  to: number,
  family: string,
): C[] {
  return connections.filter(
    (one) =>
      one.from.includes(from) &&
      one.to.includes(to) &&
      (one.family === undefined || one.family === family) &&
      !(one.self === false && from === to),
  );
}

/** The verdict on a pair that may be found in at most one connection; throws where it is in two. */
export function verdictIn(
  connections: readonly ConnectionDocument[],
  pair: { readonly from: number; readonly to: number },
  flow: { readonly family: string; readonly protocol: string; readonly port: number },
): PairVerdict {
  const found = connectionsOf(connections, pair.from, pair.to, flow.family);
  if (found.length > 1) throw new Error(`${found.length} connections for ${pair.from} -> ${pair.to} ${flow.family}`);
  const [one] = found;
  if (one === undefined) return 'denied';
  return verdictOf(one, flow.protocol, flow.port);
}

/** The verdict of one connection, or of the parts of a change. */
export function verdictOf(
  one: Pick<ConnectionDocument, 'allowed' | 'unknown' | 'conditional'>,
  protocol: string,
  port: number,
): PairVerdict {
  if (holds(one.allowed, protocol, port)) return 'allowed';
  if (one.unknown?.some((part) => holds(part.ports, protocol, port))) return 'unknown';
  return one.conditional?.some((part) => holds(part.ports, protocol, port)) ? 'conditional' : 'denied';
}
