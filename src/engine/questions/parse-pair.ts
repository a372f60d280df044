// Whole questions as people type them: `shop/web -> shop/db:5432` in one argument, or source and destination in two.

import { UserError } from '../model/user-error.ts';
import type { EndpointExpression, PairExpression, PortExpression } from './ask.ts';
import { parseEndpoint, printEndpoint } from './parse-endpoint.ts';
import { parsePort, printPort } from './parse-ports.ts';

const ARROW = /->|→/;

/** A destination with the port that was asked about; without a port every port is asked about. */
export interface Destination {
  readonly endpoint: EndpointExpression;
  readonly port?: PortExpression;
}

/** Reads `DST[:PORT]`. An IPv6 address with a port stands in brackets. Throws UserError. */
export function parseDestination(typed: string): Destination {
  const text = typed.trim();
  checkNoUrl(text);
  const colon = colonOf(text);
  if (colon < 0) return { endpoint: parseEndpoint(text) };
  if (colon === text.length - 1) {
    throw new UserError('invalid-port', `"${text}" has no port after the colon`, {
      hint: 'leave the colon out to ask about every port',
      span: { text, start: colon, end: text.length },
    });
  }
  return { endpoint: parseEndpoint(text.slice(0, colon)), port: parsePort(text.slice(colon + 1)) };
}

function checkNoUrl(text: string): void {
  const url = /^(https?):\/\//.exec(text);
  if (url === null) return;
  throw new UserError('invalid-endpoint', `"${text}" is a URL, not an endpoint`, {
    hint: `write internet:${url[1] === 'https' ? 443 : 80}, or the address of the host and a port`,
  });
}

/** Index of the colon before the port, or -1. */
function colonOf(text: string): number {
  if (text.startsWith('[')) {
    const close = text.indexOf(']');
    return close >= 0 && text[close + 1] === ':' ? close + 1 : -1;
  }
  const first = text.indexOf(':');
  // Two colons before any slash: an IPv6 address without a port.
  return /^[^/{]*:[^/{]*:/.test(text) ? -1 : first;
}

/** Reads `SRC -> DST[:PORT]` from one argument, `SRC DST[:PORT]` from two, `SRC → DST[:PORT]` from three. */
export function parsePair(typed: readonly string[]): PairExpression {
  const [from, to] = splitPair(typed);
  const source = parseDestination(from);
  if (source.port !== undefined) {
    throw new UserError('invalid-endpoint', `the source "${from.trim()}" has a port`, {
      hint: 'only destinations have ports: SRC DST:PORT',
    });
  }
  const { endpoint, port } = parseDestination(to);
  return { from: source.endpoint, to: endpoint, ...(port === undefined ? {} : { port }) };
}

function splitPair(typed: readonly string[]): [from: string, to: string] {
  const [first, second, third] = typed;
  if (typed.length === 2 && second === '-') {
    throw new UserError('usage', 'the shell took the rest of the arrow for a file name', {
      hint: 'put the question in quotes: "SRC -> DST:PORT", or leave the arrow out: SRC DST:PORT',
    });
  }
  if (typed.length === 3 && (second === '→' || second === '->')) return [first!, third!];
  if (typed.length === 2 && !typed.some((part) => ARROW.test(part))) return [first!, second!];
  const parts = typed.length === 1 ? first!.split(ARROW) : [];
  if (parts.length !== 2) {
    throw new UserError('usage', `"${typed.join(' ')}" is not one source and one destination`, {
      hint: 'write SRC DST:PORT, or "SRC -> DST:PORT"',
    });
  }
  return [parts[0]!, parts[1]!];
}

/** The canonical text of a destination; {@link parseDestination} reads it back as the same. */
export function printDestination({ endpoint, port }: Destination): string {
  const text = printEndpoint(endpoint);
  if (port === undefined) return text;
  const isIpv6 = endpoint.type === 'addresses' && text.includes(':');
  return `${isIpv6 ? `[${text}]` : text}:${printPort(port)}`;
}

/** The canonical text of a pair; {@link parsePair} reads it back as the same. */
export function printPair({ from, to, port }: PairExpression): string {
  return `${printEndpoint(from)} -> ${printDestination({ endpoint: to, ...(port === undefined ? {} : { port }) })}`;
}
