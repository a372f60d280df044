// Rules for DNS that open more than the DNS of the cluster.

import { peersPath } from '../../dialects/written-fields.ts';
import type { Announced, Edit } from '../../model/edit.ts';
import type { Severity } from '../../model/finding.ts';
import { isEverything } from '../../model/selector.ts';
import type { Path } from '../../model/source.ts';
import { intersect, subtract } from '../../sets/id-set.ts';
import { type AcceptRule, acceptRules, addressPeers, podPeers, podsOf, subjectsOf } from '../accepting-rules.ts';
import { familyOf, holdsInternet } from '../addresses/block-extent.ts';
import type { Check } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { countPods, printImpact } from '../effect.ts';
import { printPeer } from '../rule-flows.ts';
import { clusterDns } from './cluster-dns.ts';
import { dnsPeer } from './dns-peer.ts';
import { isDnsOnly } from './dns-rules.ts';

/** Rule 64 of the catalogue, and its lesser form: every pod of the namespace in which DNS runs. */
export const DNS_ANYWHERE: Check = {
  id: 'dns-anywhere',
  severity: 'medium',
  scope: 'input',
  summary: 'a rule for DNS that opens more than the DNS pods of the cluster',
  *find(context) {
    for (const one of acceptRules(context)) {
      if (one.direction !== 'egress' || !isDnsOnly(context, one.rule)) continue;
      const excess = excessOf(context, one);
      if (excess === undefined) continue;
      const { policy } = one;
      const pods = subjectsOf(context, one).yes;
      const impact = countPods(context, pods);
      yield {
        object: policy.object,
        policy,
        path: excess.path,
        severity: excess.severity,
        message: excess.message,
        hint: 'name the DNS pods of the cluster',
        ...(pods.length === 0 ? {} : { impact, effect: `opens it to ${printImpact(impact)}` }),
        ...(excess.edits === undefined
          ? {}
          : {
              fix: { title: 'only to the DNS pods', edits: excess.edits, announced: excess.announced, safe: false },
            }),
      };
    }
  },
};

interface Excess {
  readonly path: Path;
  readonly severity: Severity;
  readonly message: string;
  readonly edits: readonly Edit[] | undefined;
  readonly announced: Announced;
}

function excessOf(context: CheckContext, one: AcceptRule): Excess | undefined {
  const { policy, direction, rule } = one;
  const { object } = policy;
  const peer = dnsPeer(context, policy);
  const replace = (path: Path, value: unknown): readonly Edit[] | undefined =>
    peer === undefined ? undefined : [{ op: 'set', object, path, value }];
  const why = 'any server may answer, and questions can carry data out';
  if (rule.peers === 'any') {
    const edits = replace(peersPath(direction, rule), [peer]);
    return {
      path: rule.path,
      severity: 'medium',
      message: `opens DNS to everybody: ${why}`,
      edits,
      announced: 'closes',
    };
  }
  const block = addressPeers(rule).find(({ cidr, addresses }) => holdsInternet(addresses, familyOf(cidr)));
  if (block !== undefined) {
    const isAlone = rule.peers.length === 1 && policy.ref.dialect === 'network-policy';
    const edits = isAlone ? replace(block.path, peer) : undefined;
    return {
      path: block.path,
      severity: 'medium',
      message: `opens DNS to the internet: ${why}`,
      edits,
      announced: 'changes',
    };
  }
  for (const each of podPeers(rule)) {
    const edits = replace(each.path, peer);
    const isEveryNamespace = !('name' in each.namespaces) && isEverything(each.namespaces.selector);
    if (isEveryNamespace && isEverything(each.pods)) {
      return {
        path: each.path,
        severity: 'medium',
        message: `opens DNS to every pod: ${why}`,
        edits,
        announced: 'closes',
      };
    }
    if (!isEverything(each.pods)) continue;
    const meant = podsOf(context, [each], policy).yes;
    const dns = clusterDns(context).pods;
    if (intersect(meant, dns).length === 0) continue;
    const others = subtract(meant, dns);
    const where = printPeer(each);
    const also = others.length === 0 ? 'any other that comes there' : 'others there';
    const message = `opens DNS to ${where}: beside the DNS pods, ${also} may answer`;
    return { path: each.path, severity: 'low', message, edits, announced: 'closes' };
  }
  return undefined;
}
