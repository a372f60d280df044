// The cluster's DNS as a fix writes it: its pods as a peer, its ports as a list.

import { writePods, writePort } from '../../dialects/written-fields.ts';
import type { Policy } from '../../model/policy.ts';
import type { CheckContext } from '../context.ts';
import { clusterDns } from './cluster-dns.ts';

/** A peer that means just the DNS pods; undefined where no well-known label does, or there are none in the input. */
export function dnsPeer(context: CheckContext, policy: Policy): unknown {
  const { labels } = clusterDns(context);
  return labels === undefined ? undefined : writePods(policy, labels.namespace, labels.pod);
}

/** Every port on which they answer, over UDP and TCP. */
export function dnsPorts(context: CheckContext, policy: Policy): readonly unknown[] {
  return clusterDns(context).ports.flatMap((port) =>
    (['UDP', 'TCP'] as const).map((protocol) => writePort(policy, protocol, port)),
  );
}
