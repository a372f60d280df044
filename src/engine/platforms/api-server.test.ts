import { describe, expect, it } from 'vitest';
import {
  apiServerSlice,
  container,
  type Json,
  node,
  service,
  stateOfObjects,
  workload,
} from '../../../test/support/platform-objects.ts';
import type { Evidence, EvidenceFound, Party } from '../model/evidence.ts';
import { detectPlatform } from './detect-platform.ts';
import { NOTHING_STATED, type StatedPlatform } from './platform-facts.ts';
import { isQuestion, resolveApiServer, resolveApiServerClients, withoutApiServer } from './resolve-api-server.ts';

const SERVICE = service('default', 'kubernetes', {
  clusterIP: '10.96.0.1',
  clusterIPs: ['10.96.0.1'],
  ports: [{ name: 'https', port: 443, targetPort: 6443 }],
});

function factsOf(objects: readonly Json[], platform: Partial<StatedPlatform> = {}, cni = 'default') {
  return detectPlatform(stateOfObjects(objects, cni), {}, { ...NOTHING_STATED, ...platform });
}

function endpoints(
  objects: readonly Json[],
  platform: Partial<StatedPlatform> = {},
  cni = 'default',
): readonly string[] | string {
  const resolved = resolveApiServer(factsOf(objects, platform, cni));
  if (isQuestion(resolved)) return `${resolved.says}; ${resolved.hint}`;
  return resolved.map(
    ({ party, port }) => `${party.type === 'addresses' ? party.cidrs.join(',') : party.type}:${port}`,
  );
}

function clients(objects: readonly Json[], platform: Partial<StatedPlatform> = {}): readonly Party[] | string {
  const resolved = resolveApiServerClients(factsOf(objects, platform));
  return isQuestion(resolved) ? `${resolved.about}: ${resolved.hint}` : resolved;
}

const addresses = (...cidrs: [string, ...string[]]) => [expect.objectContaining({ type: 'addresses', cidrs })];
const staticPod = (name: string, annotations: Json, words: readonly string[] = [], podIP = '192.0.2.7'): Json => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace: 'kube-system',
    labels: { component: 'kube-apiserver', tier: 'control-plane' },
    annotations,
  },
  spec: {
    hostNetwork: true,
    nodeName: 'a',
    containers: [
      container('kube-apiserver', 'registry.k8s.io/kube-apiserver:v1.33.1', { command: ['kube-apiserver', ...words] }),
    ],
  },
  status: { podIP, podIPs: [{ ip: podIP }] },
});

describe('the API server', () => {
  it('is the endpoints of Service default/kubernetes, with their port and not the Service’s', () => {
    expect(endpoints([SERVICE, apiServerSlice(['192.0.2.2', '192.0.2.3'], 16443)])).toEqual(['192.0.2.2/31:16443']);
  });

  it('has both families, each as single addresses', () => {
    const slices = [apiServerSlice(['192.0.2.2']), apiServerSlice(['2001:db8::2'], 6443, 'kubernetes-v6')];
    expect(endpoints(slices)).toEqual(['192.0.2.2/32,2001:db8::2/128:6443']);
  });

  it('keeps endpoints on different ports apart', () => {
    expect(endpoints([apiServerSlice(['192.0.2.2']), apiServerSlice(['192.0.2.3'], 8443, 'b')])).toEqual([
      '192.0.2.2/32:6443',
      '192.0.2.3/32:8443',
    ]);
  });

  it('is what static pods advertise, where the EndpointSlice was not read', () => {
    const annotation = { 'kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint': '[2001:db8::7]:7443' };
    expect(endpoints([staticPod('kube-apiserver-a', annotation)])).toEqual(['2001:db8::7/128:7443']);
    expect(endpoints([staticPod('kube-apiserver-a', {}, ['--secure-port=16443'])])).toEqual(['192.0.2.7/32:16443']);
  });

  it('is a question where nothing shows it: neither the Service’s address nor everybody', () => {
    const said = endpoints([
      SERVICE,
      node('cp', { labels: { 'node-role.kubernetes.io/control-plane': '' }, address: '192.0.2.1' }),
    ]);
    expect(said).toContain(
      'only the address of Service default/kubernetes is known (10.96.0.1/32), which policies do not see',
    );
    expect(said).toContain('--api-server 192.0.2.1:6443');
    expect(endpoints([])).toContain('neither EndpointSlice default/kubernetes nor pods of kube-apiserver');
  });

  it('is what --api-server says before all else', () => {
    expect(
      endpoints([apiServerSlice(['192.0.2.2'])], { apiServer: [{ cidrs: ['198.51.100.1/32'], port: 443 }] }),
    ).toEqual(['198.51.100.1/32:443']);
  });

  it('is the address of its Service too for a plugin that judges before translation', () => {
    expect(endpoints([SERVICE, apiServerSlice(['192.0.2.2'])], {}, 'aws-vpc-cni')).toEqual([
      '192.0.2.2/32:6443',
      '10.96.0.1/32:443',
    ]);
    expect(endpoints([SERVICE], {}, 'aws-vpc-cni')).toContain('is not known');
  });
});

describe('clients of webhooks', () => {
  const plane = node('cp', { labels: { 'node-role.kubernetes.io/control-plane': '' }, address: '192.0.2.1' });

  it('are the nodes that the API server runs on, and their tunnels', () => {
    const calico = node('b', {
      address: '192.0.2.2',
      annotations: { 'projectcalico.org/IPv4VXLANTunnelAddr': '10.244.9.0' },
    });
    expect(clients([plane, calico, apiServerSlice(['192.0.2.2'])])).toEqual(addresses('10.244.9.0/32', '192.0.2.2/32'));
  });

  it('are nodes labelled as parts of the control plane where no endpoint is a node', () => {
    expect(clients([plane, node('b', { address: '192.0.2.2' })])).toEqual(addresses('192.0.2.1/32'));
  });

  it('are the pods of the agent where there is one', () => {
    expect(clients([plane, workload('Deployment', 'kube-system', 'konnectivity-agent')])).toEqual([
      { type: 'workload', key: 'kube-system/Deployment.apps/konnectivity-agent' },
    ]);
  });

  it('are the interfaces of the control plane on EKS', () => {
    const eks = node('a', { labels: { 'eks.amazonaws.com/nodegroup': 'main' }, address: '192.0.2.1' });
    expect(clients([eks, apiServerSlice(['198.51.100.4'], 443)])).toEqual(addresses('198.51.100.4/32'));
  });

  it('are a question elsewhere, and never everybody unless somebody says so', () => {
    expect(clients([])).toBe(
      'api-server-clients: say their addresses with --api-server-clients CIDR; without it they stay closed',
    );
    expect(clients([], { apiServerClients: ['198.51.100.0/24'] })).toEqual(addresses('198.51.100.0/24'));
  });
});

describe('evidence that names the API server', () => {
  const key = 'shop/Deployment.apps/operator';
  const needs = (from: Party, to: Party, port: number): Evidence => ({
    from,
    to,
    protocol: 'TCP',
    ports: [port, port],
    kind: 'api-server',
    confidence: 'likely',
    says: 'because',
  });
  const self: Party = { type: 'workload', key };
  const server: Party = { type: 'api-server' };
  const given: EvidenceFound = {
    evidence: [needs(self, server, 443), needs(server, self, 9443), needs(server, self, 9444)],
    questions: [],
  };

  it('names its addresses and ports instead', () => {
    const facts = factsOf([node('a', { address: '192.0.2.2' }), apiServerSlice(['192.0.2.2'])]);
    const { evidence, questions } = withoutApiServer(given, facts);
    expect(questions).toEqual([]);
    expect(evidence.map(({ from, to, ports }) => [from.type, to.type, ports[0]])).toEqual([
      ['workload', 'addresses', 6443],
      ['addresses', 'workload', 9443],
      ['addresses', 'workload', 9444],
    ]);
  });

  it('is a question with a plugin whose blocks match no nodes, where the API server runs on one', () => {
    const objects = [node('a', { address: '192.0.2.2' }), apiServerSlice(['192.0.2.2'])];
    const abouts = (list: readonly Json[], cni?: string, one = given) =>
      withoutApiServer(one, factsOf(list, {}, cni)).questions.map(({ about }) => about);
    expect(abouts(objects, 'cilium')).toEqual(['nodes-not-matched']);
    expect(abouts(objects, 'calico')).toEqual([]);
    expect(abouts(objects)).toEqual([]);
    expect(abouts([...objects, workload('DaemonSet', 'kube-system', 'cilium')])).toEqual(['nodes-not-matched']);
    expect(abouts(objects, 'cilium', { evidence: [], questions: [] })).toEqual([]);
    expect(abouts([node('a', { address: '192.0.2.3' }), apiServerSlice(['192.0.2.2'])], 'cilium')).toEqual([
      'api-server-clients',
    ]);
  });

  it('becomes one question for each workload and direction where they are unknown', () => {
    const { evidence, questions } = withoutApiServer(given, factsOf([]));
    expect(evidence).toEqual([]);
    expect(questions.map(({ about, workload: concerned }) => [about, concerned])).toEqual([
      ['api-server-address', key],
      ['api-server-clients', key],
    ]);
  });
});
