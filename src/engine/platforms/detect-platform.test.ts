import { describe, expect, it } from 'vitest';
import {
  apiServerSlice,
  COREDNS,
  configMap,
  container,
  type Json,
  node,
  stateOfObjects,
  workload,
} from '../../../test/support/platform-objects.ts';
import { detectPlatform } from './detect-platform.ts';
import type { Fact } from './fact.ts';

const told = <T>(fact: Fact<T>): string =>
  fact.how === 'unknown' ? `unknown: ${fact.because}` : `${String(fact.value)}: ${fact.because}`;

const cilium = workload('DaemonSet', 'kube-system', 'cilium', {
  containers: [container('cilium-agent', 'quay.io/cilium/cilium:v1.15.19@sha256:00')],
});
const calico = workload('DaemonSet', 'calico-system', 'calico-node', {
  containers: [container('calico-node', 'docker.io/calico/node:v3.29.1')],
});
const flannel = workload('DaemonSet', 'kube-flannel', 'kube-flannel-ds', {
  containers: [container('kube-flannel', 'ghcr.io/flannel-io/flannel:v0.26.1')],
});
const proxy = workload('DaemonSet', 'kube-system', 'kube-proxy');
const awsNode = (...agent: Json[]) =>
  workload('DaemonSet', 'kube-system', 'aws-node', {
    containers: [
      container('aws-node', '602401143452.dkr.ecr.eu-west-1.amazonaws.com/amazon-k8s-cni:v1.19.2-eksbuild.1'),
      ...agent,
    ],
  });
const agent = (...args: string[]) => container('aws-eks-nodeagent', 'amazon/aws-network-policy-agent:v1.1.6', { args });
const eks = node('a', { labels: { 'eks.amazonaws.com/nodegroup': 'main' }, provider: 'aws:///eu-west-1a/i-0' });
const gke = node('a', { labels: { 'cloud.google.com/gke-nodepool': 'main' }, kubelet: 'v1.31.5-gke.1068000' });
const aks = node('a', { labels: { 'kubernetes.azure.com/cluster': 'main' }, provider: 'azure:///subscriptions/0' });
const k3s = (args: string) =>
  node('a', {
    kubelet: 'v1.33.4+k3s1',
    provider: 'k3s://a',
    annotations: { 'k3s.io/node-args': args, 'flannel.alpha.coreos.com/backend-type': 'vxlan' },
  });
const kind = (image: string) => [
  node('kind-control-plane', { provider: 'kind://docker/kind/kind-control-plane' }),
  workload('DaemonSet', 'kube-system', 'kindnet', { containers: [container('kindnet-cni', image)] }),
];

describe('detectPlatform', () => {
  it.each<[string, readonly Json[], string, string, string]>([
    [
      'kubeadm with Cilium',
      [node('a', { annotations: { 'kubeadm.alpha.kubernetes.io/cri-socket': 'x' } }), cilium],
      'kubeadm',
      'yes',
      'cilium@1.15',
    ],
    [
      'kubeadm by its ConfigMap',
      [configMap('kube-system', 'kubeadm-config', {}), calico],
      'kubeadm',
      'yes',
      'calico@3.29',
    ],
    ['flannel alone', [node('a'), flannel, proxy], 'unknown', 'no', 'none'],
    [
      'flannel beside kube-network-policies',
      [
        node('a'),
        flannel,
        proxy,
        workload('DaemonSet', 'kube-system', 'kube-network-policies', { containers: [container('main', 'x/y:main')] }),
      ],
      'unknown',
      'yes',
      'kube-network-policies',
    ],
    [
      'canal',
      [
        node('a'),
        workload('DaemonSet', 'kube-system', 'rke2-canal', {
          containers: [
            container('calico-node', 'rancher/hardened-calico:v3.29.1-build20241217'),
            container('kube-flannel'),
          ],
        }),
      ],
      'unknown',
      'yes',
      'calico@3.29',
    ],
    ['RKE2', [node('a', { kubelet: 'v1.32.3+rke2r1' })], 'rke2', 'unknown', 'unknown'],
    ['EKS without the agent', [eks, awsNode()], 'eks', 'no', 'none'],
    ['EKS with the agent off', [eks, awsNode(agent('--enable-network-policy=false'))], 'eks', 'no', 'none'],
    [
      'EKS with the agent on',
      [eks, awsNode(agent('--enable-ipv6=false', '--enable-network-policy=true'))],
      'eks',
      'yes',
      'aws-vpc-cni',
    ],
    ['EKS with the agent, flags not shown', [eks, awsNode(agent())], 'eks', 'unknown', 'aws-vpc-cni'],
    ['EKS with Calico beside', [eks, awsNode(), calico], 'eks', 'yes', 'calico@3.29'],
    [
      'EKS Auto Mode, not switched on',
      [node('a', { labels: { 'eks.amazonaws.com/compute-type': 'auto' } })],
      'eks',
      'unknown',
      'unknown',
    ],
    [
      'EKS Auto Mode, switched on',
      [
        node('a', { labels: { 'eks.amazonaws.com/compute-type': 'auto' } }),
        configMap('kube-system', 'amazon-vpc-cni', { 'enable-network-policy-controller': 'true' }),
      ],
      'eks',
      'yes',
      'unknown',
    ],
    ['GKE with Dataplane V2', [gke, workload('DaemonSet', 'kube-system', 'anetd')], 'gke', 'yes', 'gke-dataplane-v2'],
    ['GKE without', [gke, workload('DaemonSet', 'kube-system', 'netd'), proxy], 'gke', 'no', 'none'],
    ['GKE of which only nodes are seen', [gke], 'gke', 'unknown', 'unknown'],
    ['AKS with Cilium', [aks, cilium], 'aks', 'yes', 'cilium@1.15'],
    [
      'AKS with Network Policy Manager',
      [
        aks,
        workload('DaemonSet', 'kube-system', 'azure-npm', {
          containers: [container('azure-npm', 'mcr.microsoft.com/containernetworking/azure-npm:v1.5.45')],
        }),
      ],
      'aks',
      'yes',
      'azure',
    ],
    ['AKS without', [aks, workload('DaemonSet', 'kube-system', 'azure-cns')], 'aks', 'no', 'none'],
    [
      'OpenShift of which only nodes are seen',
      [node('a', { labels: { 'node.openshift.io/os_id': 'rhel' } })],
      'openshift',
      'yes',
      'ovn-kubernetes',
    ],
    [
      'AKS made without',
      [node('a', { labels: { 'kubernetes.azure.com/cluster': 'x', 'kubernetes.azure.com/network-policy': 'none' } })],
      'aks',
      'no',
      'none',
    ],
    [
      'OpenShift',
      [
        node('a', { labels: { 'node.openshift.io/os_id': 'rhel' } }),
        workload('DaemonSet', 'openshift-ovn-kubernetes', 'ovnkube-node', {
          containers: [container('ovnkube-controller', 'quay.io/openshift-release-dev/ocp@sha256:00')],
        }),
      ],
      'openshift',
      'yes',
      'ovn-kubernetes',
    ],
    ['K3s', [k3s('["server"]')], 'k3s', 'yes', 'kube-router'],
    ['K3s without its controller', [k3s('["server","--disable-network-policy"]')], 'k3s', 'no', 'none'],
    [
      'K3s without its controller and with Cilium',
      [k3s('["server","--disable-network-policy"]'), cilium],
      'k3s',
      'yes',
      'cilium@1.15',
    ],
    ['kind 0.23', kind('docker.io/kindest/kindnetd:v20240513-cd2ac642'), 'kind', 'no', 'none'],
    ['kind 0.24', kind('docker.io/kindest/kindnetd:v20240813-c6f155d6'), 'kind', 'yes', 'kube-network-policies'],
    ['kind between', kind('docker.io/kindest/kindnetd:v20240730-75a5af0c'), 'kind', 'unknown', 'kube-network-policies'],
    ['Talos', [node('a', { osImage: 'Talos (v1.9.2)' }), flannel, proxy], 'talos', 'no', 'none'],
    [
      'kube-router without a firewall',
      [
        node('a'),
        workload('DaemonSet', 'kube-system', 'kube-router', {
          containers: [
            container('kube-router', 'cloudnativelabs/kube-router:v2.4.1', {
              args: ['--run-router=true', '--run-firewall=false'],
            }),
          ],
        }),
      ],
      'unknown',
      'no',
      'none',
    ],
    ['a condition of nodes', [node('a', { reason: 'CalicoIsUp' })], 'unknown', 'yes', 'calico'],
    [
      'annotations of nodes',
      [node('a', { annotations: { 'k8s.ovn.org/node-subnets': '{}' } })],
      'unknown',
      'yes',
      'ovn-kubernetes',
    ],
    ['two that enforce policies', [calico, cilium], 'unknown', 'yes', 'unknown'],
    ['Weave Net', [node('a'), workload('DaemonSet', 'kube-system', 'weave-net')], 'unknown', 'yes', 'unknown'],
    ['nodes and no plugin in sight', [node('a'), proxy], 'unknown', 'unknown', 'unknown'],
    ['an application alone', [], 'unknown', 'unknown', 'unknown'],
  ])('%s', (_, objects, distribution, enforcement, cni) => {
    const facts = detectPlatform(stateOfObjects(objects));
    const words = [facts.distribution, facts.enforcement, facts.cni].map((fact) =>
      fact.how === 'unknown' ? 'unknown' : fact.value,
    );
    expect(words).toEqual([distribution, enforcement, cni]);
  });

  it('takes no plugin for running that no node has any more', () => {
    const left = (plugin: Json): Json => ({
      ...plugin,
      metadata: { ...(plugin['metadata'] as Json), namespace: 'kube-system' },
      status: { desiredNumberScheduled: 0 },
    });
    const enforcement = (...objects: readonly Json[]) => told(detectPlatform(stateOfObjects(objects)).enforcement);
    expect(enforcement(left(calico), flannel, proxy)).toBe('no: flannel does not, and nothing beside it does');
    expect(detectPlatform(stateOfObjects([left(calico)])).enforcement.how).toBe('unknown');
    const { plugins } = detectPlatform(stateOfObjects([left(awsNode()), cilium]));
    expect(plugins.map(({ value }) => value.name)).toEqual(['cilium']);
    // Who has pods yet runs yet.
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: 'calico-node-bcdfg',
        namespace: 'kube-system',
        labels: { 'k8s-app': 'calico-node', app: 'calico-node' },
        ownerReferences: [{ apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'calico-node', controller: true }],
      },
      spec: { containers: [container('calico-node')] },
    };
    expect(enforcement(left(calico), pod, flannel)).toMatch(/^yes: Calico/);
  });

  it('takes marks on nodes for those of an earlier plugin where another one runs', () => {
    const marked = node('a', { annotations: { 'projectcalico.org/IPv4Address': '10.0.0.1/24' } });
    const alone = detectPlatform(stateOfObjects([marked, proxy]));
    expect(told(alone.enforcement)).toMatch(/^yes: Calico/);
    const replaced = detectPlatform(stateOfObjects([marked, proxy, flannel])).enforcement;
    expect(replaced).toMatchObject({
      how: 'unknown',
      because: 'whether Calico enforces them is not shown: nodes have its marks, and none of its pods is seen',
    });
    expect(told(detectPlatform(stateOfObjects([marked, cilium])).cni)).toMatch(/^cilium/);
  });

  it('says why of each', () => {
    const facts = detectPlatform(
      stateOfObjects([
        eks,
        { ...eks, metadata: { name: 'b', labels: { 'eks.amazonaws.com/nodegroup': 'x' } } },
        awsNode(),
      ]),
    );
    expect(told(facts.distribution)).toBe('eks: label eks.amazonaws.com/nodegroup on 2 nodes');
    expect(told(facts.cloud)).toBe('aws: the platform is Amazon EKS');
    expect(told(facts.enforcement)).toBe(
      'no: Amazon VPC CNI does not (it has no container aws-eks-nodeagent), and nothing beside it does',
    );
  });

  it('takes the version of the server for a sign', () => {
    expect(told(detectPlatform(stateOfObjects([]), { gitVersion: 'v1.31.4-eks-2d5f260' }).distribution)).toBe(
      'eks: server version v1.31.4-eks-2d5f260',
    );
  });

  it('asks what the state holds of its server', () => {
    const server = { gitVersion: 'v1.33.4+k3s1', groups: [], unlisted: [], isLive: true };
    expect(detectPlatform({ ...stateOfObjects([]), server }, {}).distribution).toMatchObject({ value: 'k3s' });
  });

  it('assumes a plugin by its API group, and does not say that it enforces', () => {
    const facts = detectPlatform(stateOfObjects([]), { groups: ['apps', 'cilium.io'] });
    expect(facts.plugins.map(({ how, value }) => [how, value.name, value.enforces])).toEqual([
      ['assumed', 'cilium', 'unknown'],
    ]);
    expect(told(facts.cni)).toBe('cilium: the server has the API group cilium.io');
    expect(facts.enforcement.how).toBe('unknown');
  });

  it('never says that nothing enforces where not everything could be listed', () => {
    const state = stateOfObjects([node('a'), flannel, proxy]);
    expect(detectPlatform(state).enforcement).toMatchObject({ value: 'no' });
    const hidden = stateOfObjects([
      node('a'),
      flannel,
      proxy,
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'calico-system' } },
    ]);
    expect(detectPlatform(hidden).enforcement.how).toBe('unknown');
    const gap = { reason: 'not-listable', message: 'daemonsets', namespaces: 'all' } as const;
    expect(detectPlatform({ ...state, gaps: [gap] }).enforcement.how).toBe('unknown');
  });

  it('reads ranges from the control plane, and families from them', () => {
    const config =
      'networking:\n  dnsDomain: cluster.local\n  podSubnet: 10.244.0.0/16,fd00:10:244::/56\n  serviceSubnet: "10.96.0.0/16"\n';
    const facts = detectPlatform(
      stateOfObjects([
        configMap('kube-system', 'kubeadm-config', { ClusterConfiguration: config }),
        node('a', { address: '192.0.2.1' }),
      ]),
    );
    expect(told(facts.podCIDRs)).toBe(
      '10.244.0.0/16,fd00:10:244::/56: podSubnet in ConfigMap kube-system/kubeadm-config',
    );
    expect(told(facts.serviceCIDRs)).toBe('10.96.0.0/16: serviceSubnet in ConfigMap kube-system/kubeadm-config');
    expect(told(facts.families)).toContain('IPv4,IPv6');
    expect(told(facts.nodeCIDRs)).toBe('192.0.2.1/32: addresses of 1 node');
  });

  it('takes what is said of ranges before what is shown, and what is said of pods for their families', () => {
    const nodes = [node('a', { address: '192.0.2.1', podCIDRs: ['10.244.0.0/24'] })];
    const all = ['podCIDRs=10.1.0.0/16,fd00::/64', 'serviceCIDRs=10.2.0.0/16', 'nodeCIDRs=192.0.2.0/24'];
    const facts = detectPlatform(stateOfObjects(nodes, 'default', all));
    expect([facts.podCIDRs, facts.serviceCIDRs, facts.nodeCIDRs, facts.families].map(told)).toEqual([
      '10.1.0.0/16,fd00::/64: --assume podCIDRs',
      '10.2.0.0/16: --assume serviceCIDRs',
      '192.0.2.0/24: --assume nodeCIDRs',
      'IPv4,IPv6: --assume podCIDRs',
    ]);
    const { families } = detectPlatform(stateOfObjects(nodes, 'default', ['families=IPv4,IPv6']));
    expect(told(families)).toBe('IPv4,IPv6: --assume families');
  });

  it('is the same for objects in any order', () => {
    const objects = [eks, awsNode(), ...COREDNS, apiServerSlice(['192.0.2.2', '192.0.2.1'], 443)];
    expect(JSON.stringify(detectPlatform(stateOfObjects(objects)), plain)).toBe(
      JSON.stringify(detectPlatform(stateOfObjects([...objects].reverse())), plain),
    );
  });
});

function plain(key: string, value: unknown): unknown {
  return key === 'source' ? undefined : value;
}
