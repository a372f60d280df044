// Ingress rules that open just what a way into the cluster leads to: from anywhere is then what they are for.

import { contains } from '../../sets/id-set.ts';
import * as traffic from '../../sets/traffic-set.ts';
import { type AcceptRule, subjectsOf } from '../accepting-rules.ts';
import type { CheckContext } from '../context.ts';
import { oncePerRun } from '../once.ts';
import { portTraffic } from '../port-traffic.ts';

/** Traffic that LoadBalancers, NodePorts and Ingresses bring to pods, by the key of their unit. */
const entryTraffic = oncePerRun(({ world }) => {
  const byKey = new Map<string, traffic.TrafficSet>();
  for (const unit of world.entries()) {
    if (unit.type !== 'entry') continue;
    for (const { key, traffic: opened } of unit.entry.targets) {
      byKey.set(key, traffic.union(byKey.get(key) ?? traffic.NO_TRAFFIC, opened));
    }
  }
  return byKey;
});

/** Reports whether every pod of the rule stands behind an entry point that leads to all the ports that the rule opens. */
export function isEntryOnly(context: CheckContext, one: AcceptRule): boolean {
  const entries = entryTraffic(context);
  if (entries.size === 0 || one.rule.ports === 'any') return false;
  const pods = subjectsOf(context, one).yes;
  const behind = context.pods.flatMap(({ endpoint }, id) => (contains(pods, id) ? [endpoint] : []));
  return (
    behind.length > 0 &&
    behind.every((endpoint) => {
      const { sure, perhaps } = portTraffic(one.rule.ports, endpoint);
      const entry = entries.get(endpoint.key) ?? traffic.NO_TRAFFIC;
      return traffic.isSubset(traffic.union(sure, perhaps), entry);
    })
  );
}
