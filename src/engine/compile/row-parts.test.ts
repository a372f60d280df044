// Rows that share what they say of large sets: never more than they may. What drawn clusters rarely have is written out.

import { describe, expect, it } from 'vitest';
import { type Manifest, namespaceManifest, podManifest, stateOf } from '../../../test/support/replay.ts';
import { worldOf } from '../endpoints/world.ts';
import { PORT_PROTOCOLS } from '../sets/traffic-set.ts';
import { decisionKey } from './decision.ts';
import { type CompileOptions, compileReach } from './reach.ts';

/** Every set of two members or more is large. */
const ALL_IN_PARTS = { endpoints: 0, members: 1, runs: 1 };

/** Every peer has a rule of its own. */
function policy(name: string, app: string, peers: readonly object[]): Manifest {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { namespace: 'x', name },
    spec: { podSelector: { matchLabels: { app } }, ingress: peers.map((peer) => ({ from: [peer] })) },
  };
}

const PODS = ['a', 'b', 'c', 'd', 'e', 'f'].map((app, index) =>
  podManifest({
    namespace: index < 2 ? 'x' : 'y',
    name: app,
    labels: { app, half: index % 2 === 0 ? 'even' : 'odd' },
    ports: [{ containerPort: 80 }],
    addresses: [`10.0.0.${index + 1}`],
  }),
);

function compiled(manifests: readonly Manifest[]) {
  const state = stateOf([...manifests, ...PODS]);
  const endpoints = worldOf(state).pods.map(({ endpoint }) => endpoint);
  const rules = { placement: state.placement, knobs: state.behaviour.knobs };
  const compile = (options: CompileOptions) => compileReach(rules, endpoints, PORT_PROTOCOLS, options);
  const [whole, parts] = [compile({}), compile({ sizes: ALL_IN_PARTS })];
  const at = (name: string) => endpoints.findIndex(({ key }) => key.endsWith(`/Pod/${name}`));
  return { whole, parts, at, size: endpoints.length };
}

function farOf({ parts }: ReturnType<typeof compiled>, subject: number) {
  const row = parts.rows.get('IPv4')!.row(subject, 'ingress');
  return row.parts?.far ?? row;
}

const DECLARED = [namespaceManifest('x', {}), namespaceManifest('y', { team: 'y' })];
const halfOf = (half: string) => ({ namespaceSelector: {}, podSelector: { matchLabels: { half } } });
const podOf = (app: string) => ({ namespaceSelector: {}, podSelector: { matchLabels: { app } } });

describe('rows in parts', () => {
  it('share what they say of a large set, whatever else they say', () => {
    const one = compiled([
      ...DECLARED,
      policy('p', 'a', [halfOf('even'), podOf('d')]),
      policy('q', 'b', [halfOf('even'), podOf('f')]),
    ]);
    expect(farOf(one, one.at('a'))).toBe(farOf(one, one.at('b')));
  });

  it('do not take one large set for another that meets the same', () => {
    const one = compiled([...DECLARED, policy('p', 'a', [halfOf('even')]), policy('q', 'b', [halfOf('odd')])]);
    for (let s = 0; s < one.size; s++) {
      for (const d of ['a', 'b'].map(one.at)) expect(one.parts.decide(s, d)).toEqual(one.whole.decide(s, d));
    }
  });

  it('name the own policy where something is unknown', () => {
    // Nobody declares the namespace y, so that its labels are not known.
    const open = [{ namespaceSelector: { matchLabels: { team: 'y' } } }];
    const one = compiled([namespaceManifest('x', {}), policy('p', 'a', open), policy('q', 'b', open)]);
    const named = ['a', 'b'].map((name) => {
      const [part] = one.parts.decide(one.at('c'), one.at(name)).IPv4!.unknown;
      return part?.policies.map(({ ref }) => ref.name);
    });
    expect(named).toEqual([['p'], ['q']]);
  });

  it('say to whom they share what the row as a whole says', () => {
    const one = compiled([...DECLARED, policy('p', 'a', [halfOf('even'), podOf('d')])]);
    const [row, other] = [one.parts, one.whole].map((reach) => reach.rows.get('IPv4')!.row(one.at('a'), 'ingress'));
    const read = (reach: typeof one.parts, groups: typeof row) =>
      groups!.groups.map(({ peers, decision }) => [[...peers], decisionKey(reach.table.get(decision))]);
    expect(row!.parts).toBeDefined();
    expect(read(one.parts, row)).toEqual(read(one.whole, other));
  });
});
