// Ports, conditions and the parts of a connection in words: `80,443,8000-8999/TCP 53/UDP`. Knows no endpoints.

import type { PolicyRef } from '../engine/model/policy.ts';
import type { ConditionalDocument, Ports, UnknownDocument } from '../engine/questions/documents.ts';
import type { Protocol } from '../engine/sets/traffic-set.ts';
import { everyPort, PROTOCOLS } from '../engine/sets/traffic-set.ts';
import { GLUE, printable, printableName } from './printable.ts';

/** Names of ICMP types, IANA's registry: icmp-parameters and icmpv6-parameters. Types without one print as numbers. */
const ICMP_TYPES: Readonly<Record<'ICMP' | 'ICMPv6', Readonly<Record<number, string>>>> = {
  ICMP: {
    0: 'echo-reply',
    3: 'destination-unreachable',
    5: 'redirect',
    8: 'echo-request',
    9: 'router-advertisement',
    10: 'router-solicitation',
    11: 'time-exceeded',
    12: 'parameter-problem',
    13: 'timestamp',
    14: 'timestamp-reply',
  },
  ICMPv6: {
    1: 'destination-unreachable',
    2: 'packet-too-big',
    3: 'time-exceeded',
    4: 'parameter-problem',
    128: 'echo-request',
    129: 'echo-reply',
    133: 'router-solicitation',
    134: 'router-advertisement',
    135: 'neighbor-solicitation',
    136: 'neighbor-advertisement',
    137: 'redirect',
  },
};

/** Reports whether no port of any protocol is in it. */
export function isNoPorts(ports: Ports | undefined): boolean {
  return (
    ports === undefined || (ports !== 'all' && PROTOCOLS.every((protocol) => (ports[protocol]?.length ?? 0) === 0))
  );
}

/** E.g. `80,443,8000-8999/TCP 53/UDP`, `all ports`, `all TCP`, `echo-request/ICMP`; empty text for no port at all. */
export function portsText(ports: Ports | undefined): string {
  if (ports === undefined) return '';
  if (ports === 'all') return `all${GLUE}ports`;
  const parts: string[] = [];
  for (const protocol of PROTOCOLS) {
    const ranges = ports[protocol];
    if (ranges !== undefined && ranges.length > 0) parts.push(rangesText(protocol, ranges));
  }
  return parts.join(' ');
}

/** One protocol's part of {@link portsText}. The ranges are not empty. */
export function rangesText(protocol: Protocol, ranges: readonly (readonly [number, number])[]): string {
  const [first, end] = everyPort(protocol);
  const [only, second] = ranges;
  if (only !== undefined && second === undefined && only[0] <= (first ?? 0) && only[1] >= (end ?? 0) - 1)
    return `all${GLUE}${protocol}`;
  const texts =
    protocol === 'ICMP' || protocol === 'ICMPv6'
      ? ranges.flatMap((range) => icmpTexts(protocol, range))
      : ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`));
  return `${texts.join(',')}/${protocol}`;
}

/** A range of `type * 256 + code`: whole types by name, single codes as `destination-unreachable(4)`. */
function icmpTexts(protocol: 'ICMP' | 'ICMPv6', [first, last]: readonly [number, number]): string[] {
  const texts: string[] = [];
  for (let at = first; at <= last; ) {
    const type = at >> 8;
    const until = Math.min(last, type * 256 + 255);
    const name = ICMP_TYPES[protocol][type] ?? `type-${type}`;
    const isWhole = at === type * 256 && until === type * 256 + 255;
    const codes = at === until ? `${at & 255}` : `${at & 255}-${until & 255}`;
    texts.push(isWhole ? name : `${name}(${codes})`);
    at = until + 1;
  }
  return texts;
}

/** E.g. `shop/db-from-api`; cluster-scoped ones by name alone. The kind stands before it where it is no NetworkPolicy. */
export function policyText(policy: PolicyRef): string {
  const name = printableName(policy.name);
  const full = policy.namespace === undefined ? name : `${printableName(policy.namespace)}/${name}`;
  return policy.kind === 'NetworkPolicy' ? full : `${printableName(policy.kind)} ${full}`;
}

/** E.g. `http method=GET`; alternatives are joined by `or`. */
export function conditionsText(conditions: ConditionalDocument['conditions']): string {
  const one = (condition: Readonly<Record<string, unknown>>): string =>
    Object.keys(condition)
      .sort()
      .map((key) => `${printable(key)} ${valueText(condition[key])}`)
      .join(' and ');
  return conditions.map(one).join(' or ');
}

function valueText(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return printable(plainText(value));
  const record = value as Readonly<Record<string, unknown>>;
  return Object.keys(record)
    .sort()
    .map((key) => printable(`${key}=${plainText(record[key])}`))
    .join(' ');
}

function plainText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/** What a pair may use; all parts absent or empty: denied. */
export interface Parts {
  readonly allowed?: Ports;
  readonly unknown?: readonly UnknownDocument[];
  readonly conditional?: readonly ConditionalDocument[];
}

/**
 * E.g. `80/TCP; ? 443/TCP (pod-address); ~ 8080/TCP (http method=GET)`. Empty text where nothing is allowed. `wide`
 * names the policies behind what is unknown.
 */
export function partsText(parts: Parts, wide: boolean): string {
  const texts: string[] = [];
  if (!isNoPorts(parts.allowed)) texts.push(portsText(parts.allowed));
  for (const { ports, reason, policies } of parts.unknown ?? []) {
    const because = wide && policies.length > 0 ? `: ${policies.map(policyText).join(', ')}` : '';
    texts.push(`?${GLUE}${portsText(ports)}${GLUE}(${printable(reason)}${because})`);
  }
  for (const { ports, conditions } of parts.conditional ?? [])
    texts.push(`~${GLUE}${portsText(ports)}${GLUE}(${conditionsText(conditions)})`);
  return texts.join('; ');
}
