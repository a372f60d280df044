// Parties in the words of people: for plans, annotations and sentences.

import type { Party } from './evidence.ts';
import { printSelector } from './selector.ts';

/** Blocks of a set beyond which its name stands alone: `internet`. */
const MANY_BLOCKS = 20;

/** Names a party: `shop/web`, `203.0.113.7/32 (payments)`, `anywhere outside`. */
export function partyName(party: Party): string {
  switch (party.type) {
    case 'workload':
      return workloadName(party.key);
    case 'pods':
      return party.what;
    case 'addresses': {
      const [first, ...rest] = party.cidrs;
      // The name of a range with many holes says more than its first block.
      if (party.what !== undefined && rest.length >= MANY_BLOCKS) return party.what;
      const addresses = rest.length === 0 ? plainAddress(first) : `${plainAddress(first)} and ${rest.length} more`;
      return party.what === undefined ? addresses : `${party.what} (${addresses})`;
    }
    case 'outside':
      return 'anywhere outside';
    case 'node':
      return party.name === undefined ? 'its node' : `node ${party.name}`;
    case 'domain':
      return party.name;
    case 'api-server':
      return 'the API server';
  }
}

/**
 * A connection as it is typed, for hints: `shop/web -> [2001:db8::7]:443`. A DNS name is ADDRESS; parties that have no word there
 * are SRC and DST. Where two of the `workloads`, by their keys, have one name, the kind stands in it: `shop/deployment/web`.
 */
export function typedPair(
  from: Party,
  to: Party,
  protocol: string,
  [first, last]: readonly [number, number],
  workloads?: ReadonlyMap<string, unknown>,
): string {
  const port = first === last ? `${first}` : `${first}-${last}`;
  const suffix = protocol === 'TCP' ? '' : `/${protocol.toLowerCase()}`;
  const typed = (party: Party) => typedParty(party, workloads);
  return `${typed(from) ?? 'SRC'} -> ${typed(to) ?? 'DST'}:${port}${suffix}`;
}

/** A connection in a sentence: as it is typed, or in words where one of the ends has none to type. */
export function namedPair(from: Party, to: Party, protocol: string, ports: readonly [number, number]): string {
  const typed = typedPair(from, to, protocol, ports);
  if (!/\b(?:SRC|DST|ADDRESS)\b/.test(typed)) return typed;
  const [first, last] = ports;
  return `${partyName(from)} -> ${partyName(to)}, ${first === last ? first : `${first}-${last}`}/${protocol}`;
}

function typedParty(party: Party, workloads: ReadonlyMap<string, unknown> | undefined): string | undefined {
  switch (party.type) {
    case 'workload': {
      const name = workloadName(party.key);
      if (workloads === undefined || !sharedNames(workloads).has(name)) return name;
      const [namespace = '', kind = '', own = ''] = party.key.split('/');
      return `${namespace}/${kind.split('.')[0]!.toLowerCase()}/${own}`;
    }
    case 'addresses': {
      const address = plainAddress(party.cidrs[0]);
      if (party.cidrs.length > 1) return undefined;
      return address.includes(':') ? `[${address}]` : address;
    }
    case 'outside':
      return 'internet';
    case 'node':
      return party.name === undefined ? undefined : `node/${party.name}`;
    case 'domain':
      return 'ADDRESS';
    default:
      return undefined;
  }
}

const shared = new WeakMap<ReadonlyMap<string, unknown>, ReadonlySet<string>>();

/** Names that several workloads have. */
function sharedNames(workloads: ReadonlyMap<string, unknown>): ReadonlySet<string> {
  let names = shared.get(workloads);
  if (names === undefined) {
    const seen = new Set<string>();
    const found = new Set<string>();
    for (const key of workloads.keys()) (seen.has(workloadName(key)) ? found : seen).add(workloadName(key));
    names = found;
    shared.set(workloads, names);
  }
  return names;
}

/** `shop/Deployment.apps/web` as `shop/web`. */
export function workloadName(key: string): string {
  const [namespace = '', , name = ''] = key.split('/');
  return `${namespace}/${name}`;
}

/** Names of several workloads, each once, sorted; with their kinds where two of them are called the same. */
export function workloadNames(keys: Iterable<string>): readonly string[] {
  const all = [...new Set(keys)].sort();
  const isShared = new Set(all.map(workloadName)).size < all.length;
  const titled = (key: string): string => `${key.split('/')[1]!.split('.')[0]} ${workloadName(key)}`;
  return all.map(isShared ? titled : workloadName).sort();
}

/** A selector as a person writes it, with its namespace: `shop/app=web`. */
export function selectorName(namespace: string, selector: Parameters<typeof printSelector>[0]): string {
  return `${namespace}/${printSelector(selector)}`;
}

/** A single address without its prefix length. */
function plainAddress(cidr: string): string {
  return cidr.replace(/^(\d+\.\d+\.\d+\.\d+)\/32$/, '$1').replace(/^(.*:.*)\/128$/, '$1');
}
