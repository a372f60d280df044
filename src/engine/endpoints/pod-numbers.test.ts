// Numbers of pods against their signatures: as many kinds, whether pods are added or looked up.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { behaviour } from '../../../test/support/arbitrary-behaviour.ts';
import { manifests } from '../../../test/support/arbitrary-manifests.ts';
import { stateOf } from '../../../test/support/replay.ts';
import { runs } from '../../../test/support/runs.ts';
import type { Pod } from '../model/cluster.ts';
import { signer } from './pod-endpoints.ts';
import { podNumbers } from './pod-numbers.ts';
import { worldOf } from './world.ts';

it('are equal where namespaces and signatures are, and found for pods that are like one that was added', () => {
  let [shared, unknown] = [0, 0];
  fc.assert(
    fc.property(manifests, behaviour, fc.integer({ min: 1, max: 3 }), (drawn, chosen, nth) => {
      const { context, state } = worldOf(stateOf(drawn, chosen));
      const pods = state.cluster.pods.flatMap((pod): Pod[] => [
        pod,
        { ...pod, addresses: [...pod.addresses].reverse() },
        { ...pod, addresses: [] },
        { ...pod, addresses: [...pod.addresses, '10.0.0.1', 'fd00::1'] },
        { ...pod, labels: Object.fromEntries(Object.entries(pod.labels).reverse()), ports: [...pod.ports].reverse() },
        { ...pod, labels: { ...pod.labels, app: 'something-else' } },
        { ...pod, openLabels: ['app', 'tier'] },
        { ...pod, hostNetwork: !pod.hostNetwork, node: 'n1' },
        { ...pod, hostNetwork: true, node: 'n2' },
      ]);
      const sign = signer(context);
      const keyOf = (pod: Pod) => `${pod.namespace} ${sign(pod)}`;
      const numbers = podNumbers(context);
      const known = new Map<string, number>();
      pods.forEach((pod, index) => {
        if (index % nth !== 0) return;
        const number = numbers.add(pod, '');
        if (known.has(keyOf(pod))) shared++;
        else expect([...known.values()]).not.toContain(number);
        expect(known.get(keyOf(pod)) ?? number).toBe(number);
        known.set(keyOf(pod), number);
      });
      for (const pod of pods) {
        const number = known.get(keyOf(pod));
        if (number === undefined) unknown++;
        expect(numbers.find(pod, '', () => true)).toBe(number);
        expect(numbers.find(pod, 'alone', () => true)).toBe(undefined);
        if (pod.addresses.length > 0) expect(numbers.find(pod, '', () => false)).toBe(undefined);
      }
    }),
    runs(200),
  );
  expect(shared).toBeGreaterThan(0);
  expect(unknown).toBeGreaterThan(0);
});
