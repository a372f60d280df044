import { describe, expect, it } from 'vitest';
import { deployment, namespace, node, policy, scenario, service } from '../../../test/support/scenario.ts';
import { printCidrs } from '../sets/ip-address.ts';
import { worldOf } from './world.ts';

/** A pod of the Deployment x/web, through its ReplicaSet's name. */
function replica(
  name: string,
  parts: { labels?: string; ip?: string; port?: number; node?: string; host?: boolean } = {},
): string {
  const labels = Object.fromEntries(
    (parts.labels ?? 'app=web').split(',').map((one) => one.split('=') as [string, string]),
  );
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'x',
      labels,
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'web', uid: '1', controller: true }],
    },
    spec: {
      containers: [{ name: 'main', ports: [{ name: 'http', containerPort: parts.port ?? 80 }] }],
      ...(parts.node === undefined ? {} : { nodeName: parts.node }),
      ...(parts.host === true ? { hostNetwork: true } : {}),
    },
    status: { phase: 'Running', ...(parts.ip === undefined ? {} : { podIP: parts.ip, podIPs: [{ ip: parts.ip }] }) },
  });
}

/** Keys of the units with their variants. */
function units(...texts: string[]): string[] {
  const world = worldOf(scenario([namespace('x'), ...texts]).state);
  return world.pods.map((unit) => {
    const variant = unit.type === 'workload' && unit.variant !== undefined ? ` ${JSON.stringify(unit.variant)}` : '';
    return `${unit.endpoint.key} x${unit.type === 'workload' ? unit.pods.length : 0}${variant}`;
  });
}

const KEY = 'x/StatefulSet.apps/web';

describe('variants of one workload', () => {
  it('pods that no policy can tell apart are one', () => {
    expect(
      units(
        replica('web-0', { labels: 'app=web,v=1', ip: '10.0.0.1' }),
        replica('web-1', { labels: 'app=web,v=2', ip: '10.0.0.2' }),
      ),
    ).toEqual([`${KEY} x2`]);
  });

  it('a label that a policy names tells them apart', () => {
    const both = [replica('web-0', { labels: 'app=web,v=1' }), replica('web-1', { labels: 'app=web,v=2' })];
    expect(units(...both, policy('x/p', '{podSelector: {matchLabels: {v: "1"}}}'))).toEqual([
      `${KEY}#1 x1 {"v":"1"}`,
      `${KEY}#2 x1 {"v":"2"}`,
    ]);
  });

  it('values that no policy names are alike, absent keys are not', () => {
    const three = [
      replica('web-0', { labels: 'app=web,v=2' }),
      replica('web-1', { labels: 'app=web,v=3' }),
      replica('web-2'),
    ];
    expect(units(...three, policy('x/p', '{podSelector: {matchLabels: {v: "1"}}}'))).toEqual([
      `${KEY}#1 x1 {"v":""}`,
      `${KEY}#2 x2 {"v":"2"}`,
    ]);
  });

  it('an address that a block cuts off tells them apart', () => {
    const both = [replica('web-0', { ip: '10.0.0.1' }), replica('web-1', { ip: '10.0.0.2' })];
    const text = policy('x/p', '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.2/32}}]}]}');
    expect(units(...both, text)).toEqual([`${KEY}#1 x1 {"address":"10.0.0.1"}`, `${KEY}#2 x1 {"address":"10.0.0.2"}`]);
  });

  it('the number of a port that a policy or Service names tells them apart', () => {
    const both = [replica('web-0'), replica('web-1', { port: 8080 })];
    const expected = [`${KEY}#1 x1 {"port:http":"80"}`, `${KEY}#2 x1 {"port:http":"8080"}`];
    expect(units(...both, policy('x/p', '{podSelector: {}, ingress: [{ports: [{port: http}]}]}'))).toEqual(expected);
    expect(units(...both, service('x/s', '{selector: {app: web}, ports: [{port: 1, targetPort: http}]}'))).toEqual(
      expected,
    );
    expect(units(...both)).toEqual([`${KEY} x2`]);
  });

  it('the node tells hostNetwork pods apart, and no others', () => {
    const on = (host: boolean) => [replica('web-0', { node: 'n1', host }), replica('web-1', { node: 'n2', host })];
    expect(units(...on(true)).map((one) => one.replace(/ \{.*/, ''))).toEqual([`${KEY}#1 x1`, `${KEY}#2 x1`]);
    expect(units(...on(false))).toEqual([`${KEY} x2`]);
  });
});

describe('what an endpoint is', () => {
  const endpoint = (texts: string[], assume: string[] = []) =>
    worldOf(scenario([namespace('x'), ...texts], { assume }).state).pods[0]!.endpoint;

  it('a template has the families and the range of the plan', () => {
    const { addresses, families, addressReason } = endpoint(
      [deployment('x/web', 'app=web')],
      ['families=IPv4,IPv6', 'podCIDRs=10.1.0.0/16,fd01::/64'],
    );
    expect([families, addressReason]).toEqual([['IPv4', 'IPv6'], 'pod-address']);
    expect(printCidrs(addresses)).toEqual(['10.1.0.0/16', 'fd01::/64']);
  });

  it('a pod has its own address, and the families of it', () => {
    const { addresses, families } = endpoint([replica('web-0', { ip: 'fd01::7' })]);
    expect([printCidrs(addresses), families]).toEqual([['fd01::7/128'], ['IPv6']]);
  });

  it('a hostNetwork pod seen as its node has no identity of a pod, no ports, and the labels of the node', () => {
    const texts = [node('n1', '172.16.0.1', 'zone=a'), replica('web-0', { node: 'n1', host: true })];
    const asNode = endpoint(texts);
    expect([asNode.pod, asNode.ports, asNode.node, asNode.nodeName]).toEqual([
      undefined,
      [],
      { certain: true, labels: { zone: 'a' } },
      'n1',
    ]);
    expect(printCidrs(asNode.addresses)).toEqual(['172.16.0.1/32']);
    const asPod = endpoint(texts, ['hostNetwork=asPod']);
    expect([asPod.pod?.hostNetwork, asPod.ports.length]).toEqual([true, 1]);
  });

  it('blocks see pods and nodes as the knobs say', () => {
    const host = [replica('web-0', { host: true })];
    expect(endpoint([replica('web-0')]).matchesBlocks).toBe('yes');
    expect(endpoint([replica('web-0')], ['ipBlockMatchesPods=false']).matchesBlocks).toBe('no');
    expect(endpoint(host, ['ipBlockMatchesPods=false']).matchesBlocks).toBe('yes');
    expect(endpoint(host, ['ipBlockMatchesNodes=false']).matchesBlocks).toBe('no');
  });

  it('a namespace that no object declares has its automatic label only', () => {
    const world = worldOf(scenario([replica('web-0')]).state);
    expect(world.pods[0]!.endpoint.pod).toMatchObject({
      namespaceDeclared: false,
      namespaceLabels: { 'kubernetes.io/metadata.name': 'x' },
    });
  });
});
