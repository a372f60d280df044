// How far a block of addresses goes: over the internet, over private ranges. By what it holds, never by how it is written.

import { parseCidr } from '../../sets/ip-address.ts';
import { type Family, type IpSet, isSubset, shareOf } from '../../sets/ip-set.ts';
import { NAMED_RANGES } from '../../sets/named-ranges.ts';

/** A range that nobody owns: every network uses it for itself. */
export interface UnownedRange {
  readonly cidr: string;
  readonly family: Family;
  readonly set: IpSet;
  /** What it is, with the document that says so. */
  readonly name: string;
}

/** Private, shared and link-local ranges, IPv4 first. */
export const UNOWNED_RANGES: readonly UnownedRange[] = [
  ['10.0.0.0/8', 'private use, RFC 1918'],
  ['100.64.0.0/10', 'shared use, RFC 6598'],
  ['169.254.0.0/16', 'link-local use, RFC 3927'],
  ['172.16.0.0/12', 'private use, RFC 1918'],
  ['192.168.0.0/16', 'private use, RFC 1918'],
  ['fd00::/8', 'unique local use, RFC 4193'],
  ['fc00::/7', 'unique local use, RFC 4193'],
  ['fe80::/10', 'link-local use, RFC 4291'],
].map(([cidr = '', name = '']) => ({ cidr, family: familyOf(cidr), set: addressesOf(cidr), name }));

/** Exceptions that leave the internet of `0.0.0.0/0` or `::/0`: unowned ranges, and metadata at addresses beside them. */
export const OUTSIDE_THE_INTERNET: Readonly<Record<Family, readonly string[]>> = {
  IPv4: [
    '10.0.0.0/8',
    '100.64.0.0/10',
    '169.254.0.0/16',
    '172.16.0.0/12',
    '192.168.0.0/16',
    '168.63.129.16/32',
    '192.0.0.192/32',
  ],
  IPv6: ['fc00::/7', 'fe80::/10'],
};

/** Reports whether the set holds at least half of the internet in the family. */
export function holdsInternet(set: IpSet, family: Family): boolean {
  // Most sets are small, and comparing bounds with those of the internet costs more than adding up their own.
  return isLarge(set, family) && shareOf(set, NAMED_RANGES.internet, family) >= 0.5;
}

/** Whether the set is large enough to hold half of the internet: a quarter of IPv4, a sixteenth of IPv6. */
function isLarge({ v4, v6 }: IpSet, family: Family): boolean {
  if (family === 'IPv4') {
    let size = 0;
    for (let i = 0; i < v4.length; i += 2) size += v4[i + 1]! - v4[i]!;
    return size >= 2 ** 30;
  }
  let size = 0n;
  for (let i = 0; i < v6.length; i += 2) size += v6[i + 1]! - v6[i]!;
  return size >= 1n << 124n;
}

/** Reports whether the set holds most of some private range of the family: it leaves the cluster's own networks in. */
export function holdsPrivate(set: IpSet, family: Family): boolean {
  return UNOWNED_RANGES.some((range) => range.family === family && isPrivate(range) && holdsMost(set, range));
}

/** Reports whether the set holds at least half of the range. */
export function holdsMost(set: IpSet, range: UnownedRange): boolean {
  return shareOf(set, range.set, range.family) >= 0.5;
}

function isPrivate({ set }: UnownedRange): boolean {
  return isSubset(set, NAMED_RANGES.private);
}

/** The addresses of a block that was accepted; none for another text. */
export function addressesOf(text: string): IpSet {
  const cidr = parseCidr(text);
  return cidr.ok ? cidr.set : { v4: [], v6: [] };
}

/** Reports whether the text is a block of all addresses of its family, however it is written. */
export function isWholeFamily(text: string): boolean {
  if (!/\/0+$/.test(text)) return false;
  const cidr = parseCidr(text);
  return cidr.ok && (cidr.canonical === '0.0.0.0/0' || cidr.canonical === '::/0');
}

/** The family of a block that was accepted. */
export function familyOf(text: string): Family {
  // Of texts with colons, some are IPv4 written as IPv6.
  if (!text.includes(':')) return 'IPv4';
  const cidr = parseCidr(text);
  return cidr.ok ? cidr.family : 'IPv6';
}
