// Small clusters as platforms show themselves, for tests: objects by builders, states from them.

import { behaviourOf, loadState, type State } from '../../src/engine/index.ts';
import { readText } from '../../src/manifests/index.ts';

/** Any object. */
export type Json = Readonly<Record<string, unknown>>;

/** The state of some objects, as the command line would load them; `assume` as `--assume`. */
export function stateOfObjects(objects: readonly Json[], cni = 'default', assume: readonly string[] = []): State {
  const text = objects.map((object) => JSON.stringify(object)).join('\n---\n');
  const { objects: read, findings, gaps } = readText(text, 'snapshot.yaml');
  return loadState({ objects: read, findings, gaps, behaviour: behaviourOf(cni, assume), defaultNamespace: 'default' });
}

/** A node. */
export function node(
  name: string,
  more: {
    readonly labels?: Json;
    readonly annotations?: Json;
    readonly kubelet?: string;
    readonly provider?: string;
    readonly osImage?: string;
    readonly address?: string;
    readonly podCIDRs?: readonly string[];
    readonly reason?: string;
  } = {},
): Json {
  const {
    labels = {},
    annotations = {},
    kubelet = 'v1.33.1',
    provider,
    osImage = 'Linux',
    address,
    podCIDRs,
    reason,
  } = more;
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels, annotations },
    spec: {
      ...(provider === undefined ? {} : { providerID: provider }),
      ...(podCIDRs === undefined ? {} : { podCIDRs }),
    },
    status: {
      addresses: address === undefined ? [] : [{ type: 'InternalIP', address }],
      nodeInfo: { kubeletVersion: kubelet, osImage },
      ...(reason === undefined ? {} : { conditions: [{ type: 'NetworkUnavailable', status: 'False', reason }] }),
    },
  };
}

/** A container. */
export function container(name: string, image = `registry.example/${name}:v1.2.3`, more: Json = {}): Json {
  return { name, image, ...more };
}

/** A workload of apps/v1 whose pods have the labels. */
export function workload(
  kind: 'Deployment' | 'DaemonSet' | 'StatefulSet',
  namespace: string,
  name: string,
  more: {
    readonly labels?: Json;
    readonly spec?: Json;
    readonly containers?: readonly Json[];
    readonly annotations?: Json;
  } = {},
): Json {
  const { labels = { app: name }, spec = {}, containers = [container('main')], annotations = {} } = more;
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, namespace },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels, annotations }, spec: { containers, ...spec } },
    },
  };
}

/** A Service. */
export function service(namespace: string, name: string, spec: Json): Json {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec };
}

/** A ConfigMap. */
export function configMap(namespace: string, name: string, data: Json): Json {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data };
}

/** The EndpointSlice of the API server. */
export function apiServerSlice(addresses: readonly string[], port = 6443, name = 'kubernetes'): Json {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    addressType: addresses[0]?.includes(':') ? 'IPv6' : 'IPv4',
    metadata: { name, namespace: 'default', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    endpoints: addresses.map((address) => ({ addresses: [address] })),
    ports: [{ name: 'https', port, protocol: 'TCP' }],
  };
}

/** Ports of a DNS container that listens on one port. */
export function dnsPorts(port = 53): readonly Json[] {
  return [
    { name: 'dns', containerPort: port, protocol: 'UDP' },
    { name: 'dns-tcp', containerPort: port, protocol: 'TCP' },
  ];
}

/** CoreDNS as kubeadm has it, and its Service. */
export const COREDNS: readonly Json[] = [
  workload('Deployment', 'kube-system', 'coredns', {
    labels: { 'k8s-app': 'kube-dns' },
    containers: [container('coredns', 'registry.k8s.io/coredns/coredns:v1.12.0', { ports: dnsPorts() })],
    spec: { dnsPolicy: 'Default' },
  }),
  service('kube-system', 'kube-dns', {
    clusterIP: '10.96.0.10',
    clusterIPs: ['10.96.0.10'],
    selector: { 'k8s-app': 'kube-dns' },
    ports: [
      { name: 'dns', port: 53, targetPort: 53, protocol: 'UDP' },
      { name: 'dns-tcp', port: 53, targetPort: 53, protocol: 'TCP' },
    ],
  }),
];

/** An application pod that nothing is special about. */
export const WEB: Json = workload('Deployment', 'shop', 'web');
