// Rules for DNS whose peers are not the DNS pods of the cluster.

import { possible } from '../../compile/match-set.ts';
import type { Edit, Fix } from '../../model/edit.ts';
import { intersect, membersOf, subtract } from '../../sets/id-set.ts';
import { type AcceptRule, acceptRules, podPeers, podsOf, subjectsOf } from '../accepting-rules.ts';
import type { Check } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { countPods, printImpact } from '../effect.ts';
import { nameOf } from '../flows.ts';
import { isolatedPods } from '../isolation-sets.ts';
import { printPeer } from '../rule-flows.ts';
import { clusterDns } from './cluster-dns.ts';
import { dnsPeer } from './dns-peer.ts';
import { dnsReach } from './dns-reach.ts';
import { isDnsOnly } from './dns-rules.ts';

/** Rule 60 of the catalogue. Speaks only where the input shows the DNS pods. */
export const DNS_SELECTOR_MISMATCH: Check = {
  id: 'dns-selector-mismatch',
  severity: 'high',
  scope: 'input',
  summary: 'a rule for DNS whose peers are not the DNS pods of the cluster',
  *find(context) {
    for (const one of acceptRules(context)) {
      if (!missesDns(context, one)) continue;
      const { policy, rule } = one;
      const peers = podPeers(rule);
      const dns = clusterDns(context);
      const names = [...new Set(membersOf(dns.pods).map((id) => nameOf(context, id) ?? ''))].filter(Boolean);
      const labels = dns.labels && ` (${Object.entries(dns.labels.pod).map(([key, value]) => `${key}=${value}`)})`;
      const pods = intersect(subjectsOf(context, one).yes, isolatedPods(context).egress.isolated);
      const cutOff = subtract(pods, dnsReach(context).udp);
      const impact = countPods(context, cutOff);
      const [first] = membersOf(cutOff);
      const from = first === undefined ? undefined : nameOf(context, first);
      const fix = fixOf(context, one);
      yield {
        object: policy.object,
        policy,
        path: peers.length === 1 ? peers[0]!.path : rule.path,
        // Where another rule leads to DNS, this one is merely of no use.
        severity: cutOff.length > 0 || pods.length === 0 ? 'high' : 'low',
        message: `opens DNS to ${peers.map(printPeer).join(' or ')}, which means none of the DNS pods ${names.join(', ')}${labels ?? ''}`,
        hint: 'select the DNS pods by their own labels and the name of their namespace',
        ...(cutOff.length === 0 ? {} : { effect: `cuts ${printImpact(impact)} off from DNS`, impact }),
        ...(from === undefined || names.length === 0
          ? {}
          : { example: `${from} -> ${names[0]}:${dns.ports.at(-1)}/udp` }),
        ...(fix === undefined ? {} : { fix }),
      };
    }
  },
};

/** Reports whether the rule is for DNS alone, names pods only, and means none of the DNS pods of the input. */
export function missesDns(context: CheckContext, one: AcceptRule): boolean {
  const { policy, direction, rule } = one;
  const { pods } = clusterDns(context);
  if (direction !== 'egress' || pods.length === 0 || !isDnsOnly(context, rule)) return false;
  const peers = podPeers(rule);
  if (peers.length === 0 || peers.length !== rule.peers.length) return false;
  // Pods that are there under such labels may be a server of somebody's own.
  return possible(podsOf(context, peers, policy)).length === 0;
}

function fixOf(context: CheckContext, { policy, rule }: AcceptRule): Fix | undefined {
  const value = dnsPeer(context, policy);
  const peers = podPeers(rule);
  if (value === undefined) return undefined;
  const { object } = policy;
  const [first, ...others] = peers;
  const edits: Edit[] = [
    { op: 'set', object, path: first!.path, value },
    ...others.map((peer): Edit => ({ op: 'remove', object, path: peer.path })),
  ];
  return { title: 'select the DNS pods', edits, announced: 'changes', safe: false };
}
