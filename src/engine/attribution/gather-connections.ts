// Flows with the same parties, protocol and port become one connection: what was let through, what was refused, where and by
// whom. Attributes nothing itself.

import type { Pod } from '../model/cluster.ts';
import { type Evidence, type Party, partyKey } from '../model/evidence.ts';
import type { ObservedFlow } from '../model/flow.ts';
import type { Direction, PolicyRef } from '../model/policy.ts';
import type { Family } from '../sets/ip-set.ts';
import type { Protocol } from '../sets/traffic-set.ts';
import type { AttributedDestination, AttributedEnd, AttributedFlow, HowKnown } from './attribution.ts';
import { countIn, type SeenCounter, startCounting } from './seen.ts';

/** All records of one connection. */
export interface GatheredConnection {
  readonly from: Party;
  readonly to: Party;
  readonly protocol: Protocol;
  readonly port: number;
  /** Services through which it went, sorted by text; empty: directly. */
  readonly via: readonly NonNullable<Evidence['via']>[];
  /** Pods of the snapshot that were its ends; `some: true` where others were too that no record tells. */
  readonly fromPods: { readonly pods: ReadonlySet<Pod>; readonly some: boolean };
  readonly toPods: { readonly pods: ReadonlySet<Pod>; readonly some: boolean };
  /** How its ends were recognised. */
  readonly how: ReadonlySet<HowKnown>;
  /** Records that it was let through where they were written; absent: none. */
  readonly passed?: SeenCounter;
  /** Whether one of those was written as it left the source, or as it arrived at the destination. */
  readonly left: boolean;
  readonly arrived: boolean;
  /** Records without a verdict. */
  readonly undecided?: SeenCounter;
  readonly refused?: SeenCounter;
  readonly refusals: {
    readonly byPolicy: boolean;
    readonly reasons: readonly string[];
    readonly directions: readonly Direction[];
    readonly policies: readonly PolicyRef[];
  };
  /** Families in which it was seen. */
  readonly families: ReadonlySet<Family>;
  /** Where the API server answered, by text; empty for other destinations. */
  readonly at: ReadonlyMap<string, Endpoint>;
}

type Endpoint = NonNullable<AttributedDestination['at']>[number];

interface Growing {
  readonly from: Party;
  readonly to: Party;
  readonly protocol: Protocol;
  readonly port: number;
  readonly via: Map<string, NonNullable<Evidence['via']>>;
  readonly fromPods: { readonly pods: Set<Pod>; some: boolean };
  readonly toPods: { readonly pods: Set<Pod>; some: boolean };
  readonly how: Set<HowKnown>;
  passed?: SeenCounter;
  left: boolean;
  arrived: boolean;
  undecided?: SeenCounter;
  refused?: SeenCounter;
  byPolicy: boolean;
  readonly reasons: Set<string>;
  readonly directions: Set<Direction>;
  readonly policies: Map<string, PolicyRef>;
  readonly families: Set<Family>;
  readonly at: Map<string, Endpoint>;
}

/** Gathers connections; flows may come in any order. */
export interface ConnectionGatherer {
  add(flow: ObservedFlow, what: AttributedFlow & { readonly kind: 'connection' }): void;
  /** Whether any record so far is of the connection, to the first of its destinations. */
  knows(what: AttributedFlow & { readonly kind: 'connection' }): boolean;
  /** Sorted by source, destination, protocol and port. */
  connections(): readonly GatheredConnection[];
}

/** Starts to gather. */
export function gatherConnections(): ConnectionGatherer {
  const byKey = new Map<string, Growing>();
  return {
    knows: ({ from, to, protocol }) => byKey.has(keyOf(from, to[0], protocol)),
    add(flow, { from, to, protocol, turned }) {
      for (const destination of to) {
        const key = keyOf(from, destination, protocol);
        let one = byKey.get(key);
        if (one === undefined) {
          one = start(from.party, destination, protocol);
          byKey.set(key, one);
        }
        grow(one, from, destination, { flow, isAnswer: turned });
      }
    },
    connections() {
      const sorted = [...byKey.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
      return sorted.map(([, one]) => ({
        from: one.from,
        to: one.to,
        protocol: one.protocol,
        port: one.port,
        via: [...one.via.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, via]) => via),
        fromPods: one.fromPods,
        toPods: one.toPods,
        how: one.how,
        left: one.left,
        arrived: one.arrived,
        ...(one.passed === undefined ? {} : { passed: one.passed }),
        ...(one.undecided === undefined ? {} : { undecided: one.undecided }),
        ...(one.refused === undefined ? {} : { refused: one.refused }),
        refusals: {
          byPolicy: one.byPolicy,
          reasons: [...one.reasons].sort(),
          directions: [...one.directions].sort(),
          policies: [...one.policies.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, policy]) => policy),
        },
        families: one.families,
        at: one.at,
      }));
    },
  };
}

/** Sorts by source, destination, protocol and port. */
function keyOf(from: AttributedEnd, to: AttributedDestination, protocol: Protocol): string {
  return `${partyKey(from.party)}\0${partyKey(to.party)}\0${protocol}\0${String(to.port).padStart(5, '0')}`;
}

function start(from: Party, to: AttributedDestination, protocol: Protocol): Growing {
  return {
    from,
    to: to.party,
    protocol,
    port: to.port,
    via: new Map(),
    fromPods: { pods: new Set(), some: false },
    toPods: { pods: new Set(), some: false },
    how: new Set(),
    left: false,
    arrived: false,
    byPolicy: false,
    reasons: new Set(),
    directions: new Set(),
    policies: new Map(),
    families: new Set(),
    at: new Map(),
  };
}

/** An answer that got through shows that its connection was made; where it was seen is where it was on its way back. */
function grow(
  one: Growing,
  from: AttributedEnd,
  to: AttributedDestination,
  { flow, isAnswer }: { readonly flow: ObservedFlow; readonly isAnswer: boolean },
): void {
  one.how.add(from.how).add(to.how);
  addPod(one.fromPods, from.pod);
  addPod(one.toPods, to.pod);
  if (to.via !== undefined) one.via.set(`${to.via.namespace}/${to.via.name}:${to.via.port}`, to.via);
  one.families.add(flow.family);
  for (const at of to.at ?? []) one.at.set(`${at.address} ${at.port}`, at);
  const { verdict, seenAt } = flow;
  switch (verdict.kind) {
    case 'allowed':
      one.passed = counted(one.passed, flow);
      if (seenAt === 'egress' && !isAnswer) one.left = true;
      if (seenAt === 'ingress' || isAnswer) one.arrived = true;
      return;
    case 'unknown':
      one.undecided = counted(one.undecided, flow);
      return;
    case 'denied':
      one.refused = counted(one.refused, flow);
      if (verdict.by === 'policy') one.byPolicy = true;
      if (verdict.reason !== undefined) one.reasons.add(verdict.reason);
      if (seenAt !== undefined && !isAnswer) one.directions.add(seenAt);
      for (const policy of flow.policies ?? []) one.policies.set(JSON.stringify(policy), policy);
  }
}

function addPod(ends: { readonly pods: Set<Pod>; some: boolean }, pod: Pod | undefined): void {
  if (pod === undefined) ends.some = true;
  else ends.pods.add(pod);
}

function counted(seen: SeenCounter | undefined, flow: ObservedFlow): SeenCounter {
  if (seen === undefined) return startCounting(flow);
  countIn(seen, flow);
  return seen;
}

/**
 * Whether the connection was tried and never made: refused where it leaves or arrives, and no record says that it ever got
 * past that place. What is written before that place says nothing of it.
 */
export function neverMade({ left, arrived, refused, refusals }: GatheredConnection): boolean {
  if (refused === undefined || arrived) return false;
  return refusals.directions.includes('ingress') || (refusals.directions.includes('egress') && !left);
}
