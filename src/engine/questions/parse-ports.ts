// Ports as people type them: `8080`, `53/udp`, `8000-8999/tcp`, `http`, `http/tcp`. Knows nothing of what they are for.

import { dnsLabelProblem } from '../dialects/decoding/name-syntax.ts';
import { UserError } from '../model/user-error.ts';
import type { Protocol } from '../sets/traffic-set.ts';
import type { PortExpression } from './ask.ts';

const FORMS = 'write a number, a range or a name, with a protocol after a slash if it is not TCP: 8080, 53/udp, http';

/** Protocols that have ports, as typed after the slash. */
const WITH_PORTS: Readonly<Record<string, Protocol>> = { tcp: 'TCP', udp: 'UDP', sctp: 'SCTP' };

/**
 * Reads one port expression, without a leading colon. A number or range without a protocol means TCP when it is asked;
 * a name without one is any protocol that has such a port. Throws UserError `invalid-port`.
 */
export function parsePort(text: string): PortExpression {
  const [port, word, ...more] = text.split('/') as [string, string?, ...string[]];
  if (more.length > 0) throw invalid(text, 'has more than one slash');
  const protocol = word === undefined ? undefined : protocolOf(text, port, word);
  const typed = { text, ...(protocol === undefined ? {} : { protocol }) };
  const range = /^(\d+)(?:-(\d+))?$/.exec(port);
  if (range !== null) {
    const first = Number(range[1]);
    const last = Number(range[2] ?? range[1]);
    if (first < 1 || last > 65535 || first > 65535) throw invalid(text, 'is outside 1-65535');
    if (first > last) throw invalid(text, 'ends before it begins', `write ${last}-${first}`);
    return { ...typed, type: 'range', first, last };
  }
  if (port === '') throw invalid(text, 'has no port before the protocol');
  // A Service's port name may be any DNS label; a container's is shorter.
  const wrong = dnsLabelProblem(port);
  if (wrong !== undefined)
    throw invalid(text, `is neither a port number nor a port name, which ${wrong}`, hintFor(text));
  return { ...typed, type: 'named', name: port };
}

/** Reads `53/udp` from a test file, where a bare number is a YAML number. Throws UserError `invalid-port`. */
export function parsePortValue(value: unknown): PortExpression {
  if (typeof value === 'string') return parsePort(value);
  if (typeof value === 'number') return parsePort(String(value));
  throw new UserError('invalid-port', `${JSON.stringify(value)} is no port`, { hint: FORMS });
}

/** What {@link parsePort} reads back as the same expression. */
export function printPort(port: PortExpression): string {
  const protocol = port.protocol === undefined ? '' : `/${port.protocol.toLowerCase()}`;
  if (port.type === 'named') return `${port.name}${protocol}`;
  return `${port.first}${port.last === port.first ? '' : `-${port.last}`}${protocol}`;
}

function protocolOf(text: string, port: string, word: string): Protocol {
  const name = word.toLowerCase();
  if (Object.hasOwn(WITH_PORTS, name)) return WITH_PORTS[name]!;
  if (name === 'icmp' || name === 'icmpv6') {
    throw invalid(text, 'asks for a protocol without ports', 'ask without a port and with --protocols icmp');
  }
  if (Object.hasOwn(WITH_PORTS, port.toLowerCase())) {
    throw invalid(text, 'has the protocol first', `write ${word}/${port.toLowerCase()}`);
  }
  throw invalid(text, `has the protocol "${word}"; it must be tcp, udp or sctp`);
}

/** The likely intention behind text that is no port. */
function hintFor(text: string): string {
  if (text.includes(',')) return 'ask about one port or one range at a time';
  const swapped = /^(tcp|udp|sctp):(.+)$/i.exec(text);
  return swapped === null ? FORMS : `write ${swapped[2]}/${swapped[1]!.toLowerCase()}`;
}

function invalid(text: string, what: string, hint: string = FORMS): UserError {
  return new UserError('invalid-port', `port "${text}" ${what}`, {
    hint,
    span: { text, start: 0, end: text.length },
  });
}
