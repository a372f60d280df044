// Sets of (protocol, destination port): what a rule opens, what a verdict covers.

import type { IntervalSet } from './interval-set.ts';
import * as intervals from './interval-set.ts';

/** The protocols of one connection. For ICMP the "port" is type * 256 + code. */
export type Protocol = 'TCP' | 'UDP' | 'SCTP' | 'ICMP' | 'ICMPv6';

/** All protocols, in the order in which they are printed. */
export const PROTOCOLS: readonly Protocol[] = ['TCP', 'UDP', 'SCTP', 'ICMP', 'ICMPv6'];

/** The three protocols that NetworkPolicy defines; the default of every question. */
export const PORT_PROTOCOLS: readonly Protocol[] = ['TCP', 'UDP', 'SCTP'];

/** Per protocol a set of ports; an absent protocol is an empty set, and no protocol maps to an empty one. */
export type TrafficSet = Readonly<Partial<Record<Protocol, IntervalSet<number>>>>;

/** No traffic at all. */
export const NO_TRAFFIC: TrafficSet = {};

/** Every port of one protocol: 1–65535, or every ICMP type and code. */
export function everyPort(protocol: Protocol): IntervalSet<number> {
  return protocol === 'ICMP' || protocol === 'ICMPv6' ? [0, 65536] : [1, 65536];
}

/** Every port of each given protocol. */
export function allTraffic(protocols: readonly Protocol[]): TrafficSet {
  return Object.fromEntries(protocols.map((protocol) => [protocol, everyPort(protocol)]));
}

/** Ports `first` to `last`, both included, of one protocol; empty if `first > last`. */
export function traffic(protocol: Protocol, first: number, last: number = first): TrafficSet {
  const set = intervals.interval(first, last + 1);
  return set.length === 0 ? NO_TRAFFIC : { [protocol]: set };
}

/** Traffic in either set. */
export function union(a: TrafficSet, b: TrafficSet): TrafficSet {
  if (a === b) return a;
  const result: Partial<Record<Protocol, IntervalSet<number>>> = {};
  for (const protocol of PROTOCOLS) {
    const [one, other] = [a[protocol], b[protocol]];
    const set = one === undefined ? other : other === undefined ? one : intervals.union(one, other);
    if (set !== undefined) result[protocol] = set;
  }
  return result;
}

/** Traffic in both sets. */
export function intersect(a: TrafficSet, b: TrafficSet): TrafficSet {
  if (a === b) return a;
  const result: Partial<Record<Protocol, IntervalSet<number>>> = {};
  for (const protocol of PROTOCOLS) {
    const [one, other] = [a[protocol], b[protocol]];
    if (one === undefined || other === undefined) continue;
    const set = one === other ? one : intervals.intersect(one, other);
    if (set.length > 0) result[protocol] = set;
  }
  return result;
}

/** Traffic in `a` and not in `b`. */
export function subtract(a: TrafficSet, b: TrafficSet): TrafficSet {
  if (a === b) return NO_TRAFFIC;
  const result: Partial<Record<Protocol, IntervalSet<number>>> = {};
  for (const protocol of PROTOCOLS) {
    const [one, other] = [a[protocol], b[protocol]];
    if (one === undefined || one === other) continue;
    const set = other === undefined ? one : intervals.subtract(one, other);
    if (set.length > 0) result[protocol] = set;
  }
  return result;
}

/** Reports whether the set has no member. */
export function isEmpty(set: TrafficSet): boolean {
  for (const protocol of PROTOCOLS) if (set[protocol] !== undefined) return false;
  return true;
}

/** Reports whether both sets have the same members. */
export function equals(a: TrafficSet, b: TrafficSet): boolean {
  return PROTOCOLS.every((p) => intervals.equals(a[p] ?? intervals.EMPTY, b[p] ?? intervals.EMPTY));
}

/** Reports whether every member of `a` is in `b`. */
export function isSubset(a: TrafficSet, b: TrafficSet): boolean {
  return PROTOCOLS.every((p) => intervals.isSubset(a[p] ?? intervals.EMPTY, b[p] ?? intervals.EMPTY));
}

/** Reports whether the port of the protocol is a member. */
export function contains(set: TrafficSet, protocol: Protocol, port: number): boolean {
  return intervals.contains(set[protocol] ?? intervals.EMPTY, port);
}

/** A text equal for equal sets and for no others. */
export function trafficKey(set: TrafficSet): string {
  let key = '';
  for (const protocol of PROTOCOLS) {
    const ports = set[protocol];
    if (ports !== undefined) key += `${key === '' ? '' : ' '}${protocol}:${ports.join(',')}`;
  }
  return key;
}
