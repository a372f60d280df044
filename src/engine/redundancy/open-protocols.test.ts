// A rule about traffic that another policy of the tier leaves open: that stays unknown with the rule and without it.

import { expect, it } from 'vitest';
import { namespaceManifest, podManifest, stateOf } from '../../../test/support/replay.ts';
import { worldOf } from '../endpoints/world.ts';
import type { PlacedPolicy } from '../model/tier.ts';
import { searchRedundancy } from './find-redundancy.ts';

it('does not matter', () => {
  const policy = (name: string, egress: readonly object[]) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { namespace: 'x', name },
    spec: { podSelector: {}, policyTypes: ['Egress'], egress },
  });
  const pod = { namespace: 'x', labels: {}, ports: [], addresses: ['10.0.0.1'] };
  const state = stateOf([
    namespaceManifest('x', {}),
    podManifest({ ...pod, name: 'a' }),
    podManifest({ ...pod, name: 'b', addresses: ['10.0.0.2'] }),
    policy('accepts', [{}]),
    policy('isolates', []),
  ]);
  // As no plugin places them: one of the two speaks of ICMP.
  const policies = state.placement.policies.map((placed): PlacedPolicy => {
    if (placed.policy.ref.name === 'isolates') return { ...placed, coversOtherProtocols: false };
    const { egress } = placed.policy;
    const [rule] = egress!.rules;
    const ports = [{ type: 'all' as const, protocol: 'ICMP' as const, path: [] }] as const;
    const rules = [{ ...rule!, ports }];
    return {
      ...placed,
      coversOtherProtocols: true,
      policy: { ...placed.policy, egress: { ...egress!, isolates: false, rules } },
    };
  });
  const endpoints = worldOf(state).pods.map(({ endpoint }) => endpoint);
  const { knobs } = state.behaviour;
  const search = searchRedundancy({ placement: { ...state.placement, policies }, knobs, endpoints });
  expect(policies.map(({ policy: one }) => [one.ref.name, search.matters(one)])).toEqual([
    ['accepts', false],
    ['isolates', true],
  ]);
});
