// Rules and entries without ports, where that opens more than was probably meant.

import {
  arePeersEmpty,
  arePortsEmpty,
  isNetworkPolicy,
  isProtocolWritten,
} from '../../dialects/network-policy/written.ts';
import type { Edit, Fix } from '../../model/edit.ts';
import type { Peer, Policy, PortMatch } from '../../model/policy.ts';
import { isEverything } from '../../model/selector.ts';
import { acceptingRules, type PlacedRule } from '../accepting-rules.ts';
import type { Check, Problem } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { countPods, printImpact } from '../effect.ts';
import { declaredPorts, removeRules, writePorts } from '../fixes.ts';
import { selectsNobody, subjectOf } from '../isolation.ts';
import { flowThrough, portsOfRule, printPeers } from '../rule-flows.ts';

/**
 * Rule 8 of the catalogue. Rules for single applications of the own namespace may leave the ports out; it speaks where
 * whole namespaces or addresses come in by every port, where the list of ports is empty, and where an entry without a port
 * makes the ones beside it pointless.
 */
export const ALL_PORTS: Check = {
  id: 'all-ports',
  severity: 'medium',
  scope: 'object',
  summary: 'a rule or an entry without ports that opens every port to more than single pods',
  *find(context) {
    for (const placed of acceptingRules(context.state.policies)) {
      const { policy, direction, rule } = placed;
      if (!isNetworkPolicy(policy)) continue;
      if (rule.ports === 'any') {
        // An empty list of peers is a problem of its own, and a larger one.
        if (arePeersEmpty(policy, direction, rule)) continue;
        if (arePortsEmpty(policy, rule)) yield emptyList(context, placed);
        else if (direction === 'ingress' && !selectsNobody(context, policy, direction)) yield* noPorts(context, placed);
      } else if (rule.ports !== 'none') {
        const bare = rule.ports.find((port) => port.type === 'all');
        const beside = bare && rule.ports.find((port) => port.type !== 'all' && isCovered(port, bare, placed));
        if (bare !== undefined && beside !== undefined) yield bareEntry(context, placed, bare, beside);
      }
    }
  },
};

/** The peers that let in whole namespaces other than the own one, or addresses. */
function broadPeers({ policy, rule: { peers } }: PlacedRule): Peer[] {
  if (typeof peers === 'string') return [];
  return peers.filter((peer) => {
    if (peer.type === 'addresses') return true;
    return (
      peer.type === 'pods' &&
      isEverything(peer.pods) &&
      !('name' in peer.namespaces && peer.namespaces.name === policy.ref.namespace)
    );
  });
}

/** Whether an entry for every port takes the point of another: same protocol, or one that only the first names. */
function isCovered(port: PortMatch, bare: PortMatch, { policy }: PlacedRule): boolean {
  if (port.protocol === bare.protocol) return true;
  return isProtocolWritten(policy, bare.path) && !isProtocolWritten(policy, port.path);
}

function opens(context: CheckContext, { policy, direction, rule }: PlacedRule): Pick<Problem, 'effect' | 'impact'> {
  const impact = countPods(context, subjectOf(context, policy, direction));
  if (impact.pods === 0) return {};
  const [of, to] = direction === 'ingress' ? ['of', 'to'] : ['for', 'towards'];
  return { effect: `opens ${portsOfRule(rule)} ${of} ${printImpact(impact)} ${to} ${printPeers(rule)}`, impact };
}

function narrowed(context: CheckContext, { policy, direction, rule }: PlacedRule): Fix[] {
  const ports = direction === 'ingress' ? declaredPorts(context, subjectOf(context, policy, direction)) : undefined;
  return ports === undefined ? [] : [writePorts(policy, rule, ports)];
}

function emptyList(context: CheckContext, placed: PlacedRule): Problem {
  const { policy, direction, rule } = placed;
  const path = [...rule.path, 'ports'];
  const example = flowThrough(context, placed, 'allowed');
  const plain: Fix = {
    title: 'take "ports" away: every port is allowed',
    edits: [{ op: 'remove', object: policy.object, path }],
    announced: 'same',
    safe: false,
  };
  // Where the rule would be a problem without the field, too, taking it away mends nothing.
  const remains = rule.peers === 'any' || (direction === 'ingress' && broadPeers(placed).length > 0);
  return {
    object: policy.object,
    policy,
    path,
    key: true,
    message: 'ports: [] allows every port, not none: an empty list means the same as none',
    hint: 'name the ports, or leave "ports" out',
    ...opens(context, placed),
    ...(example === undefined ? {} : { example }),
    ...chosen([
      ...narrowed(context, placed),
      removeRules(policy, direction, [rule], 'take the rule away: nothing is allowed'),
      ...(remains ? [] : [plain]),
    ]),
  };
}

function* noPorts(context: CheckContext, placed: PlacedRule): Generator<Problem> {
  const { policy, direction, rule } = placed;
  const [first, ...more] = broadPeers(placed);
  if (first === undefined) return;
  const broad: PlacedRule = { ...placed, rule: { ...rule, peers: [first, ...more] } };
  const fixes = narrowed(context, placed);
  const hasPods = subjectOf(context, policy, direction).length > 0;
  const example = flowThrough(context, broad, 'allowed');
  yield {
    object: policy.object,
    policy,
    path: rule.path,
    ...(fixes.length > 0 || !hasPods ? {} : { severity: 'low' }),
    message: 'this rule names no ports, so whole namespaces or addresses may use every port',
    hint: 'name the ports that are meant',
    ...opens(context, broad),
    ...(example === undefined ? {} : { example }),
    ...chosen(fixes),
  };
}

/** The usual cause is a dash too many, which makes two entries of a protocol and its port. */
function bareEntry(context: CheckContext, placed: PlacedRule, bare: PortMatch, beside: PortMatch): Problem {
  const { policy, rule } = placed;
  const { object } = policy;
  const isSplit = isProtocolWritten(policy, bare.path) && !isProtocolWritten(policy, beside.path);
  const said = portsOfRule({ ...rule, ports: [beside] }).replace(/\/.*$/, '');
  const example = flowThrough(context, { ...placed, rule: { ...rule, ports: [bare] } }, 'allowed');
  return {
    object,
    policy,
    path: bare.path,
    severity: 'high',
    message: isSplit
      ? `a dash makes these two entries: every ${bare.protocol} port, and ${said}/TCP; written as one they would be ${said}/${bare.protocol}`
      : `this entry has no port, so it opens every ${bare.protocol} port, and the entry for ${said} beside it says nothing`,
    hint: isSplit
      ? 'write protocol and port in one item of the list'
      : 'write the port, or leave the other entries out',
    ...opens(context, { ...placed, rule: { ...rule, ports: [bare] } }),
    ...(example === undefined ? {} : { example }),
    related: [{ object, path: beside.path, message: 'the entry that says nothing beside it' }],
    fix: joinEntries(policy, bare, beside, isSplit),
  };
}

const DNS = 53;

/** One entry of two. DNS needs both protocols, so there both entries get what they lack. */
function joinEntries({ object }: Policy, bare: PortMatch, beside: PortMatch, isSplit: boolean): Fix {
  const remove: Edit = { op: 'remove', object, path: bare.path };
  const promise = { announced: 'closes', safe: false } as const;
  if (!isSplit) return { title: 'take the entry without a port away', edits: [remove], ...promise };
  const protocol = (value: string): Edit => ({ op: 'set', object, path: [...beside.path, 'protocol'], value });
  if (beside.type === 'range' && beside.first === DNS && beside.last === DNS && bare.protocol === 'UDP') {
    const edits: Edit[] = [{ op: 'set', object, path: [...bare.path, 'port'], value: DNS }, protocol('TCP')];
    return { title: `allow ${DNS}/UDP and ${DNS}/TCP`, edits, ...promise };
  }
  return {
    title: `make it one entry with the protocol ${bare.protocol}`,
    edits: [remove, protocol(bare.protocol)],
    ...promise,
  };
}

/** The first as the fix, the others as its alternatives. */
function chosen([fix, ...alternatives]: readonly Fix[]): Pick<Problem, 'fix' | 'alternatives'> {
  if (fix === undefined) return {};
  return { fix, ...(alternatives.length === 0 ? {} : { alternatives }) };
}
