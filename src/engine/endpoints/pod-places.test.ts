// Pods for which there is a unit, and pods for which there is none although one looks like them.

import { describe, expect, it } from 'vitest';
import { namespaceManifest, podManifest, stateOf } from '../../../test/support/replay.ts';
import { behaviourOf } from '../behaviours/index.ts';
import type { Knobs } from '../model/behaviour.ts';
import { podPlaces } from './pod-places.ts';
import { worldOf } from './world.ts';

type Drawn = Parameters<typeof podManifest>[0];

const WEB: Drawn = {
  namespace: 'x',
  name: 'web',
  labels: { app: 'web' },
  addresses: ['10.0.0.1'],
  ports: [{ name: 'http', containerPort: 80 }],
};

function policy(rule: object) {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { namespace: 'x', name: 'p' },
    spec: { podSelector: { matchLabels: { app: 'web' } }, ingress: [rule] },
  };
}

/** The key of the unit of a pod that comes to {@link WEB}. */
function placeOf(change: Partial<Drawn>, rule: object = {}, knobs: Partial<Knobs> = {}): string | undefined {
  const behaviour = behaviourOf('default', []);
  const chosen = { ...behaviour, knobs: { ...behaviour.knobs, ...knobs } };
  const common = [namespaceManifest('x', {}), namespaceManifest('y', {}), policy(rule)];
  const world = worldOf(stateOf([...common, podManifest(WEB)], chosen));
  const [coming] = stateOf([...common, podManifest({ ...WEB, name: 'new', ...change })], chosen).cluster.pods;
  const place = podPlaces(world)(coming!);
  return place === undefined ? undefined : world.pods[place]!.endpoint.key;
}

const OWN = 'x/Pod/web';

describe('podPlaces', () => {
  it.each([
    ['that is the same', {}, OWN],
    ['with another address in no block', { addresses: ['10.0.0.2'] }, OWN],
    ['without an address yet', { addresses: [] }, undefined],
    ['of another workload', { owner: 'web' }, OWN],
    ['with a label that nobody asks for', { labels: { app: 'web', version: '2' } }, OWN],
    ['with a label that somebody asks for', { labels: { app: 'api' } }, undefined],
    ['of another namespace', { namespace: 'y' }, undefined],
    ['of another family', { addresses: ['fd00::1'] }, undefined],
    ['of the host network', { hostNetwork: true }, undefined],
    ['with an address that no pod was expected to have', { addresses: ['192.0.2.1'] }, undefined],
  ] as const)('a pod %s', (_, change, place) => {
    expect(placeOf(change)).toBe(place);
  });

  it('finds none where the plugin looks names of ports up on all pods', () => {
    const rule = { ports: [{ port: 'http' }] };
    const [added, plain] = [{}, { ports: [{ containerPort: 81 }] }];
    expect([placeOf(added, rule), placeOf(added, {}, { ingressNamedPorts: 'perPolicy' })]).toEqual([OWN, undefined]);
    expect(placeOf(added, {}, { egressNamedPorts: 'clusterWide' })).toBe(undefined);
    expect(placeOf(plain, {}, { ingressNamedPorts: 'perPolicy' })).toBe(OWN);
  });

  it('tells addresses in the same block from others', () => {
    const rule = { from: [{ ipBlock: { cidr: '10.0.0.0/30' } }] };
    expect(placeOf({ addresses: ['10.0.0.2'] }, rule)).toBe(OWN);
    expect(placeOf({ addresses: ['10.0.1.1'] }, rule)).toBe(undefined);
  });

  it('tells pods that nobody owns from others where the plugin may not know those', () => {
    const knobs = { standalonePods: 'unknown' } as const;
    expect([placeOf({}, {}, knobs), placeOf({ owner: 'web' }, {}, knobs)]).toEqual([OWN, undefined]);
  });
});
