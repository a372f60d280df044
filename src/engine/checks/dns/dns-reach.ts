// Which pods have a way to DNS, by protocol: over all policies at once.

import { entry } from '../../compile/entry.ts';
import { possible } from '../../compile/match-set.ts';
import { type IdSet, unionAll } from '../../sets/id-set.ts';
import { type AcceptRule, acceptRules, subjectsOf } from '../accepting-rules.ts';
import type { CheckContext } from '../context.ts';
import { oncePerRun } from '../once.ts';
import { opensDns } from './dns-rules.ts';

/** Pods under a rule that perhaps leads to DNS; others have no way once they are isolated. */
export interface DnsReach {
  readonly udp: IdSet;
  readonly tcp: IdSet;
  /** The rules that perhaps lead to DNS over TCP, by the namespace of their policy; '' for cluster-scoped ones. */
  readonly tcpRules: ReadonlyMap<string, readonly AcceptRule[]>;
}

/** The pods with a way to DNS. */
export const dnsReach: (context: CheckContext) => DnsReach = oncePerRun((context) => {
  const udp: IdSet[] = [];
  const tcp: IdSet[] = [];
  const tcpRules = new Map<string, AcceptRule[]>();
  for (const one of acceptRules(context)) {
    if (one.direction !== 'egress') continue;
    if (opensDns(context, one, 'UDP')) udp.push(possible(subjectsOf(context, one)));
    if (!opensDns(context, one, 'TCP')) continue;
    tcp.push(possible(subjectsOf(context, one)));
    entry(tcpRules, one.policy.ref.namespace ?? '', () => []).push(one);
  }
  return { udp: unionAll(udp), tcp: unionAll(tcp), tcpRules };
});
