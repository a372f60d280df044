// What a plugin makes of one rule: addresses of domain names, endPort, port names, rules without ports. One written rule
// may become several, where a part of it applies only perhaps. Knows nothing of tiers, and of no other rule.

import type { Knobs } from '../model/behaviour.ts';
import type { Direction, Match, Peer, Policy, PortMatch, Rule } from '../model/policy.ts';
import { PORT_PROTOCOLS } from '../sets/traffic-set.ts';
import { resolveDomains } from './domain-map.ts';
import { exceptionsOfRule } from './exceptions.ts';

/** The rules that the plugin acts on in place of a written one; the same object alone where it reads what is written. */
export function readRule(written: Rule, policy: Policy, direction: Direction, knobs: Knobs): readonly Rule[] {
  const resolved = withPeers(written, resolveDomains(written.peers, knobs.domainMap));
  const rule = withPorts(resolved, explicitProtocols(resolved, knobs));
  // endPort, exceptions and names of one port list are fields of NetworkPolicy; the other APIs define what theirs mean.
  if (policy.ref.dialect !== 'network-policy') return [rule];
  const peers = knobs.exceptions === 'ofRule' ? exceptionsOfRule(rule.peers) : rule.peers;
  return readNames(withPeers(rule, peers), direction, knobs).flatMap((one) => readEndPort(one, knobs.endPort));
}

/** A rule without ports where the plugin takes it to be about protocols with ports only. */
function explicitProtocols(rule: Rule, knobs: Knobs): Match<PortMatch> {
  // A rule that the decoder closed denies everything, whatever it was written as.
  if (rule.ports !== 'any' || knobs.portlessRuleProtocols === 'all' || rule.closed !== undefined) return rule.ports;
  return matchOf(PORT_PROTOCOLS.map((protocol): PortMatch => ({ path: rule.path, protocol, type: 'all' })));
}

function readEndPort(rule: Rule, knob: Knobs['endPort']): readonly Rule[] {
  if (knob === 'range' || typeof rule.ports === 'string' || !rule.ports.some(isRange)) return [rule];
  const first = withPorts(rule, matchOf(rule.ports.map(firstPortOnly)));
  if (knob === 'portOnly') return [first];
  return [first, { ...rule, ports: matchOf(rule.ports.filter(isRange)), perhaps: rule.perhaps ?? 'end-port' }];
}

function isRange(port: PortMatch): boolean {
  return port.type === 'range' && port.last !== port.first;
}

function firstPortOnly(port: PortMatch): PortMatch {
  return port.type === 'range' && isRange(port) ? { ...port, last: port.first } : port;
}

/** Port names: whether they are read at all, and in egress rules for whom. */
function readNames(rule: Rule, direction: Direction, knobs: Knobs): readonly Rule[] {
  if (typeof rule.ports === 'string') return [rule];
  if (knobs.namedPorts === 'anyPort') return [withPorts(rule, withoutNumbersAnyPort(rule.ports))];
  if (!rule.ports.some(isNamed)) return [rule];
  const names = rule.ports.filter(isNamed);
  const numbers = matchOf(rule.ports.filter((port) => !isNamed(port)));
  if (knobs.namedPorts === 'unknown') {
    // A list of which nothing is left may be taken for no list at all, which opens everything.
    return [...orNothing({ ...rule, ports: numbers }), perhapsNamed(rule, names, numbers === 'none')];
  }
  if (direction === 'ingress') return [rule];
  switch (knobs.egressNamedPorts) {
    case 'unknown':
      return [...orNothing({ ...rule, ports: numbers }), perhapsNamed(rule, names, false)];
    case 'selectedPods':
      return forSelectedPods(rule, numbers);
    case 'podPeers':
      return rule.peers === 'any' ? [rule] : forSelectedPods(rule, numbers);
    default:
      return [rule];
  }
}

/** The rule as written for pods that it selects, and without names for everybody else. */
function forSelectedPods(rule: Rule, numbers: Match<PortMatch>): readonly Rule[] {
  if (rule.peers === 'none') return [rule];
  const selected = rule.peers === 'any' ? 'none' : matchOf(rule.peers.filter(({ type }) => type === 'pods'));
  const others = rule.peers === 'any' ? 'any' : matchOf(rule.peers.filter(({ type }) => type !== 'pods'));
  if (others === 'none') return [rule];
  return [...orNothing({ ...rule, peers: selected }), ...orNothing({ ...rule, peers: others, ports: numbers })];
}

/** Names may open any port of their protocol, or, `everything`, any protocol. */
function perhapsNamed(rule: Rule, names: readonly PortMatch[], everything: boolean): Rule {
  const protocols = [...new Set(names.map(({ protocol }) => protocol))];
  const all = protocols.flatMap((protocol) => (protocol === 'any' ? PORT_PROTOCOLS : [protocol]));
  const ports = matchOf(all.map((protocol): PortMatch => ({ path: names[0]!.path, protocol, type: 'all' })));
  return { ...rule, ports: everything ? 'any' : ports, perhaps: rule.perhaps ?? 'named-ports' };
}

/**
 * A list where only numbers are read: an entry with a name, or with a protocol alone, counts as the whole protocol where
 * no entry of the list has a number of it, and as nothing where one has (ovn-kubernetes, getL4Match).
 */
function withoutNumbersAnyPort(ports: readonly PortMatch[]): Match<PortMatch> {
  const numbered = new Set(ports.flatMap((port) => (port.type === 'range' ? [port.protocol] : [])));
  return matchOf(
    ports.flatMap((port): readonly PortMatch[] => {
      if (port.type === 'range') return [port];
      return numbered.has(port.protocol) ? [] : [{ path: port.path, protocol: port.protocol, type: 'all' }];
    }),
  );
}

function isNamed({ type }: PortMatch): boolean {
  return type === 'named';
}

/** A list as a match: nothing is `none`, never an empty list. */
export function matchOf<T>(list: readonly T[]): Match<T> {
  const [first, ...more] = list;
  return first === undefined ? 'none' : [first, ...more];
}

/** No rule where it can match nothing. */
function orNothing(rule: Rule): readonly Rule[] {
  return rule.peers === 'none' || rule.ports === 'none' ? [] : [rule];
}

/** The same rule where the peers are the same. */
function withPeers(rule: Rule, peers: Match<Peer>): Rule {
  return peers === rule.peers ? rule : { ...rule, peers };
}

/** The same rule where the ports are the same, entry for entry. */
function withPorts(rule: Rule, ports: Match<PortMatch>): Rule {
  if (ports === rule.ports) return rule;
  const isSame =
    typeof ports !== 'string' &&
    typeof rule.ports !== 'string' &&
    ports.length === rule.ports.length &&
    ports.every((port, i) => port === rule.ports[i]);
  return isSame ? rule : { ...rule, ports };
}
