// What the rules of a selected policy do for others that are not listed one by one: pods that could exist, or addresses.
// The twin of compile/contributions.ts, with regions of whatever kind in place of sets of endpoints.

import { addMatches, type PeerContribution, rulesOf } from '../compile/contributions.ts';
import type { RuleMatcher } from '../compile/rule-matches.ts';
import type { Selection } from '../compile/selections.ts';
import type { UnknownReason } from '../model/endpoint.ts';
import type { Match, Peer, Policy } from '../model/policy.ts';
import { EMPTY } from '../sets/id-set.ts';
import * as traffic from '../sets/traffic-set.ts';

/** One contribution with the region that it holds for, never an empty one. */
export interface RegionContribution<Region> {
  readonly region: Region;
  readonly contribution: PeerContribution;
  /** The one policy that it comes from. */
  readonly policies: readonly Policy[];
}

/** Where a list of peers leads among the others, surely and perhaps. */
export interface PeerRegions<Region> {
  readonly yes: Region;
  readonly maybe: readonly (readonly [UnknownReason, Region])[];
}

/** How the others are looked up. `destination` is the position of whoever receives. */
export interface RegionLookUp<Region> {
  readonly matcher: RuleMatcher;
  readonly destination: number;
  /** Undefined: that cannot be told. */
  regions(peers: Match<Peer>, policy: Policy): PeerRegions<Region> | undefined;
  isEmpty(region: Region): boolean;
}

/** The contributions of one selection in written order. Undefined: for some rule it cannot be told whom it is about. */
export function contributeRegions<Region>(
  selection: Selection,
  { matcher, destination, regions, isEmpty }: RegionLookUp<Region>,
): RegionContribution<Region>[] | undefined {
  const result: RegionContribution<Region>[] = [];
  const { policy } = selection.placed;
  const policies = [policy];
  for (const { rule, narrowed } of rulesOf(selection)) {
    const peers = regions(rule.peers, policy);
    if (peers === undefined) return undefined;
    if (isEmpty(peers.yes) && peers.maybe.length === 0) continue;
    const add = (region: Region, opened: traffic.TrafficSet, open?: UnknownReason): void => {
      const reason = open ?? narrowed;
      if (traffic.isEmpty(opened) || isEmpty(region)) return;
      const contribution: PeerContribution = {
        action: rule.action,
        traffic: opened,
        conditions: rule.conditions,
        ...(reason === undefined ? {} : { reason }),
        peers: EMPTY,
        selection,
      };
      result.push({ region, contribution, policies });
    };
    addMatches(peers, matcher.portsOn(rule.ports, destination), add);
  }
  return result;
}
