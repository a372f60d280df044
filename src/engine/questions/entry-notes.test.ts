import { describe, expect, it } from 'vitest';
import { object, pod, scenario, service } from '../../../test/support/scenario.ts';

const V1 = 'gateway.networking.k8s.io/v1';
const route = (name: string, spec: string) => object(V1, 'HTTPRoute', `x/${name}`, spec);
const to = (backend: string) => `rules: [{backendRefs: [{${backend}}]}]`;

describe('entryRemarks', () => {
  it('each kind of remark is one note with everything that it is about', () => {
    const { notes } = scenario([
      pod('x/a'),
      service('w/db', '{ports: [{port: 5432}]}'),
      object(V1, 'Gateway', 'x/g', '{listeners: [{name: l, port: 80, protocol: HTTP, hostname: a.test}]}'),
      route('b', `{parentRefs: [{name: g}], ${to('name: gone, port: 80')}}`),
      route('a', `{parentRefs: [{name: g}], ${to('name: gone, port: 80')}}`),
      route('c', `{parentRefs: [{name: g}], hostnames: [b.test], ${to('name: web, port: 80')}}`),
      route('d', `{parentRefs: [{name: g}], ${to('name: db, namespace: w, port: 5432')}}`),
      route('e', `{parentRefs: [{name: g}], ${to('group: a.io, kind: Bucket, name: b')}}`),
      route(
        'f',
        '{parentRefs: [{name: g}], rules: [{filters: [{extensionRef: {group: a.io, kind: Filter, name: f}}]}]}',
      ),
      route('g', `{parentRefs: [{group: "", kind: Service, name: s}, {group: a.io, kind: Mesh, name: m}]}`),
    ]).map();
    expect(notes.filter((note) => note.includes('HTTPRoute'))).toEqual([
      'Services that are not in the input, so that nothing is listed behind them: x/gone (HTTPRoute x/a), x/gone (HTTPRoute x/b)',
      'routes that no listener of the Gateway takes, so that they open nothing there: Gateway x/g (HTTPRoute x/c)',
      'Services of other namespaces that no ReferenceGrant there opens to the route, so that it does not reach them: w/db (HTTPRoute x/d)',
      'backends other than Services, so that nothing is listed behind them: Bucket.a.io x/b (HTTPRoute x/e)',
      'filters of other APIs, which may send requests where nothing is listed: Filter.a.io (HTTPRoute x/f)',
      'parents of other APIs, through which more may come in than is listed: Mesh.a.io (HTTPRoute x/g)',
      "routes of a mesh, which are no way into the cluster; answers about their Services are about the Services' own pods: HTTPRoute x/g",
    ]);
  });
});
