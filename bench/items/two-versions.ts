// P13: `diff` of two versions of a cluster that are both loaded, one policy in five hundred having changed; again, and for
// the first time.

import { worldOf } from '../../src/engine/endpoints/world.ts';
import { type ConnectivityDiff, diff, type State } from '../../src/engine/index.ts';
import { compiledState } from '../../src/engine/questions/compiled-state.ts';
import { forgetPeak, peakMemory, residentMemory, timeOf } from '../measure.ts';
import { compareDiff } from '../naive/naive-diff.ts';
import { type DrawnCluster, drawCluster } from '../shapes/cluster-shape.ts';
import type { Json } from '../shapes/policy-shape.ts';
import { AS_LARGEST } from './all-pairs.ts';
import { clusterItem, SAMPLED_PAIRS, SEED } from './cluster-item.ts';
import { CONTEXT, isCountable, type ParsedCluster, parsed, stateOf } from './in-process.ts';
import type { Item, Prepared } from './item.ts';

/**
 * P13: both versions are loaded, compiled and were compared once, which is how the second comes into the form of the first.
 * P13/first: both are loaded, and nothing is compiled.
 */
export const TWO_VERSIONS_ITEMS: readonly Item[] = [
  clusterItem({
    ...AS_LARGEST,
    id: 'P13',
    title: 'diff of two versions of P4 that are loaded and compiled, in process',
    reference: 'JSON.parse',
    prepare: (size) => prepareAgain(twoVersions(drawCluster(size, SEED))),
  }),
  clusterItem({
    ...AS_LARGEST,
    id: 'P13/first',
    title: 'diff of two versions of P4 that are loaded, and of which nothing is compiled yet, in process',
    reference: 'JSON.parse',
    prepare: (size) => {
      const versions = twoVersions(drawCluster(size, SEED));
      return prepareDiff(versions, () => loaded(versions));
    },
  }),
];

type Versions<T> = readonly [before: T, after: T];

/** A cluster, and the same with one policy in five hundred changed. */
export function twoVersions(drawn: DrawnCluster): Versions<ParsedCluster> {
  const before = parsed(drawn);
  return [before, { ...before, policies: changedPolicies(before.policies) }];
}

/** Versions that stay loaded, are compiled and were compared once. */
export function prepareAgain(versions: Versions<ParsedCluster>): Prepared {
  let states: Versions<State> | undefined;
  return prepareDiff(versions, () => {
    states ??= compiled(loaded(versions));
    return states;
  });
}

/** States with their endpoints. */
function loaded(versions: Versions<DrawnCluster>): Versions<State> {
  const states: Versions<State> = [stateOf(versions[0]), stateOf(versions[1])];
  for (const state of states) worldOf(state).outside();
  return states;
}

function compiled(states: Versions<State>): Versions<State> {
  for (const state of states) {
    const { pods, outside } = worldOf(state);
    compiledState(state, [...pods, ...outside()], CONTEXT.protocols);
  }
  diff(...states, CONTEXT);
  return states;
}

/** `begin` is not timed. */
function prepareDiff([before, after]: Versions<ParsedCluster>, begin: () => Versions<State>): Prepared {
  forgetPeak();
  const inputs = residentMemory();
  let last: ConnectivityDiff | undefined;
  return {
    inputs,
    run: () => {
      last = undefined;
      const states = begin();
      globalThis.gc?.();
      return timeOf(() => {
        last = diff(...states, CONTEXT);
      });
    },
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
  // However few there are, one of them changes.
  const early = Math.min(100, policies.length >> 1);
  return policies.flatMap((policy, index) => {
    if (index % 1000 === 0) return [];
    if (index % 1000 !== 500 && index !== early) return [policy];
    const spec = {
      podSelector: {},
      policyTypes: ['Ingress'],
      ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 8080 }] }],
    };
    return [{ ...policy, spec }];
  });
}
