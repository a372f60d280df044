// From units and decisions to the parts of documents: endpoints, ports, connections, and what every answer carries.

import type { Rectangle } from '../compile/rectangle.ts';
import type { Unit } from '../endpoints/unit.ts';
import type { Gap } from '../model/cluster.ts';
import type { Policy } from '../model/policy.ts';
import type { Decision } from '../model/verdict.ts';
import { printRanges } from '../sets/ip-address.ts';
import type { Family } from '../sets/ip-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import type { State } from '../state.ts';
import {
  API_VERSION,
  type ConnectionDocument,
  type EndpointDocument,
  type GapDocument,
  type Ports,
} from './documents.ts';

/** Ports as documents have them; `all` where the set is everything that the document is about. */
export function describePorts(set: traffic.TrafficSet, universe: traffic.TrafficSet): Ports {
  if (traffic.equals(set, universe)) return 'all';
  const ports: Exclude<Ports, 'all'> = {};
  for (const protocol of traffic.PROTOCOLS) {
    const bounds = set[protocol];
    if (bounds === undefined) continue;
    const ranges: [number, number][] = [];
    for (let i = 0; i < bounds.length; i += 2) ranges.push([bounds[i]!, bounds[i + 1]! - 1]);
    ports[protocol] = ranges;
  }
  return ports;
}

/** Describes a unit under the given id. */
export function describeUnit(unit: Unit, id: number, state: State): EndpointDocument {
  const incomplete = isIncomplete(unit, state) ? { incomplete: true } : {};
  const base = { id, key: unit.endpoint.key, ...incomplete };
  switch (unit.type) {
    case 'workload': {
      const { workload, pods, variant } = unit;
      const count = pods.every((pod) => pod.real) ? pods.length : workload.replicas;
      return {
        ...base,
        type: 'workload',
        namespace: workload.namespace,
        kind: workload.kind,
        name: workload.name,
        ...(count === undefined ? {} : { pods: count }),
        ...(variant === undefined ? {} : { variant }),
        ...(pods[0]!.hostNetwork ? { hostNetwork: true } : {}),
      };
    }
    case 'addresses':
      return {
        ...base,
        type: 'addresses',
        ranges: printRanges(unit.set),
        ...(unit.name === undefined ? {} : { name: unit.name }),
      };
    case 'node':
      return { ...base, type: 'node', name: unit.node.name };
    case 'entry': {
      const { kind, namespace, name } = unit.entry;
      return { ...base, type: 'entry', kind, namespace, name };
    }
    case 'outside-name':
      return { ...base, type: 'domain', name: unit.endpoint.name };
    case 'hypothetical': {
      const { pod } = unit.endpoint;
      const namespaceSelector = { matchLabels: pod?.namespaceLabels ?? {} };
      return {
        ...base,
        type: 'pods',
        name: unit.text,
        namespaceSelector,
        podSelector: { matchLabels: pod?.labels ?? {} },
      };
    }
  }
}

/** Reports whether something unread could change answers about the unit. */
function isIncomplete(unit: Unit, state: State): boolean {
  return state.gaps.some((gap) => concerns(gap, unit));
}

function concerns(gap: Gap, unit: Unit): boolean {
  if (gap.namespaces === 'all') return true;
  const namespace = unit.endpoint.pod?.namespace ?? (unit.type === 'workload' ? unit.workload.namespace : undefined);
  return namespace !== undefined && gap.namespaces.includes(namespace);
}

/** Reports whether policies in force about any of the units are missing, so that nothing about them is sure. */
export function lacksPolicies(units: readonly Unit[], state: State): boolean {
  return state.gaps.some((gap) => gap.lost === 'policies' && units.some((unit) => concerns(gap, unit)));
}

/** The two ends of a connection, by id. Lists may be shared with other connections. */
export type ConnectionEnds = Pick<ConnectionDocument, 'from' | 'to' | 'family'>;

/** The verdicts of a rectangle as documents list them: one connection, or one a family where they differ. */
export function describeDecisions(
  decisions: Rectangle['decisions'],
  ends: ConnectionEnds,
  universe: traffic.TrafficSet,
): ConnectionDocument[] {
  const connections: ConnectionDocument[] = [];
  addConnections(connections, decisions, ends, (decision) => describeDecision(decision, universe));
  return connections;
}

/** As {@link describeDecisions}, at the end of a list; `describe`: what a decision comes to, where that is known already. */
export function addConnections(
  into: ConnectionDocument[],
  { IPv4, IPv6 }: Rectangle['decisions'],
  ends: ConnectionEnds,
  describe: (decision: Decision) => DecisionDocument,
): void {
  const first = IPv4 ?? IPv6;
  if (first === undefined) return;
  if (IPv4 === undefined || IPv6 === undefined || isSameDecision(IPv4, IPv6, describe)) {
    if (!isDenied(first)) into.push(connectionOf(ends, ends.family, describe(first)));
    return;
  }
  if (!isDenied(IPv4)) into.push(connectionOf(ends, 'IPv4', describe(IPv4)));
  if (!isDenied(IPv6)) into.push(connectionOf(ends, 'IPv6', describe(IPv6)));
}

/** Field by field: with fields spread into it each of a hundred thousand connections would have a shape of its own in V8. */
function connectionOf(
  { from, to }: ConnectionEnds,
  family: Family | undefined,
  { allowed, unknown, conditional }: DecisionDocument,
): ConnectionDocument {
  const connection: { -readonly [K in keyof ConnectionDocument]: ConnectionDocument[K] } = { from, to };
  if (family !== undefined) connection.family = family;
  if (allowed !== undefined) connection.allowed = allowed;
  if (unknown !== undefined) connection.unknown = unknown;
  if (conditional !== undefined) connection.conditional = conditional;
  return connection;
}

function isSameDecision(a: Decision, b: Decision, describe: (decision: Decision) => DecisionDocument): boolean {
  return a === b || JSON.stringify(describe(a)) === JSON.stringify(describe(b));
}

/** Reports whether nothing is allowed, not even perhaps or under conditions. */
export function isDenied(decision: Decision): boolean {
  return traffic.isEmpty(decision.allowed) && decision.unknown.length === 0 && decision.conditional.length === 0;
}

/** What a decision comes to in a document. */
export type DecisionDocument = Pick<ConnectionDocument, 'allowed' | 'unknown' | 'conditional'>;

/** The parts of a decision as documents have them; an absent part is empty. */
export function describeDecision(decision: Decision, universe: traffic.TrafficSet): DecisionDocument {
  return {
    ...(traffic.isEmpty(decision.allowed) ? {} : { allowed: describePorts(decision.allowed, universe) }),
    ...(decision.unknown.length === 0
      ? {}
      : {
          unknown: decision.unknown.map((part) => ({
            ports: describePorts(part.traffic, universe),
            reason: part.reason,
            policies: part.policies.map((policy: Policy) => policy.ref),
          })),
        }),
    ...(decision.conditional.length === 0
      ? {}
      : {
          conditional: decision.conditional.map((part) => ({
            ports: describePorts(part.traffic, universe),
            conditions: [...part.conditions],
          })),
        }),
  };
}

/** A decision on the part of its traffic that is asked about. */
export function restrict(decision: Decision, asked: traffic.TrafficSet): Decision {
  const cut = <T extends { readonly traffic: traffic.TrafficSet }>(parts: readonly T[]): T[] =>
    parts
      .map((part) => ({ ...part, traffic: traffic.intersect(part.traffic, asked) }))
      .filter((part) => !traffic.isEmpty(part.traffic));
  return {
    allowed: traffic.intersect(decision.allowed, asked),
    unknown: cut(decision.unknown),
    conditional: cut(decision.conditional),
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What every answer carries. */
export function commonFields(
  state: State,
  notes: readonly string[],
): {
  apiVersion: typeof API_VERSION;
  cni: string;
  assumptions: string[];
  notes: string[];
  incomplete: GapDocument[];
} {
  return {
    apiVersion: API_VERSION,
    cni: state.behaviour.name,
    assumptions: [...state.assumptions],
    notes: [...state.limits, ...notes],
    incomplete: describeGaps(state),
  };
}

/** What was not read or understood. */
export function describeGaps({ gaps }: Pick<State, 'gaps'>): GapDocument[] {
  return gaps
    .map(({ reason, message, namespaces, file }) => ({
      reason,
      message,
      namespaces,
      ...(file === undefined ? {} : { file }),
    }))
    .sort((a, b) => compare(a.file ?? '', b.file ?? '') || compare(a.message, b.message));
}

/** A policy for sentences: `shop/db-from-api`, `cluster policy NAME`. */
export function policyName(policy: Policy): string {
  const { namespace, name, kind } = policy.ref;
  return namespace === undefined ? `${kind} ${name}` : `${namespace}/${name}`;
}
