// Whether one side surely closes a pair of pods to some traffic: what findings about two policies that do not fit rest on.
// In doubt a pair is open.

import { possible } from '../../compile/match-set.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import type { Direction, Match, Peer, Policy, Rule } from '../../model/policy.ts';
import { contains, type IdSet, membersOf } from '../../sets/id-set.ts';
import { overlaps } from '../../sets/ip-set.ts';
import * as traffic from '../../sets/traffic-set.ts';
import type { CheckContext } from '../context.ts';
import { policiesOfPods } from '../flows.ts';
import { isolatedPods } from '../isolation-sets.ts';
import { oncePerRun } from '../once.ts';
import { portTraffic } from '../port-traffic.ts';

/** What a side says to a pair: nothing of the traffic, some of it, or some of it only where blocks are compared with pods. */
export type Passage = 'closed' | 'open' | 'by-block';

/** What the pods of one side say of pods of the other, over all pairs of two different ones. */
export interface Sides {
  readonly direction: Direction;
  readonly subjects: IdSet;
  readonly peers: IdSet;
  /** Ports as a rule of the other side has them. */
  readonly ports: Rule['ports'];
}

/**
 * The passage of all pairs together: `closed` where every pair is, `by-block` where none is open in another way and some
 * is so; `open` where some pair is, or where there is none to ask.
 */
export function passageOf(context: CheckContext, { direction, subjects, peers, ports }: Sides): Passage {
  const { isolated } = isolatedPods(context)[direction];
  const [first] = subjects;
  if (first === undefined || !contains(isolated, first)) return 'open';
  let result: Passage | undefined;
  for (const subject of membersOf(subjects)) {
    if (!contains(isolated, subject)) return 'open';
    for (const peer of membersOf(peers)) {
      if (subject === peer) continue;
      const destination = context.pods[direction === 'egress' ? peer : subject]!.endpoint;
      const { sure: wanted } = portTraffic(ports, destination);
      if (traffic.isEmpty(wanted)) continue;
      const passage = passageBetween(context, direction, subject, peer, wanted, destination);
      if (passage === 'open') return 'open';
      if (result !== 'by-block') result = passage;
    }
  }
  return result ?? 'open';
}

function passageBetween(
  context: CheckContext,
  direction: Direction,
  subject: number,
  peer: number,
  wanted: traffic.TrafficSet,
  destination: Endpoint,
): Passage {
  let passage: Passage = 'closed';
  for (const { policy } of policiesOfPods(context)[subject]!) {
    for (const rule of policy[direction]?.rules ?? []) {
      if (rule.action === 'Deny' || !opens(rule, wanted, destination)) continue;
      const how = matchesPod(context, policy, rule.peers, peer);
      if (how === 'open') return 'open';
      if (how === 'by-block') passage = 'by-block';
    }
  }
  return passage;
}

function opens({ ports }: Rule, wanted: traffic.TrafficSet, destination: Endpoint): boolean {
  if (ports === 'any') return true;
  const { sure, perhaps } = portTraffic(ports, destination);
  return !traffic.isEmpty(traffic.intersect(wanted, traffic.union(sure, perhaps)));
}

function matchesPod(context: CheckContext, policy: Policy, peers: Match<Peer>, id: number): Passage {
  if (typeof peers === 'string') return peers === 'any' ? 'open' : 'closed';
  const { endpoint } = context.pods[id]!;
  let passage: Passage = 'closed';
  for (const peer of peers) {
    if (peer.type === 'pods') {
      if (contains(podsMeant(context, policy, peer), id)) return 'open';
    } else if (peer.type === 'addresses') {
      if (endpoint.matchesBlocks !== 'no' && overlaps(endpoint.addresses, peer.addresses)) passage = 'by-block';
    } else if (endpoint.pod === undefined) return 'open';
  }
  return passage;
}

const peerSets = oncePerRun(() => new Map<Peer, IdSet>());

/** Pods that the peer means, surely or perhaps. */
function podsMeant(context: CheckContext, policy: Policy, peer: Extract<Peer, { type: 'pods' }>): IdSet {
  const known = peerSets(context);
  let set = known.get(peer);
  if (set === undefined) {
    set = possible(context.select(peer.namespaces, peer.pods, policy));
    known.set(peer, set);
  }
  return set;
}

/** Reports whether somebody said what the plugin is, or whether it compares blocks with pods. */
export function isBlockMatchKnown({ state: { behaviour } }: CheckContext): boolean {
  return behaviour.name !== 'default' || behaviour.assumed.some((text) => text.startsWith('ipBlockMatchesPods'));
}
