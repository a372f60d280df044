// What the rules of a selected policy do, and for which peers: the step from rules to sets.

import type { UnknownReason } from '../model/endpoint.ts';
import type { Direction } from '../model/policy.ts';
import { type IdSet, intersect } from '../sets/id-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import type { Contribution } from './fold.ts';
import type { MatchSet } from './match-set.ts';
import type { RuleMatcher } from './rule-matches.ts';
import type { Selection } from './selections.ts';

/** One contribution with the peers that it holds for, never none. */
export interface PeerContribution extends Contribution {
  readonly peers: IdSet;
  readonly selection: Selection;
}

/** The contributions of one selection for a subject, in written order. */
export function contribute(
  matcher: RuleMatcher,
  selection: Selection,
  subject: number,
  direction: Direction,
): readonly PeerContribution[] {
  const all = selection.part.rules;
  const rules =
    selection.rules?.map(([i, reason]) => ({ rule: all[i]!, narrowed: reason })) ??
    all.map((rule) => ({ rule, narrowed: undefined }));
  const result: PeerContribution[] = [];
  for (const { rule, narrowed } of rules) {
    const peers = matcher.peers(rule.peers, selection.placed.policy);
    const ports = direction === 'ingress' ? [matcher.portsOn(rule.ports, subject)] : matcher.portGroups(rule.ports);
    for (const group of ports) {
      const destinations = 'destinations' in group ? group.destinations : undefined;
      const add = (set: IdSet, opened: traffic.TrafficSet, open?: UnknownReason) => {
        const reason = open ?? narrowed ?? rule.perhaps;
        const members = destinations === undefined ? set : intersect(set, destinations);
        if (traffic.isEmpty(opened) || members.length === 0) return;
        result.push({
          action: rule.action,
          traffic: opened,
          conditions: rule.conditions,
          ...(reason === undefined ? {} : { reason }),
          peers: members,
          selection,
        });
      };
      addMatches(peers, group.sure, group.perhaps, add);
    }
  }
  return result;
}

function addMatches(
  peers: MatchSet,
  sure: traffic.TrafficSet,
  perhaps: traffic.TrafficSet,
  add: (set: IdSet, opened: traffic.TrafficSet, reason?: UnknownReason) => void,
): void {
  add(peers.yes, sure);
  add(peers.yes, perhaps, 'pod-ports');
  for (const [reason, set] of peers.maybe) add(set, traffic.union(sure, perhaps), reason);
}
