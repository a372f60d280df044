import { describe, expect, it } from 'vitest';
import { deployment, namespace, node, pod, type ScenarioOptions, scenario } from '../../../test/support/scenario.ts';
import { worldOf } from '../endpoints/world.ts';
import type { Party } from '../model/evidence.ts';
import type { Selector } from '../model/selector.ts';
import { endsOf, onOneNode } from './ends.ts';

const TEXTS = [
  namespace('shop'),
  namespace('ops', 'team=ops'),
  node('n1', '192.168.0.1'),
  node('n2', '192.168.0.2'),
  deployment('shop/web', 'app=web'),
  pod('shop/db-0', { labels: 'app=db,ordinal=0', ip: '10.0.0.1', node: 'n1' }),
  pod('ops/probe', { labels: 'app=probe', ip: '10.0.0.2', node: 'n2' }),
];
const is = (key: string, value: string): Selector => ({ op: 'in', key, values: [value] });

function names(party: Party, end: 'from' | 'to' = 'to', options: ScenarioOptions = {}): string[] {
  return endsOf(worldOf(scenario(TEXTS, options).state))(party, end)
    .map(({ name }) => name)
    .sort();
}

describe('the endpoints of a party', () => {
  it('are those of its workload, and none where it has none', () => {
    expect(names({ type: 'workload', key: 'shop/Deployment.apps/web' })).toEqual(['shop/web']);
    expect(names({ type: 'workload', key: 'shop/Deployment.apps/gone' })).toEqual([]);
  });

  it('are pods that its selectors select', () => {
    const of = (namespaces: (Party & { type: 'pods' })['namespaces'], pods: Selector) =>
      names({ type: 'pods', namespaces, pods, what: 'a pod that could be' });
    expect(of({ name: 'shop' }, is('app', 'db'))).toEqual(['shop/db-0']);
    expect(of({ selector: is('team', 'ops') }, { op: 'exists', key: 'app' })).toEqual(['ops/probe']);
    expect(of({ selector: { op: 'and', of: [] } }, { op: 'exists', key: 'app' })).toEqual([
      'ops/probe',
      'shop/db-0',
      'shop/web',
    ]);
  });

  it('are one that could be made where there is none', () => {
    const party = (pods: Selector, name = 'shop'): Party => ({
      type: 'pods',
      namespaces: { name },
      pods,
      what: 'a pod that could be',
    });
    expect(names(party(is('app', 'new')))).toEqual(['a pod that could be']);
    expect(names(party(is('app', 'new'), 'not-there-yet'))).toEqual(['a pod that could be']);
    expect(names(party({ op: 'and', of: [is('app', 'new'), { op: 'not-exists', key: 'app' }] }))).toEqual([]);
  });

  it('are the ranges that policies tell apart, for addresses', () => {
    expect(names({ type: 'addresses', cidrs: ['203.0.113.7/32'] })).toEqual(['203.0.113.7']);
  });

  it('are seen as nodes where addresses are those of nodes', () => {
    const party: Party = { type: 'addresses', cidrs: ['192.168.0.1/32', '203.0.113.7/32'] };
    expect(names(party)).toEqual(['203.0.113.7', 'node/n1']);
    const cilium = endsOf(worldOf(scenario(TEXTS, { cni: 'cilium' }).state))(party, 'to');
    expect(cilium.map(({ name, matchesBlocks }) => [name, matchesBlocks])).toEqual([
      ['node/n1', 'no'],
      ['203.0.113.7', 'yes'],
    ]);
    const assume = ['nodeCIDRs=198.51.100.0/24', 'ipBlockMatchesNodes=false'];
    const [given] = endsOf(worldOf(scenario(TEXTS, { assume }).state))(
      { type: 'addresses', cidrs: ['198.51.100.9/32'] },
      'to',
    );
    expect(given?.matchesBlocks).toBe('no');
  });

  it('are clients anywhere, or the internet, for everybody outside', () => {
    const assume = ['podCIDRs=10.0.0.0/16'];
    const clients = endsOf(worldOf(scenario(TEXTS, { assume }).state))({ type: 'outside' }, 'from');
    const servers = endsOf(worldOf(scenario(TEXTS, { assume }).state))({ type: 'outside' }, 'to');
    expect(clients.length).toBeGreaterThan(0);
    expect(servers.length).toBeGreaterThan(0);
    expect(servers.some(({ addresses: { v4 } }) => v4[0] === 0x0a000000)).toBe(false);
  });

  it('are the node of that name, and one that nobody knows for a pod’s own', () => {
    expect(names({ type: 'node', name: 'n1' })).toEqual(['node/n1']);
    expect(names({ type: 'node', name: 'n9' })).toEqual([]);
    expect(names({ type: 'node' })).toHaveLength(1);
  });

  it('are nobody for names and the API server', () => {
    expect(names({ type: 'domain', name: 'pay.example.com' })).toEqual([]);
    expect(names({ type: 'api-server' })).toEqual([]);
  });
});

describe('a pod and its own node', () => {
  const { state } = scenario(TEXTS);
  const find = endsOf(worldOf(state));
  const [db] = find({ type: 'workload', key: 'shop/Pod/db-0' }, 'to');
  const [own] = find({ type: 'node' }, 'from');
  const [named] = find({ type: 'node', name: 'n2' }, 'from');

  it('are on one node', () => {
    const pair = onOneNode(own!, db!);
    expect(pair.from.nodeName).toBe(pair.to.nodeName);
  });

  it('are not moved where the node has a name', () => {
    expect(onOneNode(named!, db!)).toEqual({ from: named, to: db });
  });
});
