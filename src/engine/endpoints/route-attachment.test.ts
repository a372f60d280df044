import { describe, expect, it } from 'vitest';
import { namespace, object, type ScenarioOptions, scenario } from '../../../test/support/scenario.ts';
import { attacher } from './route-attachment.ts';
import { worldOf } from './world.ts';

const V1 = 'gateway.networking.k8s.io/v1';

/** A Gateway infra/g with one listener of these fields, in flow style. */
const gateway = (listener: string, more = '') => object(V1, 'Gateway', 'infra/g', `{listeners: [${listener}]${more}}`);
const http = (more = '') => `{name: web, port: 80, protocol: HTTP${more}}`;
const from = (namespaces: string) => `, allowedRoutes: {namespaces: ${namespaces}}`;
const ALL = from('{from: All}');
const route = (parent = '{name: g, namespace: infra}', more = '', kind = 'HTTPRoute', path = 'x/r') =>
  object(V1, kind, path, `{parentRefs: [${parent}]${more}}`);

function attachments(texts: readonly string[], options: ScenarioOptions = {}) {
  const { state } = scenario([namespace('x', 'ns=x'), ...texts], options);
  return attacher(worldOf(state).context)(state.cluster.gatewayApi.routes[0]!);
}

/** `KIND NAMESPACE/NAME yes|maybe|no` for each parent that is a way in. */
function attached(texts: readonly string[], options: ScenarioOptions = {}): string[] {
  const { gateways } = attachments(texts, options);
  return gateways.map((one) => `${one.kind} ${one.namespace}/${one.name} ${one.taken}`);
}

/** Whether infra/g takes the route. */
function taken(texts: readonly string[], options: ScenarioOptions = {}): string {
  return attached(texts, options).join().replace('Gateway infra/g ', '');
}

describe('parents', () => {
  it('a Gateway that is not in the input may take the route', () => {
    expect(attached([route()])).toEqual(['Gateway infra/g maybe']);
  });

  it('without a namespace the parent is in the route’s own', () => {
    expect(attached([route('{name: g}')])).toEqual(['Gateway x/g maybe']);
    expect(attached([route('{name: g}', '', 'HTTPRoute', 'infra/r'), gateway(http())])).toEqual([
      'Gateway infra/g yes',
    ]);
  });

  it('without parents a route is attached to nothing', () => {
    expect(attached([object(V1, 'HTTPRoute', 'x/r', '{}'), gateway(http(ALL))])).toEqual([]);
  });

  it('a Service is the parent of a mesh, other kinds are their implementation’s', () => {
    const found = attachments([
      route('{group: "", kind: Service, name: s}, {group: kuma.io, kind: MeshService, name: m}'),
    ]);
    expect(found).toEqual({ gateways: [], isMesh: true, otherParents: ['MeshService.kuma.io'] });
  });

  it.each([
    ['{name: g, namespace: infra, sectionName: web}', 'yes'],
    ['{name: g, namespace: infra, sectionName: other}', 'no'],
    ['{name: g, namespace: infra, port: 80}', 'yes'],
    ['{name: g, namespace: infra, port: 81}', 'no'],
    ['{name: g, namespace: infra, sectionName: web, port: 81}', 'no'],
  ])('a section and a port choose listeners: %s', (parent, expected) => {
    expect(taken([route(parent), gateway(http(ALL))])).toBe(expected);
  });

  it('one listener that takes it is enough, and one of several references', () => {
    const two = `${http()}, {name: tls, port: 443, protocol: HTTPS${ALL}}`;
    expect(taken([route(), gateway(two)])).toBe('yes');
    const references = '{name: g, namespace: infra, sectionName: web}, {name: g, namespace: infra, sectionName: tls}';
    expect(taken([route(references), gateway(two)])).toBe('yes');
  });

  it('default Gateways take routes that ask for them', () => {
    const asking = object(V1, 'HTTPRoute', 'x/r', '{useDefaultGateways: All}');
    expect(attached([asking, gateway(http(ALL), ', defaultScope: All')])).toEqual(['Gateway infra/g yes']);
    expect(attached([asking, gateway(http(), ', defaultScope: All')])).toEqual(['Gateway infra/g no']);
    expect(attached([asking, gateway(http(ALL))])).toEqual([]);
  });
});

describe('namespaces', () => {
  it.each([
    ['', 'no'],
    [from('{from: Same}'), 'no'],
    [from('{from: All}'), 'yes'],
    [from('{from: Selector, selector: {matchLabels: {ns: x}}}'), 'yes'],
    [from('{from: Selector, selector: {matchLabels: {ns: w}}}'), 'no'],
    [from('{from: Selector, selector: {matchLabels: {kubernetes.io/metadata.name: x}}}'), 'yes'],
    [from('{from: Selector, selector: {}}'), 'yes'],
  ])('%s', (allowed, expected) => {
    expect(taken([route(), gateway(http(allowed))])).toBe(expected);
  });

  it('labels of a namespace without an object are not known, unless it is said that there are none', () => {
    const labelled = from('{from: Selector, selector: {matchLabels: {ns: w}}}');
    const named = from('{from: Selector, selector: {matchLabels: {kubernetes.io/metadata.name: w}}}');
    const other = route(undefined, '', 'HTTPRoute', 'w/r');
    expect(taken([other, gateway(http(labelled))])).toBe('maybe');
    expect(taken([other, gateway(http(named))])).toBe('yes');
    expect(taken([other, gateway(http(labelled))], { assume: ['undeclaredNamespaces=unlabelled'] })).toBe('no');
  });
});

describe('kinds', () => {
  const FITS = {
    HTTP: 'HTTPRoute GRPCRoute',
    HTTPS: 'HTTPRoute GRPCRoute',
    TLS: 'TLSRoute',
    TCP: 'TCPRoute',
    UDP: 'UDPRoute',
  };
  const kinds = ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute'];
  const cases = Object.entries(FITS).flatMap(([protocol, fitting]) =>
    kinds.map((kind) => {
      const expected = fitting.includes(kind) ? 'yes' : protocol === 'TLS' && kind === 'TCPRoute' ? 'maybe' : 'no';
      return [kind, protocol, expected] as const;
    }),
  );

  it.each(cases)('%s at a listener of %s: %s', (kind, protocol, expected) => {
    const listener = `{name: l, port: 1, protocol: ${protocol}${ALL}}`;
    expect(taken([route(undefined, '', kind), gateway(listener)])).toBe(expected);
  });

  it('what fits a protocol of an implementation’s own, nobody knows', () => {
    expect(taken([route(), gateway(`{name: l, port: 1, protocol: example.com/proxy${ALL}}`)])).toBe('maybe');
  });

  it.each([
    ['[{kind: HTTPRoute}]', 'HTTPRoute', 'yes'],
    ['[{kind: GRPCRoute}]', 'HTTPRoute', 'no'],
    ['[{group: example.com, kind: HTTPRoute}]', 'HTTPRoute', 'no'],
    ['[]', 'HTTPRoute', 'yes'],
    // "A RouteGroupKind MUST correspond to kinds of Routes that are compatible with the application protocol."
    ['[{kind: TCPRoute}]', 'TCPRoute', 'no'],
  ])('listed kinds %s and a %s: %s', (listed, kind, expected) => {
    const allowed = `, allowedRoutes: {namespaces: {from: All}, kinds: ${listed}}`;
    expect(taken([route(undefined, '', kind), gateway(http(allowed))])).toBe(expected);
  });
});

describe('host names', () => {
  // The table of the API's own documentation, and names that do not overlap.
  it.each([
    ['www.example.com', 'www.example.com', 'yes'],
    ['*.example.com', 'www.example.com', 'yes'],
    ['*.example.com', 'sub.domain.example.com', 'yes'],
    ['www.example.com', '*.example.com', 'yes'],
    ['sub.domain.example.com', '*.example.com', 'yes'],
    ['*.example.com', '*.example.com', 'yes'],
    ['*.com', '*.example.com', 'yes'],
    ['*.example.com', 'example.com', 'no'],
    ['*.example.com', 'notexample.com', 'no'],
    ['www.example.com', 'api.example.com', 'no'],
    ['*.example.com', '*.example.net', 'no'],
  ])('listener %s, route %s: %s', (hostname, own, expected) => {
    const listener = http(`, hostname: "${hostname}"${ALL}`);
    expect(taken([route(undefined, `, hostnames: ["${own}"]`), gateway(listener)])).toBe(expected);
    expect(taken([route(undefined, `, hostnames: ["a.test", "${own}"]`), gateway(listener)])).toBe(expected);
  });

  it('no name is every name, and protocols without names ignore them', () => {
    const named = ', hostnames: [www.example.com]';
    expect(taken([route(undefined, named), gateway(http(ALL))])).toBe('yes');
    expect(taken([route(), gateway(http(`, hostname: www.example.com${ALL}`))])).toBe('yes');
    const tcp = `{name: l, port: 1, protocol: TCP, hostname: a.test${ALL}}`;
    expect(taken([route(undefined, named, 'TCPRoute'), gateway(tcp)])).toBe('yes');
  });
});

describe('ListenerSets', () => {
  const set = (more = ALL, parent = '{name: g, namespace: infra}') =>
    object(
      V1,
      'ListenerSet',
      'x/set',
      `{parentRef: ${parent}, listeners: [{name: extra, port: 81, protocol: HTTP${more}}]}`,
    );
  const toSet = route('{kind: ListenerSet, name: set}');
  const allowing = (choice: string) => gateway(http(), `, allowedListeners: {namespaces: ${choice}}`);

  it.each([
    ['{from: All}', 'yes'],
    ['{from: Same}', 'no'],
    ['{from: None}', 'no'],
    ['{from: Selector, selector: {matchLabels: {ns: x}}}', 'yes'],
    ['{}', 'no'],
  ])('belong to the Gateway that allows them: %s', (choice, expected) => {
    expect(attached([toSet, set(), allowing(choice)])).toEqual([`Gateway infra/g ${expected}`]);
  });

  it('choose routes by themselves; Same is the namespace of the set', () => {
    expect(attached([toSet, set(''), allowing('{from: All}')])).toEqual(['Gateway infra/g yes']);
    const other = route('{kind: ListenerSet, name: set, namespace: x}', '', 'HTTPRoute', 'w/r');
    expect(attached([other, set(''), allowing('{from: All}')])).toEqual(['Gateway infra/g no']);
  });

  it('a route to the Gateway is not attached to the listeners of its sets', () => {
    const named = route('{name: g, namespace: infra, sectionName: extra}');
    expect(taken([named, set(), allowing('{from: All}')])).toBe('no');
  });

  it('of which the set or the Gateway is not in the input, may be', () => {
    expect(attached([toSet])).toEqual(['ListenerSet x/set maybe']);
    expect(attached([toSet, set()])).toEqual(['Gateway infra/g maybe']);
    expect(attached([toSet, set(', hostname: a.test'), route()])).toEqual(['Gateway infra/g maybe']);
    expect(attached([toSet, set(ALL, '{name: f, group: example.com, kind: Front}')])).toEqual([]);
  });
});
