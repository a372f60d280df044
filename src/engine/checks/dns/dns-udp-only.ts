// Rules for DNS that open UDP and not TCP.

import { writePort } from '../../dialects/written-fields.ts';
import type { Edit } from '../../model/edit.ts';
import type { PortMatch, Rule } from '../../model/policy.ts';
import { type IdSet, intersect, subtract } from '../../sets/id-set.ts';
import { type AcceptRule, acceptRules, subjectsOf } from '../accepting-rules.ts';
import type { Check } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { countPods, printImpact } from '../effect.ts';
import { isolatedPods } from '../isolation-sets.ts';
import { clusterDns } from './cluster-dns.ts';
import { dnsReach } from './dns-reach.ts';
import { isDnsPort, opensDns } from './dns-rules.ts';

/** Rule 59 of the catalogue. By rule: what another policy opens today may be gone tomorrow, but then it is `low`. */
export const DNS_UDP_ONLY: Check = {
  id: 'dns-udp-only',
  severity: 'medium',
  scope: 'input',
  summary: 'a rule for DNS that opens UDP and not TCP',
  *find(context) {
    for (const one of acceptRules(context)) {
      const { policy, direction, rule } = one;
      const udp = udpPort(context, rule);
      if (udp === undefined || opensTcp(rule, udp)) continue;
      if (direction === 'ingress' ? !isServer(context, one) : !opensDns(context, one, 'UDP')) continue;
      const pods = intersect(subjectsOf(context, one).yes, isolatedPods(context)[direction].isolated);
      const short = direction === 'egress' ? subtract(pods, dnsReach(context).tcp) : pods;
      const isHelped = pods.length > 0 && short.length === 0;
      const impact = countPods(context, short);
      const help = isHelped ? helperOf(context, one, pods) : undefined;
      yield {
        object: policy.object,
        policy,
        path: udp.path,
        severity: isHelped ? 'low' : 'medium',
        message: `opens DNS over UDP only: answers that do not fit into a packet come over TCP`,
        hint: isHelped
          ? 'another rule opens TCP for these pods; open it here too, so that this one is right by itself'
          : `open TCP port ${udp.first} too`,
        ...(short.length === 0
          ? {}
          : {
              impact,
              effect:
                direction === 'egress'
                  ? `${printImpact(impact)} cannot get long answers`
                  : `${printImpact(impact)} cannot give long answers`,
            }),
        ...(help === undefined
          ? {}
          : {
              related: [
                {
                  object: help.policy.object,
                  path: help.rule.path,
                  message: `"${help.policy.ref.name}" opens TCP for these pods`,
                },
              ],
            }),
        fix: {
          title: `open TCP port ${udp.first} too`,
          edits: [insertTcp(one, udp)],
          announced: 'opens',
          safe: false,
        },
      };
    }
  },
};

type RangePort = Extract<PortMatch, { readonly type: 'range' }>;

function udpPort(context: CheckContext, { ports }: Rule): RangePort | undefined {
  if (typeof ports === 'string') return undefined;
  return ports.find((port): port is RangePort => isDnsPort(context, port, 'UDP'));
}

function opensTcp({ ports }: Rule, { first }: RangePort): boolean {
  if (typeof ports === 'string') return true;
  return ports.some(
    (port) =>
      (port.protocol === 'TCP' || port.protocol === 'any') &&
      (port.type !== 'range' || (port.first <= first && first <= port.last)),
  );
}

/** Reports whether the pods that the rule lets others reach are the cluster's DNS. */
function isServer(context: CheckContext, one: AcceptRule): boolean {
  const pods = subjectsOf(context, one).yes;
  return pods.length > 0 && subtract(pods, clusterDns(context).pods).length === 0;
}

function insertTcp({ policy }: AcceptRule, { path, first }: RangePort): Edit {
  const at = path.at(-1);
  const behind = [...path.slice(0, -1), (typeof at === 'number' ? at : 0) + 1];
  return { op: 'insert', object: policy.object, path: behind, value: writePort(policy, 'TCP', first) };
}

/** A rule of another policy that leads to DNS over TCP for one of the pods. */
function helperOf(context: CheckContext, { policy, part }: AcceptRule, pods: IdSet): AcceptRule | undefined {
  const rules = dnsReach(context).tcpRules.get(policy.ref.namespace ?? '') ?? [];
  return rules.find((other) => other.part !== part && intersect(subjectsOf(context, other).yes, pods).length > 0);
}
