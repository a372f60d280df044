// Bans on clients that policies cannot tell apart: where a Service puts the address of a node in place of the client's.

import type { Forbidden } from '../generate/statements.ts';
import type { Service } from '../model/cluster.ts';
import type { Party } from '../model/evidence.ts';
import { workloadName } from '../model/party-names.ts';
import type { ProvedNeed } from './prove.ts';
import { blocks, type Remark } from './remark.ts';

/**
 * One remark for each ban on clients outside, and each Service through which they come with the address of a node that may go on
 * to the same workload (externalTrafficPolicy Cluster,
 * https://kubernetes.io/docs/tutorials/services/source-ip/). None where nothing from outside is let in any more.
 */
export function hiddenClientRemarks(
  bans: readonly Forbidden[],
  needs: readonly ProvedNeed[],
  services: readonly Service[],
): Remark[] {
  if (bans.length === 0) return [];
  const hiding = new Set(
    services.flatMap(({ namespace, name, externalTrafficPolicy }) =>
      externalTrafficPolicy === 'Local' ? [] : [`${namespace}/${name}`],
    ),
  );
  const remarks = new Map<string, Remark>();
  for (const { text, from, to } of bans) {
    if (!from.some(isOutside)) continue;
    const banned = new Set(to.flatMap(({ party }) => (party.type === 'workload' ? [party.key] : [])));
    for (const { need } of needs) {
      if (need.to.type !== 'workload' || !banned.has(need.to.key) || !isOutside(need.from)) continue;
      for (const { kind, via } of need.evidence) {
        const name = via === undefined ? '' : `${via.namespace}/${via.name}`;
        if (kind !== 'exposed-service' || !hiding.has(name)) continue;
        const says = `${text} is forbidden, and clients of Service ${name} come to ${workloadName(need.to.key)} with the addresses of nodes: no policy tells them apart`;
        const hint = 'set externalTrafficPolicy: Local on the Service, or keep them out with loadBalancerSourceRanges';
        remarks.set(says, { ...blocks('hidden-clients', says, hint), workload: need.to.key });
      }
    }
  }
  return [...remarks.values()];
}

function isOutside({ type }: Party): boolean {
  return type === 'addresses' || type === 'outside';
}
