// Which addresses outside of the cluster an end is open to: its rules cut them into classes, and each class meets one
// decision. Addresses have no policies, so one side decides. One family and direction at a time.

import type { PeerContribution } from '../compile/contributions.ts';
import { DENIED, type DecisionId } from '../compile/decision.ts';
import { entry } from '../compile/entry.ts';
import type { Decide } from '../compile/fold-memo.ts';
import { ANY_NUMBER, numberedMap } from '../compile/numbered-map.ts';
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
import { decisionLattice } from './decision-lattice.ts';
import { accepting } from './peer-pieces.ts';
import { contributeRegions, type PeerRegions, type RegionContribution } from './region-contributions.ts';
import type { Side } from './side.ts';

/** These addresses meet at least this decision, never denied. */
export interface AddressEntry {
  readonly addresses: IpSet;
  readonly decision: DecisionId;
  /** Policies with a rule that accepts some of it; repeats mean nothing. None: nothing forbids it. */
  readonly policies: readonly Policy[];
}

/** Looks up the entries of ends: an address meets the best of those that hold it, and is denied where none does. */
export function exposedAddresses(side: Side, direction: Direction): (end: number) => readonly AddressEntry[] {
  const everywhere = ofFamily(side.endpoints[side.outside]!.addresses, side.family);
  const known = numberedMap<Selection, readonly RegionContribution<IpSet>[]>();
  const regions = new Map<Match<Peer>, PeerRegions<IpSet>>();
  const classes = new Map<string, readonly IpSet[]>();
  const lattice = decisionLattice(side.table);

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

  const regionsFor = (peers: Match<Peer>, policy: Policy) => entry(regions, peers, () => regionsOf(peers, policy));

  function contributionsOf(selection: Selection, end: number): readonly RegionContribution<IpSet>[] {
    const names = direction === 'ingress' && selection.hasNames ? side.matcher.namesAt(end) : ANY_NUMBER;
    const destination = direction === 'ingress' ? end : side.outside;
    const lookUp = { matcher: side.matcher, destination, regions: regionsFor, isEmpty };
    return known.entry(selection, names, () => contributeRegions(selection, lookUp) ?? []);
  }

  /** The named addresses in classes that no rule tells apart. */
  function classesOf(named: IpSet, cuts: readonly IpSet[]): readonly IpSet[] {
    if (cuts.length < 2) return cuts;
    return entry(classes, cuts.map(ipSetKey).join(' '), () => classifyAddresses(named, cuts));
  }

  const results = new Map<string, readonly AddressEntry[]>();
  const numbers = new Map<readonly RegionContribution<IpSet>[], number>();

  function entriesOf(all: readonly RegionContribution<IpSet>[], decide: Decide): AddressEntry[] {
    const found = new Map<DecisionId, { sets: IpSet[]; policies: Policy[] }>();
    const membersOf = (holds: (region: IpSet) => boolean) =>
      all.filter(({ region }) => holds(region)).map(({ contribution }) => contribution);
    const add = (addresses: IpSet, members: readonly PeerContribution[], decision: DecisionId): void => {
      if (decision === DENIED || isEmpty(addresses)) return;
      const one = entry(found, decision, () => ({ sets: [], policies: [] }));
      one.sets.push(addresses);
      one.policies.push(...accepting(members));
    };
    const cuts = all.flatMap(({ region }) => (region === everywhere ? [] : [region]));
    const named = cuts.length === 0 ? NO_ADDRESSES : cuts.length === 1 ? cuts[0]! : unionAll(cuts);
    const unnamed = membersOf((region) => region === everywhere);
    const rest = decide(unnamed);
    const parts = classesOf(named, cuts).map((addresses) => {
      const members = membersOf((region) => region === everywhere || isSubset(addresses, region));
      return { addresses, members, decision: decide(members) };
    });
    // What holds of all other addresses holds of the named ones too, unless a rule takes something away from these.
    const isLeast = parts.every(({ decision }) => lattice.covers(decision, rest));
    for (const { addresses, members, decision } of parts) {
      if (decision !== rest || !isLeast) add(addresses, members, decision);
    }
    if (rest !== DENIED) add(isLeast ? everywhere : subtract(everywhere, named), unnamed, rest);
    return [...found].map(([decision, { sets, policies }]) => ({ addresses: joined(sets), decision, policies }));
  }

  return (end) => {
    const endpoint = side.endpoints[end]!;
    if (!endpoint.families.includes(side.family)) return [];
    if (endpoint.pod === undefined) return [{ addresses: everywhere, decision: side.allowed, policies: [] }];
    const own = side.selections[direction].get(end) ?? [];
    const lists: (readonly RegionContribution<IpSet>[])[] = [];
    for (const selection of own) {
      if (selection.namesOnlyPods) continue;
      const list = contributionsOf(selection, end);
      if (list.length > 0) lists.push(list);
    }
    const base = side.baseOf(end, direction);
    const make = () => entriesOf(lists.flat(), side.memo.subject(own, side.selectedOf(end)));
    if (base === undefined) return make();
    // Few rules name addresses: ends under the same ones, and of the same standing otherwise, share the answer.
    const key = lists.map((list) => entry(numbers, list, () => numbers.size)).join();
    return entry(results, `${base}|${key}`, make);
  };

  function joined(sets: readonly IpSet[]): IpSet {
    if (sets.length === 1) return sets[0]!;
    const union = unionAll(sets);
    return equals(union, everywhere) ? everywhere : union;
  }
}
