// Gateways, routes and grants with any of their fields replaced by anything: what is wrong is found or ignored, nothing is
// thrown, the order of the objects does not show, and every connection of an entry has Services' pods at its end.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { behaviourOf } from '../../src/engine/behaviours/index.ts';
import { type ManifestObject, printPath } from '../../src/engine/model/source.ts';
import { mapConnectivity } from '../../src/engine/questions/map.ts';
import { PORT_PROTOCOLS } from '../../src/engine/sets/traffic-set.ts';
import { loadState } from '../../src/engine/state.ts';
import { runs } from '../support/runs.ts';

type Json = Record<string, unknown>;

const V1 = 'gateway.networking.k8s.io/v1';
const named = (apiVersion: string, kind: string, namespace: string, name: string, spec: Json): Json => ({
  apiVersion,
  kind,
  metadata: { name, namespace },
  spec,
});
const from = (how: string): Json => ({
  namespaces: {
    from: how,
    selector: { matchLabels: { team: 'a' }, matchExpressions: [{ key: 'b', operator: 'Exists' }] },
  },
});
const listener = (how: string): Json => ({
  name: 'web',
  port: 80,
  protocol: 'HTTP',
  hostname: '*.example.com',
  allowedRoutes: { ...from(how), kinds: [{ kind: 'HTTPRoute' }] },
});
const backend = (namespace: string): Json => ({ name: 'web', namespace, port: 80, weight: 1 });

const ROUTING: readonly Json[] = [
  named(V1, 'Gateway', 'infra', 'g', { listeners: [listener('Selector')], allowedListeners: from('All') }),
  named(V1, 'ListenerSet', 'infra', 's', { parentRef: { name: 'g' }, listeners: [listener('All')] }),
  named(V1, 'HTTPRoute', 'x', 'r', {
    parentRefs: [
      { name: 'g', namespace: 'infra', sectionName: 'web', port: 80 },
      { name: 's', kind: 'ListenerSet', namespace: 'infra' },
    ],
    hostnames: ['a.example.com'],
    rules: [
      {
        backendRefs: [backend('x'), backend('w')],
        filters: [
          { requestMirror: { backendRef: backend('w'), percent: 5, fraction: { numerator: 1 } } },
          { externalAuth: { backendRef: backend('x') } },
          { extensionRef: { group: 'a.io', kind: 'Filter', name: 'f' } },
        ],
      },
    ],
  }),
  named(V1, 'ReferenceGrant', 'w', 'grant', {
    from: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'x' }],
    to: [{ group: '', kind: 'Service', name: 'web' }],
  }),
  named('route.openshift.io/v1', 'Route', 'x', 'site', {
    to: { kind: 'Service', name: 'web', weight: 100 },
    alternateBackends: [{ name: 'other' }],
    port: { targetPort: 8080 },
  }),
];
const REST: readonly Json[] = ['x', 'w'].flatMap((namespace) => [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: { team: 'a', b: '' } } },
  {
    ...named('v1', 'Pod', namespace, 'web', { containers: [{ ports: [{ containerPort: 8080 }] }] }),
    metadata: { name: 'web', namespace, labels: { app: 'web' } },
  },
  named('v1', 'Service', namespace, 'web', { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] }),
]);

function mapOf(values: readonly Json[]) {
  const objects = values.map((value): ManifestObject => ({ value, locate: (path) => ({ path: printPath(path) }) }));
  const state = loadState({ objects, behaviour: behaviourOf('default'), defaultNamespace: 'default' });
  const context = { defaultNamespace: 'default', protocols: PORT_PROTOCOLS };
  return { state, map: mapConnectivity(state, { protocols: PORT_PROTOCOLS }, context) };
}

/** `entry -> target` for each connection of an entry. */
function entriesOf({ endpoints, connections }: ReturnType<typeof mapOf>['map']): string[] {
  const key = new Map(endpoints.map((one) => [one.id, one.key]));
  return connections
    .flatMap(({ from: sources, to }) => sources.flatMap((a) => to.map((b) => `${key.get(a)} -> ${key.get(b)}`)))
    .filter((text) => text.startsWith('entry/'))
    .sort();
}

function pathsOf(value: unknown): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [];
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return keys.flatMap((key) => [[key], ...pathsOf(Reflect.get(value, key)).map((path) => [key, ...path])]);
}

function replace(target: unknown, path: readonly (string | number)[], value: unknown): void {
  const [key, ...rest] = path;
  if (typeof target !== 'object' || target === null || key === undefined) return;
  if (rest.length > 0) replace(Reflect.get(target, key), rest, value);
  else Reflect.set(target, key, value);
}

describe('entries', () => {
  it('of the samples are all there', () => {
    expect(entriesOf(mapOf([...ROUTING, ...REST]).map)).toEqual([
      'entry/infra/Gateway/g -> w/Pod/web',
      'entry/infra/Gateway/g -> x/Pod/web',
      'entry/x/Route/site -> x/Pod/web',
    ]);
  });

  it('whatever a field is replaced by, nothing is thrown, and what was read only in part is a finding', () => {
    const places = ROUTING.flatMap((value, index) =>
      pathsOf(value['spec']).map((path) => ({ index, path: ['spec', ...path] })),
    );
    const edit = fc.record({ place: fc.constantFrom(...places), value: fc.jsonValue({ maxDepth: 2 }) });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
        const values = structuredClone(ROUTING) as Json[];
        for (const { place, value } of edits) replace(values[place.index], place.path, value);
        const { state, map } = mapOf([...values, ...REST]);
        expect(state.gaps.length > 0).toBe(state.findings.length > 0);
        for (const text of entriesOf(map)) expect(text).toMatch(/ -> [xw]\/Pod\/web$/);
        expect(mapOf([...REST, ...values].reverse()).map).toEqual(map);
      }),
      runs(400),
    );
  });
});
