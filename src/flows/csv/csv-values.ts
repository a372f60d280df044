// Texts of a table's fields to values: protocols, ports, verdicts, directions, times, yes and no. Knows no columns.

import type { Direction } from '../../engine/model/policy.ts';
import type { Protocol } from '../../engine/sets/traffic-set.ts';
import { timeOfText } from '../read-time.ts';

/** A field that says something that cannot be. The message is one clause without a full stop. */
export class WrongValue extends Error {}

const PROTOCOLS: Readonly<Record<string, Protocol>> = {
  tcp: 'TCP',
  udp: 'UDP',
  sctp: 'SCTP',
  icmp: 'ICMP',
  icmpv4: 'ICMP',
  icmpv6: 'ICMPv6',
  icmp6: 'ICMPv6',
  'ipv6-icmp': 'ICMPv6',
  '1': 'ICMP',
  '6': 'TCP',
  '17': 'UDP',
  '58': 'ICMPv6',
  '132': 'SCTP',
};
/** Protocols that exist and that no policy here is about. */
const OTHER_PROTOCOLS: readonly string[] = ['igmp', 'gre', 'esp', 'ah', 'vrrp', 'ospf', 'ipip', 'dccp', 'udplite'];

const ALLOWED = ['allow', 'allowed', 'accept', 'accepted', 'permit', 'permitted', 'pass', 'forwarded', 'redirected'];
const DENIED = ['deny', 'denied', 'drop', 'dropped', 'reject', 'rejected', 'block', 'blocked', 'refused'];
const UNKNOWN = ['unknown', 'traced', 'translated', 'error'];

const DIRECTIONS: Readonly<Record<string, Direction>> = {
  egress: 'egress',
  out: 'egress',
  outbound: 'egress',
  src: 'egress',
  source: 'egress',
  ingress: 'ingress',
  in: 'ingress',
  inbound: 'ingress',
  dst: 'ingress',
  dest: 'ingress',
  destination: 'ingress',
};

/** The protocol of a name or number; `other` for one that is neither TCP, UDP, SCTP nor ICMP. */
export function protocolOf(text: string): Protocol | 'other' {
  const word = text.toLowerCase();
  const known = Object.hasOwn(PROTOCOLS, word) ? PROTOCOLS[word] : undefined;
  if (known !== undefined) return known;
  if (OTHER_PROTOCOLS.includes(word) || (/^\d{1,3}$/.test(word) && Number(word) <= 255)) return 'other';
  throw new WrongValue(`protocol "${text}" is neither a name nor a number that is known`);
}

/** A port, or undefined for 0, which tables write where there is none. */
export function portOf(text: string, name: string): number | undefined {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65535) throw new WrongValue(`${name} "${text}" is no port`);
  return Number(text) === 0 ? undefined : Number(text);
}

/** A type of ICMP. */
export function icmpTypeOf(text: string): number {
  if (!/^\d{1,3}$/.test(text) || Number(text) > 255) throw new WrongValue(`icmp_type "${text}" is no type of ICMP`);
  return Number(text);
}

/** What a word says about a flow's fate; `audit`: allowed, though a policy would deny it. */
export function verdictWordOf(text: string): 'allowed' | 'denied' | 'audit' | 'unknown' {
  const word = text.toLowerCase();
  if (ALLOWED.includes(word)) return 'allowed';
  if (DENIED.includes(word)) return 'denied';
  if (word === 'audit' || word === 'audited') return 'audit';
  if (UNKNOWN.includes(word)) return 'unknown';
  throw new WrongValue(`verdict "${text}" is no word that is known`);
}

/** The direction as the end that recorded the flow sees it. */
export function directionOfWord(text: string): Direction {
  const word = text.toLowerCase();
  const direction = Object.hasOwn(DIRECTIONS, word) ? DIRECTIONS[word] : undefined;
  if (direction === undefined) throw new WrongValue(`direction "${text}" is neither ingress nor egress`);
  return direction;
}

/** Yes or no. */
export function flagOf(text: string, name: string): boolean {
  const word = text.toLowerCase();
  if (word === 'true' || word === 'yes' || word === '1') return true;
  if (word === 'false' || word === 'no' || word === '0') return false;
  throw new WrongValue(`${name} "${text}" is neither true nor false`);
}

/** A number of records, at least 1. */
export function countOf(text: string): number {
  if (!/^\d{1,15}$/.test(text) || Number(text) === 0) throw new WrongValue(`count "${text}" is no number from 1 on`);
  return Number(text);
}

/** JavaScript prints no later one. */
const LAST_TIME = 8.64e15;

/**
 * Milliseconds since 1970, of an RFC 3339 time (UTC where it names no zone, a blank for the T) or of seconds, milliseconds,
 * microseconds or nanoseconds since 1970, told apart by their size: seconds up to the year 5138. NaN for what programs write
 * where they know no time: 0, and the year 1 of Go.
 */
export function timeOfField(text: string, name: string): number {
  if (/^0+(\.0+)?$/.test(text) || text.startsWith('0001-01-01')) return Number.NaN;
  const number = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  const time = Number.isNaN(number) ? timeOfText(text) : Math.trunc(toMilliseconds(number));
  if (Number.isNaN(time) || time > LAST_TIME) throw new WrongValue(`${name} "${text}" is no time`);
  return time;
}

function toMilliseconds(number: number): number {
  if (number < 1e11) return number * 1000;
  if (number < 1e14) return number;
  return number < 1e17 ? number / 1000 : number / 1e6;
}
