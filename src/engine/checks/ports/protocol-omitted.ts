// Entries of a list of ports without a protocol, which means TCP, at ports that are served by UDP.

import { isNetworkPolicy, isProtocolWritten } from '../../dialects/network-policy/written.ts';
import type { Fix } from '../../model/edit.ts';
import type { PortMatch } from '../../model/policy.ts';
import { membersOf } from '../../sets/id-set.ts';
import { acceptingRules, type PlacedRule } from '../accepting-rules.ts';
import type { Check, Problem } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { countPods, printImpact } from '../effect.ts';
import { portsOf } from '../fixes.ts';
import { selectsNobody, subjectOf } from '../isolation.ts';
import { podsOfPeers } from '../rule-flows.ts';
import { UDP_SERVICES } from './udp-services.ts';

/**
 * Rule 18 of the catalogue. Silent where an entry for UDP stands in the same rule, or where the pods at the destination
 * declare the port for TCP. The other APIs have no default.
 */
export const PROTOCOL_OMITTED: Check = {
  id: 'protocol-omitted',
  severity: 'high',
  scope: 'object',
  summary: 'a port without a protocol, which means TCP, where UDP is meant',
  *find(context) {
    for (const placed of acceptingRules(context.state.policies)) {
      const { policy, direction, rule } = placed;
      if (!isNetworkPolicy(policy) || typeof rule.ports === 'string') continue;
      for (const port of rule.ports) {
        if (port.type !== 'range' || port.first !== port.last || port.protocol !== 'TCP') continue;
        if (isProtocolWritten(policy, port.path) || hasUdp(placed, port.first)) continue;
        if (selectsNobody(context, policy, direction)) continue;
        const served = servedBy(context, placed, port.first);
        const service = UDP_SERVICES.get(port.first);
        if (served === 'UDP' || (served === undefined && service !== undefined)) {
          yield problemOf(context, placed, port, service, served);
        }
      }
    }
  },
};

type Range = Extract<PortMatch, { type: 'range' }>;

function hasUdp({ rule: { ports } }: PlacedRule, number: number): boolean {
  if (typeof ports === 'string') return false;
  return ports.some((port) => {
    if (port.protocol !== 'UDP') return false;
    return port.type === 'all' || (port.type === 'range' && port.first <= number && number <= port.last);
  });
}

/** Which protocol the pods at the destination declare for the port; undefined where none declares it, or some both. */
function servedBy(
  context: CheckContext,
  { policy, direction, rule }: PlacedRule,
  number: number,
): 'UDP' | 'TCP' | undefined {
  const pods = direction === 'ingress' ? subjectOf(context, policy, direction) : podsOfPeers(context, policy, rule);
  // Without peers the destination is anybody, and what some pod somewhere declares says nothing.
  if (direction === 'egress' && rule.peers === 'any') return undefined;
  let udp = false;
  for (const id of membersOf(pods)) {
    for (const port of portsOf(context, id)) {
      if (port.number !== number) continue;
      if (port.protocol === 'TCP' && number !== DNS) return 'TCP';
      udp ||= port.protocol === 'UDP';
    }
  }
  return udp ? 'UDP' : undefined;
}

/** DNS servers declare both, and clients begin with UDP. */
const DNS = 53;

function problemOf(
  context: CheckContext,
  { policy, direction, rule }: PlacedRule,
  { path, first }: Range,
  service: string | undefined,
  served: 'UDP' | 'TCP' | undefined,
): Problem {
  const { object } = policy;
  const impact = countPods(context, subjectOf(context, policy, direction));
  const what = service === undefined ? '' : `${service} `;
  const why = served === 'UDP' && first !== DNS ? 'its pods declare it for UDP' : `${what}uses UDP`;
  const list = path.slice(0, -1);
  const both: Fix = {
    title: `allow ${first}/UDP beside ${first}/TCP`,
    edits: [
      { op: 'set', object, path: [...path, 'protocol'], value: 'TCP' },
      {
        op: 'insert',
        object,
        path: [...list, typeof rule.ports === 'string' ? 0 : rule.ports.length],
        value: { protocol: 'UDP', port: first },
      },
    ],
    announced: 'opens',
    safe: false,
  };
  const only: Fix = {
    title: `write protocol: UDP`,
    edits: [{ op: 'set', object, path: [...path, 'protocol'], value: 'UDP' }],
    announced: 'changes',
    safe: false,
  };
  return {
    object,
    policy,
    path: [...path, 'port'],
    message: `port ${first} has no protocol, which means TCP, but ${why}`,
    hint: 'write the protocol',
    ...(impact.pods === 0
      ? {}
      : {
          effect: `opens ${first}/TCP and not ${first}/UDP ${direction === 'ingress' ? 'of' : 'for'} ${printImpact(impact)}`,
          impact,
        }),
    // DNS needs both.
    ...(first === DNS ? { fix: both } : { fix: only, alternatives: [both] }),
  };
}
