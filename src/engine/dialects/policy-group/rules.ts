// Rules of policy.networking.k8s.io in the engine's vocabulary, closed where they cannot be understood.

import type { Action, Match, Peer, PolicyDirection, PortMatch, Rule, Subject } from '../../model/policy.ts';
import type { Path } from '../../model/source.ts';
import type { Problems } from '../decoding/problems.ts';
import type { RuleFields } from './fields.ts';
import { type Obstacle, obstacleOfPeer, toPeers } from './peers.ts';

/** Reads the list of ports of a rule: `any` where it is missing, an obstacle where an entry cannot be evaluated. */
export type ReadPorts<R> = (rule: R, path: Path) => Match<PortMatch> | Obstacle;

const ACTIONS: Readonly<Record<string, Action>> = { Accept: 'Accept', Allow: 'Accept', Deny: 'Deny', Pass: 'Pass' };

/**
 * One direction of a policy; undefined without rules, which leaves the direction untouched (semantics 2.1 C1). Being
 * selected never isolates.
 */
export function toDirection<R extends RuleFields>(
  rules: readonly R[] | undefined,
  direction: 'ingress' | 'egress',
  subject: Subject,
  readPorts: ReadPorts<R>,
  problems: Problems,
): PolicyDirection | undefined {
  if (rules === undefined || rules.length === 0) return undefined;
  return {
    subject,
    isolates: false,
    rules: rules.flatMap((rule, index) =>
      splitNames(toRule(rule, index, ['spec', direction, index], readPorts, problems)),
    ),
    listed: true,
  };
}

function toRule<R extends RuleFields>(
  rule: R,
  index: number,
  path: Path,
  readPorts: ReadPorts<R>,
  problems: Problems,
): Rule {
  const list = rule.from === undefined ? 'to' : 'from';
  const items = rule[list] ?? [];
  const ports = readPorts(rule, path);
  const common = { conditions: [], index, path, ...(rule.name === undefined ? {} : { name: rule.name }) };
  const obstacles = items.flatMap((peer, i) => obstacleOfPeer(peer, [...path, list, i], rule.action) ?? []);
  if (isObstacle(ports)) obstacles.push(ports);
  if (obstacles.length > 0) return { ...common, ...closeRule(rule.action, obstacles, problems) };

  const peers: Match<Peer> = listOrNone(items.flatMap((peer, i) => toPeers(peer, [...path, list, i])));
  return { ...common, action: ACTIONS[rule.action]!, peers, ports: ports as Match<PortMatch> };
}

/**
 * Port names exist on peers that are chosen as pods only: beside networks, nodes and domain names the standard CRD accepts
 * them, and they match nothing there, not even the pod that has the address (semantics 2.5). Such a rule is two.
 */
function splitNames(rule: Rule): readonly Rule[] {
  const { peers, ports } = rule;
  if (typeof peers === 'string' || typeof ports === 'string') return [rule];
  const nameless = peers.filter((peer) => peer.type !== 'pods');
  if (nameless.length === 0 || !ports.some((port) => port.type === 'named')) return [rule];
  const numbers = ports.filter((port) => port.type !== 'named');
  const pods = peers.filter((peer) => peer.type === 'pods');
  return [
    { ...rule, peers: listOrNone(nameless), ports: listOrNone(numbers) },
    ...(pods.length === 0 ? [] : [{ ...rule, peers: listOrNone(pods) }]),
  ];
}

function listOrNone<T>(items: readonly T[]): Match<T> {
  const [first, ...rest] = items;
  return first === undefined ? 'none' : [first, ...rest];
}

/**
 * What becomes of a rule that cannot be understood (semantics 2.6): an accepting one matches nothing, any other denies
 * everything, so that ignorance never opens what the author closed.
 */
function closeRule(
  action: string,
  obstacles: readonly Obstacle[],
  problems: Problems,
): Pick<Rule, 'action' | 'peers' | 'ports' | 'closed'> {
  const accepts = ACTIONS[action] === 'Accept';
  const effect = accepts ? 'the rule matches nothing' : 'the rule denies everything';
  for (const { path, message } of obstacles) {
    const hint = 'correct it: implementations differ in what they make of it';
    problems.note('not-understood', path, `${message}; ${effect}`, { hint });
  }
  const closed = `${obstacles.map(({ message }) => message).join('; ')}; ${effect}`;
  return accepts
    ? { action: 'Accept', peers: 'none', ports: 'any', closed }
    : { action: 'Deny', peers: 'any', ports: 'any', closed };
}

function isObstacle(ports: Match<PortMatch> | Obstacle): ports is Obstacle {
  return typeof ports === 'object' && 'message' in ports;
}
