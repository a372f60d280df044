import { describe, expect, it } from 'vitest';
import { object, scenario } from '../../../test/support/scenario.ts';
import { BUILT_IN_KINDS } from './kinds.ts';

const V1 = 'gateway.networking.k8s.io/v1';

function read(kind: string, spec: string, apiVersion = V1) {
  const { state, findings } = scenario([object(apiVersion, kind, 'x/r', spec)], { mayRefuse: true });
  return { route: state.cluster.gatewayApi.routes[0]!, findings, gaps: state.gaps };
}

/** Backends as `namespace/name:port`, with the kind before other kinds than Service. */
function backends(kind: string, rules: string): string[] {
  const { route } = read(kind, `{rules: ${rules}}`);
  return route.backends.map(({ group, kind: of, namespace, name, port }) => {
    const what = group === '' && of === 'Service' ? '' : `${of}.${group} `;
    return `${what}${namespace}/${name}:${port ?? ''}`;
  });
}

describe('readGatewayRoute', () => {
  it.each(['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute'])('reads the backends of a %s', (kind) => {
    const rules =
      '[{backendRefs: [{name: web, port: 80}, {name: db, namespace: w, port: 5432}]}, {backendRefs: [{name: web, port: 80}]}]';
    expect(backends(kind, rules)).toEqual(['w/db:5432', 'x/web:80']);
  });

  it('UDPRoutes are forwarded as UDP, the others as TCP', () => {
    const protocols = ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute'].map(
      (kind) => read(kind, '{}').route.protocol,
    );
    expect(protocols).toEqual(['TCP', 'TCP', 'TCP', 'TCP', 'UDP']);
  });

  it('nothing is sent to a backend of weight 0; without a weight it is 1', () => {
    expect(backends('HTTPRoute', '[{backendRefs: [{name: a, port: 1, weight: 0}, {name: b, port: 2}]}]')).toEqual([
      'x/b:2',
    ]);
    const mirrored = '{type: RequestMirror, requestMirror: {backendRef: {name: m, port: 3}}}';
    expect(backends('HTTPRoute', `[{backendRefs: [{name: a, port: 1, weight: 0, filters: [${mirrored}]}]}]`)).toEqual(
      [],
    );
  });

  it.each([
    ['requestMirror: {backendRef: {name: m, port: 3}}', ['x/m:3']],
    ['requestMirror: {backendRef: {name: m, port: 3}, percent: 1}', ['x/m:3']],
    ['requestMirror: {backendRef: {name: m, port: 3}, percent: 0}', []],
    ['requestMirror: {backendRef: {name: m, port: 3}, fraction: {numerator: 0}}', []],
    ['requestMirror: {backendRef: {name: m, port: 3}, fraction: {numerator: 1, denominator: 9}}', ['x/m:3']],
    ['externalAuth: {protocol: GRPC, backendRef: {name: m, port: 3}}', ['x/m:3']],
  ])('a filter is a destination too: %s', (filter, expected) => {
    expect(backends('HTTPRoute', `[{filters: [{${filter}}]}]`)).toEqual(expected);
    expect(backends('GRPCRoute', `[{backendRefs: [{name: a, port: 1, filters: [{${filter}}]}]}]`)).toEqual([
      'x/a:1',
      ...expected,
    ]);
  });

  it('keeps backends of other kinds by name, and filters of other APIs by kind', () => {
    const other = '{group: multicluster.x-k8s.io, kind: ServiceImport, name: web}';
    expect(backends('HTTPRoute', `[{backendRefs: [${other}]}]`)).toEqual([
      'ServiceImport.multicluster.x-k8s.io x/web:',
    ]);
    const { route } = read(
      'HTTPRoute',
      '{rules: [{filters: [{extensionRef: {group: traefik.io, kind: Middleware, name: m}}]}]}',
    );
    expect(route.extensions).toEqual([{ group: 'traefik.io', kind: 'Middleware' }]);
  });

  it('parents: group and kind have defaults, an empty group is that of core', () => {
    const { route } = read(
      'HTTPRoute',
      '{parentRefs: [{name: a}, {name: b, namespace: infra, sectionName: web, port: 80}, {group: "", kind: Service, name: s}]}',
    );
    const group = 'gateway.networking.k8s.io';
    expect(route.parents).toEqual([
      { group, kind: 'Gateway', namespace: 'x', name: 'a' },
      { group, kind: 'Gateway', namespace: 'infra', name: 'b', section: 'web', port: 80 },
      { group: '', kind: 'Service', namespace: 'x', name: 's' },
    ]);
  });

  it.each([
    ['{rules: 7}', 'refused wrong-type spec.rules'],
    ['{rules: [{backendRefs: [{port: 80}]}]}', 'refused missing-field spec.rules[0].backendRefs[0].name'],
    ['{rules: [{backendRefs: [{name: web}]}]}', 'refused missing-field spec.rules[0].backendRefs[0].port'],
    ['{rules: [{backendRefs: [{name: web, port: http}]}]}', 'refused wrong-type spec.rules[0].backendRefs[0].port'],
    ['{rules: [{backendRefs: [{name: web, port: 70000}]}]}', 'refused invalid-port spec.rules[0].backendRefs[0].port'],
    [
      '{rules: [{backendRefs: [{name: web, port: 80, weight: 1000001}]}]}',
      'refused invalid-value spec.rules[0].backendRefs[0].weight',
    ],
    ['{parentRefs: [{namespace: infra}]}', 'refused missing-field spec.parentRefs[0].name'],
    [
      '{rules: [{filters: [{requestMirror: {}}]}]}',
      'refused missing-field spec.rules[0].filters[0].requestMirror.backendRef',
    ],
    [
      '{rules: [{filters: [{extensionRef: {name: m}}]}]}',
      'refused missing-field spec.rules[0].filters[0].extensionRef.kind',
    ],
    ['{hostnames: [7]}', 'refused wrong-type spec.hostnames[0]'],
  ])('%s is a finding with its place, and a gap', (spec, finding) => {
    const { findings, gaps } = read('HTTPRoute', spec);
    expect(findings).toEqual([finding]);
    expect(gaps.map(({ namespaces }) => namespaces)).toEqual([['x']]);
  });
});

describe('versions of the Gateway API', () => {
  const versions = BUILT_IN_KINDS.filter(({ group }) => group === 'gateway.networking.k8s.io').flatMap((one) => [
    ...[one.current, ...one.served].map((apiVersion) => [apiVersion, one.kind, []] as const),
    ...one.removed.map((apiVersion) => [apiVersion, one.kind, ['removed-api-version apiVersion']] as const),
  ]);

  it.each(versions)('%s %s', (apiVersion, kind, expected) => {
    const spec = kind === 'ListenerSet' ? '{parentRef: {name: g}}' : '{}';
    expect(scenario([object(apiVersion, kind, 'x/r', spec)]).findings).toEqual(expected);
  });

  it('the first one had other fields and is not read; kinds of the same name in other groups are others', () => {
    const { findings } = read('HTTPRoute', '{}', 'gateway.networking.k8s.io/v1alpha1');
    expect(findings).toEqual(['refused wrong-api-version apiVersion']);
    const { state } = scenario([
      object('networking.istio.io/v1', 'Gateway', 'x/g', '{}'),
      object('serving.knative.dev/v1', 'Route', 'x/r', '{}'),
    ]);
    expect([state.findings, state.cluster.gatewayApi.gateways, state.cluster.openShiftRoutes]).toEqual([[], [], []]);
  });
});
