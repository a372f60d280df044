import { expect, it } from 'vitest';
import { stateOf } from '../../../../test/support/replay.ts';
import { behaviourOf } from '../../behaviours/index.ts';
import { traitKey, traitsOf } from './traits.ts';

it('tells a behaviour that does not enforce NetworkPolicy from one that does', () => {
  const policy = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'deny', namespace: 'x' },
    spec: { podSelector: {}, policyTypes: ['Ingress'] },
  };
  const traits = traitsOf(stateOf([policy]), ['TCP']);
  const own = behaviourOf('default', []);
  const without = { ...own, knobs: { ...own.knobs, apis: ['cluster-network-policy'] as const } };
  expect(traitKey(traits, without)).not.toBe(traitKey(traits, own));
});
