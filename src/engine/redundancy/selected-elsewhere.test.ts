// A tier that accepts whoever is selected in either direction: what a later one would deny is not reached.

import { expect, it } from 'vitest';
import { namespaceManifest, podManifest, stateOf } from '../../../test/support/replay.ts';
import { worldOf } from '../endpoints/world.ts';
import type { Chain, PlacedPolicy } from '../model/tier.ts';
import { searchRedundancy } from './find-redundancy.ts';

it('nothing matters in the later tier', () => {
  const policy = (name: string, spec: object) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { namespace: 'x', name },
    spec: { podSelector: {}, ...spec },
  });
  const pod = { namespace: 'x', labels: {}, ports: [], addresses: ['10.0.0.1'] };
  const state = stateOf([
    namespaceManifest('x', {}),
    podManifest({ ...pod, name: 'a' }),
    podManifest({ ...pod, name: 'b', addresses: ['10.0.0.2'] }),
    policy('accepts', { policyTypes: ['Egress'], egress: [{}] }),
    policy('isolates', { policyTypes: ['Egress'] }),
    policy('selects', { policyTypes: ['Ingress'], ingress: [{}] }),
  ]);
  // As no plugin places them: the policy of the other direction stands in a tier before.
  const tier = { name: 'first', combine: 'first-match', ties: 'by-name', unisolated: 'accept-if-selected' } as const;
  const chain: Chain = {
    tiers: [tier, { ...tier, name: 'second', combine: 'deny-overrides', unisolated: 'next' }],
    tail: 'deny',
  };
  const policies = state.placement.policies.map((placed): PlacedPolicy => {
    const { ingress, egress, ...rest } = placed.policy;
    if (ingress !== undefined) {
      return { ...placed, tier: 0, policy: { ...rest, ingress: { ...ingress, isolates: false } } };
    }
    const isolates = placed.policy.ref.name === 'isolates';
    return { ...placed, tier: 1, policy: { ...rest, egress: { ...egress!, isolates } } };
  });
  const endpoints = worldOf(state).pods.map(({ endpoint }) => endpoint);
  const { knobs } = state.behaviour;
  const placement = { ...state.placement, chain, policies };
  const search = searchRedundancy({ placement, knobs, endpoints, protocols: ['TCP'] });
  expect(policies.map(({ policy: one }) => [one.ref.name, search.matters(one)])).toEqual([
    ['accepts', false],
    ['isolates', false],
    ['selects', true],
  ]);
});
