// Flows with the same parties, protocol and port become one connection: what was let through, what was refused, where and by
// whom. A log may hold millions: what many have alike is held once. Attributes nothing itself.

import type { Pod } from '../model/cluster.ts';
import { type Evidence, type Party, partyKey } from '../model/evidence.ts';
import type { ObservedFlow } from '../model/flow.ts';
import type { Direction, PolicyRef } from '../model/policy.ts';
import type { Family } from '../sets/ip-set.ts';
import type { Protocol } from '../sets/traffic-set.ts';
import type { AttributedDestination, AttributedEnd, AttributedFlow, HowKnown } from './attribution.ts';
import { countIn, type SeenCounter, startCounting } from './seen.ts';
import { type SharedValues, sharedValues } from './shared-values.ts';

/** All records of one connection. */
export interface GatheredConnection {
  readonly from: Party;
  readonly to: Party;
  readonly protocol: Protocol;
  readonly port: number;
  /** Services through which it went, sorted by text; empty: directly. */
  readonly via: readonly NonNullable<Evidence['via']>[];
  /** Pods of the snapshot that were its ends; `some: true` where others were too that no record tells. */
  readonly fromPods: SeenPods;
  readonly toPods: SeenPods;
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
  readonly refusals: Refusals;
  /** Families in which it was seen. */
  readonly families: ReadonlySet<Family>;
  /** Where the API server answered, by text; empty for other destinations. */
  readonly at: ReadonlyMap<string, Endpoint>;
  /** Of the records whose first destination this is, how many were refused and how many were not. */
  readonly refusedRecords: number;
  readonly otherRecords: number;
}

/** Pods of the snapshot that were an end. */
export interface SeenPods {
  readonly pods: ReadonlySet<Pod>;
  readonly some: boolean;
}

/** What refused records say; lists are sorted, and empty where nothing was refused or the log does not say. */
export interface Refusals {
  readonly byPolicy: boolean;
  readonly reasons: readonly string[];
  readonly directions: readonly Direction[];
  readonly policies: readonly PolicyRef[];
}

type Endpoint = NonNullable<AttributedDestination['at']>[number];

type Via = NonNullable<Evidence['via']>;

interface GrowingPods {
  readonly pods: Set<Pod>;
  some: boolean;
}

type Ends = Record<'fromPods' | 'toPods', GrowingPods>;

type Growing = { -readonly [Key in keyof Omit<GatheredConnection, keyof Ends>]: GatheredConnection[Key] } & Ends;

/** What connections share. */
interface Shared {
  readonly how: SharedValues<HowKnown>;
  readonly families: SharedValues<Family>;
  readonly refusals: Map<string, Refusals>;
  /** Ends of which one pod was seen. */
  readonly pods: Map<Pod, GrowingPods>;
}

const NO_PODS: GrowingPods = { pods: new Set(), some: false };
const SOME_PODS: GrowingPods = { pods: new Set(), some: true };
const NO_VIA: readonly Via[] = [];
const NO_ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map();
const NO_REFUSALS: Refusals = { byPolicy: false, reasons: [], directions: [], policies: [] };

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
  const shared: Shared = {
    how: sharedValues(),
    families: sharedValues(),
    refusals: new Map(),
    pods: new Map(),
  };
  return {
    knows: ({ from, to, protocol }) => byKey.has(keyOf(from, to[0], protocol)),
    add(flow, { from, to, protocol, turned }) {
      for (const destination of to) {
        const key = keyOf(from, destination, protocol);
        let one = byKey.get(key);
        if (one === undefined) {
          one = start(from.party, destination, protocol, shared);
          byKey.set(key, one);
        }
        grow(one, from, destination, { flow, isAnswer: turned }, shared);
        // A record counts once: its first destination stands for all of them.
        if (destination === to[0])
          one[flow.verdict.kind === 'denied' ? 'refusedRecords' : 'otherRecords'] += flow.count;
      }
    },
    connections: () => [...byKey.keys()].sort().map((key) => byKey.get(key)!),
  };
}

/** Sorts by source, destination, protocol and port. */
function keyOf(from: AttributedEnd, to: AttributedDestination, protocol: Protocol): string {
  // Joined, a text is in one piece and not a tree of them.
  return [partyKey(from.party), partyKey(to.party), protocol, String(to.port).padStart(5, '0')].join('\0');
}

function start(from: Party, to: AttributedDestination, protocol: Protocol, shared: Shared): Growing {
  return {
    from,
    to: to.party,
    protocol,
    port: to.port,
    via: NO_VIA,
    fromPods: NO_PODS,
    toPods: NO_PODS,
    how: shared.how.none,
    left: false,
    arrived: false,
    refusals: NO_REFUSALS,
    families: shared.families.none,
    at: NO_ENDPOINTS,
    refusedRecords: 0,
    otherRecords: 0,
  };
}

/** An answer that got through shows that its connection was made; where it was seen is where it was on its way back. */
function grow(
  one: Growing,
  from: AttributedEnd,
  to: AttributedDestination,
  { flow, isAnswer }: { readonly flow: ObservedFlow; readonly isAnswer: boolean },
  shared: Shared,
): void {
  one.how = shared.how.with(shared.how.with(one.how, from.how), to.how);
  one.fromPods = withPod(one.fromPods, from.pod, shared.pods);
  one.toPods = withPod(one.toPods, to.pod, shared.pods);
  if (to.via !== undefined) one.via = withVia(one.via, to.via);
  one.families = shared.families.with(one.families, flow.family);
  for (const at of to.at ?? []) {
    const text = `${at.address} ${at.port}`;
    if (!one.at.has(text)) one.at = new Map([...one.at, [text, at]]);
  }
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
      one.refusals = withRefusal(one.refusals, flow, isAnswer, shared.refusals);
  }
}

/** The pods with one more. One alone is shared by all that have it, and copied where another comes to it. */
function withPod(seen: GrowingPods, pod: Pod | undefined, single: Map<Pod, GrowingPods>): GrowingPods {
  if (pod === undefined ? seen.some : seen.pods.has(pod)) return seen;
  const count = seen.pods.size + (seen.some ? 1 : 0);
  if (count === 0) {
    if (pod === undefined) return SOME_PODS;
    const known = single.get(pod) ?? { pods: new Set([pod]), some: false };
    single.set(pod, known);
    return known;
  }
  const own = count === 1 ? { pods: new Set(seen.pods), some: seen.some } : seen;
  if (pod === undefined) own.some = true;
  else own.pods.add(pod);
  return own;
}

function withVia(known: readonly Via[], via: Via): readonly Via[] {
  const text = viaText(via);
  if (known.some((one) => viaText(one) === text)) return known;
  return [...known, via].sort((a, b) => (viaText(a) < viaText(b) ? -1 : 1));
}

function viaText({ namespace, name, port }: Via): string {
  return `${namespace}/${name}:${port}`;
}

/** The refusals with those of one more flow: what is known already where it says nothing new. */
function withRefusal(
  known: Refusals,
  { verdict, seenAt, policies = [] }: ObservedFlow,
  isAnswer: boolean,
  shared: Map<string, Refusals>,
): Refusals {
  if (verdict.kind !== 'denied') return known;
  const refusals: Refusals = {
    byPolicy: known.byPolicy || verdict.by === 'policy',
    reasons: withText(known.reasons, verdict.reason),
    directions: withText(known.directions, isAnswer ? undefined : seenAt),
    policies: policies.every((policy) => known.policies.includes(policy))
      ? known.policies
      : joinedPolicies(known.policies, policies),
  };
  if (
    refusals.byPolicy === known.byPolicy &&
    refusals.reasons === known.reasons &&
    refusals.directions === known.directions &&
    refusals.policies === known.policies
  )
    return known;
  const key = JSON.stringify(refusals);
  const found = shared.get(key) ?? refusals;
  shared.set(key, found);
  return found;
}

function withText<Text extends string>(known: readonly Text[], text: Text | undefined): readonly Text[] {
  return text === undefined || known.includes(text) ? known : [...known, text].sort();
}

function joinedPolicies(known: readonly PolicyRef[], more: readonly PolicyRef[]): readonly PolicyRef[] {
  const all = new Map([...known, ...more].map((policy) => [JSON.stringify(policy), policy]));
  if (all.size === known.length) return known;
  return [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, policy]) => policy);
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
