// Blocks that are wide only together, or just short of everything: what a search for /0 does not find.

import { cidrPath } from '../../dialects/written-fields.ts';
import { FAMILIES, type Family, unionAll } from '../../sets/ip-set.ts';
import { type AcceptRule, type AddressPeer, addressPeers, addressRules } from '../accepting-rules.ts';
import type { Check } from '../check.ts';
import { portsOfRule } from '../rule-flows.ts';
import { familyOf, holdsInternet, holdsPrivate, isWholeFamily } from './block-extent.ts';
import { subjectEffect } from './subject-effect.ts';

/** How many further blocks a finding shows. */
const SHOWN = 8;

/** Rule 48 of the catalogue: the blocks of all rules of one policy and direction that open the same ports. */
export const WIDE_COVER: Check = {
  id: 'wide-cover',
  severity: 'high',
  scope: 'input',
  summary: 'blocks that together hold half of the internet and a private network, though none holds all addresses',
  *find(context) {
    for (const { one, peers } of groupsOf(addressRules(context))) {
      for (const family of FAMILIES) {
        const own = peers.filter(({ cidr }) => familyOf(cidr) === family);
        if (own.some(({ cidr }) => isWholeFamily(cidr)) || !isWide(own, family)) continue;
        const { policy } = one;
        const [first, ...others] = own;
        const blocks = own.slice(0, SHOWN).map(({ cidr }) => cidr);
        yield {
          object: policy.object,
          policy,
          path: cidrPath(policy, first!),
          message: `the blocks of this policy hold half of the ${family} internet or more, and a private network`,
          hint: 'name the addresses that are needed; for the internet alone, write the whole block and take the private ranges out',
          ...subjectEffect(context, one, `${blocks.join(', ')}${own.length > SHOWN ? ' and more' : ''}`),
          related: others.slice(0, SHOWN).map((peer) => ({
            object: policy.object,
            path: cidrPath(policy, peer),
            message: `part of it: ${peer.cidr}`,
          })),
        };
      }
    }
  },
};

function isWide(peers: readonly AddressPeer[], family: Family): boolean {
  const all = unionAll(peers.map(({ addresses }) => addresses));
  return holdsInternet(all, family) && holdsPrivate(all, family);
}

/** Most rules name a few addresses: a sum is worth making only for policies with a block that may be a large part of it. */
function hasLargeBlock({ rules }: AcceptRule['part']): boolean {
  return rules.some((rule) =>
    addressPeers(rule).some(({ cidr }) => Number(cidr.slice(cidr.indexOf('/') + 1)) <= (cidr.includes(':') ? 16 : 8)),
  );
}

/** The blocks of each policy and direction by the ports that their rules open, in written order. */
function* groupsOf(
  rules: readonly AcceptRule[],
): Generator<{ readonly one: AcceptRule; readonly peers: readonly AddressPeer[] }> {
  let part: AcceptRule['part'] | undefined;
  let isLarge = false;
  let groups = new Map<string, { one: AcceptRule; peers: AddressPeer[] }>();
  for (const one of rules) {
    if (one.part !== part) {
      yield* groups.values();
      groups = new Map();
      part = one.part;
      isLarge = hasLargeBlock(part);
    }
    if (!isLarge) continue;
    const peers = addressPeers(one.rule);
    if (peers.length === 0) continue;
    const key = portsOfRule(one.rule);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { one, peers: [...peers] });
    else group.peers.push(...peers);
  }
  yield* groups.values();
}
