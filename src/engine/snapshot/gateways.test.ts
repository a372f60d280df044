import { describe, expect, it } from 'vitest';
import { object, scenario } from '../../../test/support/scenario.ts';

const V1 = 'gateway.networking.k8s.io/v1';

function read(kind: string, spec: string) {
  const { state, findings } = scenario([object(V1, kind, 'x/o', spec)], { mayRefuse: true });
  const { gateways, listenerSets, grants } = state.cluster.gatewayApi;
  return { gateway: gateways[0], set: listenerSets[0], grant: grants[0], findings, gaps: state.gaps };
}

const listener = (more = '') => `{name: web, port: 80, protocol: HTTP${more}}`;

describe('readGateway', () => {
  it('listeners take routes of their own namespace, and the Gateway no ListenerSets, where nothing is said', () => {
    const { gateway, findings } = read('Gateway', `{gatewayClassName: c, listeners: [${listener()}]}`);
    expect(findings).toEqual([]);
    expect(gateway).toMatchObject({ namespace: 'x', name: 'o', listenerSets: 'none', isDefault: false });
    expect(gateway?.listeners).toEqual([{ name: 'web', port: 80, protocol: 'HTTP', namespaces: 'same', kinds: [] }]);
  });

  it.each([
    ['{from: All}', 'all'],
    ['{from: Same}', 'same'],
    ['{from: Selector, selector: {}}', { selector: { op: 'and', of: [] } }],
    [
      '{from: Selector, selector: {matchLabels: {a: b}, matchExpressions: [{key: c, operator: Exists}, {key: d, operator: NotIn, values: [e]}]}}',
      {
        selector: {
          op: 'and',
          of: [
            { op: 'in', key: 'a', values: ['b'] },
            { op: 'exists', key: 'c' },
            { op: 'not-in', key: 'd', values: ['e'] },
          ],
        },
      },
    ],
    // "This field is ignored for other values of From."
    ['{from: All, selector: {matchLabels: {a: b}}}', 'all'],
  ])('namespaces %s', (namespaces, expected) => {
    const allowed = `, allowedRoutes: {namespaces: ${namespaces}}`;
    const { gateway, findings } = read(
      'Gateway',
      `{listeners: [${listener(allowed)}], allowedListeners: {namespaces: ${namespaces}}}`,
    );
    expect(findings).toEqual([]);
    expect([gateway?.listeners[0]?.namespaces, gateway?.listenerSets]).toEqual([expected, expected]);
  });

  it('kinds of routes: the group has a default', () => {
    const allowed = ', allowedRoutes: {kinds: [{kind: HTTPRoute}, {group: example.com, kind: Route}]}';
    expect(read('Gateway', `{listeners: [${listener(allowed)}]}`).gateway?.listeners[0]?.kinds).toEqual([
      { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute' },
      { group: 'example.com', kind: 'Route' },
    ]);
  });

  it.each([
    ['{listeners: {}}', 'refused wrong-type spec.listeners'],
    ['{listeners: [web]}', 'refused wrong-type spec.listeners[0]'],
    ['{listeners: [{port: http}]}', 'refused wrong-type spec.listeners[0].port'],
    [
      '{listeners: [{allowedRoutes: {namespaces: {from: None}}}]}',
      'refused invalid-value spec.listeners[0].allowedRoutes.namespaces.from',
    ],
    [
      '{listeners: [{allowedRoutes: {namespaces: {from: Selector}}}]}',
      'refused missing-field spec.listeners[0].allowedRoutes.namespaces.selector',
    ],
    [
      '{listeners: [{allowedRoutes: {kinds: [{group: a}]}}]}',
      'refused missing-field spec.listeners[0].allowedRoutes.kinds[0].kind',
    ],
    ['{allowedListeners: {namespaces: {from: Any}}}', 'refused invalid-value spec.allowedListeners.namespaces.from'],
    // A custom resource is stored with any operator; nobody can evaluate it.
    [
      '{allowedListeners: {namespaces: {from: Selector, selector: {matchExpressions: [{key: a, operator: Is}]}}}}',
      'invalid-value spec.allowedListeners.namespaces.selector.matchExpressions[0].operator',
    ],
    [
      '{allowedListeners: {namespaces: {from: Selector, selector: {matchExpressions: [{operator: In}]}}}}',
      'refused missing-field spec.allowedListeners.namespaces.selector.matchExpressions[0].key',
    ],
  ])('%s is a finding with its place, and a gap', (spec, finding) => {
    const { findings, gaps } = read('Gateway', spec);
    expect(findings).toEqual([finding]);
    expect(gaps.map(({ namespaces }) => namespaces)).toEqual([['x']]);
  });

  it('what cannot be read chooses nobody', () => {
    const choices = ['{from: Any}', '{from: Selector, selector: {matchExpressions: [{key: a, operator: Is}]}}'];
    const read2 = choices.map(
      (one) => read('Gateway', `{allowedListeners: {namespaces: ${one}}}`).gateway?.listenerSets,
    );
    expect(read2).toEqual(['none', { selector: { op: 'and', of: [{ op: 'or', of: [] }] } }]);
  });
});

describe('readListenerSet', () => {
  it('names its Gateway, of its own namespace where it names none', () => {
    expect(read('ListenerSet', `{parentRef: {name: g}, listeners: [${listener()}]}`).set).toMatchObject({
      parent: { namespace: 'x', name: 'g' },
      listeners: [{ name: 'web', namespaces: 'same' }],
    });
    expect(read('ListenerSet', '{parentRef: {name: g, namespace: infra}}').set?.parent?.namespace).toBe('infra');
    expect(read('ListenerSet', '{parentRef: {name: g, group: example.com, kind: Front}}').set?.parent).toBeUndefined();
  });

  it.each([
    ['{}', 'refused missing-field spec.parentRef'],
    ['{parentRef: {}}', 'refused missing-field spec.parentRef.name'],
  ])('%s is a finding', (spec, finding) => {
    expect(read('ListenerSet', spec).findings).toEqual([finding]);
  });
});

describe('readReferenceGrant', () => {
  it('reads both lists; a grant without a name is for all of the kind', () => {
    const spec =
      '{from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: a}], to: [{group: "", kind: Service}, {group: "", kind: Service, name: s}]}';
    expect(read('ReferenceGrant', spec).grant).toEqual({
      namespace: 'x',
      from: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'a' }],
      to: [
        { group: '', kind: 'Service' },
        { group: '', kind: 'Service', name: 's' },
      ],
    });
  });

  it.each([
    ['{from: [{kind: HTTPRoute}]}', 'refused missing-field spec.from[0].namespace'],
    ['{from: [{namespace: a}]}', 'refused missing-field spec.from[0].kind'],
    ['{to: [{}]}', 'refused missing-field spec.to[0].kind'],
    ['{to: [{kind: [Service]}]}', 'refused wrong-type spec.to[0].kind'],
  ])('%s is a finding and grants nothing', (spec, finding) => {
    const { grant, findings } = read('ReferenceGrant', spec);
    expect(findings).toEqual([finding]);
    expect(grant).toEqual({ namespace: 'x', from: [], to: [] });
  });
});
