// Texts of IP addresses and CIDRs, read with exactly the API server's leniency and printed in canonical form (RFC 5952).
// Knows nothing of policies: what to do about a sloppy CIDR is its caller's business.

import type { Family, IpSet } from './ip-set.ts';
import { FAMILIES } from './ip-set.ts';

/** An address that was read, or in words why the text is none (no full stop, no quotation of the text). */
export type ParsedAddress =
  | { readonly ok: true; readonly family: 'IPv4'; readonly value: number }
  | { readonly ok: true; readonly family: 'IPv6'; readonly value: bigint }
  | { readonly ok: false; readonly problem: string };

/** What strict validation refuses in a CIDR that the lenient parser accepts, in the order in which it checks. */
export type CidrSloppiness = 'leading-zeros' | 'ipv4-mapped' | 'host-bits';

/** A CIDR that was read, or in words why the text is none. */
export type ParsedCidr =
  | {
      readonly ok: true;
      /** What packets it matches: IPv4 also for an IPv4-mapped text with a prefix of 96 or more. */
      readonly family: Family;
      /** The whole network, host bits masked away; never empty. */
      readonly set: IpSet;
      /**
       * The prefix length as written, out of `bits`. Only for an IPv4-mapped text do they differ from the family's:
       * `::ffff:10.0.0.0/104` is IPv4 with prefix 104 of 128, which is what the API server compares for `except`.
       */
      readonly prefix: number;
      readonly bits: 32 | 128;
      /** Empty: strict validation accepts it too. The API server reports the first only. */
      readonly sloppy: readonly CidrSloppiness[];
      /** The network as strict validation and RFC 5952 want it: `::FFFF:10.1.0.0/104` is `10.0.0.0/8`. */
      readonly canonical: string;
    }
  | { readonly ok: false; readonly problem: string };

const NO_ADDRESS = 'not an IPv4 or IPv6 address';
const MAPPED_START = 0xffffn << 32n;
const MAPPED_END = MAPPED_START + (1n << 32n);

/**
 * Reads one address as Kubernetes does (ParseIPSloppy): leading zeros are decimal, zones and blanks are refused, an
 * IPv4-mapped IPv6 address is the IPv4 address.
 */
export function parseAddress(text: string): ParsedAddress {
  const raw = readAddress(text);
  if (raw === undefined) return { ok: false, problem: problemOfAddress(text) };
  if (raw.family === 'IPv4') return { ok: true, family: 'IPv4', value: raw.value };
  if (isMapped(raw.value)) return { ok: true, family: 'IPv4', value: Number(raw.value - MAPPED_START) };
  return { ok: true, family: 'IPv6', value: raw.value };
}

/**
 * Reads a CIDR as Kubernetes does (ParseCIDRSloppy, semantics 1.6 and 1.13): what is not ok here, every API server
 * refuses; what is `sloppy`, those with strict validation refuse.
 */
export function parseCidr(text: string): ParsedCidr {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  // The same few blocks stand in most policies; whoever sends ever new ones only loses the memory of the old.
  if (parsed.size >= MOST_PARSED) parsed.clear();
  const cidr = readCidr(text);
  parsed.set(text, cidr);
  return cidr;
}

const parsed = new Map<string, ParsedCidr>();
const MOST_PARSED = 4096;

function readCidr(text: string): ParsedCidr {
  const slash = text.indexOf('/');
  if (slash < 0) {
    const problem = readAddress(text) === undefined ? problemOfAddress(text) : 'no prefix length';
    return { ok: false, problem };
  }
  const raw = readAddress(text.slice(0, slash));
  if (raw === undefined) return { ok: false, problem: problemOfAddress(text.slice(0, slash)) };
  const bits = raw.family === 'IPv4' ? 32 : 128;
  const length = readDecimal(text.slice(slash + 1), bits);
  if (length === undefined) return { ok: false, problem: `the prefix length must be a number from 0 to ${bits}` };

  const prefix = length.value;
  const address = BigInt(raw.value);
  const size = 1n << BigInt(bits - prefix);
  const start = address - (address % size);
  const mapped = raw.family === 'IPv6' && isMapped(raw.value);
  const sloppy: CidrSloppiness[] = [];
  if (raw.leadingZeros || length.leadingZeros) sloppy.push('leading-zeros');
  if (mapped) sloppy.push('ipv4-mapped');
  if (start !== address) sloppy.push('host-bits');

  // A mapped network shorter than /96 loses the mapped prefix when masked, so it stays an IPv6 network.
  if (raw.family === 'IPv4' || (mapped && prefix >= 96)) {
    const first = Number(mapped ? start - MAPPED_START : start);
    const set: IpSet = { v4: [first, first + Number(size)], v6: [] };
    return {
      ok: true,
      family: 'IPv4',
      set,
      prefix,
      bits,
      sloppy,
      canonical: `${printV4(first)}/${prefix - (bits - 32)}`,
    };
  }
  const set: IpSet = { v4: [], v6: [start, start + size] };
  return { ok: true, family: 'IPv6', set, prefix, bits, sloppy, canonical: `${printV6(start)}/${prefix}` };
}

/**
 * Reports whether CEL's isCIDR accepts the text, as the CRDs of the network policy API demand (semantics 2.5): neither
 * leading zeros nor an IPv4-mapped address; host bits are accepted there.
 */
export function isStrictCidr(text: string): boolean {
  const cidr = parseCidr(text);
  return cidr.ok && cidr.sloppy.every((sloppiness) => sloppiness === 'host-bits');
}

/**
 * The canonical text of an address. An IPv6 value in the IPv4-mapped range is printed as `::ffff:a.b.c.d` (RFC 5952
 * section 5); Kubernetes reads that text back as the IPv4 address.
 */
export function printAddress(family: Family, value: number | bigint): string {
  return family === 'IPv4' ? printV4(Number(value)) : printV6(BigInt(value));
}

/** The fewest CIDRs that hold exactly the addresses of the set, IPv4 first, ascending; `[]` for the empty set. */
export function printCidrs(set: IpSet): string[] {
  const texts: string[] = [];
  for (const family of FAMILIES) {
    const bounds = boundsOf(set, family);
    for (let i = 0; i < bounds.length; i += 2) {
      for (const [start, prefix] of coverOf(bounds[i]!, bounds[i + 1]!, bitsOf(family))) {
        texts.push(`${printAddress(family, start)}/${prefix}`);
      }
    }
  }
  return texts;
}

/** The set as `[first, last]` addresses, both included, IPv4 first, ascending: `ranges` in JSON. */
export function printRanges(set: IpSet): [first: string, last: string][] {
  const [v4, v6] = FAMILIES.map((family) => {
    const bounds = boundsOf(set, family);
    // Lists of their exact length: a replay holds one for each of millions of addresses.
    return Array.from({ length: bounds.length / 2 }, (_, index): [string, string] => {
      const [start, last] = [bounds[index * 2]!, bounds[index * 2 + 1]! - 1n];
      const first = printAddress(family, start);
      return [first, start === last ? first : printAddress(family, last)];
    });
  }) as [[string, string][], [string, string][]];
  return v6.length === 0 ? v4 : [...v4, ...v6];
}

/**
 * The set for a person to read: CIDRs (a single address without its prefix length) where `max` suffice, otherwise the
 * first `max` ranges and how many more there are. The empty set is `no address`.
 */
export function printAddresses(set: IpSet, max: number = 4): string {
  const count = (set.v4.length + set.v6.length) / 2;
  if (count === 0) return 'no address';
  if (count <= max) {
    const cidrs = printCidrs(set);
    if (cidrs.length <= max) return cidrs.map(withoutFullPrefix).join(', ');
  }
  const texts = printRanges({ v4: set.v4.slice(0, 2 * max), v6: set.v6.slice(0, 2 * max) })
    .slice(0, max)
    .map(([first, last]) => (first === last ? first : `${first}-${last}`));
  if (count > max) texts.push(`… and ${count - max} more`);
  return texts.join(', ');
}

type RawAddress =
  | { readonly family: 'IPv4'; readonly value: number; readonly leadingZeros: boolean }
  | { readonly family: 'IPv6'; readonly value: bigint; readonly leadingZeros: boolean };

function readAddress(text: string): RawAddress | undefined {
  if (text.includes(':')) {
    const groups = readV6(text);
    return groups && { family: 'IPv6', ...groups };
  }
  const octets = readV4(text);
  return octets && { family: 'IPv4', value: octets.value, leadingZeros: octets.leadingZeros };
}

function problemOfAddress(text: string): string {
  if (text.includes('%')) return 'an IPv6 zone is not allowed';
  return text.includes('/') ? 'a CIDR where a single address is expected' : NO_ADDRESS;
}

const DOT = 46;
const ZERO = 48;

function readV4(text: string): { value: number; leadingZeros: boolean } | undefined {
  let value = 0;
  let leadingZeros = false;
  let octet = 0;
  let digits = 0;
  let dots = 0;
  // Digit by digit: a cluster has several hundred thousand of these.
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === DOT) {
      if (digits === 0 || dots === 3) return undefined;
      value = value * 256 + octet;
      octet = 0;
      digits = 0;
      dots++;
    } else if (code >= ZERO && code <= ZERO + 9) {
      if (digits > 0 && octet === 0) leadingZeros = true;
      octet = octet * 10 + code - ZERO;
      digits++;
      if (octet > 255) return undefined;
    } else return undefined;
  }
  return dots === 3 && digits > 0 ? { value: value * 256 + octet, leadingZeros } : undefined;
}

function readV6(text: string): { value: bigint; leadingZeros: boolean } | undefined {
  const halves = text.split('::', 3);
  if (halves.length > 2) return undefined;
  const head = readGroups(halves[0]!, halves.length === 1);
  const tail = readGroups(halves[1] ?? '', true);
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.groups.length - tail.groups.length;
  // `::` stands for one group at least.
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head.groups, ...new Array<number>(missing).fill(0), ...tail.groups];
  const hex = groups.map((group) => group.toString(16).padStart(4, '0')).join('');
  return { value: BigInt(`0x${hex}`), leadingZeros: head.leadingZeros || tail.leadingZeros };
}

/** Reads groups between single colons; the last may be a dotted IPv4 address, worth two, if `atEnd`. */
function readGroups(text: string, atEnd: boolean): { groups: number[]; leadingZeros: boolean } | undefined {
  const groups: number[] = [];
  let leadingZeros = false;
  if (text === '') return { groups, leadingZeros };
  // Nine are one too many already, so that a long text costs no more than a short one.
  const parts = text.split(':', 9);
  for (const [i, part] of parts.entries()) {
    if (part.includes('.')) {
      const embedded = atEnd && i === parts.length - 1 ? readV4(part) : undefined;
      if (embedded === undefined) return undefined;
      groups.push(Math.floor(embedded.value / 65536), embedded.value % 65536);
      leadingZeros ||= embedded.leadingZeros;
      continue;
    }
    const group = /^[0-9a-f]+$/i.test(part) ? Number.parseInt(part, 16) : Number.NaN;
    if (!(group <= 0xffff)) return undefined;
    groups.push(group);
    // The lenient parser takes a group of any length, the strict one four digits at most.
    leadingZeros ||= part.length > 4;
  }
  return { groups, leadingZeros };
}

function readDecimal(text: string, max: number): { value: number; leadingZeros: boolean } | undefined {
  if (!/^[0-9]+$/.test(text)) return undefined;
  const value = Number(text);
  return value <= max ? { value, leadingZeros: text.length > 1 && text.startsWith('0') } : undefined;
}

function isMapped(value: bigint): boolean {
  return value >= MAPPED_START && value < MAPPED_END;
}

function printV4(value: number): string {
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}

function printV6(value: bigint): string {
  if (isMapped(value)) return `::ffff:${printV4(Number(value - MAPPED_START))}`;
  const hex = value.toString(16).padStart(32, '0');
  const groups = Array.from({ length: 8 }, (_, i) => Number.parseInt(hex.slice(4 * i, 4 * i + 4), 16));
  // RFC 5952 section 4.2: the longest run of zero groups, the first of equals, never a single group.
  let longest = { start: 0, length: 1 };
  for (let start = 0; start < 8; start++) {
    let end = start;
    while (end < 8 && groups[end] === 0) end++;
    if (end - start > longest.length) longest = { start, length: end - start };
  }
  const join = (from: number, to: number): string =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(':');
  if (longest.length === 1) return join(0, 8);
  return `${join(0, longest.start)}::${join(longest.start + longest.length, 8)}`;
}

function bitsOf(family: Family): 32 | 128 {
  return family === 'IPv4' ? 32 : 128;
}

function boundsOf(set: IpSet, family: Family): readonly bigint[] {
  return family === 'IPv4' ? set.v4.map(BigInt) : set.v6;
}

/** Cuts `[start, end)` into the fewest aligned powers of two: each time the largest block that starts there and fits. */
function coverOf(start: bigint, end: bigint, bits: number): [start: bigint, prefix: number][] {
  const blocks: [bigint, number][] = [];
  let at = start;
  while (at < end) {
    const fits = (end - at).toString(2).length - 1;
    const aligned = at === 0n ? bits : (at & -at).toString(2).length - 1;
    const exponent = Math.min(fits, aligned);
    blocks.push([at, bits - exponent]);
    at += 1n << BigInt(exponent);
  }
  return blocks;
}

function withoutFullPrefix(cidr: string): string {
  return cidr.replace(cidr.includes(':') ? /\/128$/ : /\/32$/, '');
}
