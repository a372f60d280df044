// What a connection meets on its way through a Service: a pod that comes back to itself, and plugins that see the Service
// instead of the pod behind it. Where that is open, the pair is judged under every reading, and what differs is unknown.

import { possibleTraffic } from '../compile/decision.ts';
import { compileReach, type Reach } from '../compile/reach.ts';
import type { FamilyDecisions, Rectangle } from '../compile/rectangle.ts';
import type { Unit } from '../endpoints/unit.ts';
import type { World } from '../endpoints/world.ts';
import { nearPlacement } from '../evaluate/near-policies.ts';
import type { UnknownReason } from '../model/endpoint.ts';
import type { Peer, Policy, Rule } from '../model/policy.ts';
import { isEverything, type Labels, selects } from '../model/selector.ts';
import type { Placement } from '../model/tier.ts';
import type { Decision } from '../model/verdict.ts';
import { ALL_ADDRESSES, FAMILIES, type IpSet, isEmpty, isSubset, ofFamily, overlaps, union } from '../sets/ip-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import type { State } from '../state.ts';
import { compiledState } from './compiled-state.ts';

/** How a Service with an address of its own forwards to one of its endpoints. Headless ones forward nothing. */
export interface ServicePath {
  /** Addresses of the Service; empty where they are not known. */
  readonly addresses: IpSet;
  /** Whether some port asked about has another number at the endpoint. */
  readonly changesPort: boolean;
  /** Labels that the Service selects pods by; absent: it has no selector. */
  readonly selector?: Labels;
}

/** What is asked about at one end, and the way there; `path` absent: directly. */
interface Destination {
  readonly unit: Unit;
  readonly path?: ServicePath;
}

/** Placements under which a pair may be judged, never empty; where their verdicts differ, the answer is unknown. */
export interface Readings {
  readonly placements: readonly [Placement, ...Placement[]];
  readonly reason: UnknownReason;
}

/** The readings of one pair. One placement: nothing is open. */
export function readingsOf(
  state: Pick<State, 'placement' | 'behaviour'>,
  from: Unit,
  { unit: to, path }: Destination,
): Readings {
  const { placement, behaviour } = state;
  const plain: Readings = { placements: [placement], reason: 'service-view' };
  if (path === undefined) return plain;
  if (from.type === 'workload' && from.endpoint.key === to.endpoint.key) return hairpin(state, from.workload.kind);
  if (behaviour.knobs.serviceView === 'postDNAT' || from.endpoint.pod === undefined) return plain;
  const seen = union(to.endpoint.addresses, isEmpty(path.addresses) ? ALL_ADDRESSES : path.addresses);
  const isOpen = (rule: Rule) => dependsOnView(rule, seen, path);
  const closed = readEgress(placement, (rule) => (isOpen(rule) ? { ...rule, peers: 'none' } : rule));
  if (closed === placement) return plain;
  const open = readEgress(placement, (rule) => (isOpen(rule) ? widen(rule, seen, path) : rule));
  return { placements: [placement, closed, open], reason: 'service-view' };
}

/**
 * A pod that reaches itself through a Service: NetworkPolicy leaves open whether it applies (kubernetes issue 95879), the
 * cluster-scoped APIs always do (semantics 1.8 T4, 2.1 C8). Of replicas one may meet another, to which policies apply.
 */
function hairpin({ placement, behaviour }: Pick<State, 'placement' | 'behaviour'>, kind: string): Readings {
  const policies = placement.policies.filter(({ policy }) => policy.tier !== 'NetworkPolicy');
  const exempt: Placement = { ...placement, policies };
  const { hairpin: knob } = behaviour.knobs;
  const reason = 'hairpin';
  switch (knob) {
    case 'enforce':
      return { placements: [placement], reason };
    case 'allow':
      return { placements: [kind === 'Pod' ? exempt : placement], reason };
    case 'egressOnly':
      return { placements: [kind === 'Pod' ? withoutIngress(placement) : placement], reason };
    case 'undefined':
      return { placements: [placement, exempt], reason };
  }
}

/** The placement of a plugin that skips every ingress rule, those of the cluster-scoped APIs too. */
function withoutIngress(placement: Placement): Placement {
  const policies = placement.policies.map(({ policy: { ingress: _, ...policy }, ...placed }) => ({
    ...placed,
    policy,
  }));
  return { ...placement, policies };
}

/**
 * Before the rewriting a rule sees another address and port: whether it matches is open where it names these. Whoever
 * selects pods sees a Service at most where that selects by the same labels (amazon-network-policy-controller-k8s).
 */
function dependsOnView(rule: Rule, seen: IpSet, path: ServicePath): boolean {
  return (path.changesPort && typeof rule.ports !== 'string') || splitBlocks(rule, seen) || narrowsPods(rule, path);
}

function narrowsPods(rule: Rule, { selector }: ServicePath): boolean {
  if (typeof rule.peers === 'string') return false;
  return rule.peers.some(
    (peer) =>
      peer.type === 'pods' && !isEverything(peer.pods) && (selector === undefined || !selects(peer.pods, selector)),
  );
}

function splitBlocks(rule: Rule, seen: IpSet): boolean {
  return typeof rule.peers !== 'string' && rule.peers.some((peer) => splits(peer, seen));
}

/** Reports whether a block holds one of the two addresses and not the other. */
function splits(peer: Peer, seen: IpSet): boolean {
  if (peer.type !== 'addresses') return false;
  return FAMILIES.some((family) => {
    const possible = ofFamily(seen, family);
    return overlaps(possible, peer.addresses) && !isSubset(possible, peer.addresses);
  });
}

function widen(rule: Rule, seen: IpSet, path: ServicePath): Rule {
  const anybody = splitBlocks(rule, seen) ? { peers: 'any' as const } : {};
  return { ...rule, ...anybody, ...(path.changesPort ? { ports: 'any' as const } : {}) };
}

/** The placement with egress rules of NetworkPolicies read anew; the same object where nothing changes. */
function readEgress(placement: Placement, read: (rule: Rule) => Rule): Placement {
  let changed = false;
  const policies = placement.policies.map((placed) => {
    const { policy } = placed;
    // The cluster-scoped APIs define that rules see the pod (semantics 2.1 C10).
    if (policy.tier !== 'NetworkPolicy' || policy.egress === undefined) return placed;
    const rules = policy.egress.rules.map(read);
    if (rules.every((rule, i) => rule === policy.egress!.rules[i])) return placed;
    changed = true;
    const anew: Policy = { ...policy, egress: { ...policy.egress, rules } };
    return { ...placed, policy: anew };
  });
  return changed ? { ...placement, policies } : placement;
}

/** Decides pairs of units, each on its way. */
export interface PathReach {
  /** Positions of units; `path` absent: directly. */
  decide(from: number, to: number, path?: ServicePath): FamilyDecisions;
  /** As {@link Reach.rectangles}; `paths` holds those of destinations that are reached through a Service. */
  rectangles(from: readonly number[], to: readonly number[], paths: ReadonlyMap<number, ServicePath>): Rectangle[];
}

/** Units for which policies are looked up one by one: to compile all policies for so few would be most of the work. */
const FEW_UNITS = 100;

/** Compiles the policies of a world for these units. */
export function compilePaths(world: World, units: readonly Unit[], protocols: readonly traffic.Protocol[]): PathReach {
  const { behaviour } = world.state;
  const { knobs } = behaviour;
  const ends = units.map((unit) => unit.endpoint);
  const isFew = units.length <= FEW_UNITS;
  const all = (isFew ? world.index?.placementFor(ends) : undefined) ?? world.state.placement;
  const state = { behaviour, placement: isFew ? nearPlacement(all, ends) : all };
  const universe = traffic.allTraffic(protocols);
  const compiled = new Map<Placement, Reach>();
  const reachOf = (placement: Placement): Reach => {
    const reach =
      compiled.get(placement) ??
      (placement === world.state.placement && isWhole(world, units)
        ? compiledState(world.state, units, protocols)
        : compileReach({ placement, knobs }, ends, protocols));
    compiled.set(placement, reach);
    return reach;
  };
  const plain = reachOf(state.placement);
  const readings = new Map<string, Readings>();
  const known = (from: number, to: number, path: ServicePath): Readings => {
    // Of the source only matters whether it is a pod, and whether it is the destination.
    const key = `${to} ${from === to} ${ends[from]!.pod === undefined}`;
    const found = readings.get(key) ?? readingsOf(state, units[from]!, { unit: units[to]!, path });
    readings.set(key, found);
    return found;
  };
  const decide = (from: number, to: number, path?: ServicePath): FamilyDecisions => {
    if (path === undefined) return plain.decide(from, to);
    const { placements, reason } = known(from, to, path);
    const each = placements.map((placement) => reachOf(placement).decide(from, to));
    return Object.fromEntries(
      FAMILIES.flatMap((family) => {
        const decisions = each.flatMap((one) => one[family] ?? []);
        return decisions.length === 0 ? [] : [[family, agree(decisions, reason, universe)] as const];
      }),
    );
  };
  return {
    decide,
    rectangles(from, to, paths) {
      const isPlain = (source: number, destination: number): boolean => {
        const path = paths.get(destination);
        return (
          path === undefined || known(source, destination, path).placements.every((one) => one === state.placement)
        );
      };
      const apart = to.filter(
        (destination) => paths.has(destination) && !from.every((source) => isPlain(source, destination)),
      );
      const direct = apart.length === 0 ? to : to.filter((destination) => !apart.includes(destination));
      const result = plain.rectangles(from, direct);
      for (const destination of apart) {
        result.push(
          ...plain.rectangles(
            from.filter((source) => isPlain(source, destination)),
            [destination],
          ),
        );
        for (const source of from) {
          if (isPlain(source, destination)) continue;
          const decisions = decide(source, destination, paths.get(destination));
          result.push({ sources: [source], destinations: [destination], decisions });
        }
      }
      return result;
    },
  };
}

/** Reports whether the units are all pods and all that is outside: what most questions about a whole state look at. */
function isWhole(world: World, units: readonly Unit[]): boolean {
  return units.length > FEW_UNITS && units.length === world.pods.length + world.outside().length;
}

/** What all readings agree on; all other traffic is unknown. */
function agree(decisions: readonly Decision[], reason: UnknownReason, universe: traffic.TrafficSet): Decision {
  const [first, ...others] = decisions as [Decision, ...Decision[]];
  if (others.length === 0) return first;
  const everywhere = (part: (decision: Decision) => traffic.TrafficSet) =>
    decisions.map(part).reduce((sum, set) => traffic.intersect(sum, set), universe);
  const allowed = everywhere((one) => one.allowed);
  const denied = everywhere((one) => traffic.subtract(universe, possibleTraffic(one)));
  const unknown = everywhere((one) =>
    one.unknown.reduce<traffic.TrafficSet>((sum, part) => traffic.union(sum, part.traffic), traffic.NO_TRAFFIC),
  );
  const settled = traffic.union(unknown, traffic.union(allowed, denied));
  const rest = traffic.subtract(universe, settled);
  const kept = first.unknown
    .map((part) => ({ ...part, traffic: traffic.intersect(part.traffic, unknown) }))
    .filter((part) => !traffic.isEmpty(part.traffic));
  const open = traffic.isEmpty(rest) ? [] : [{ traffic: rest, reason, policies: [] }];
  return { allowed, unknown: [...kept, ...open], conditional: [] };
}
