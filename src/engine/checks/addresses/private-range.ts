// Blocks of a whole private range: every network that uses it for itself, not the one that was meant.

import { cidrPath } from '../../dialects/written-fields.ts';
import { equals, isSubset } from '../../sets/ip-set.ts';
import { type AddressPeer, addressPeers, addressRules } from '../accepting-rules.ts';
import type { Check } from '../check.ts';
import { addressesOf, familyOf, holdsInternet, holdsMost, UNOWNED_RANGES, type UnownedRange } from './block-extent.ts';
import { subjectEffect } from './subject-effect.ts';

/** Rule 52 of the catalogue. A block that holds half of the internet too is reported as that. */
export const PRIVATE_RANGE: Check = {
  id: 'private-range',
  severity: 'medium',
  scope: 'input',
  summary: 'a block of a whole private, shared or link-local range',
  *find(context) {
    for (const one of addressRules(context)) {
      const { policy } = one;
      for (const peer of addressPeers(one.rule)) {
        const family = familyOf(peer.cidr);
        if (Number(peer.cidr.split('/')[1]) > 17 || holdsInternet(peer.addresses, family)) continue;
        const held = UNOWNED_RANGES.filter((known) => known.family === family && holdsMost(peer.addresses, known));
        const range = held.find(({ set }) => equals(set, addressesOf(peer.cidr))) ?? held[0];
        if (range === undefined) continue;
        yield {
          object: policy.object,
          policy,
          path: cidrPath(policy, peer),
          message: `${peer.cidr} is ${extentOf(peer, range)} for ${range.name}: whatever network has such addresses`,
          hint: 'write the blocks of the networks that are meant',
          ...subjectEffect(context, one),
        };
      }
    }
  },
};

function extentOf({ cidr }: AddressPeer, range: UnownedRange): string {
  const [block, whole] = [addressesOf(cidr), range.set];
  if (equals(block, whole)) return 'the whole range';
  return isSubset(whole, block) ? `more than ${range.cidr}, the range` : `most of ${range.cidr}, the range`;
}
