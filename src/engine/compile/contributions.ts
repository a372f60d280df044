// What the rules of a selected policy do, and for which peers: the step from rules to sets.

import type { UnknownReason } from '../model/endpoint.ts';
import type { Direction, Rule } from '../model/policy.ts';
import { type IdSet, intersect } from '../sets/id-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import type { Contribution } from './fold.ts';
import { openReasons } from './open-reasons.ts';
import type { PortTraffic, RuleMatcher } from './rule-matches.ts';
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
  const result: PeerContribution[] = [];
  for (const { rule, narrowed } of rulesOf(selection)) {
    const peers = matcher.peers(rule.peers, selection.placed.policy);
    const ports = direction === 'ingress' ? [matcher.portsOn(rule.ports, subject)] : matcher.portGroups(rule.ports);
    for (const group of ports) {
      const destinations = 'destinations' in group ? group.destinations : undefined;
      const add = (set: IdSet, opened: traffic.TrafficSet, open?: UnknownReason) => {
        const reason = open ?? narrowed;
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
      addMatches(peers, group, add);
    }
  }
  return result;
}

/** The rules of a selection in written order; `narrowed` is why they hold only perhaps, whatever they match. */
export function rulesOf({
  part,
  rules,
}: Selection): readonly { readonly rule: Rule; readonly narrowed: UnknownReason | undefined }[] {
  if (rules === undefined) return part.rules.map((rule) => ({ rule, narrowed: rule.perhaps }));
  return rules.map(([i, reason]) => ({ rule: part.rules[i]!, narrowed: reason ?? part.rules[i]!.perhaps }));
}

/**
 * Pairs the peers of a rule with what it opens: what is sure of both, and what is not, with the reason. Of several that hold
 * for a peer the first counts.
 */
export function addMatches<Peers>(
  peers: { readonly yes: Peers; readonly maybe: Iterable<readonly [UnknownReason, Peers]> },
  { sure, perhaps }: PortTraffic,
  add: (set: Peers, opened: traffic.TrafficSet, reason?: UnknownReason) => void,
): void {
  add(peers.yes, sure);
  add(peers.yes, perhaps, 'pod-ports');
  for (const [reason, set] of openReasons(peers.maybe)) add(set, traffic.union(sure, perhaps), reason);
}
