// Pods that may connect to others and have no way to find them: egress is isolated, and no rule leads to DNS.

import type { Peer, Rule } from '../../model/policy.ts';
import { idSet, intersect, membersOf, subtract } from '../../sets/id-set.ts';
import type { AcceptRule } from '../accepting-rules.ts';
import { acceptRules, subjectsOf } from '../accepting-rules.ts';
import { holdsInternet } from '../addresses/block-extent.ts';
import type { Check } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { countPods, printImpact } from '../effect.ts';
import { nameOf } from '../flows.ts';
import { isolatedPods } from '../isolation-sets.ts';
import { asksElsewhere, clusterDns } from './cluster-dns.ts';
import { dnsPeer, dnsPorts } from './dns-peer.ts';
import { dnsReach } from './dns-reach.ts';
import { isDnsOnly } from './dns-rules.ts';
import { missesDns } from './dns-selector-mismatch.ts';

/**
 * Rule 58 of the catalogue. One finding a policy whose rules are of use only with names. Silent about pods without any
 * egress rule, which are closed on purpose, about rules for a few addresses, and where a rule that should lead to DNS and
 * does not is reported itself (`dns-selector-mismatch`).
 */
export const DNS_BLOCKED: Check = {
  id: 'dns-blocked',
  severity: 'critical',
  scope: 'input',
  summary: 'egress rules for pods that no rule lets ask DNS',
  *find(context) {
    const dns = clusterDns(context);
    const { udp, tcp } = dnsReach(context);
    const blocked = subtract(subtract(isolatedPods(context).egress.isolated, udp), dns.pods);
    if (blocked.length === 0) return;
    for (const rules of rulesByPolicy(context)) {
      const [one] = rules;
      const { policy, part } = one!;
      if (!part.isolates || rules.some((each) => missesDns(context, each))) continue;
      if (!rules.some(({ rule }) => needsNames(rule) && !isDnsOnly(context, rule))) continue;
      const concerned = intersect(subjectsOf(context, one!).yes, blocked);
      const pods = idSet(membersOf(concerned).filter((id) => !asksElsewhereAll(context, id)));
      if (pods.length === 0) continue;
      const isTcpOnly = subtract(pods, tcp).length === 0;
      const impact = countPods(context, pods);
      const example = exampleOf(context, membersOf(pods)[0]!);
      const peer = dnsPeer(context, policy);
      const ports = dnsPorts(context, policy);
      const { object } = policy;
      const path = ['spec', 'egress'];
      yield {
        object,
        policy,
        path,
        key: true,
        // Without DNS pods in the input, a cache on the node may be exempt from policies.
        severity: dns.pods.length > 0 ? 'critical' : 'high',
        message: isTcpOnly
          ? 'these pods may ask DNS over TCP only, and programs ask over UDP first'
          : 'no rule lets these pods ask DNS, so they find none of the names that they may connect to',
        hint: 'allow UDP and TCP port 53 to the DNS pods of the cluster',
        effect: `cuts ${printImpact(impact)} off from DNS`,
        impact,
        ...(example === undefined ? {} : { example }),
        ...(peer === undefined
          ? {}
          : {
              fix: {
                title: 'allow DNS',
                edits: [
                  { op: 'insert', object, path: [...path, lastIndex(part.rules) + 1], value: { to: [peer], ports } },
                ],
                announced: 'opens' as const,
                safe: false,
              },
            }),
      };
    }
  },
};

/** Egress rules that allow something, by policy; never an empty list. */
function* rulesByPolicy(context: CheckContext): Generator<readonly AcceptRule[]> {
  let rules: AcceptRule[] = [];
  for (const one of acceptRules(context)) {
    if (one.direction !== 'egress') continue;
    if (rules.length > 0 && rules[0]!.part !== one.part) {
      yield rules;
      rules = [];
    }
    rules.push(one);
  }
  if (rules.length > 0) yield rules;
}

/** Reports whether the rule is for ends that are known by name: pods, domains, everybody, much of the internet. */
function needsNames({ peers }: Rule): boolean {
  return typeof peers === 'string' ? peers === 'any' : peers.some(isNamed);
}

function isNamed(peer: Peer): boolean {
  if (peer.type !== 'addresses') return peer.type !== 'nodes';
  return holdsInternet(peer.addresses, 'IPv4') || holdsInternet(peer.addresses, 'IPv6');
}

function asksElsewhereAll({ pods }: CheckContext, id: number): boolean {
  const unit = pods[id];
  return unit?.type === 'workload' && unit.pods.every(asksElsewhere);
}

function exampleOf(context: CheckContext, pod: number): string | undefined {
  const [server] = membersOf(clusterDns(context).pods);
  const from = nameOf(context, pod);
  const to = server === undefined ? undefined : nameOf(context, server);
  return from === undefined || to === undefined
    ? undefined
    : `${from} -> ${to}:${clusterDns(context).ports.at(-1)}/udp`;
}

function lastIndex(rules: readonly Rule[]): number {
  return rules.reduce((last, { index }) => Math.max(last, index), -1);
}
