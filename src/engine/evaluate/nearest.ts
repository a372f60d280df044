// The rule that came closest to deciding a flow, and the first part of it that failed: what a person wants to hear first.

import type { Endpoint } from '../model/endpoint.ts';
import type { NamespaceScope, Peer, Policy, PortMatch, Rule } from '../model/policy.ts';
import {
  isEverything,
  labelOf,
  printSelector,
  type Requirement,
  type Selector,
  selectsValue,
} from '../model/selector.ts';
import type { Path } from '../model/source.ts';
import type { NearMiss } from '../model/verdict.ts';
import { matchesPeer, matchesPort } from './matching.ts';
import type { Applied, Side } from './tiers.ts';

/** The Accept rule with the fewest failed parts among the policies that select the subject; undefined if there is none. */
export function findNearest(policies: readonly Applied[], side: Side): NearMiss | undefined {
  let best: Miss | undefined;
  for (const applied of policies) {
    for (const rule of applied.part.rules) {
      if (rule.action !== 'Accept') continue;
      const miss = measure(rule, applied, side);
      if (miss !== undefined && (best === undefined || miss.distance < best.distance)) best = miss;
    }
  }
  if (best === undefined) return undefined;
  const { rule, policy, failures, distance } = best;
  return {
    policy,
    rule: { index: rule.index, ...(rule.name === undefined ? {} : { name: rule.name }), path: rule.path },
    path: failures[0]!.path,
    why: failures.map((failure) => failure.why()).join('; '),
    distance,
  };
}

/** A rule that does not match, and the parts of it that fail; at least one. */
interface Miss {
  readonly rule: Rule;
  readonly policy: Policy;
  readonly failures: readonly Failure[];
  readonly distance: number;
}

interface Failure {
  readonly path: Path;
  /** Only of one rule anybody wants to read it. */
  readonly why: () => string;
  readonly distance: number;
}

function measure(rule: Rule, applied: Applied, side: Side): Miss | undefined {
  const peer = closestPeer(rule, applied, side);
  const port = closestPort(rule, side);
  const failures = [peer, port].filter((failure) => failure !== undefined);
  if (failures.length === 0) return undefined;
  const distance = failures.reduce((sum, failure) => sum + 10 + failure.distance, 0);
  return { rule, policy: applied.placed.policy, failures, distance };
}

/** Undefined where some peer matches, surely or perhaps. */
function closestPeer(rule: Rule, applied: Applied, side: Side): Failure | undefined {
  if (rule.peers === 'any') return undefined;
  if (rule.peers === 'none') {
    return { path: rule.path, why: () => rule.closed ?? 'the rule matches nobody', distance: 50 };
  }
  const failures: Failure[] = [];
  for (const peer of rule.peers) {
    if (matchesPeer(peer, side.peer, side.flow, applied.placed.policy).is !== 'no') return undefined;
    failures.push(explainPeer(peer, side.peer));
  }
  return failures.reduce((best, failure) => (failure.distance < best.distance ? failure : best));
}

function explainPeer(peer: Peer, other: Endpoint): Failure {
  const { path } = peer;
  switch (peer.type) {
    case 'pods': {
      if (other.pod === undefined) {
        const what = other.type === 'pod' ? `${other.name} is a hostNetwork pod` : `${other.name} is no pod`;
        return { path, why: () => `peer ${printPeer(peer)} matches only pods, but ${what}`, distance: 5 };
      }
      const { pod } = other;
      if ('name' in peer.namespaces && peer.namespaces.name !== pod.namespace) {
        const { name } = peer.namespaces;
        const why = () =>
          `peer ${printPeer(peer)} is confined to namespace ${name}, but ${other.name} is in ${pod.namespace}`;
        return { path, why, distance: 2 + failed(peer.pods, pod.labels).length };
      }
      const namespace = 'selector' in peer.namespaces ? failed(peer.namespaces.selector, pod.namespaceLabels) : [];
      const labels = failed(peer.pods, pod.labels);
      const why = () => {
        const parts = [
          ...namespace.map((one) => `namespace ${pod.namespace} ${found(one, pod.namespaceLabels)}`),
          ...labels.map((one) => `${other.name} ${found(one, pod.labels)}`),
        ];
        return `peer ${printPeer(peer)}, but ${parts.join(' and ')}`;
      };
      return { path, why, distance: namespace.length + labels.length };
    }
    case 'addresses':
      return { path, why: () => `peer ${printPeer(peer)} does not hold ${other.name}`, distance: 4 };
    case 'nodes':
      return { path, why: () => `peer ${printPeer(peer)}, but ${other.name} is no such node`, distance: 4 };
    case 'domains':
      return { path, why: () => `peer ${printPeer(peer)}, but ${other.name} is in the cluster`, distance: 5 };
  }
}

/** Prints a peer in a few words: `app=web in namespaces team=a`, `10.0.0.0/8 except 10.1.0.0/16`. */
export function printPeer(peer: Peer): string {
  switch (peer.type) {
    case 'pods':
      return `${isEverything(peer.pods) ? 'any pod' : printSelector(peer.pods)}${printScope(peer.namespaces)}`;
    case 'addresses':
      return `${peer.cidr}${peer.except.length > 0 ? ` except ${peer.except.join(', ')}` : ''}`;
    case 'nodes':
      return `nodes ${printSelector(peer.nodes)}`;
    case 'domains':
      return peer.names.join(', ');
  }
}

function printScope(scope: NamespaceScope): string {
  if ('name' in scope) return '';
  return isEverything(scope.selector) ? ' in any namespace' : ` in namespaces ${printSelector(scope.selector)}`;
}

/** The requirements of a selector that do not hold; an expression that is no plain conjunction counts as one. */
function failed(selector: Selector, labels: Readonly<Record<string, string>>): Requirement[] {
  switch (selector.op) {
    case 'and':
      return selector.of.flatMap((part) => failed(part, labels));
    case 'or': {
      const each = selector.of.map((part) => failed(part, labels));
      return each.reduce((best, one) => (one.length < best.length ? one : best), each[0] ?? []);
    }
    case 'not':
      return [];
    default:
      return selectsValue(selector, labelOf(labels, selector.key)) ? [] : [selector];
  }
}

function found(requirement: Requirement, labels: Readonly<Record<string, string>>): string {
  const value = labelOf(labels, requirement.key);
  return value === undefined ? `has no label ${requirement.key}` : `has ${requirement.key}=${value}`;
}

/** Undefined where some port entry matches, surely or perhaps. */
function closestPort(rule: Rule, side: Side): Failure | undefined {
  if (rule.ports === 'any') return undefined;
  if (rule.ports === 'none') return { path: rule.path, why: () => 'the rule matches no port', distance: 50 };
  for (const port of rule.ports) {
    if (matchesPort(port, side.destination, side.flow).is !== 'no') return undefined;
  }
  const { ports } = rule;
  return {
    path: ports.length === 1 ? ports[0]!.path : rule.path,
    why: () => `opens only ${ports.map((port) => printPort(port)).join(', ')}${resolved(ports, side.destination)}`,
    distance: 1,
  };
}

function resolved(ports: readonly PortMatch[], destination: Endpoint): string {
  const named = ports.find((port) => port.type === 'named');
  if (named === undefined || destination.ports === 'unknown') return '';
  const own = destination.ports.filter((port) => port.name === named.name);
  if (own.length === 0) return ` (${destination.name} names no port ${named.name})`;
  return ` (on ${destination.name} ${named.name} is ${own.map((port) => `${port.number}/${port.protocol}`).join(', ')})`;
}

/** Prints a port entry: `5432/TCP`, `8000-8999/TCP`, `http/TCP`, `all TCP`. */
export function printPort(port: PortMatch): string {
  const protocol = port.protocol === 'any' ? '' : `/${port.protocol}`;
  if (port.type === 'all') return `all ${port.protocol}`;
  if (port.type === 'named') return `${port.name}${protocol}`;
  return port.first === port.last ? `${port.first}${protocol}` : `${port.first}-${port.last}${protocol}`;
}
