// What the library's entrance promises beside verdicts that are right, which test/properties/flow-verdicts.test.ts holds it to.

import { describe, expect, it } from 'vitest';
import { batchOf } from '../../../test/support/flow-batches.ts';
import { namespace, node, object, pod, policy, scenario, service } from '../../../test/support/scenario.ts';
import { UserError } from '../model/user-error.ts';
import type { Flow } from '../model/verdict.ts';
import type { State } from '../state.ts';
import { flowVerdicts } from './flow-verdicts.ts';
import { VERDICTS } from './verdict-codes.ts';

const WEB: Flow = { family: 'IPv4', protocol: 'TCP', port: 80 };
const CLOSED = policy('shop/closed', '{podSelector: {}, policyTypes: [Ingress], ingress: []}');
const OPEN_80 = policy('shop/web', '{podSelector: {matchLabels: {pod: web}}, ingress: [{ports: [{port: 80}]}]}');
const SHOP = [
  namespace('shop'),
  pod('shop/web', { ip: '10.0.0.1', node: 'n1' }),
  pod('shop/db', { ip: '10.0.0.2 fd00::2', node: 'n2' }),
];

/** Two replicas of one workload, each on its node. */
function replicas(): string[] {
  return ['n1', 'n2'].map((name, i) => {
    const made = JSON.parse(pod(`shop/api-${name}`, { ip: `10.0.1.${i}`, node: name, labels: 'app=api' }));
    made.metadata.ownerReferences = [
      { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'api', uid: 'u', controller: true },
    ];
    return JSON.stringify(made);
  });
}

/** The verdict on one flow, by the batch and by why, which have to agree; `unknown: REASON` where it is. */
function said(state: State, from: number, to: number, flow: Flow = WEB): string {
  const verdicts = flowVerdicts(state);
  const [code] = verdicts.judge(batchOf([{ source: from, destination: to, ...flow }]));
  const { verdict, reasons } = verdicts.why(from, to, flow);
  expect(verdict).toBe(VERDICTS[code!]);
  return verdict === 'unknown' ? `unknown: ${reasons.join(', ')}` : verdict;
}

const errorOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  return 'none';
};

describe('numbers of ends', () => {
  const { state } = scenario([
    ...SHOP,
    ...replicas(),
    node('n1', '192.168.0.1'),
    pod('shop/agent', { ip: '192.168.0.1', node: 'n1', hostNetwork: true }),
    pod('shop/lonely', { ip: '192.168.0.9', node: 'n9', hostNetwork: true }),
    pod('shop/twin', { ip: '10.0.0.9' }),
    pod('shop/other-twin', { ip: '10.0.0.9' }),
    service('shop/front', '{clusterIP: 172.20.0.1, selector: {pod: web}, ports: [{port: 80}]}'),
    policy('shop/block', '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 203.0.113.0/24}}]}]}'),
  ]);
  const { numbers, end, count } = flowVerdicts(state);

  it('lead from names and addresses to one end', () => {
    const web = { type: 'pod', namespace: 'shop', name: 'web', workload: 'shop/Pod/web' };
    expect(end(numbers.pod('shop', 'web'))).toEqual(web);
    expect([numbers.address('10.0.0.1'), numbers.ipv4(0x0a000001)].map(end)).toEqual([web, web]);
    expect(numbers.ipv6((0xfd00n << 112n) + 2n)).toBe(numbers.pod('shop', 'db'));
    expect(numbers.address('fd00:0::2')).toBe(numbers.pod('shop', 'db'));
    const api = 'shop/StatefulSet.apps/api';
    expect(end(numbers.workload(api))).toEqual({ type: 'pods', workload: api, key: api });
    expect(end(numbers.node('n1'))).toEqual({ type: 'node', name: 'n1' });
    // A node's address is the node's, whoever else speaks with it.
    expect(numbers.address('192.168.0.1')).toBe(numbers.node('n1'));
    expect(end(numbers.address('203.0.113.7'))).toEqual({
      type: 'addresses',
      key: 'addresses/203.0.113.0-203.0.113.255',
    });
    expect(numbers.address('203.0.114.7')).not.toBe(numbers.address('203.0.113.7'));
  });

  it('are -1 where there is no end, or more than one', () => {
    const asked = {
      pod: numbers.pod('shop', 'nobody'),
      workload: numbers.workload('shop/Pod/nobody'),
      node: numbers.node('n9'),
      service: numbers.address('172.20.0.1'),
      'two pods': numbers.address('10.0.0.9'),
      'a node without an object': numbers.address('192.168.0.9'),
      'no address': numbers.address('10.0.0'),
      'nobody in the range of pods': numbers.address('10.77.0.1'),
    };
    expect(Object.entries(asked).filter(([, number]) => number !== -1)).toEqual([]);
    expect([end(-1), end(count)]).toEqual([undefined, undefined]);
  });

  it('are the same whatever the order of the input', () => {
    const texts = [...SHOP, ...replicas(), node('n1', '192.168.0.1'), CLOSED];
    const [one, other] = [texts, texts.toReversed()].map((list) => flowVerdicts(scenario(list).state));
    const all = (verdicts = one!) => Array.from({ length: verdicts.count }, (_, number) => verdicts.end(number));
    expect(all(one)).toEqual(all(other));
  });
});

describe('verdicts', () => {
  it('are of single pods: a pod reaches itself, a node the pods that it runs', () => {
    const { state } = scenario([...SHOP, ...replicas(), node('n1', '192.168.0.1'), CLOSED]);
    const { numbers } = flowVerdicts(state);
    const [first, second] = [numbers.pod('shop', 'api-n1'), numbers.pod('shop', 'api-n2')];
    const n1 = numbers.node('n1');
    expect([first, second].map((one) => said(state, n1, one))).toEqual(['allowed', 'denied']);
    // As one they are on no node that is known.
    expect(said(state, n1, numbers.workload('shop/StatefulSet.apps/api'))).toBe('unknown: local-node');
    expect([said(state, first, first), said(state, first, second)]).toEqual(['allowed', 'denied']);
  });

  it('are unknown, with the reason, where evaluators cannot be asked', () => {
    const { state } = scenario([...SHOP, OPEN_80]);
    const { numbers, count, judge } = flowVerdicts(state);
    const [web, db] = [numbers.pod('shop', 'web'), numbers.pod('shop', 'db')];
    expect(said(state, -1, web)).toBe('unknown: unknown-endpoint');
    expect(said(state, web, -1)).toBe('unknown: unknown-endpoint');
    expect(said(state, db, web, { ...WEB, family: 'IPv6' })).toBe('unknown: no-common-family');
    expect(said(state, db, web, { ...WEB, port: 0 })).toBe('unknown: no-such-port');
    expect(said(state, db, web, { ...WEB, protocol: 'ICMP', port: 0 })).toBe('unknown: icmp');
    const other = { ...batchOf([{ source: db, destination: web, ...WEB }]), protocols: Uint8Array.of(47) };
    expect(VERDICTS[judge(other)[0]!]).toBe('unknown');
    expect(count).toBeGreaterThan(2);
  });

  it('are unknown where policies in force were not read, but for a pod and itself', () => {
    const { state } = scenario([...SHOP, namespace('other'), pod('other/b', { ip: '10.0.3.1' })]);
    const gap = { reason: 'not-listable', message: 'x', namespaces: ['shop'], lost: 'policies' } as const;
    const hidden: State = { ...state, cluster: { ...state.cluster }, gaps: [gap] };
    const { numbers } = flowVerdicts(hidden);
    const [web, other] = [numbers.pod('shop', 'web'), numbers.pod('other', 'b')];
    expect(said(hidden, other, web)).toBe('unknown: incomplete-input');
    expect(said(hidden, web, other)).toBe('unknown: incomplete-input');
    expect([said(hidden, other, other), said(hidden, web, web)]).toEqual(['allowed', 'allowed']);
  });

  it('tell flows apart that differ in one thing only', () => {
    const { state } = scenario([...SHOP, CLOSED, OPEN_80]);
    const { numbers, judge } = flowVerdicts(state);
    const [web, db] = [numbers.pod('shop', 'web'), numbers.pod('shop', 'db')];
    const flows = [
      { source: db, destination: web, ...WEB },
      { source: db, destination: web, ...WEB, port: 81 },
      { source: db, destination: web, ...WEB, protocol: 'UDP' as const },
      { source: web, destination: db, ...WEB },
      { source: db, destination: web, ...WEB, family: 'IPv6' as const },
      { source: db, destination: web, ...WEB },
    ];
    const said = [...judge(batchOf(flows))].map((code) => VERDICTS[code]);
    expect(said).toEqual(['allowed', 'denied', 'denied', 'denied', 'unknown', 'allowed']);
  });

  it('go into the array that is given', () => {
    const { state } = scenario([...SHOP, CLOSED]);
    const { judge, numbers } = flowVerdicts(state);
    const into = new Uint8Array(3).fill(9);
    const flow = { source: numbers.pod('shop', 'db'), destination: numbers.pod('shop', 'web'), ...WEB };
    expect(judge(batchOf([flow, flow]), into)).toBe(into);
    expect([...into]).toEqual([3, 3, 9]);
    expect([...judge(batchOf([]))]).toEqual([]);
  });

  it('name the rules that decide', () => {
    const { state } = scenario([...SHOP, CLOSED, OPEN_80]);
    const { why, numbers } = flowVerdicts(state);
    const [web, db] = [numbers.pod('shop', 'web'), numbers.pod('shop', 'db')];
    const names = (side = why(db, web, WEB).ingress!) =>
      side.rules.map(({ policy: of, rule, action }) => [of.name, rule, action]);
    expect(names()).toEqual([['web', 0, 'Accept']]);
    expect(why(web, db, WEB).ingress).toMatchObject({ verdict: 'denied', rules: [], isolatedBy: [{ name: 'closed' }] });
    expect(why(db, web, WEB).egress).toEqual({ verdict: 'allowed', isolatedBy: [], rules: [] });
  });

  it('hold a plugin to what it makes of a pod that calls itself', () => {
    const { state } = scenario([...SHOP, CLOSED], { assume: ['localNodeIngress=evaluate'] });
    const plain: State = {
      ...state,
      behaviour: { ...state.behaviour, knobs: { ...state.behaviour.knobs, selfTraffic: 'plainRules' } },
    };
    const web = flowVerdicts(state).numbers.pod('shop', 'web');
    expect([said(state, web, web), said(plain, web, web)]).toEqual(['allowed', 'denied']);
  });
});

describe('what is no batch', () => {
  const { state } = scenario([...SHOP, object('v1', 'Node', 'n1', '{}')]);
  const { judge, why, count } = flowVerdicts(state);
  const batch = batchOf([{ source: 0, destination: 1, ...WEB }]);

  it('is an error that says why', () => {
    expect(errorOf(() => judge({ ...batch, ports: new Uint16Array(2) }))).toBe('"ports" holds 2 flows, "sources" 1');
    expect(errorOf(() => judge(batch, new Uint8Array(0)))).toBe('"into" has room for 0 of 1 verdicts');
    expect(errorOf(() => judge({ ...batch, sources: Int32Array.of(count) }))).toBe(`no end has the number ${count}`);
    expect(errorOf(() => judge({ ...batch, destinations: Int32Array.of(-2) }))).toBe('no end has the number -2');
    expect(errorOf(() => judge({ ...batch, families: Uint8Array.of(5) }))).toBe('no family has the number 5');
    expect(errorOf(() => why(0, count, WEB))).toBe(`no end has the number ${count}`);
  });
});
