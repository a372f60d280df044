// An address with a port as resolvers and flags have it: `192.0.2.1`, `192.0.2.1:53`, `[2001:db8::1]:53`, `tls://192.0.2.1`.

import { parseAddress, printAddress } from '../sets/ip-address.ts';

/** Reads one; the port is 53 (853 for tls://) where none is written. Undefined for anything else, names included. */
export function parseResolver(text: string): { readonly address: string; readonly port: number } | undefined {
  const match = /^(?:(dns|tls):\/\/)?(.*)$/.exec(text)!;
  const usual = match[1] === 'tls' ? 853 : 53;
  const rest = match[2]!.replace(/%.*$/, '');
  const bare = parseAddress(rest);
  if (bare.ok) return { address: printAddress(bare.family, bare.value), port: usual };
  const parts = /^\[?([^\]]+)\]?:(\d{1,5})$/.exec(rest);
  const address = parts === null ? undefined : parseAddress(parts[1]!);
  const port = Number(parts?.[2]);
  if (address === undefined || !address.ok || port < 1 || port > 65535) return undefined;
  return { address: printAddress(address.family, address.value), port };
}
