// Domain names whose addresses are known (knob domainMap) become addresses. Knows nothing of plugins or endpoints.

import type { Knobs } from '../model/behaviour.ts';
import type { Match, Peer } from '../model/policy.ts';
import { parseCidr } from '../sets/ip-address.ts';
import { type IpSet, unionAll } from '../sets/ip-set.ts';

/**
 * The peers with every name that the map knows as its addresses; the same list where it knows none. Names that it does
 * not know stay names, and so does a pattern of which it knows only some names: others may have other addresses.
 */
export function resolveDomains(peers: Match<Peer>, map: Knobs['domainMap']): Match<Peer> {
  if (typeof peers === 'string' || Object.keys(map).length === 0) return peers;
  const resolved = peers.map((peer) => (peer.type === 'domains' ? resolvePeer(peer, map) : [peer]));
  if (resolved.every((list, i) => list[0] === peers[i])) return peers;
  const [first, ...rest] = resolved.flat();
  return first === undefined ? peers : [first, ...rest];
}

function resolvePeer(peer: Peer & { type: 'domains' }, map: Knobs['domainMap']): readonly Peer[] {
  const known: string[] = [];
  const open: string[] = [];
  const sets: IpSet[] = [];
  for (const name of peer.names) {
    const entries = Object.keys(map).filter((entry) => isWithin(canonical(entry), canonical(name)));
    for (const entry of entries) sets.push(addressesOf(map[entry]!));
    if (entries.length > 0) known.push(name);
    if (!entries.some((entry) => canonical(entry) === canonical(name))) open.push(name);
  }
  if (known.length === 0) return [peer];
  const addresses: Peer = {
    path: peer.path,
    type: 'addresses',
    addresses: unionAll(sets),
    cidr: known.join(', '),
    except: [],
  };
  return open.length === 0 ? [addresses] : [addresses, { ...peer, names: open }];
}

/** The addresses of one name that the map knows; undefined where it does not. */
export function addressesOfName(name: string, map: Knobs['domainMap']): IpSet | undefined {
  const entry = Object.keys(map).find((one) => canonical(one) === canonical(name));
  return entry === undefined ? undefined : addressesOf(map[entry]!);
}

/** Names compare in lower case and without the dot at the end (NPEP-133). */
function canonical(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

/** Reports whether all that `entry` stands for is named by `name`: `*.` is one or more whole labels, never the apex. */
function isWithin(entry: string, name: string): boolean {
  return entry === name || (name.startsWith('*.') && entry.endsWith(name.slice(1)) && entry.length > name.length - 1);
}

/** Knobs hold CIDRs that were read once already; one that cannot be read holds nothing. */
function addressesOf(cidrs: readonly string[]): IpSet {
  return unionAll(
    cidrs.flatMap((text) => {
      const cidr = parseCidr(text);
      return cidr.ok ? [cidr.set] : [];
    }),
  );
}
