// Whether one side surely closes a pair of pods to some traffic: what findings about two policies that do not fit rest on.
// In doubt a pair is open.

import { entry } from '../../compile/entry.ts';
import { possible } from '../../compile/match-set.ts';
import { hasNames } from '../../compile/rule-matches.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import type { Direction, Policy, Rule } from '../../model/policy.ts';
import type { PlacedPolicy } from '../../model/tier.ts';
import { contains, type IdSet, membersOf, overlaps, subtract, unionAll } from '../../sets/id-set.ts';
import * as ips from '../../sets/ip-set.ts';
import * as traffic from '../../sets/traffic-set.ts';
import { addressPeers, podPeers } from '../accepting-rules.ts';
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
  if (first === undefined || !contains(isolated, first) || subtract(subjects, isolated).length > 0) return 'open';
  if (hasNames(ports)) return passageOfNames(context, { direction, subjects, peers, ports });
  const { sure: wanted } = portTraffic(ports, context.pods[first]!.endpoint);
  if (traffic.isEmpty(wanted) || isFirstOpen(context, direction, subjects, peers, wanted)) return 'open';
  return openedOnce(context)(direction, subjects, peers)(wanted);
}

/** Reports whether one pair is open, which mostly one of the first is: nothing is kept for later questions then. */
function isFirstOpen(
  context: CheckContext,
  direction: Direction,
  [subject]: IdSet,
  [peer]: IdSet,
  wanted: traffic.TrafficSet,
): boolean {
  if (subject === undefined || peer === undefined || subject === peer) return false;
  const { endpoint } = context.pods[peer]!;
  const destination = direction === 'egress' ? endpoint : context.pods[subject]!.endpoint;
  const rules = meantOverPods(context)(subject, direction);
  return passageBetween(rules, endpoint, peer, wanted, destination) === 'open';
}

/** A name means another port at each destination. */
function passageOfNames(context: CheckContext, { direction, subjects, peers, ports }: Sides): Passage {
  let result: Passage | undefined;
  for (const subject of membersOf(subjects)) {
    const rules = rulesFor(context, direction, subject, peers);
    for (const peer of membersOf(peers)) {
      if (subject === peer) continue;
      const destination = context.pods[direction === 'egress' ? peer : subject]!.endpoint;
      const { sure: wanted } = portTraffic(ports, destination);
      if (traffic.isEmpty(wanted)) continue;
      const passage = passageBetween(rules, context.pods[peer]!.endpoint, peer, wanted, destination);
      if (passage === 'open') return 'open';
      if (result !== 'by-block') result = passage;
    }
  }
  return result ?? 'open';
}

/** What some traffic finds between all pairs of two sets. */
type Answers = (wanted: traffic.TrafficSet) => Passage;

/** Rules of thousands of policies ask about the same two sets: what one side opens to the other is added up once for all ports. */
const openedOnce = oncePerRun((context) => {
  const known = { ingress: new Map<IdSet, Map<IdSet, Answers>>(), egress: new Map<IdSet, Map<IdSet, Answers>>() };
  return (direction: Direction, subjects: IdSet, peers: IdSet): Answers =>
    entry(
      entry(known[direction], subjects, () => new Map()),
      peers,
      () => openedBetween(context, direction, subjects, peers),
    );
});

/** Goes through the pairs no further than it is asked: mostly one of the first is open. */
function openedBetween(context: CheckContext, direction: Direction, subjects: IdSet, peers: IdSet): Answers {
  const open = { open: traffic.NO_TRAFFIC, 'by-block': traffic.NO_TRAFFIC };
  let hasPair = false;
  const from = membersOf(subjects);
  const others = membersOf(peers);
  let rules: readonly Meant[] = [];
  let [nextSubject, nextPeer] = [0, 0];
  /** Adds what the next pair is opened; false behind the last one. */
  const goOn = (): boolean => {
    for (; nextSubject < from.length; nextSubject++, nextPeer = 0) {
      const subject = from[nextSubject]!;
      if (nextPeer === 0) {
        // Most rules mean none of the peers: they are asked once, not for every pair.
        rules = rulesFor(context, direction, subject, peers);
        if (rules.length === 0) {
          hasPair ||= others.some((peer) => peer !== subject);
          continue;
        }
      }
      while (nextPeer < others.length) {
        const peer = others[nextPeer++]!;
        if (subject === peer) continue;
        hasPair = true;
        const destination = context.pods[direction === 'egress' ? peer : subject]!.endpoint;
        const endpoint = context.pods[peer]!.endpoint;
        for (const meant of rules) {
          const how = passageOfRule(meant, endpoint, peer);
          if (how !== 'closed') open[how] = traffic.union(open[how], opened(meant.rule, destination));
        }
        return true;
      }
    }
    return false;
  };
  return (wanted) => {
    for (;;) {
      if (!traffic.isEmpty(traffic.intersect(open.open, wanted))) return 'open';
      if (!goOn()) break;
    }
    if (!hasPair) return 'open';
    return traffic.isEmpty(traffic.intersect(open['by-block'], wanted)) ? 'closed' : 'by-block';
  };
}

function passageBetween(
  rules: readonly Meant[],
  endpoint: Endpoint,
  peer: number,
  wanted: traffic.TrafficSet,
  destination: Endpoint,
): Passage {
  let passage: Passage = 'closed';
  for (const meant of rules) {
    const how = passageOfRule(meant, endpoint, peer);
    if (how === 'closed' || !opens(meant.rule, wanted, destination)) continue;
    if (how === 'open') return 'open';
    passage = 'by-block';
  }
  return passage;
}

function opens(rule: Rule, wanted: traffic.TrafficSet, destination: Endpoint): boolean {
  return rule.ports === 'any' || !traffic.isEmpty(traffic.intersect(wanted, opened(rule, destination)));
}

const EVERYTHING = traffic.allTraffic(traffic.PROTOCOLS);

/** What a rule opens at a destination, surely or perhaps. */
function opened({ ports }: Rule, destination: Endpoint): traffic.TrafficSet {
  if (ports === 'any') return EVERYTHING;
  const { sure, perhaps } = portTraffic(ports, destination);
  return traffic.isEmpty(perhaps) ? sure : traffic.union(sure, perhaps);
}

/** Whom a rule that may let something through means: everybody, or pods, surely or perhaps, and blocks. */
interface Meant {
  readonly rule: Rule;
  readonly everybody: boolean;
  readonly pods: IdSet;
  readonly blocks: readonly ips.IpSet[];
  /** Whether it names nodes or domains: what no pod selector sees may be one. */
  readonly others: boolean;
}

/** False only where the rule surely means none of the pods. */
function mayMean({ everybody, pods, blocks, others }: Meant, peers: IdSet): boolean {
  return everybody || others || blocks.length > 0 || overlaps(pods, peers);
}

function passageOfRule({ everybody, pods, blocks, others }: Meant, endpoint: Endpoint, id: number): Passage {
  if (everybody || contains(pods, id) || (others && endpoint.pod === undefined)) return 'open';
  const isInBlock = endpoint.matchesBlocks !== 'no' && blocks.some((block) => ips.overlaps(endpoint.addresses, block));
  return isInBlock ? 'by-block' : 'closed';
}

/** Whom the rules of a policy mean in a direction, those that deny left out; each policy is looked up once. */
const meantByPolicies = oncePerRun((context) => {
  const read = (policy: Policy, direction: Direction): readonly Meant[] =>
    (policy[direction]?.rules ?? []).flatMap((rule) => {
      if (rule.action === 'Deny') return [];
      const peers = typeof rule.peers === 'string' ? [] : rule.peers;
      const pods = podPeers(rule).map((peer) => possible(context.select(peer.namespaces, peer.pods, policy)));
      return {
        rule,
        everybody: rule.peers === 'any',
        pods: unionAll(pods),
        blocks: addressPeers(rule).map(({ addresses }) => addresses),
        others: peers.some(({ type }) => type === 'nodes' || type === 'domains'),
      };
    });
  const known = { ingress: new Map<Policy, readonly Meant[]>(), egress: new Map<Policy, readonly Meant[]>() };
  return (policy: Policy, direction: Direction) => entry(known[direction], policy, () => read(policy, direction));
});

/** The rules over a pod in a direction, those of all of its policies; pods of the same policies are looked up once. */
const meantOverPods = oncePerRun((context) => {
  const known = {
    ingress: new Map<readonly PlacedPolicy[], readonly Meant[]>(),
    egress: new Map<readonly PlacedPolicy[], readonly Meant[]>(),
  };
  const meantBy = meantByPolicies(context);
  return (pod: number, direction: Direction) => {
    const policies = policiesOfPods(context)[pod]!;
    return entry(known[direction], policies, () => policies.flatMap(({ policy }) => meantBy(policy, direction)));
  };
});

/** The rules over the pod in the direction that may mean one of the peers. */
function rulesFor(context: CheckContext, direction: Direction, subject: number, peers: IdSet): readonly Meant[] {
  const all = meantOverPods(context)(subject, direction);
  const byPeers = entry(rulesByPeers(context), all, () => new Map<IdSet, readonly Meant[]>());
  return entry(byPeers, peers, () => all.filter((meant) => mayMean(meant, peers)));
}

const rulesByPeers = oncePerRun(() => new Map<readonly Meant[], Map<IdSet, readonly Meant[]>>());

/** Reports whether somebody said what the plugin is, or whether it compares blocks with pods. */
export function isBlockMatchKnown({ state: { behaviour } }: CheckContext): boolean {
  return behaviour.name !== 'default' || behaviour.assumed.some((text) => text.startsWith('ipBlockMatchesPods'));
}
