// Pods that come later, against making everything anew with them.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decisionKey } from '../../src/engine/compile/decision.ts';
import { compileReach, type Reach } from '../../src/engine/compile/reach.ts';
import { podPlaces } from '../../src/engine/endpoints/pod-places.ts';
import { type World, worldOf } from '../../src/engine/endpoints/world.ts';
import { PROTOCOLS } from '../../src/engine/sets/traffic-set.ts';
import { behaviour } from '../support/arbitrary-behaviour.ts';
import { manifests } from '../support/arbitrary-manifests.ts';
import { type Manifest, stateOf } from '../support/replay.ts';
import { runs } from '../support/runs.ts';

/** Everything that a map shows of a world, compiled; positions of pods come first. */
function compiled(world: World): Reach {
  const { placement, behaviour: chosen } = world.state;
  const ends = [...world.pods, ...world.outside()].map(({ endpoint }) => endpoint);
  return compileReach({ placement, knobs: chosen.knobs }, ends, PROTOCOLS);
}

function said(reach: Reach, from: number, to: number): string {
  return JSON.stringify(
    Object.entries(reach.decide(from, to)).map(([family, decision]) => [family, decisionKey(decision)]),
  );
}

describe('the place of a pod', () => {
  it('is a unit that says of everybody, and of whom everybody says, what is said with the pod in the cluster', () => {
    let [placed, all] = [0, 0];
    fc.assert(
      fc.property(manifests, behaviour, (drawn, chosen) => {
        const less = worldOf(stateOf(drawn, chosen));
        const rest = compiled(less);
        for (const copy of copiesOf(drawn)) {
          const full = worldOf(stateOf([...drawn, copy], chosen));
          const pod = full.state.cluster.pods.find(({ name }) => name === (copy.metadata as Manifest).name);
          if (pod === undefined) continue;
          const place = podPlaces(less)(pod);
          all++;
          if (place === undefined) continue;
          placed++;
          const whole = compiled(full);
          const keys = [...full.pods, ...full.outside()].map(({ endpoint }) => endpoint.key);
          const own = full.pods.indexOf(full.unitOf(pod)!);
          const others = [...less.pods, ...less.outside()].map((unit) => {
            const other = unit.type === 'workload' ? full.unitOf(peerOf(full, unit.pods[0]!)) : undefined;
            return other === undefined ? keys.indexOf(unit.endpoint.key) : full.pods.indexOf(other);
          });
          others.forEach((there, here) => {
            expect(there).toBeGreaterThanOrEqual(0);
            expect([here, said(rest, place, here)]).toEqual([here, said(whole, own, there)]);
            expect([here, said(rest, here, place)]).toEqual([here, said(whole, there, own)]);
          });
        }
      }),
      runs(150),
    );
    expect(placed).toBeGreaterThan(runs(150).numRuns / 10);
    expect(placed).toBeLessThan(all);
  });
});

/** Two pods of the cluster once more, under another name; the second with the address of the first. */
function copiesOf(drawn: readonly Manifest[]): Manifest[] {
  const pods = drawn.filter(({ kind }) => kind === 'Pod');
  return pods.slice(0, 2).map((pod, index) => ({
    ...pod,
    metadata: { ...(pod.metadata as Manifest), name: `copy-${index}` },
    status: pods[0]!.status,
  }));
}

/** The same pod in the other world. */
function peerOf({ state }: World, pod: World['state']['cluster']['pods'][number]) {
  return state.cluster.pods.find(({ namespace, name, workload }) => {
    return namespace === pod.namespace && name === pod.name && workload === pod.workload;
  })!;
}
