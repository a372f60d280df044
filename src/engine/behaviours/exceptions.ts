// Exceptions of ipBlocks where a plugin lets them take away from more than their own block (knob exceptions).

import type { Direction, Match, Peer, Policy, Rule } from '../model/policy.ts';
import { DIRECTIONS } from '../model/policy.ts';
import { parseCidr } from '../sets/ip-address.ts';
import type { IpSet } from '../sets/ip-set.ts';
import {
  ALL_ADDRESSES,
  equals,
  intersect,
  isEmpty,
  isSubset,
  NO_ADDRESSES,
  subtract,
  union,
  unionAll,
} from '../sets/ip-set.ts';

/** One list of prefixes of which the longest that holds an address decides, as ipset has it. */
interface Prefix {
  readonly addresses: IpSet;
  readonly allows: boolean;
}

/**
 * The peers where all blocks and exceptions of one rule are one list of prefixes: an exception also takes away from wider
 * blocks beside its own, and a narrower block gives back. Of equal prefixes the last one counts. The same object where
 * nothing changes.
 */
export function exceptionsOfRule(peers: Match<Peer>): Match<Peer> {
  if (typeof peers === 'string') return peers;
  const prefixes = peers.flatMap((peer): Prefix[] =>
    peer.type === 'addresses'
      ? [
          { addresses: blockOf(peer.cidr), allows: true },
          ...peer.except.map((text) => ({ addresses: blockOf(text), allows: false })),
        ]
      : [],
  );
  if (prefixes.every(({ allows }) => allows)) return peers;
  // Prefixes hold one another or have nothing in common, so those that hold more come first.
  const widest = prefixes
    .map((prefix) => ({ prefix, depth: prefixes.filter((other) => isWithin(prefix, other)).length }))
    .sort((a, b) => a.depth - b.depth);
  const allowed = widest.reduce(
    (sum, { prefix }) => (prefix.allows ? union(sum, prefix.addresses) : subtract(sum, prefix.addresses)),
    NO_ADDRESSES,
  );
  const [first, ...more] = peers.map((peer): Peer => {
    if (peer.type !== 'addresses') return peer;
    const addresses = intersect(blockOf(peer.cidr), allowed);
    return equals(addresses, peer.addresses) ? peer : { ...peer, addresses };
  });
  return peers.every((peer, i) => peer === (i === 0 ? first : more[i - 1])) ? peers : [first!, ...more];
}

function isWithin(inner: Prefix, outer: Prefix): boolean {
  return isSubset(inner.addresses, outer.addresses) && !equals(inner.addresses, outer.addresses);
}

/** Exceptions by namespace and direction. */
export type ExceptionIndex = ReadonlyMap<string, readonly IpSet[]>;

/** Collects the exceptions of all NetworkPolicies. */
export function indexExceptions(policies: readonly Policy[]): ExceptionIndex {
  const found = new Map<string, IpSet[]>();
  for (const policy of policies) {
    if (policy.ref.dialect !== 'network-policy') continue;
    for (const direction of DIRECTIONS) {
      for (const { peers } of policy[direction]?.rules ?? []) {
        if (typeof peers === 'string') continue;
        for (const peer of peers) {
          if (peer.type !== 'addresses') continue;
          for (const text of peer.except) {
            const key = keyOf(policy, direction);
            found.set(key, [...(found.get(key) ?? []), blockOf(text)]);
          }
        }
      }
    }
  }
  return found;
}

/**
 * A rule where exceptions of any rule for the same pods may take away from it: what no exception is about, and what one
 * is about perhaps. Exceptions that hold a whole block leave it alone, since the longer prefix wins. The same object
 * alone where no exception is about it.
 */
export function exceptionsOfOthers(
  rule: Rule,
  policy: Policy,
  direction: Direction,
  index: ExceptionIndex,
): readonly Rule[] {
  const exceptions = index.get(keyOf(policy, direction)) ?? [];
  if (exceptions.length === 0 || rule.peers === 'none') return [rule];
  const all: Peer = { path: rule.path, type: 'addresses', addresses: ALL_ADDRESSES, cidr: 'any address', except: [] };
  const peers: readonly Peer[] = rule.peers === 'any' ? [all] : rule.peers;
  const sure: Peer[] = [];
  const open: Peer[] = [];
  for (const peer of peers) {
    if (peer.type !== 'addresses') {
      sure.push(peer);
      continue;
    }
    const block = peer === all ? ALL_ADDRESSES : blockOf(peer.cidr);
    const narrower = exceptions.filter((one) => !isSubset(block, one));
    const taken = intersect(peer.addresses, unionAll(narrower));
    const left = subtract(peer.addresses, taken);
    if (!isEmpty(left)) sure.push(isEmpty(taken) ? peer : { ...peer, addresses: left });
    if (!isEmpty(taken)) open.push({ ...peer, addresses: taken });
  }
  const [firstOpen, ...moreOpen] = open;
  if (firstOpen === undefined) return [rule];
  const [firstSure, ...moreSure] = sure;
  return [
    ...(firstSure === undefined ? [] : [{ ...rule, peers: [firstSure, ...moreSure] } satisfies Rule]),
    { ...rule, peers: [firstOpen, ...moreOpen], perhaps: rule.perhaps ?? 'exceptions' },
  ];
}

function keyOf(policy: Policy, direction: Direction): string {
  return `${policy.ref.namespace ?? ''} ${direction}`;
}

/** The decoder has read it before, so it can be read. */
function blockOf(text: string): IpSet {
  const cidr = parseCidr(text);
  return cidr.ok ? cidr.set : NO_ADDRESSES;
}
