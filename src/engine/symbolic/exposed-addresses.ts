// Which addresses outside of the cluster an end is open to: its rules cut them into classes, and each class meets one
// decision. Addresses have no policies, so one side decides. One family and direction at a time.

import { DENIED, type DecisionId } from '../compile/decision.ts';
import { entry } from '../compile/entry.ts';
import { selectedTiers } from '../compile/rows.ts';
import type { Selection } from '../compile/selections.ts';
import { classifyAddresses } from '../endpoints/address-classes.ts';
import type { Direction, Match, Peer, Policy } from '../model/policy.ts';
import { contains } from '../sets/id-set.ts';
import {
  equals,
  type IpSet,
  intersect,
  ipSetKey,
  isEmpty,
  isSubset,
  NO_ADDRESSES,
  ofFamily,
  subtract,
  unionAll,
} from '../sets/ip-set.ts';
import { accepting } from './peer-pieces.ts';
import { contributeRegions, type PeerRegions, type RegionContribution } from './region-contributions.ts';
import type { Side } from './side.ts';

/** These addresses meet exactly this decision, never denied. */
export interface AddressEntry {
  readonly addresses: IpSet;
  readonly decision: DecisionId;
  /** Policies with a rule that accepts some of it; repeats mean nothing. None: nothing forbids it. */
  readonly policies: readonly Policy[];
}

/** Looks up the entries of ends: disjoint; addresses in none of them are denied. */
export function exposedAddresses(side: Side, direction: Direction): (end: number) => readonly AddressEntry[] {
  const everywhere = ofFamily(side.endpoints[side.outside]!.addresses, side.family);
  const known = new Map<Selection, Map<number, readonly RegionContribution<IpSet>[]>>();
  const regions = new Map<Match<Peer>, PeerRegions<IpSet>>();
  const classes = new Map<string, readonly IpSet[]>();

  /** Each address is in a block or not; who else is named matches all of them, or perhaps all. */
  function regionsOf(peers: Match<Peer>, policy: Policy): PeerRegions<IpSet> {
    if (peers === 'any') return { yes: everywhere, maybe: [] };
    if (peers === 'none') return { yes: NO_ADDRESSES, maybe: [] };
    const blocks = peers.flatMap((peer) => (peer.type === 'addresses' ? [peer.addresses] : []));
    const yes = intersect(unionAll(blocks), everywhere);
    const [first, ...more] = peers.filter(({ type }) => type !== 'addresses' && type !== 'pods');
    if (first === undefined) return { yes, maybe: [] };
    const others = side.matcher.peers([first, ...more], policy);
    if (contains(others.yes, side.outside)) return { yes: everywhere, maybe: [] };
    const open = [...others.maybe].filter(([, ids]) => contains(ids, side.outside));
    const rest = isEmpty(yes) ? everywhere : subtract(everywhere, yes);
    return { yes, maybe: open.map(([reason]) => [reason, rest]) };
  }

  function contributionsOf(selection: Selection, end: number): readonly RegionContribution<IpSet>[] {
    const names = direction === 'ingress' && selection.hasNames ? side.matcher.namesAt(end) : -1;
    const own = entry(known, selection, () => new Map<number, readonly RegionContribution<IpSet>[]>());
    const look = {
      matcher: side.matcher,
      destination: direction === 'ingress' ? end : side.outside,
      regions: (peers: Match<Peer>, policy: Policy) => entry(regions, peers, () => regionsOf(peers, policy)),
      isEmpty,
    };
    return entry(own, names, () => contributeRegions(selection, look) ?? []);
  }

  function classesOf(contributions: readonly RegionContribution<IpSet>[]): readonly IpSet[] {
    const cuts = contributions.map(({ region }) => region).filter((region) => region !== everywhere);
    if (cuts.length === 0) return isEmpty(everywhere) ? [] : [everywhere];
    return entry(classes, cuts.map(ipSetKey).join(' '), () => classifyAddresses(everywhere, cuts));
  }

  return (end) => {
    const endpoint = side.endpoints[end]!;
    if (!endpoint.families.includes(side.family)) return [];
    if (endpoint.pod === undefined) return [{ addresses: everywhere, decision: side.allowed, policies: [] }];
    const own = side.selections[direction].get(end) ?? [];
    const all = own.flatMap((selection) => contributionsOf(selection, end));
    const decide = side.memo.subject(own, selectedTiers(side.placement, side.selections, end));
    const found = new Map<DecisionId, { sets: IpSet[]; policies: Policy[] }>();
    for (const addresses of classesOf(all)) {
      const members = all
        .filter(({ region }) => region === everywhere || isSubset(addresses, region))
        .map(({ contribution }) => contribution);
      const decision = decide(members);
      if (decision === DENIED) continue;
      const one = entry(found, decision, () => ({ sets: [], policies: [] }));
      one.sets.push(addresses);
      one.policies.push(...accepting(members));
    }
    return [...found].map(([decision, { sets, policies }]) => ({ addresses: joined(sets), decision, policies }));
  };

  function joined(sets: readonly IpSet[]): IpSet {
    if (sets.length === 1) return sets[0]!;
    const union = unionAll(sets);
    return equals(union, everywhere) ? everywhere : union;
  }
}
