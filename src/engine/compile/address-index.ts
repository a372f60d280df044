// Which endpoints lie in a block: all stretches of addresses in one sorted list, each distinct block looked up once.

import type { Endpoint, UnknownReason } from '../model/endpoint.ts';
import { type IdSet, idSet, unionAll } from '../sets/id-set.ts';
import * as ips from '../sets/ip-set.ts';
import { entry } from './entry.ts';
import type { MatchSet } from './match-set.ts';

/** Answers blocks for all endpoints of one family. */
export interface AddressIndex {
  /** Surely: the block covers every address that the endpoint may have. Perhaps: it covers some. */
  within(block: ips.IpSet): MatchSet;
}

/** Endpoints with the same addresses. */
interface Group {
  readonly sample: Endpoint;
  readonly members: number[];
}

/** One stretch of the addresses of a group, end excluded. */
interface Stretch {
  readonly start: number | bigint;
  readonly end: number | bigint;
  readonly group: Group;
}

/** Indexes the endpoints whose address blocks can see. */
export function indexAddresses(endpoints: readonly Endpoint[], family: ips.Family): AddressIndex {
  const bounds = (set: ips.IpSet): readonly (number | bigint)[] => (family === 'IPv4' ? set.v4 : set.v6);
  const groups = new Map<string, Group>();
  endpoints.forEach((endpoint, id) => {
    const own = bounds(endpoint.addresses);
    if (endpoint.matchesBlocks === 'no' || own.length === 0) return;
    const key = `${endpoint.matchesBlocks} ${endpoint.addressReason} ${own.join(',')}`;
    entry(groups, key, () => ({ sample: endpoint, members: [] })).members.push(id);
  });
  const stretches: Stretch[] = [];
  for (const group of groups.values()) {
    const own = bounds(group.sample.addresses);
    for (let i = 0; i < own.length; i += 2) stretches.push({ start: own[i]!, end: own[i + 1]!, group });
  }
  stretches.sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  // Where the stretches up to here end at the latest: a search back stops where nothing can reach far enough.
  const latest: (number | bigint)[] = [];
  stretches.forEach(({ end }, i) => {
    latest.push(i > 0 && latest[i - 1]! > end ? latest[i - 1]! : end);
  });
  const results = new Map<string, MatchSet>();

  function firstFrom(bound: number | bigint): number {
    let low = 0;
    let high = stretches.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (stretches[middle]!.start < bound) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Groups with an address in the block. */
  function touching(own: readonly (number | bigint)[]): Set<Group> {
    const found = new Set<Group>();
    for (let i = 0; i < own.length; i += 2) {
      const [start, end] = [own[i]!, own[i + 1]!];
      for (let at = firstFrom(end) - 1; at >= 0 && latest[at]! > start; at--) {
        if (stretches[at]!.end > start) found.add(stretches[at]!.group);
      }
    }
    return found;
  }

  return {
    within(block) {
      const own = bounds(block);
      return entry(results, own.join(','), () => {
        const restricted = ips.ofFamily(block, family);
        const yes: IdSet[] = [];
        const maybe = new Map<UnknownReason, IdSet[]>();
        for (const { sample, members } of touching(own)) {
          const sure =
            sample.matchesBlocks === 'yes' && ips.isSubset(ips.ofFamily(sample.addresses, family), restricted);
          if (sure) yes.push(idSet(members));
          else entry(maybe, sample.addressReason, () => []).push(idSet(members));
        }
        return { yes: unionAll(yes), maybe: new Map([...maybe].map(([reason, sets]) => [reason, unionAll(sets)])) };
      });
    },
  };
}
