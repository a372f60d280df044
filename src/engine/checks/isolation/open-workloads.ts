// Workloads that no policy isolates among others of their namespace that are: what was forgotten, not what is open as a
// whole.

import type { Severity } from '../../model/finding.ts';
import type { Direction } from '../../model/policy.ts';
import { everyId, idSet, membersOf } from '../../sets/id-set.ts';
import type { Problem } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { countPods, printImpact } from '../effect.ts';
import { findFlow, nameOf } from '../flows.ts';
import { declaresPort, isSystemNamespace, namespaceIsolation, workloadsOf } from './namespace-isolation.ts';

/**
 * One problem for each workload that is open in the direction, in namespaces that restrict more workloads than they leave
 * open: where most are open, the namespace is what is to be closed, and another check says so.
 */
export function* openWorkloads(context: CheckContext, direction: Direction, severity: Severity): Generator<Problem> {
  for (const { name, ...parts } of namespaceIsolation(context)) {
    const { open, restricted } = parts[direction];
    if (open.length === 0 || restricted.length === 0 || isSystemNamespace(name)) continue;
    const keys = workloadsOf(context, open);
    if (keys.length >= workloadsOf(context, restricted).length) continue;
    const ids = membersOf(open);
    for (const key of keys) {
      const own = idSet(ids.filter((id) => isOf(context, id, key)));
      const workload = context.state.cluster.workloads.get(key);
      const object = workload?.object ?? podObject(context, own[0]!);
      if (workload === undefined || object === undefined) continue;
      const impact = countPods(context, own);
      const everybody = everyId(context.pods.length);
      const [from, to] = direction === 'ingress' ? [everybody, own] : [own, everybody];
      const example = findFlow(context, { verdict: 'allowed', from, to });
      const text = nameOf(context, own[0]!) ?? `${workload.namespace}/${workload.name}`;
      yield {
        object,
        path: ['metadata', 'name'],
        // Without a declared port it may well serve nobody.
        severity: direction === 'ingress' && !declaresPort(context, own[0]!) ? 'low' : severity,
        message:
          direction === 'ingress'
            ? `anybody may connect to ${text} on every port: no policy isolates its ingress, as policies do for others of its namespace`
            : `${text} may connect to everybody on every port: no policy isolates its egress, as policies do for others of its namespace`,
        hint: 'write a policy for it, or one that selects every pod of the namespace and allows nothing',
        effect: `leaves ${printImpact(impact)} open`,
        impact,
        ...(example === undefined ? {} : { example }),
      };
    }
  }
}

function isOf({ pods }: CheckContext, id: number, key: string): boolean {
  const unit = pods[id]!;
  return unit.type === 'workload' && unit.workload.key === key;
}

function podObject({ pods }: CheckContext, id: number): Problem['object'] | undefined {
  const unit = pods[id]!;
  return unit.type === 'workload' ? unit.pods[0]!.object : undefined;
}
