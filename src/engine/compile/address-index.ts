// Which endpoints lie in a block: single addresses by binary search, ranges by comparison, each distinct block once.

import type { Endpoint, UnknownReason } from '../model/endpoint.ts';
import { BitSet } from '../sets/bit-set.ts';
import * as ips from '../sets/ip-set.ts';
import type { MatchSet } from './match-set.ts';
import { entry } from './selector-index.ts';

/** Answers blocks for all endpoints of one family. */
export interface AddressIndex {
  /** Surely: the block covers every address that the endpoint may have. Perhaps: it covers some. */
  within(block: ips.IpSet): MatchSet;
}

/** Indexes the endpoints whose address blocks can see. */
export function indexAddresses(endpoints: readonly Endpoint[], family: ips.Family): AddressIndex {
  const size = endpoints.length;
  const bounds = (set: ips.IpSet): readonly (number | bigint)[] => (family === 'IPv4' ? set.v4 : set.v6);
  const singles: { readonly address: number | bigint; readonly id: number }[] = [];
  const ranges = new Map<string, { readonly sample: Endpoint; readonly members: BitSet }>();
  endpoints.forEach((endpoint, id) => {
    const own = bounds(endpoint.addresses);
    if (endpoint.matchesBlocks === 'no' || own.length === 0) return;
    if (endpoint.matchesBlocks === 'yes' && own.length === 2 && isSingle(own)) singles.push({ address: own[0]!, id });
    else {
      const key = `${endpoint.matchesBlocks} ${endpoint.addressReason} ${own.join(',')}`;
      entry(ranges, key, () => ({ sample: endpoint, members: new BitSet(size) })).members.add(id);
    }
  });
  singles.sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
  const results = new Map<string, MatchSet>();

  function search(bound: number | bigint): number {
    let low = 0;
    let high = singles.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (singles[middle]!.address < bound) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  return {
    within(block) {
      const own = bounds(block);
      return entry(results, own.join(','), () => {
        const yes = new BitSet(size);
        const maybe = new Map<UnknownReason, BitSet>();
        for (let i = 0; i < own.length; i += 2) {
          const end = search(own[i + 1]!);
          for (let at = search(own[i]!); at < end; at++) yes.add(singles[at]!.id);
        }
        const restricted = ips.ofFamily(block, family);
        for (const { sample, members } of ranges.values()) {
          const possible = ips.ofFamily(sample.addresses, family);
          if (!ips.overlaps(possible, restricted)) continue;
          if (sample.matchesBlocks === 'yes' && ips.isSubset(possible, restricted)) yes.orWith(members);
          else entry(maybe, sample.addressReason, () => new BitSet(size)).orWith(members);
        }
        return { yes, maybe };
      });
    },
  };
}

function isSingle(own: readonly (number | bigint)[]): boolean {
  const [start, end] = own;
  return typeof start === 'bigint' ? (end as bigint) === start + 1n : end === (start as number) + 1;
}
