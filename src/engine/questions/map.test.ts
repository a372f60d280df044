// The map: filters are the whole map narrowed, ways into the cluster lead to their pods alone, notes are said once.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { behaviour } from '../../../test/support/arbitrary-behaviour.ts';
import { manifests } from '../../../test/support/arbitrary-manifests.ts';
import { stateOf } from '../../../test/support/replay.ts';
import { runs } from '../../../test/support/runs.ts';
import {
  deployment,
  namespace,
  node,
  object,
  pod,
  policy,
  type Scenario,
  scenario,
  service,
  XWZ,
} from '../../../test/support/scenario.ts';
import { validateDocument } from '../../../test/support/schemas.ts';
import { parseAddress } from '../sets/ip-address.ts';
import { intersect, isEmpty } from '../sets/ip-set.ts';
import { PORT_PROTOCOLS, type Protocol } from '../sets/traffic-set.ts';
import type { State } from '../state.ts';
import type { MapFilter } from './ask.ts';
import type { ConnectivityMap, Ports, WhoCan } from './documents.ts';
import { mapConnectivity } from './map.ts';
import { parseEndpoint } from './parse-endpoint.ts';
import { parsePort } from './parse-ports.ts';
import { whoCan } from './who-can.ts';

const CONTEXT = { defaultNamespace: 'default', protocols: PORT_PROTOCOLS };

interface Flags {
  readonly from?: readonly string[];
  readonly to?: readonly string[];
  readonly port?: string;
  readonly namespaces?: readonly string[];
  readonly focus?: string;
  readonly protocols?: readonly Protocol[];
}

function filtered(state: State, flags: Flags = {}): ConnectivityMap {
  const { from, to, port, namespaces, focus, protocols = PORT_PROTOCOLS } = flags;
  const filter: MapFilter = {
    protocols,
    ...(from === undefined ? {} : { from: from.map(parseEndpoint) }),
    ...(to === undefined ? {} : { to: to.map(parseEndpoint) }),
    ...(port === undefined ? {} : { port: parsePort(port) }),
    ...(namespaces === undefined ? {} : { namespaces }),
    ...(focus === undefined ? {} : { focus: [parseEndpoint(focus)] }),
  };
  return mapConnectivity(state, filter, { ...CONTEXT, protocols });
}

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly what: string;
}

/** Every pair and family of a document by key, in order. Throws where a pair is listed twice. */
function edges({ endpoints, connections }: Pick<ConnectivityMap, 'endpoints' | 'connections'>): Edge[] {
  const keyOf = new Map(endpoints.map(({ id, key }) => [id, key]));
  const found = new Map<string, Edge>();
  for (const { from, to, family, ...rest } of connections) {
    for (const a of from) {
      for (const b of to) {
        const place = `${keyOf.get(a)} ${keyOf.get(b)}`;
        const names = family === undefined ? [`${place} IPv4`, `${place} IPv6`] : [`${place} ${family}`];
        for (const name of names) if (found.has(name)) throw new Error(`twice: ${name}`);
        const edge = { from: keyOf.get(a)!, to: keyOf.get(b)!, what: `${family ?? ''} ${JSON.stringify(rest)}` };
        for (const name of names) found.set(name, edge);
      }
    }
  }
  return [...new Set(found.values())].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

const isEntry = (key: string) => key.startsWith('entry/');
const namespaceOf = (key: string) =>
  isEntry(key) ? key.split('/')[1]! : /^(addresses|node)\//.test(key) ? '' : key.split('/')[0]!;

describe('filters', () => {
  const drawn = fc.tuple(manifests, behaviour).map(([list, chosen]) => stateOf(list, chosen));
  const names = ['x', 'y', 'z'];

  it('by namespace, from and to leave exactly the pairs of the whole map that they name', () => {
    fc.assert(
      fc.property(
        drawn,
        fc.subarray(names, { minLength: 1 }),
        fc.subarray(names, { minLength: 1 }),
        (state, some, others) => {
          const whole = edges(filtered(state));
          const inhabited = (list: readonly string[]) =>
            list.filter((name) => state.cluster.pods.some((one) => one.namespace === name));
          expect(edges(filtered(state, { namespaces: some }))).toEqual(
            whole.filter(({ from, to }) => some.includes(namespaceOf(from)) || some.includes(namespaceOf(to))),
          );
          const [sources, goals] = [inhabited(some), inhabited(others)];
          const isSource = (key: string) => !isEntry(key) && sources.includes(namespaceOf(key));
          const isGoal = (key: string) => goals.includes(namespaceOf(key));
          const [from, to] = [sources.map((name) => `${name}/*`), goals.map((name) => `${name}/*`)];
          if (sources.length > 0) {
            expect(edges(filtered(state, { from }))).toEqual(whole.filter((one) => isSource(one.from)));
          }
          if (goals.length > 0) expect(edges(filtered(state, { to }))).toEqual(whole.filter((one) => isGoal(one.to)));
          if (sources.length > 0 && goals.length > 0) {
            expect(edges(filtered(state, { from, to, namespaces: some }))).toEqual(
              whole.filter((one) => isSource(one.from) && isGoal(one.to)),
            );
          }
        },
      ),
      runs(60),
    );
  });

  it('by port keep the pairs that may use it, cut to it', () => {
    fc.assert(
      fc.property(drawn, fc.constantFrom(...PORT_PROTOCOLS), (state, protocol) => {
        const cut = filtered(state, { port: `80/${protocol.toLowerCase()}` });
        const holds = (ports: Ports | undefined) =>
          ports === 'all' || (ports?.[protocol] ?? []).some(([first, last]) => first <= 80 && 80 <= last);
        const whole = filtered(state).connections.filter(
          ({ allowed, unknown, conditional }) =>
            holds(allowed) || [...(unknown ?? []), ...(conditional ?? [])].some(({ ports }) => holds(ports)),
        );
        const pairs = ({ endpoints }: ConnectivityMap, connections: ConnectivityMap['connections']) => {
          const keyOf = new Map(endpoints.map(({ id, key }) => [id, key]));
          const all = connections.flatMap(({ from, to }) =>
            from.flatMap((a) => to.map((b) => `${keyOf.get(a)} ${keyOf.get(b)}`)),
          );
          return [...new Set(all)].sort();
        };
        expect(pairs(cut, cut.connections)).toEqual(pairs(filtered(state), whole));
        for (const { allowed } of cut.connections)
          expect(allowed ?? { [protocol]: [[80, 80]] }).toEqual({ [protocol]: [[80, 80]] });
      }),
      runs(60),
    );
  });

  it('documents are as their schema says, and no two of addresses or entries are a pair', () => {
    fc.assert(
      fc.property(drawn, (state) => {
        const map = filtered(state);
        expect(validateDocument(JSON.parse(JSON.stringify(map)))).toEqual([]);
        const isOutside = (key: string) => isEntry(key) || key.startsWith('addresses/');
        expect(edges(map).filter(({ from, to }) => isOutside(from) && isOutside(to))).toEqual([]);
        expect(edges(map).filter(({ to }) => isEntry(to))).toEqual([]);
        expect(new Set(map.endpoints.map(({ key }) => key)).size).toBe(map.endpoints.length);
      }),
      runs(60),
    );
  });

  const s = scenario([...XWZ, service('x/web', '{clusterIP: None, selector: {pod: a}, ports: [{port: 80}]}')]);
  const pairsOf = (map: ConnectivityMap | WhoCan) =>
    edges(map).map(({ from, to }) => `${from} ${to}`.replaceAll('/Pod/', '/'));

  it('several of one side that overlap list each pair once', () => {
    const map = filtered(s.state, {
      from: ['w/a', 'w/', 'pod=a'.replace('pod', '{}/pod')],
      to: ['x/', 'x/a', 'x/service/web'],
    });
    expect(pairsOf(map)).toEqual([
      'w/a x/a',
      'w/a x/b',
      'w/b x/a',
      'w/b x/b',
      'x/a x/a',
      'x/a x/b',
      'z/a x/a',
      'z/a x/b',
    ]);
    expect(edges(map).every(({ what }) => what === ' {"allowed":"all"}')).toBe(true);
    const ports = filtered(s.state, { from: ['w/a'], to: ['x/service/web'] });
    expect(ports.connections.map(({ allowed }) => allowed)).toEqual([{ TCP: [[80, 80]] }]);
  });

  it('labels keep what has one of the pods at either end', () => {
    expect(pairsOf(filtered(s.state, { focus: '{}/ns=x'.replace('ns=x', 'pod=a'), from: ['w/'], to: ['x/'] }))).toEqual(
      ['w/a x/a', 'w/a x/b', 'w/b x/a'],
    );
  });

  it('names that do not exist are errors', () => {
    expect(() => filtered(s.state, { from: ['q/'] })).toThrow('there is no namespace "q"');
    expect(() => filtered(s.state, { to: ['x/a'], port: 'nope' })).toThrow('names no port');
    expect(() => filtered(s.state, { port: 'nope' })).toThrow('no pod names a port "nope"');
  });

  it('only the protocols asked for are on the map, behind entries too', () => {
    const lb = service(
      'x/lb',
      '{type: LoadBalancer, selector: {pod: a}, ports: [{port: 80}, {port: 53, protocol: UDP, name: dns}]}',
    );
    const udp = filtered(scenario([...XWZ, lb]).state, { protocols: ['UDP'] });
    expect(udp.protocols).toEqual(['UDP']);
    const entry = udp.endpoints.find(({ type }) => type === 'entry')!;
    expect(udp.connections.filter(({ from }) => from.includes(entry.id)).map(({ allowed }) => allowed)).toEqual([
      { UDP: [[53, 53]] },
    ]);
  });
});

describe('the whole map', () => {
  it('a workload with itself is listed even at one replica, one without connections too', () => {
    const s = scenario([
      namespace('x'),
      deployment('x/one', 'app=one', '', 1),
      deployment('x/shut', 'app=shut'),
      policy('x/p', '{podSelector: {matchLabels: {app: shut}}, policyTypes: [Ingress, Egress]}'),
    ]);
    const list = edges(s.map());
    expect(list).toContainEqual({
      from: 'x/Deployment.apps/one',
      to: 'x/Deployment.apps/one',
      what: ' {"allowed":"all"}',
    });
    expect(list.filter(({ from, to }) => `${from}${to}`.includes('shut'))).toEqual([]);
    expect(s.map().endpoints.map(({ key }) => key)).toContain('x/Deployment.apps/shut');
  });

  it('pods without connections and namespaces without pods are told, so that nobody takes them for forgotten', () => {
    const s = scenario([
      ...XWZ,
      namespace('empty'),
      policy('x/p', '{podSelector: {matchLabels: {pod: a}}, policyTypes: [Ingress, Egress], egress: []}'),
    ]);
    const shut = 'no connection leads to or from x/a';
    expect(s.map().notes).toContain(shut);
    const near = filtered(s.state, { namespaces: ['x'] });
    expect(near.notes).toContain(shut);
    expect(near.endpoints.map(({ key }) => key)).toContain('x/Pod/a');
    expect(filtered(s.state, { namespaces: ['w'] }).notes).not.toContain(shut);
    expect(filtered(s.state, { from: ['w/'] }).notes).not.toContain(shut);
    expect(filtered(s.state, { namespaces: ['empty'] }).notes).toContain('namespace empty has no pods');
  });

  it('the ranges outside are disjoint, split where policies split them', () => {
    const s = scenario([
      ...XWZ,
      policy(
        'x/p',
        '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 198.51.100.0/24, except: [198.51.100.64/26]}}]}]}',
      ),
    ]);
    const ranges = s.map().endpoints.flatMap((one) => (one.type === 'addresses' ? [one.ranges] : []));
    expect(ranges.length).toBe(2);
    const sets = ranges.map((list) => {
      const v4 = list.flatMap(([first, last]) => {
        const [a, b] = [parseAddress(first), parseAddress(last)];
        return a.ok && b.ok && a.family === 'IPv4' && b.family === 'IPv4' ? [a.value, b.value + 1] : [];
      });
      return { v4, v6: [] };
    });
    expect(isEmpty(intersect(sets[0]!, sets[1]!))).toBe(true);
  });

  it('ways into the cluster lead to the pods behind them, on their target ports', () => {
    const s = scenario([
      ...XWZ,
      service('x/web', '{selector: {pod: a}, ports: [{port: 8000, targetPort: web}]}'),
      service('x/np', '{type: NodePort, selector: {pod: b}, ports: [{port: 81}], externalTrafficPolicy: Local}'),
      object(
        'networking.k8s.io/v1',
        'Ingress',
        'x/front',
        '{defaultBackend: {service: {name: web, port: {number: 8000}}}}',
      ),
    ]);
    const list = edges(s.map()).filter(({ from }) => isEntry(from));
    expect(list).toEqual([
      { from: 'entry/x/Ingress/front', to: 'x/Pod/a', what: ' {"allowed":{"TCP":[[80,80]]}}' },
      { from: 'entry/x/NodePort/np', to: 'x/Pod/b', what: ' {"allowed":{"TCP":[[81,81]]}}' },
    ]);
  });

  it('own-node traffic is one note, never an edge; each reason of unknown is one note', () => {
    const s = scenario([
      ...XWZ,
      node('n1', '192.168.0.1'),
      pod('x/host', { hostNetwork: true, node: 'n1', ip: '192.168.0.1' }),
      deployment('x/t1', 'app=t'),
      deployment('x/t2', 'app=t'),
      policy('w/p', '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.1.0.0/16}}]}]}'),
    ]);
    const { notes, endpoints } = s.map();
    expect(notes.filter((note) => note.includes('own node'))).toHaveLength(1);
    expect(notes.filter((note) => note.includes('pod-address'))).toHaveLength(1);
    expect(endpoints.some(({ type }) => type === 'node')).toBe(false);
  });

  it('policies without workloads are not an empty map: how to add workloads is said', () => {
    const { notes } = scenario([namespace('x'), policy('x/p', '{podSelector: {}}')]).map();
    expect(notes.join()).toContain('add the manifests of the workloads');
  });
});

describe('who-can', () => {
  const ask = (s: Scenario, question: WhoCan['question'], subject: string, port?: string) =>
    whoCan(s.state, question, parseEndpoint(subject), port === undefined ? undefined : parsePort(port), CONTEXT);
  const lines = (document: WhoCan) => {
    expect(validateDocument(JSON.parse(JSON.stringify(document)))).toEqual([]);
    return edges(document).map(({ from, to, what }) => `${from} ${to}${what}`.replaceAll('/Pod/', '/'));
  };
  const FROM_W = policy(
    'x/p',
    '{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {ns: w}}}], ports: [{port: 80}]}, {from: [{ipBlock: {cidr: 203.0.113.0/24}}], ports: [{port: 443}]}]}',
  );
  const s = scenario([
    ...XWZ,
    FROM_W,
    service('x/lb', '{type: LoadBalancer, externalTrafficPolicy: Local, selector: {pod: a}, ports: [{port: 443}]}'),
  ]);

  it('reach lists pods, ranges outside and entry points that get through', () => {
    const found = lines(ask(s, 'reach', 'x/a'));
    expect(found.map((line) => line.split(' ')[0]!)).toEqual([
      'addresses/203.0.113.0-203.0.113.255',
      'entry/x/LoadBalancer/lb',
      'w/a',
      'w/b',
    ]);
  });

  it('a port narrows to it', () => {
    expect(lines(ask(s, 'reach', 'x/a', '80'))).toEqual([
      'w/a x/a {"allowed":{"TCP":[[80,80]]}}',
      'w/b x/a {"allowed":{"TCP":[[80,80]]}}',
    ]);
    expect(lines(ask(s, 'reach', 'x/a', '81'))).toEqual([]);
    expect(lines(ask(s, 'reach', 'x/service/lb', '443')).map((line) => line.split(' ')[0]!)).toEqual([
      'addresses/203.0.113.0-203.0.113.255',
      'entry/x/LoadBalancer/lb',
      // Whether a pod may meet itself behind its Service is left to the plugin.
      'x/a',
    ]);
  });

  it('be-reached-by a range outside lists the pods that it reaches', () => {
    expect(lines(ask(s, 'be-reached-by', '203.0.113.0/25', '443')).filter((line) => line.includes(' x/'))).toEqual([
      'addresses/203.0.113.0-203.0.113.127 x/a {"allowed":{"TCP":[[443,443]]}}',
      'addresses/203.0.113.0-203.0.113.127 x/b {"allowed":{"TCP":[[443,443]]}}',
    ]);
    expect(lines(ask(s, 'be-reached-by', '198.51.100.1')).some((line) => line.includes(' x/'))).toBe(false);
  });
});
