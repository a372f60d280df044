// Rules for the ports that clients send from: replies are allowed by themselves, so such rules open new connections only.

import { isNetworkPolicy } from '../../dialects/network-policy/written.ts';
import type { Fix } from '../../model/edit.ts';
import type { PortMatch } from '../../model/policy.ts';
import { membersOf } from '../../sets/id-set.ts';
import { acceptingRules, type PlacedRule } from '../accepting-rules.ts';
import type { Check, Problem } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { countPods, printImpact } from '../effect.ts';
import { portsOf, removeRules } from '../fixes.ts';
import { selectsNobody, subjectOf } from '../isolation.ts';
import { flowThrough, podsOfPeers } from '../rule-flows.ts';

/** Ranges of ephemeral ports: Linux (ip_local_port_range), and IANA's dynamic ports, which Windows uses. With slips by one. */
const STARTS = new Set([32767, 32768, 32769, 49151, 49152, 49153]);
const LOWEST_END = 60999;

/**
 * Rule 26 of the catalogue. Silent where pods at the destination declare a port of the range (passive FTP, media servers),
 * and for UDP alone, where servers do use such ranges.
 */
export const REPLY_PORTS: Check = {
  id: 'reply-ports',
  severity: 'medium',
  scope: 'object',
  summary: 'a range of ephemeral ports, as if replies needed a rule',
  *find(context) {
    for (const placed of acceptingRules(context.state.policies)) {
      const { policy, direction, rule } = placed;
      if (typeof rule.ports === 'string') continue;
      const port = rule.ports.find(isEphemeral);
      if (port === undefined || selectsNobody(context, policy, direction) || isServed(context, placed, port)) continue;
      yield problemOf(context, placed, port);
    }
  },
};

type Range = Extract<PortMatch, { type: 'range' }>;

function isEphemeral(port: PortMatch): port is Range {
  return port.type === 'range' && port.protocol === 'TCP' && STARTS.has(port.first) && port.last >= LOWEST_END;
}

function isServed(context: CheckContext, { policy, direction, rule }: PlacedRule, range: Range): boolean {
  if (direction === 'egress' && rule.peers === 'any') return false;
  const pods = direction === 'ingress' ? subjectOf(context, policy, direction) : podsOfPeers(context, policy, rule);
  return membersOf(pods).some((id) =>
    portsOf(context, id).some(({ number }) => range.first <= number && number <= range.last),
  );
}

function problemOf(context: CheckContext, placed: PlacedRule, port: Range): Problem {
  const { policy, direction, rule } = placed;
  const { object } = policy;
  const ports = typeof rule.ports === 'string' ? [] : rule.ports;
  const replies = ports.filter((one) => one.type === 'range' && STARTS.has(one.first) && one.last >= LOWEST_END);
  const impact = countPods(context, subjectOf(context, policy, direction));
  const example = flowThrough(context, { ...placed, rule: { ...rule, ports: [port] } }, 'allowed');
  const title = 'take the ports of replies away';
  const fix: Fix | undefined =
    replies.length < ports.length
      ? { title, edits: replies.map(({ path }) => ({ op: 'remove', object, path })), announced: 'closes', safe: false }
      : isNetworkPolicy(policy)
        ? removeRules(policy, direction, [rule], 'take the rule for replies away')
        : { title, edits: [{ op: 'remove', object, path: rule.path }], announced: 'closes', safe: false };
  const of = direction === 'ingress' ? 'of' : 'for';
  return {
    object,
    policy,
    path: port.path,
    message: `ports ${port.first}-${port.last} are what clients send from: replies need no rule, and this one opens new connections`,
    hint: 'policies are stateful: whoever may open a connection gets its replies',
    ...(impact.pods === 0
      ? {}
      : { effect: `opens ${port.last - port.first + 1} ports ${of} ${printImpact(impact)}`, impact }),
    ...(example === undefined ? {} : { example }),
    fix,
  };
}
