import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../../../test/support/lint.ts';
import { proveFix } from '../../../../test/support/prove-fix.ts';
import { pod, policy } from '../../../../test/support/shop-manifests.ts';

const ID = 'not-supported-by-plugin';

const ingress = (port: string) => policy(`policyTypes: [Ingress], ingress: [{ports: [${port}]}]`);
const egress = (port: string) => policy(`policyTypes: [Egress], egress: [{ports: [${port}]}]`);
const ADMIN = `
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: all}
spec: {tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}
---`;
const HTTP =
  pod('web', 'shop', '', '{name: http, containerPort: 80}') + pod('x', 'shop', '', '{name: http, containerPort: 8080}');
const SIDECAR = pod('web').replace(
  'spec: {',
  'spec: {initContainers: [{name: proxy, image: proxy, restartPolicy: Always, ports: [{name: http, containerPort: 80}]}], ',
);
const HOST = pod('web').replace('spec: {', 'spec: {hostNetwork: true, ');

describe(ID, () => {
  it.each([
    ['endPort=portOnly', ingress('{port: 80, endPort: 90}'), 1],
    ['endPort=portOnly', ingress('{port: 80, endPort: 80}'), 0],
    ['endPort=range', ingress('{port: 80, endPort: 90}'), 0],
    ['sctp=unknown', ingress('{port: 80, protocol: SCTP}'), 1],
    ['sctp=unknown', ingress('{port: 80}'), 0],
    ['sctp=enforced', ingress('{port: 80, protocol: SCTP}'), 0],
    ['egressNamedPorts=clusterWide', HTTP + egress('{port: http}'), 1],
    ['egressNamedPorts=clusterWide', HTTP.replace('8080', '80') + egress('{port: http}'), 0],
    ['egressNamedPorts=clusterWide', HTTP + ingress('{port: http}'), 0],
    ['egressNamedPorts=perDestination', HTTP + egress('{port: http}'), 0],
    ['sidecarNamedPorts=none', HTTP + ingress('{port: http}'), 0],
    ['sidecarNamedPorts=none', SIDECAR + ingress('{port: http}'), 1],
    ['sidecarNamedPorts=restartable', SIDECAR + ingress('{port: http}'), 0],
    ['apis=network-policy', ADMIN + ingress('{port: 80}'), 1],
    ['apis=network-policy,cluster-network-policy', ADMIN, 0],
    ['enforces=no', ingress('{port: 80}') + ADMIN, 1],
    ['hostNetwork=asNode', HOST + ingress('{port: 80}'), 1],
    ['hostNetwork=asNode', pod('web') + ingress('{port: 80}'), 0],
    ['hostNetwork=asPod', HOST + ingress('{port: 80}'), 0],
  ])('%s', (assumed, text, count) => {
    expect(problemsOf(text, ID, { assume: [assumed] })).toHaveLength(count);
  });

  it('speaks only of plugins that were named', () => {
    const all = HOST + ADMIN + ingress('{port: 80, endPort: 90, protocol: SCTP}');
    expect(problemsOf(all, ID)).toEqual([]);
    expect(problemsOf(all, ID, { cni: 'none' })).toMatchObject([
      { severity: 'critical', effect: '2 policies have no effect', source: { path: 'kind' } },
    ]);
    expect(problemsOf(all, ID, { cni: 'calico' }).map(({ message }) => message)).toEqual([
      'the policy, which selects only hostNetwork pods, may not do what it says with calico@3.32: hostNetwork pods are seen as their nodes',
    ]);
  });

  it.each([
    ['cilium@1.15', ingress('{port: 80, endPort: 90}'), ['endPort']],
    ['cilium', ingress('{port: 80, endPort: 90}'), []],
    ['cilium', ingress('{port: 80, protocol: SCTP}'), ['protocol']],
    [
      'kube-router',
      policy('policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 203.0.113.0/24, except: [203.0.113.0/28]}}]}]'),
      ['except'],
    ],
    ['azure', policy('policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: "2001:db8::/64"}}]}]'), ['cidr']],
    ['ovn-kubernetes', ingress('{port: http}'), ['port']],
    ['antrea', ingress('{port: http}'), []],
    ['calico', ADMIN, []],
    ['azure', ADMIN, ['kind']],
    ['aws-vpc-cni', pod('web') + ingress('{port: 80}'), ['podSelector']],
  ])('%s: %#', (cni, text, fields) => {
    const found = problemsOf(text, ID, { cni });
    expect(found.map(({ source }) => source.path.split('.').at(-1))).toEqual(fields);
    for (const { hint } of found) expect(hint).toMatch(/see .|plugin/);
  });

  it('lists a short range one by one', () => {
    const settings = { assume: ['endPort=portOnly'] };
    const text = ingress('{port: 80, endPort: 83}, {port: 90}');
    const [finding] = problemsOf(text, ID, settings);
    expect(finding!.message).toBe(
      'ports 80-83 may not do what it says with the plugin: endPort is not read: only port itself is open',
    );
    proveFix(text, finding!, undefined, settings);
    expect(problemsOf(ingress('{port: 80, endPort: 200}'), ID, settings)[0]!.fix).toBeUndefined();
  });
});
