// When a form is known again and when not; that answers are those of new states, properties of compiled states show.

import { describe, expect, it } from 'vitest';
import { type Manifest, podManifest, stateOf } from '../../../test/support/replay.ts';
import { worldOf } from '../endpoints/world.ts';
import type { State } from '../state.ts';
import { compiledState, exchangedState } from './compiled-state.ts';

const TCP = ['TCP'] as const;
const PODS = ['a', 'b', 'c'].map((name, index) =>
  podManifest({ namespace: 'x', name, labels: { app: name }, addresses: [`10.0.0.${index + 1}`], ports: [] }),
);

/** Lets the pods of one app into those of another, and nobody else. */
function policy(to: string, from: string, name = to): Manifest {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { namespace: 'x', name },
    spec: {
      podSelector: { matchLabels: { app: to } },
      ingress: [{ from: [{ podSelector: { matchLabels: { app: from } } }] }],
    },
  };
}

const unitsOf = (state: State) => worldOf(state).pods;
const firstState = () => stateOf([...PODS, policy('a', 'b')]);
const NONE = { removed: [], added: [] };
const ALL = { TCP: [1, 65536] };

describe('a compiled state', () => {
  it('is known again by ends, however they are called, and by protocols', () => {
    const state = firstState();
    const units = unitsOf(state);
    const reach = compiledState(state, units, TCP);
    const renamed = units.map((unit) => ({ ...unit, endpoint: { ...unit.endpoint, key: 'k', name: 'n' } }));
    expect(compiledState(state, renamed, TCP)).toBe(reach);
    expect(compiledState(state, units, ['UDP'])).not.toBe(reach);
    expect(compiledState(firstState(), units, TCP)).not.toBe(reach);
    const turned = compiledState(state, units.toReversed(), TCP);
    expect(turned).not.toBe(reach);
    expect([reach, turned].map((one) => one.decide(2, 0).IPv4!.allowed)).toEqual([{}, ALL]);
  });

  it('is exchanged for another state once, and again for other ends or policies', () => {
    const state = firstState();
    const [units, other] = [unitsOf(state), stateOf([...PODS, policy('a', 'c')])];
    const first = exchangedState(state, units, TCP, other, NONE);
    expect(first.exchanged.reach.decide(2, 0).IPv4!.allowed).toEqual(ALL);
    expect(exchangedState(state, units, TCP, other, NONE).exchanged).toBe(first.exchanged);
    const third = exchangedState(state, units, TCP, stateOf([...PODS, policy('b', 'c')]), NONE);
    expect(third.exchanged.reach.decide(2, 0).IPv4!.allowed).toEqual(ALL);
    expect(third.exchanged.reach.decide(0, 1).IPv4!.allowed).toEqual({});
    const gone = exchangedState(state, units, TCP, other, { removed: [2], added: [] });
    expect(gone.exchanged.reach.present).toEqual([0, 2]);
    expect(exchangedState(state, units, TCP, other, NONE).exchanged.reach.present).toEqual([0, 3]);
    const [, , c] = units;
    const come = (app: string) => {
      const endpoint = { ...c!.endpoint, pod: { ...c!.endpoint.pod!, labels: { app } } };
      const { exchanged } = exchangedState(state, units, TCP, other, { removed: [], added: [{ endpoint }] });
      return exchanged.reach.decide(exchanged.added[0]!, 0).IPv4!.allowed;
    };
    expect([come('c'), come('b')]).toEqual([ALL, {}]);
  });

  it('is compiled anew when it would keep too much of what is gone', () => {
    const state = firstState();
    const units = unitsOf(state);
    const many = (from: string) =>
      stateOf([...PODS, ...Array.from({ length: 70 }, (_, i) => policy('a', from, `p${i}`))]);
    const first = exchangedState(state, units, TCP, many('b'), NONE);
    const second = exchangedState(state, units, TCP, many('c'), NONE);
    expect(second.reach).not.toBe(first.reach);
    expect(second.exchanged.reach.decide(2, 0).IPv4!.allowed).toEqual(ALL);
  });
});
