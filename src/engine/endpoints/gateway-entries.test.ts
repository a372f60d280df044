import { describe, expect, it } from 'vitest';
import { namespace, object, pod, scenario, service } from '../../../test/support/scenario.ts';
import * as traffic from '../sets/traffic-set.ts';
import { worldOf } from './world.ts';

const V1 = 'gateway.networking.k8s.io/v1';
const CLUSTER = [
  namespace('x'),
  namespace('w'),
  pod('x/a', { labels: 'app=web', ip: '10.0.0.1', ports: 'http=8080' }),
  pod('w/b', { labels: 'app=db', ip: '10.0.0.2' }),
  service(
    'x/web',
    '{selector: {app: web}, ports: [{name: web, port: 80, targetPort: http}, {name: dns, port: 80, protocol: UDP, targetPort: 53}]}',
  ),
  service('w/db', '{selector: {app: db}, ports: [{port: 5432}]}'),
  object(
    V1,
    'Gateway',
    'infra/g',
    '{listeners: [{name: l, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}, {name: u, port: 53, protocol: UDP, allowedRoutes: {namespaces: {from: All}}}]}',
  ),
];
const TO_G = 'parentRefs: [{name: g, namespace: infra}]';
const route = (rules: string, parents = TO_G, kind = 'HTTPRoute', path = 'x/r') =>
  object(V1, kind, path, `{${parents}, rules: [${rules}]}`);
const to = (...references: string[]) => `{backendRefs: [${references.map((one) => `{${one}}`).join(', ')}]}`;
const grant = (from: string, what: string, path = 'w/grant') =>
  object(V1, 'ReferenceGrant', path, `{from: [${from}], to: [${what}]}`);

function worldWith(...texts: string[]) {
  return worldOf(scenario([...CLUSTER, ...texts]).state);
}

/** Each entry as `key -> target sure|perhaps traffic`. */
function entries(...texts: string[]): string[] {
  return worldWith(...texts)
    .entries()
    .flatMap((unit) => (unit.type === 'entry' ? [unit] : []))
    .map(({ endpoint, entry }) => {
      const parts = entry.targets.flatMap(({ key, traffic: sure, perhaps }) =>
        Object.entries({ sure, perhaps }).flatMap(([word, set]) =>
          traffic.trafficKey(set) === '' ? [] : [`${key} ${word} ${traffic.trafficKey(set)}`],
        ),
      );
      return `${endpoint.key} -> ${parts.join(', ')}`;
    });
}

function remarks(...texts: string[]): string[] {
  return worldWith(...texts)
    .entryRemarks()
    .map(({ about, route: { kind, namespace: own, name }, what }) => `${kind} ${own}/${name}: ${about} ${what}`);
}

describe('findGatewayEntries', () => {
  it('a Gateway leads to the target ports of its routes’ backends', () => {
    expect(entries(route(to('name: web, port: 80')))).toEqual(['entry/infra/Gateway/g -> x/Pod/a sure TCP:8080,8081']);
  });

  it('the port is the Service’s, and its protocol the route’s', () => {
    expect(entries(route(to('name: web, port: 8080')))).toEqual([]);
    expect(entries(route(to('name: web, port: 80'), TO_G, 'UDPRoute'))).toEqual([
      'entry/infra/Gateway/g -> x/Pod/a sure UDP:53,54',
    ]);
  });

  it('routes of several kinds and namespaces share the Gateway', () => {
    const udp = object(V1, 'UDPRoute', 'x/u', `{${TO_G}, rules: [${to('name: web, port: 80')}]}`);
    const other = route(to('name: db, port: 5432'), TO_G, 'GRPCRoute', 'w/r');
    expect(entries(route(to('name: web, port: 80')), udp, other)).toEqual([
      'entry/infra/Gateway/g -> w/Pod/b sure TCP:5432,5433, x/Pod/a sure TCP:8080,8081 UDP:53,54',
    ]);
  });

  it('what a Gateway takes only perhaps is apart from what it surely takes', () => {
    const named = 'parentRefs: [{name: g, namespace: infra}, {name: away, namespace: infra}]';
    expect(entries(route(to('name: web, port: 80'), named))).toEqual([
      'entry/infra/Gateway/away -> x/Pod/a perhaps TCP:8080,8081',
      'entry/infra/Gateway/g -> x/Pod/a sure TCP:8080,8081',
    ]);
  });

  it('what surely arrives is not listed again as what perhaps does', () => {
    const own = 'parentRefs: [{name: s, kind: ListenerSet}]';
    const set = object(
      V1,
      'ListenerSet',
      'x/s',
      '{parentRef: {name: g, namespace: infra}, listeners: [{name: l, port: 81, protocol: example.com/any}]}',
    );
    const open = CLUSTER.map((text) =>
      text.replace('{listeners:', '{allowedListeners: {namespaces: {from: All}}, listeners:'),
    );
    const both = [to('name: web, port: 80'), own] as const;
    const { state } = scenario([
      ...open,
      set,
      route(to('name: web, port: 80')),
      route(...both, 'HTTPRoute', 'x/t'),
      route(...both, 'UDPRoute', 'x/u'),
    ]);
    const [unit] = worldOf(state).entries();
    expect(unit?.type === 'entry' && unit.entry.targets).toEqual([
      { key: 'x/Pod/a', traffic: traffic.traffic('TCP', 8080), perhaps: traffic.traffic('UDP', 53) },
    ]);
  });

  it('a route that no Gateway takes opens nothing, and it is said', () => {
    const closed = 'parentRefs: [{name: g, namespace: infra, sectionName: other}]';
    expect(entries(route(to('name: web, port: 80'), closed))).toEqual([]);
    expect(remarks(route(to('name: web, port: 80', 'name: none, port: 1'), closed))).toEqual([
      'HTTPRoute x/r: not-taken Gateway infra/g',
    ]);
  });

  it('mesh routes and parents of other APIs are no ways in, and it is said', () => {
    const parents = 'parentRefs: [{group: "", kind: Service, name: web}, {group: kuma.io, kind: MeshService, name: m}]';
    expect(entries(route(to('name: web, port: 80'), parents))).toEqual([]);
    expect(remarks(route(to('name: web, port: 80'), parents))).toEqual([
      'HTTPRoute x/r: mesh ',
      'HTTPRoute x/r: parent MeshService.kuma.io',
    ]);
  });

  it('backends that are no Services, or are not in the input, are said', () => {
    const other = 'group: multicluster.x-k8s.io, kind: ServiceImport, name: web, port: 80';
    const rules = `{backendRefs: [{${other}}, {name: none, port: 1}], filters: [{type: ExtensionRef, extensionRef: {group: traefik.io, kind: Middleware, name: m}}]}`;
    expect(entries(route(rules))).toEqual([]);
    expect(remarks(route(rules))).toEqual([
      'HTTPRoute x/r: filter Middleware.traefik.io',
      'HTTPRoute x/r: missing x/none',
      'HTTPRoute x/r: backend ServiceImport.multicluster.x-k8s.io x/web',
    ]);
  });

  it('a mirror is a destination', () => {
    const mirror = '{type: RequestMirror, requestMirror: {backendRef: {name: web, port: 80}}}';
    expect(entries(route(`{filters: [${mirror}]}`))).toEqual(['entry/infra/Gateway/g -> x/Pod/a sure TCP:8080,8081']);
  });
});

describe('backends of other namespaces', () => {
  const FROM = '{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: x}';
  const rule = to('name: db, namespace: w, port: 5432');
  const reached = ['entry/infra/Gateway/g -> w/Pod/b sure TCP:5432,5433'];

  it('are not reached without a ReferenceGrant, and it is said', () => {
    expect(entries(route(rule))).toEqual([]);
    expect(remarks(route(rule))).toEqual(['HTTPRoute x/r: not-granted w/db']);
  });

  it.each([
    ['all Services', FROM, '{group: "", kind: Service}', 'w/grant', true],
    ['this Service', FROM, '{group: "", kind: Service, name: db}', 'w/grant', true],
    ['one of several', `{kind: A, namespace: a}, ${FROM}`, '{kind: Secret}, {kind: Service}', 'w/grant', true],
    ['another Service', FROM, '{group: "", kind: Service, name: api}', 'w/grant', false],
    ['another kind', FROM, '{group: "", kind: Secret}', 'w/grant', false],
    ['another namespace', FROM.replace('namespace: x', 'namespace: z'), '{kind: Service}', 'w/grant', false],
    ['another kind of route', FROM.replace('HTTP', 'TCP'), '{kind: Service}', 'w/grant', false],
    ['another group', '{group: "", kind: HTTPRoute, namespace: x}', '{kind: Service}', 'w/grant', false],
    // The grant belongs to the namespace of the Service, not to that of the route.
    ['in the route’s own namespace', FROM, '{kind: Service}', 'x/grant', false],
  ])('a grant for %s', (_what, from, what, path, isReached) => {
    expect(entries(route(rule), grant(from, what, path))).toEqual(isReached ? reached : []);
  });

  it('a mirror needs the grant, too', () => {
    const mirror =
      '{filters: [{type: RequestMirror, requestMirror: {backendRef: {name: db, namespace: w, port: 5432}}}]}';
    expect(entries(route(mirror))).toEqual([]);
    expect(entries(route(mirror), grant(FROM, '{kind: Service}'))).toEqual(reached);
  });
});
