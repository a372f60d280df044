import { describe, expect, it } from 'vitest';
import {
  deployment,
  namespace,
  node,
  pod,
  policy,
  type ScenarioOptions,
  scenario,
} from '../../../test/support/scenario.ts';
import { worldOf } from '../endpoints/world.ts';
import type { Party } from '../model/evidence.ts';
import { courtOf } from './prove.ts';
import { type Connection, findOpen, judgeNeed } from './soundness.ts';

const SHOP = [
  namespace('shop'),
  pod('shop/web', { labels: 'app=web', ip: '10.0.0.1', ports: '8080' }),
  pod('shop/db', { labels: 'app=db', ip: '10.0.0.2', ports: '5432' }),
];
const workload = (name: string, kind = 'Pod'): Party => ({ type: 'workload', key: `shop/${kind}/${name}` });
const WEB_TO_DB: Connection = { from: workload('web'), to: workload('db'), protocol: 'TCP', ports: [5432, 5432] };
const DENY = policy('shop/deny', '{podSelector: {}, policyTypes: [Ingress, Egress]}');

function judge(texts: readonly string[], change: Partial<Connection> = {}, options: ScenarioOptions = {}): string {
  const { state } = scenario(texts, options);
  const judged = judgeNeed(courtOf(worldOf(state)), { ...WEB_TO_DB, ...change });
  if (judged.verdict === 'unproved') return `unproved: ${judged.because}`;
  if (judged.verdict === 'allowed') return 'allowed';
  const { from, to, port, family } = judged.witness;
  return `${judged.verdict}: ${from.name} -> ${to.name}:${port} ${family}`;
}

describe('a need', () => {
  it('is allowed where no policy isolates its ends', () => {
    expect(judge(SHOP)).toBe('allowed');
  });

  it('is denied, with a flow to show it', () => {
    expect(judge([...SHOP, DENY])).toBe('denied: shop/web -> shop/db:5432 IPv4');
  });

  it('is denied where one of its ports is', () => {
    const most = policy('shop/most', '{podSelector: {}, ingress: [{ports: [{port: 5432, endPort: 5439}]}]}');
    expect(judge([...SHOP, most], { ports: [5432, 5439] })).toBe('allowed');
    expect(judge([...SHOP, most], { ports: [5430, 5439] })).toBe('denied: shop/web -> shop/db:5430 IPv4');
  });

  it('is denied where one of its addresses is', () => {
    const most = policy(
      'shop/most',
      '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 203.0.113.0/24, except: [203.0.113.64/26]}}]}]}',
    );
    const to: Party = { type: 'addresses', cidrs: ['203.0.113.0/25'] };
    expect(judge([...SHOP, most], { to })).toBe('denied: shop/web -> 203.0.113.64/26:5432 IPv4');
    expect(judge([...SHOP, most], { to: { type: 'addresses', cidrs: ['203.0.113.0/26'] } })).toBe('allowed');
  });

  it('is denied where one of its families is', () => {
    const dual = [namespace('shop'), pod('shop/web', { labels: 'app=web', ip: '10.0.0.1 fd00::1' })];
    const v4 = policy(
      'shop/v4',
      '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}',
    );
    const to: Party = { type: 'addresses', cidrs: ['203.0.113.7/32', '2001:db8::7/128'] };
    expect(judge(dual, { to })).toBe('allowed');
    expect(judge([...dual, v4], { to })).toMatch(/^denied: .* IPv6$/);
    const db = pod('shop/db', { labels: 'app=db', ip: '10.0.0.2 fd00::2' });
    const pods = { assume: ['ipBlockMatchesPods=true'] };
    expect(judge([...dual, db], {}, pods)).toBe('allowed');
    expect(judge([...dual, db, v4], {}, pods)).toBe('denied: shop/web -> shop/db:5432 IPv6');
  });

  it('is unknown where nobody knows, and denied wins over that', () => {
    const texts = [
      namespace('shop'),
      deployment('shop/web', 'app=web'),
      deployment('shop/db', 'app=db'),
      policy(
        'shop/hash',
        '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {pod-template-hash: abc}}}], ports: [{port: 5432}]}]}',
      ),
    ];
    const ends = { from: workload('web', 'Deployment.apps'), to: workload('db', 'Deployment.apps') };
    expect(judge(texts, ends)).toBe('unknown: shop/web -> shop/db:5432 IPv4');
    expect(judge(texts, { ...ends, ports: [5432, 5433] })).toBe('denied: shop/web -> shop/db:5433 IPv4');
  });

  it('is unproved where an end has no address that anybody knows', () => {
    const because = 'unproved: one end has no address that is known';
    expect(judge(SHOP, { to: { type: 'domain', name: 'pay.example.com' } })).toBe(because);
    expect(judge(SHOP, { to: { type: 'api-server' } })).toBe(because);
    expect(judge(SHOP, { from: workload('gone') })).toBe(because);
  });

  it('is unproved where its ends share no family', () => {
    const to: Party = { type: 'addresses', cidrs: ['2001:db8::7/128'] };
    expect(judge(SHOP, { to })).toBe('unproved: the ends have no address family in common');
  });

  it('of a kubelet is judged on the node of the pod', () => {
    const from: Party = { type: 'node' };
    expect(judge([...SHOP, DENY], { from })).toBe('allowed');
    expect(judge([...SHOP, DENY], { from }, { assume: ['localNodeIngress=evaluate'] })).toMatch(/^denied/);
  });

  it('of a node with a name is that of this node', () => {
    const open = policy(
      'shop/nodes',
      '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{ipBlock: {cidr: 192.168.0.1/32}}]}]}',
    );
    const db = pod('shop/db', { labels: 'app=db', ip: '10.0.0.2', node: 'n4' });
    const nodes = [1, 2, 4].map((id) => node(`n${id}`, `192.168.0.${id}`));
    const texts = [namespace('shop'), db, ...nodes, open];
    expect(judge(texts, { from: { type: 'node', name: 'n1' } })).toBe('allowed');
    expect(judge(texts, { from: { type: 'node', name: 'n2' } })).toMatch(/^denied/);
    expect(judge(texts, { from: { type: 'node', name: 'n3' } })).toMatch(/^unproved/);
  });

  it('of everybody is whether the other end lets them in, whatever each of them may do, and never of the host network', () => {
    const from: Party = {
      type: 'pods',
      namespaces: { selector: { op: 'and', of: [] } },
      pods: { op: 'and', of: [] },
      what: 'every pod',
    };
    const open = policy(
      'shop/open',
      '{podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress], ingress: [{from: [{namespaceSelector: {}}]}]}',
    );
    const silent = policy('shop/silent', '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress]}');
    const agent = pod('shop/agent', { labels: 'app=agent', ip: '192.168.0.1', hostNetwork: true });
    expect(judge([...SHOP, open, silent, agent], { from })).toBe('allowed');
    expect(judge([...SHOP, DENY, silent], { from })).toMatch(/^denied/);
  });

  it('of pods that are not there is judged for one that could be', () => {
    const to: Party = {
      type: 'pods',
      namespaces: { name: 'shop' },
      pods: { op: 'in', key: 'k8s-app', values: ['kube-dns'] },
      what: 'the DNS pods',
    };
    expect(judge(SHOP, { to })).toBe('allowed');
    expect(judge([...SHOP, DENY], { to })).toMatch(/^denied: shop\/web -> the DNS pods/);
  });
});

describe('what must not be', () => {
  const open = (texts: readonly string[], change: Partial<Connection> = {}) => {
    const found = findOpen(courtOf(worldOf(scenario(texts).state)), { ...WEB_TO_DB, ...change });
    return found === undefined ? 'nothing' : `${found.to.name}:${found.port} ${found.trace.verdict}`;
  };

  it('is open at one of its ports', () => {
    const one = policy('shop/one', '{podSelector: {}, ingress: [{ports: [{port: 5433}]}]}');
    expect(open([...SHOP, one], { ports: [5432, 5439] })).toBe('shop/db:5433 allowed');
    expect(open([...SHOP, one])).toBe('nothing');
  });

  it('is open where nobody knows', () => {
    const texts = [
      ...SHOP,
      deployment('shop/app', 'app=app'),
      policy(
        'shop/hash',
        '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {pod-template-hash: abc}}}]}]}',
      ),
    ];
    expect(open(texts, { from: workload('app', 'Deployment.apps') })).toBe('shop/db:5432 unknown');
  });

  it('is not open where nobody is', () => {
    expect(open(SHOP, { to: { type: 'domain', name: 'pay.example.com' } })).toBe('nothing');
  });
});
