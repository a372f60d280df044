// What a step tells, by example; that it is all and only what changes, test/properties/live-cluster.test.ts shows.

import { describe, expect, it } from 'vitest';
import { manifestObject } from '../../../test/support/manifest-object.ts';
import { type Manifest, namespaceManifest, podManifest } from '../../../test/support/replay.ts';
import { behaviourOf } from '../behaviours/index.ts';
import { membersOf } from '../sets/id-set.ts';
import { type LiveCluster, type LiveStep, liveCluster } from './live-cluster.ts';

function pod(namespace: string, name: string, app: string, address: string, owner?: string): Manifest {
  return podManifest({
    namespace,
    name,
    labels: { app },
    addresses: [address],
    ports: [],
    ...(owner === undefined ? {} : { owner }),
  });
}

function admits(namespace: string, app: string, from: object): Manifest {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { namespace, name: `to-${app}` },
    spec: { podSelector: { matchLabels: { app } }, ingress: [{ from: [from] }] },
  };
}

const OPTIONS = { behaviour: behaviourOf('default', []), defaultNamespace: 'default', protocols: ['TCP'] } as const;

const live = (...manifests: readonly Manifest[]): LiveCluster => liveCluster(manifests.map(manifestObject), OPTIONS);

function apply(cluster: LiveCluster, ...events: readonly (readonly ['set' | 'deleted', Manifest])[]): LiveStep {
  return cluster.apply(events.map(([type, value]) => ({ type, object: manifestObject(value) })));
}

/** `web > db: + TCP` for each pair of pods, sorted. */
function told({ changes, at }: LiveStep): string[] {
  const nameAt = (place: number): string => (at(place).after ?? at(place).before)!.endpoint.name;
  return changes
    .flatMap(({ sources, destinations, before, after }) =>
      membersOf(sources).flatMap((s) =>
        membersOf(destinations).map((d) => {
          const sign = before.IPv4 === undefined ? '+' : after.IPv4 === undefined ? '-' : '~';
          return `${sign} ${nameAt(s)} > ${nameAt(d)}`;
        }),
      ),
    )
    .filter((text) => !text.includes('internet') && !text.includes('addresses'))
    .sort();
}

const WEB = pod('x', 'web', 'web', '10.0.0.1');
const DB = pod('x', 'db', 'db', '10.0.0.2');
const ONLY_WEB = admits('x', 'db', { podSelector: { matchLabels: { app: 'web' } } });

describe('a step of a live cluster', () => {
  it('names what went by what it was', () => {
    const step = apply(live(WEB, DB, ONLY_WEB), ['deleted', WEB]);
    expect(told(step)).toEqual(['- x/db > x/web', '- x/web > x/db', '- x/web > x/web']);
    const [gone] = step.pods;
    expect([gone?.name, gone?.after, step.at(gone!.before!).after]).toEqual(['web', undefined, undefined]);
  });

  it('moves a pod to others that are like it, and changes nothing', () => {
    const set = (name: string, app: string, address: string) => pod('x', name, app, address, 'set');
    const before = live(
      set('a', 'web', '10.0.0.1'),
      set('b', 'web', '10.0.0.2'),
      set('c', 'api', '10.0.0.3'),
      DB,
      ONLY_WEB,
    );
    const step = apply(before, ['set', set('b', 'api', '10.0.0.2')]);
    expect([told(step), step.pods.map(({ name }) => name), step.compiledAnew]).toEqual([[], ['b'], false]);
  });

  it('tells both sides apart by what a policy newly asks for', () => {
    const version = (name: string, value: string, address: string): Manifest =>
      podManifest({
        namespace: 'x',
        name,
        labels: { app: 'web', version: value },
        addresses: [address],
        ports: [],
        owner: 'set',
      });
    const before = live(version('a', '1', '10.0.0.1'), version('b', '2', '10.0.0.3'), DB);
    const step = apply(before, ['set', admits('x', 'db', { podSelector: { matchLabels: { version: '1' } } })]);
    expect(told(step)).toEqual(['- x/db > x/db', '- x/set#2 > x/db']);
    expect(step.pods).toEqual([]);
  });

  it('asks what pods are like now, not what their place was made from', () => {
    const version = (value: string): Manifest =>
      podManifest({
        namespace: 'y',
        name: 'a',
        labels: { app: 'web', version: value },
        addresses: ['10.0.0.1'],
        ports: [],
      });
    const asks = (value: string) =>
      admits('x', 'db', { namespaceSelector: {}, podSelector: { matchLabels: { version: value } } });
    // To who asks for a third version both are the same, so that the place stays.
    const { live: newer, changes } = apply(live(version('1'), DB, asks('3')), ['set', version('2')]);
    expect(changes).toEqual([]);
    expect(told(apply(newer, ['set', asks('1')]))).toEqual([]);
    expect(told(apply(newer, ['set', asks('2')]))).toEqual(['+ y/a > x/db']);
  });

  it('follows the addresses of nodes to pods of their network', () => {
    const node = (address: string): Manifest => ({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'n1' },
      status: { addresses: [{ type: 'InternalIP', address }] },
    });
    const host = podManifest({
      namespace: 'x',
      name: 'host',
      labels: {},
      addresses: [],
      ports: [],
      node: 'n1',
      hostNetwork: true,
    });
    const before = live(DB, host, node('192.0.2.1'), admits('x', 'db', { ipBlock: { cidr: '192.0.2.1/32' } }));
    expect(told(apply(before, ['set', node('192.0.2.2')]))).toContain('- x/host > x/db');
  });

  it('reads policies again for plugins that look names of ports up on all pods', () => {
    const named = (name: string, number: number): Manifest =>
      podManifest({
        namespace: 'x',
        name,
        labels: { app: 'db' },
        addresses: [`10.0.0.${number}`],
        ports: [{ name: 'sql', containerPort: number }],
      });
    const opens = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { namespace: 'x', name: 'p' },
      spec: { podSelector: { matchLabels: { app: 'db' } }, ingress: [{ ports: [{ port: 'sql' }] }] },
    };
    const behaviour = behaviourOf('default', ['ingressNamedPorts=perPolicy']);
    const before = liveCluster([WEB, named('a', 80), opens].map(manifestObject), { ...OPTIONS, behaviour });
    expect(told(apply(before, ['set', named('b', 81)]))).toContain('~ x/web > x/a');
  });

  it('follows labels of a namespace that was not declared before', () => {
    const elsewhere = pod('y', 'web', 'web', '10.0.0.3');
    const friends = admits('x', 'db', { namespaceSelector: { matchLabels: { team: 'a' } } });
    const before = live(namespaceManifest('x', {}), DB, elsewhere, friends);
    // Nobody knows the labels; then somebody does.
    const declared = apply(before, ['set', namespaceManifest('y', { team: 'b' })]);
    expect(told(declared)).toEqual(['- y/web > x/db']);
    expect(told(apply(declared.live, ['set', namespaceManifest('y', { team: 'a' })]))).toEqual(['+ y/web > x/db']);
  });

  it('is one for a batch, of which the last event of an object counts', () => {
    const before = live(WEB, DB);
    const step = apply(before, ['deleted', WEB], ['set', ONLY_WEB], ['set', WEB]);
    expect(told(step)).toEqual(['- x/db > x/db']);
    expect(told(apply(step.live, ['deleted', ONLY_WEB]))).toEqual(['+ x/db > x/db']);
    // The one before is what it was.
    expect(told(apply(before, ['set', ONLY_WEB]))).toEqual(['- x/db > x/db']);
  });

  it('compiles anew where there is no room, and tells the same', () => {
    const objects = [WEB, DB, ONLY_WEB].map(manifestObject);
    const step = apply(liveCluster(objects, { ...OPTIONS, room: 0 }), ['set', pod('x', 'new', 'web', '10.0.0.9')]);
    const other = apply(liveCluster(objects, OPTIONS), ['set', pod('x', 'new', 'web', '10.0.0.9')]);
    expect([step.compiledAnew, other.compiledAnew]).toEqual([true, false]);
    expect(told(step)).toEqual(told(other));
    expect(step.live.state().cluster.pods.map(({ name }) => name)).toEqual(['db', 'new', 'web']);
  });

  it('refuses objects that nobody can name', () => {
    const nameless = { ...WEB, metadata: { namespace: 'x', generateName: 'web-' } };
    expect(() => apply(live(WEB), ['set', nameless])).toThrow('the object of an event has no name: Pod');
  });
});
