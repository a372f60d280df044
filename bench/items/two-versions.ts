// P13: `diff` of two versions of a cluster that are both loaded, one policy in five hundred having changed.

import { worldOf } from '../../src/engine/endpoints/world.ts';
import { type ConnectivityDiff, diff } from '../../src/engine/index.ts';
import { forgetPeak, peakMemory, residentMemory, timeOf } from '../measure.ts';
import { compareDiff } from '../naive/naive-diff.ts';
import { type DrawnCluster, drawCluster } from '../shapes/cluster-shape.ts';
import type { Json } from '../shapes/policy-shape.ts';
import { AS_LARGEST } from './all-pairs.ts';
import { clusterItem, SAMPLED_PAIRS, SEED } from './cluster-item.ts';
import { CONTEXT, isCountable, parsed, stateOf } from './in-process.ts';
import type { Item, Prepared } from './item.ts';

/** P13: both versions stay loaded for all runs. */
export const TWO_VERSIONS_ITEM: Item = clusterItem({
  ...AS_LARGEST,
  id: 'P13',
  title: 'diff of two versions of P4 that are loaded, in process',
  reference: 'JSON.parse',
  prepare: (size) => prepareDiff(drawCluster(size, SEED)),
});

function prepareDiff(drawn: DrawnCluster): Prepared {
  const before = parsed(drawn);
  const after = { ...before, policies: changedPolicies(before.policies) };
  forgetPeak();
  const inputs = residentMemory();
  const states = [before, after].map(stateOf);
  for (const state of states) worldOf(state).outside();
  let last: ConnectivityDiff | undefined;
  return {
    inputs,
    run: () =>
      timeOf(() => {
        last = diff(states[0]!, states[1]!, CONTEXT);
      }),
    reference: () => before.timeToParse(),
    memory: peakMemory,
    check: (isSmallest) =>
      compareDiff({ before, after }, last!, {
        pairs: SAMPLED_PAIRS,
        seed: 1,
        isCounted: isSmallest && isCountable(before),
      }),
  };
}

/** Of a thousand policies the first goes, and another begins to admit its namespace on a port. */
export function changedPolicies(policies: readonly Json[]): Json[] {
  return policies.flatMap((policy, index) => {
    if (index % 1000 === 0) return [];
    if (index % 1000 !== 500 && index !== 100) return [policy];
    const spec = {
      podSelector: {},
      policyTypes: ['Ingress'],
      ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 8080 }] }],
    };
    return [{ ...policy, spec }];
  });
}
