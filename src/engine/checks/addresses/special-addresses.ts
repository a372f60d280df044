// Blocks of addresses that no other end of a connection can have.

import { cidrPath } from '../../dialects/written-fields.ts';
import type { Edit } from '../../model/edit.ts';
import { isSubset } from '../../sets/ip-set.ts';
import { type AcceptRule, type AddressPeer, addressPeers, addressRules } from '../accepting-rules.ts';
import type { Check } from '../check.ts';
import { removeRules } from '../fixes.ts';
import { addressesOf } from './block-extent.ts';

/** Blocks of IANA's registries of special-purpose addresses that are no other end of a unicast connection. */
const SPECIAL = (
  [
    ['0.0.0.0/8', 'addresses of "this network", which no other end has'],
    ['127.0.0.0/8', 'loopback, which never leaves a pod'],
    ['224.0.0.0/4', 'multicast, which no policy defines'],
    ['255.255.255.255/32', 'the broadcast address, which no policy defines'],
    ['240.0.0.0/4', 'reserved, which no other end has'],
    ['::/128', 'the unspecified address, which no other end has'],
    ['::1/128', 'loopback, which never leaves a pod'],
    ['ff00::/8', 'multicast, which no policy defines'],
  ] as const
).map(([cidr, name]) => ({ set: addressesOf(cidr), name }));

/** Rule 55 of the catalogue. */
export const SPECIAL_ADDRESSES: Check = {
  id: 'special-addresses',
  severity: 'low',
  scope: 'object',
  summary: 'a block of loopback, multicast, broadcast, reserved or unspecified addresses',
  *find(context) {
    for (const one of addressRules(context)) {
      for (const peer of addressPeers(one.rule)) {
        if (!mayBeSpecial(peer)) continue;
        const whole = addressesOf(peer.cidr);
        const special = SPECIAL.find(({ set }) => isSubset(whole, set));
        if (special === undefined) continue;
        const { policy } = one;
        const isZero = peer.cidr === '0.0.0.0/32' || peer.cidr === '::/128';
        yield {
          object: policy.object,
          policy,
          path: cidrPath(policy, peer),
          message: `${peer.cidr} is ${special.name}`,
          hint: isZero
            ? `all addresses are ${peer.cidr.replace(/\/.*/, '/0')}; without a peer the rule means everybody`
            : 'take it away',
          fix: { title: `take ${peer.cidr} away`, edits: withoutPeer(one, peer), announced: 'closes', safe: false },
        };
      }
    }
  },
};

/** By the first address alone, which costs nothing: whether the block may lie within one of the ranges. */
function mayBeSpecial({ addresses: { v4, v6 } }: AddressPeer): boolean {
  const [first, first6] = [v4[0], v6[0]];
  if (first !== undefined && (first < 2 ** 24 || first >= 224 * 2 ** 24 || Math.floor(first / 2 ** 24) === 127))
    return true;
  return first6 !== undefined && (first6 < 2n || first6 >> 120n === 0xffn);
}

/** Without the peer; without the rule where it has no other, since a rule without peers means everybody. */
function withoutPeer({ policy, direction, rule }: AcceptRule, peer: AddressPeer): readonly Edit[] {
  const { object } = policy;
  const isOnly = typeof rule.peers === 'string' || rule.peers.length === 1;
  if (isOnly) return removeRules(policy, direction, [rule], '').edits;
  const siblings = (rule.peers as readonly { readonly path: AddressPeer['path'] }[]).filter(
    ({ path }) => path.slice(0, rule.path.length + 2).join() === peer.path.slice(0, rule.path.length + 2).join(),
  );
  // `networks` of the cluster-scoped APIs holds several blocks; it must not be left empty.
  return [{ op: 'remove', object, path: siblings.length > 1 ? peer.path : peer.path.slice(0, rule.path.length + 2) }];
}
