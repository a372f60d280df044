// Whether two states are the same for every answer: how a compiled snapshot is proved before it is written. Knows no file.

import type { State } from '../engine/state.ts';
import { textOf } from './plain-values.ts';

/** The first part in which two states differ, manifest objects left aside; undefined: they are the same. */
export function firstDifference(a: State, b: State): string | undefined {
  const [from, to] = [partsOf(a), partsOf(b)];
  for (const [name, values] of from) {
    const others = to.get(name)!;
    if (values.length !== others.length) return name;
    if (values.some((value, at) => textOf([value]) !== textOf([others[at]]))) return name;
  }
  return undefined;
}

function partsOf({
  cluster,
  policies,
  placement,
  plan,
  findings,
  gaps,
  assumptions,
  limits,
}: State): ReadonlyMap<string, readonly unknown[]> {
  return new Map<string, readonly unknown[]>([
    ['namespaces', [...cluster.namespaces]],
    ['workloads', [...cluster.workloads]],
    ['pods', cluster.pods],
    ['nodes', cluster.nodes],
    ['services', cluster.services],
    ['endpointSlices', cluster.endpointSlices],
    ['ingresses', cluster.ingresses],
    ['openShiftRoutes', cluster.openShiftRoutes],
    ['gatewayApi', [cluster.gatewayApi]],
    ['operatorObjects', cluster.operatorObjects],
    ['policies', policies],
    [
      'placement',
      [placement.chain, placement.notEnforced.length, ...placement.policies.map(({ tier, order }) => [tier, order])],
    ],
    ['plan', [plan]],
    ['findings', findings],
    ['gaps', gaps],
    ['assumptions', assumptions],
    ['limits', limits],
  ]);
}
