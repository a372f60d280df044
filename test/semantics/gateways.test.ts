// Gateways as whoever speaks: what is open through them, and what cannot be decided. Rules and sources stand in
// docs/semantics/gateway-api.md.

import { describe, expect, it } from 'vitest';
import { object, policy, type Scenario, scenario, service, XWZ } from '../support/scenario.ts';

/** What entries may reach, from and to by key. */
function entries(s: Scenario): { from: string; to: string; what: string }[] {
  const { endpoints, connections } = s.map();
  const keys = new Map(endpoints.map(({ id, key }) => [id, key]));
  return connections
    .flatMap(({ from, to, ...what }) =>
      from.flatMap((a) => to.map((b) => ({ from: keys.get(a)!, to: keys.get(b)!, what: JSON.stringify(what) }))),
    )
    .filter(({ from }) => from.startsWith('entry/'));
}

describe('Gateways', () => {
  it('what a Gateway takes only perhaps is unknown where policies leave it open, and denied where they do not', () => {
    const route = (name: string, parents: string, port: number) =>
      object(
        'gateway.networking.k8s.io/v1',
        'HTTPRoute',
        `x/${name}`,
        `{parentRefs: [${parents}], rules: [{backendRefs: [{name: web, port: ${port}}]}]}`,
      );
    const texts = [
      ...XWZ,
      service('x/web', '{selector: {pod: a}, ports: [{name: a, port: 80}, {name: b, port: 81}, {name: c, port: 82}]}'),
      object('gateway.networking.k8s.io/v1', 'Gateway', 'x/g', '{listeners: [{name: l, port: 80, protocol: HTTP}]}'),
      route('here', '{name: g}, {name: away}', 80),
      route('there', '{name: away}', 81),
      route('shut', '{name: away}', 82),
      policy('x/p', '{podSelector: {}, ingress: [{ports: [{port: 80, endPort: 81}]}]}'),
    ];
    // Without that, a controller on the host network might be on the pod's own node.
    const s = scenario(texts, { assume: ['localNodeIngress=evaluate'] });
    const list = entries(s);
    const unknown = '{"unknown":[{"ports":{"TCP":[[80,81]]},"reason":"route-attachment","policies":[]}]}';
    expect(list).toEqual([
      { from: 'entry/x/Gateway/away', to: 'x/Pod/a', what: unknown },
      { from: 'entry/x/Gateway/g', to: 'x/Pod/a', what: '{"allowed":{"TCP":[[80,80]]}}' },
    ]);
    expect(s.map().notes.filter((note) => note.includes('route-attachment'))).toHaveLength(1);
  });

  it('a Gateway is somebody whom the input does not name: rules about peers match it only perhaps', () => {
    const open = '{podSelector: {matchLabels: {pod: a}}, ingress: [{ports: [{port: 80}]}]}';
    const s = scenario([
      ...XWZ,
      ...['a', 'b'].map((name) => service(`x/${name}`, `{selector: {pod: ${name}}, ports: [{port: 80}]}`)),
      object('gateway.networking.k8s.io/v1', 'Gateway', 'x/g', '{listeners: [{name: l, port: 80, protocol: HTTP}]}'),
      object(
        'gateway.networking.k8s.io/v1',
        'HTTPRoute',
        'x/r',
        '{parentRefs: [{name: g}], rules: [{backendRefs: [{name: a, port: 80}, {name: b, port: 80}]}]}',
      ),
      policy('x/open', open),
      policy('x/some', '{podSelector: {matchLabels: {pod: b}}, ingress: [{from: [{namespaceSelector: {}}]}]}'),
    ]);
    const list = entries(s);
    expect(list.map(({ to, what }) => [to, /ingress-controller/.test(what)])).toEqual([
      ['x/Pod/a', false],
      ['x/Pod/b', true],
    ]);
  });
});
