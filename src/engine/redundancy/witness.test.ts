// A peer that a policy alone lets in shows that it matters, but not where the policy alone isolates: without it all is open.

import { expect, it } from 'vitest';
import { namespaceManifest, podManifest, stateOf } from '../../../test/support/replay.ts';
import { worldOf } from '../endpoints/world.ts';
import { searchRedundancy } from './find-redundancy.ts';

const policy = (name: string, ingress: readonly object[]) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { namespace: 'x', name },
  spec: { podSelector: {}, policyTypes: ['Ingress'], ingress },
});
const fromApp = (app: string) => ({ from: [{ podSelector: { matchLabels: { app } } }] });

/** Names of the policies that can go, and of those that could go but alone. */
function find(...policies: readonly ReturnType<typeof policy>[]) {
  const pods = ['a', 'b', 'c'].map((name, i) =>
    podManifest({ namespace: 'x', name, labels: { app: name }, ports: [], addresses: [`10.0.0.${i + 1}`] }),
  );
  const state = stateOf([namespaceManifest('x', {}), ...pods, ...policies]);
  const endpoints = worldOf(state).pods.map(({ endpoint }) => endpoint);
  const { placement, behaviour } = state;
  const search = searchRedundancy({ placement, knobs: behaviour.knobs, endpoints, protocols: ['TCP'] });
  const { policies: found, needed } = search.policies();
  return { gone: found.map((one) => one.policy.ref.name), needed: needed.map(({ ref }) => ref.name) };
}

it('a policy that alone isolates, and accepts everything, is as good as none', () => {
  expect(find(policy('everything', [{}]))).toEqual({ gone: [], needed: ['everything'] });
});

it('a policy that alone isolates and accepts something matters', () => {
  expect(find(policy('a', [fromApp('a')]))).toEqual({ gone: [], needed: [] });
});

it('beside another that isolates, one that lets in somebody of its own matters, and one that does not may go', () => {
  const all = [policy('deny', []), policy('a', [fromApp('a')]), policy('b', [fromApp('b')])];
  expect(find(...all, policy('a-again', [fromApp('a')]))).toEqual({ gone: ['a', 'deny'], needed: ['a-again'] });
});

it('the first and the last of its peers may be let in by others, and one between them not', () => {
  const all = [policy('some', [fromApp('a'), fromApp('c')]), policy('all', [{ from: [{ podSelector: {} }] }])];
  expect(find(...all)).toEqual({ gone: ['some'], needed: [] });
});
