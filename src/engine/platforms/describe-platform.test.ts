import { describe, expect, it } from 'vitest';
import {
  apiServerSlice,
  COREDNS,
  configMap,
  container,
  type Json,
  node,
  stateOfObjects,
  WEB,
  workload,
} from '../../../test/support/platform-objects.ts';
import { validatePart } from '../../../test/support/schemas.ts';
import { describePlatform } from './describe-platform.ts';
import { detectPlatform } from './detect-platform.ts';
import { parsePlatformFlags } from './platform-flags.ts';
import { platformDocument } from './platform-json.ts';

const CLUSTER: readonly Json[] = [
  ...COREDNS,
  WEB,
  node('a', {
    address: '10.199.0.1',
    podCIDRs: ['10.244.0.0/24'],
    annotations: { 'kubeadm.alpha.kubernetes.io/cri-socket': 'x' },
    labels: { 'node-role.kubernetes.io/control-plane': '' },
  }),
  node('f', { labels: { type: 'virtual-kubelet' } }),
  apiServerSlice(['10.199.0.1'], 16443),
  workload('DaemonSet', 'kube-system', 'cilium', {
    containers: [container('cilium-agent', 'quay.io/cilium/cilium:v1.15.19')],
  }),
  workload('DaemonSet', 'kube-system', 'node-local-dns', { spec: { hostNetwork: true } }),
  workload('Deployment', 'ingress-nginx', 'ingress-nginx-controller', {
    labels: { 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/component': 'controller' },
  }),
  workload('StatefulSet', 'monitoring', 'prometheus', {
    containers: [container('prometheus', 'quay.io/prometheus/prometheus:v3.0.1')],
  }),
  workload('Deployment', 'istio-system', 'istiod', { labels: { app: 'istiod' } }),
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'mesh', labels: { 'istio-injection': 'enabled' } } },
  configMap('kube-system', 'kubeadm-config', { ClusterConfiguration: 'networking:\n  serviceSubnet: 10.96.0.0/16\n' }),
];

describe('a platform in words', () => {
  it('has one line a fact, with its reason', () => {
    expect(describePlatform(detectPlatform(stateOfObjects(CLUSTER)))).toEqual([
      'platform: kubeadm (annotation kubeadm.alpha.kubernetes.io/cri-socket on 1 node)',
      'cloud: not known: no node has the providerID of a known cloud; name it with --metadata, or say --metadata none',
      'plugin: Cilium 1.15.19 (DaemonSet kube-system/cilium, image tag)',
      'policies: enforced (Cilium: DaemonSet kube-system/cilium, image tag)',
      'behaviour: --cni cilium@1.15 (DaemonSet kube-system/cilium, image tag)',
      'DNS: CoreDNS, kube-system/Deployment.apps/coredns, port 53 (Service kube-system/kube-dns selects the pods of Deployment kube-system/coredns)',
      'DNS on nodes: NodeLocal DNSCache, 169.254.20.10, port 53 (assumed: DaemonSet kube-system/node-local-dns, whose addresses are not shown; this is the usual one)',
      'resolvers of nodes: not known: the resolvers of the nodes stand in files on them; say them with --node-dns ADDRESS; /etc/resolv.conf of a node names them',
      'API server: 10.199.0.1:16443 (EndpointSlice default/kubernetes)',
      'callers of webhooks: 10.199.0.1 (the API server runs on a)',
      'families: IPv4 (spec.podCIDRs of 1 node)',
      'pods: 10.244.0.0/24 (spec.podCIDRs of 1 node)',
      'Services: 10.96.0.0/16 (serviceSubnet in ConfigMap kube-system/kubeadm-config)',
      'nodes: 10.199.0.1 (addresses of 1 node)',
      'mesh: Istio with sidecars (labels of namespace mesh)',
      'ingress: ingress-nginx (Deployment ingress-nginx/ingress-nginx-controller with labels app.kubernetes.io/name=ingress-nginx and app.kubernetes.io/component=controller)',
      'monitoring: StatefulSet monitoring/prometheus (recognised as a collector of metrics)',
      'not enforced on node: f (a virtual kubelet)',
    ]);
  });

  it('says what is not known and which flag settles it', () => {
    const lines = describePlatform(detectPlatform(stateOfObjects([])));
    expect(lines.filter((line) => line.includes('not known')).every((line) => / (say|name) |--/.test(line))).toBe(true);
    expect(lines).toContain(
      'policies: not known: the snapshot shows no plugin; name the plugin with --cni; --cni none where there is none that enforces policies',
    );
  });

  it('says what flags state', () => {
    const stated = parsePlatformFlags({ apiServer: ['[2001:db8::1]:6443'], platform: 'gke', nodeDns: ['192.0.2.1'] });
    expect(describePlatform(detectPlatform(stateOfObjects([]), {}, stated))).toEqual(
      expect.arrayContaining([
        'platform: Google Kubernetes Engine (--platform)',
        'API server: [2001:db8::1]:6443 (--api-server)',
        'resolvers of nodes: 192.0.2.1 (--node-dns)',
      ]),
    );
  });
});

describe('a platform for programs', () => {
  it.each<[string, readonly Json[]]>([
    ['everything', CLUSTER],
    ['nothing', []],
  ])('is as its schema says for %s', (_, objects) => {
    const part = JSON.parse(JSON.stringify(platformDocument(detectPlatform(stateOfObjects(objects)))));
    expect(validatePart('Platform', part)).toEqual([]);
    expect(validatePart('Platform', { ...part, more: true })).not.toEqual([]);
  });

  it('writes parties with selectors as text', () => {
    const { dns, distribution } = platformDocument(detectPlatform(stateOfObjects([])));
    expect(dns.servers.value?.[0]?.party).toEqual({
      type: 'pods',
      namespaceSelector: 'kubernetes.io/metadata.name=kube-system',
      podSelector: 'k8s-app=kube-dns',
      what: 'the DNS pods of kube-system',
    });
    expect(distribution).toMatchObject({ how: 'unknown', hint: expect.stringContaining('--platform') });
    expect(distribution).not.toHaveProperty('value');
  });
});
