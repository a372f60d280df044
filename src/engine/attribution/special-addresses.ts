// Addresses that no rule can name or that are never somebody outside: multicast, broadcast, loopback, link-local; and those
// that clouds answer at. Fixed data.

import { METADATA_ADDRESSES } from '../sets/named-ranges.ts';
import type { NumericAddress } from './address-book.ts';
import type { AsideReason } from './attribution.ts';

/** Why traffic of the address is left aside; undefined for ordinary addresses, IPv4 link-local ones included. */
export function asideOf({ family, value }: NumericAddress): AsideReason | undefined {
  return family === 'IPv4' ? asideOfV4(Number(value)) : asideOfV6(BigInt(value));
}

function asideOfV4(value: number): AsideReason | undefined {
  const first = Math.floor(value / 2 ** 24);
  if (value === 2 ** 32 - 1) return 'broadcast';
  if (first >= 224 && first < 240) return 'multicast';
  if (first === 127) return 'loopback';
  // Of a host that has no address yet: only ever sent on the link.
  return value === 0 ? 'link-local' : undefined;
}

function asideOfV6(value: bigint): AsideReason | undefined {
  if (value >> 120n === 0xffn) return 'multicast';
  if (value === 1n) return 'loopback';
  return value === 0n || value >> 118n === 0x3fan ? 'link-local' : undefined;
}

/** What an outside address is known for, for sentences; undefined where it is an address like any other. */
export function knownFor(address: string): string | undefined {
  const metadata = METADATA_ADDRESSES.find((one) => one.address === address);
  if (metadata !== undefined) return `instance metadata of ${metadata.provider}`;
  return address.startsWith('169.254.') ? 'link-local' : undefined;
}
