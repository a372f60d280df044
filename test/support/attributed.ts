// A small cluster with everything that flows may meet, and what flows on it become, in a word each.

import { attributeFlows } from '../../src/engine/attribution/attribute-flows.ts';
import type { Attribution } from '../../src/engine/attribution/attribution.ts';
import type { FlowEnd, ObservedFlow } from '../../src/engine/model/flow.ts';
import { type FlowParts, observed, partyText } from './observed.ts';
import { deployment, node, pod, scenario, service } from './scenario.ts';

/** A pod of Deployment NAME with the labels that its controller gives it. */
export function replica(path: string, app: string, parts: Parameters<typeof pod>[1] = {}): string {
  const made = JSON.parse(pod(path, { labels: `app=${app},pod-template-hash=6bfb7f754`, ...parts }));
  made.metadata.ownerReferences = [
    { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${app}-6bfb7f754`, controller: true },
  ];
  return JSON.stringify(made);
}

function nodeWithPods(name: string, ip: string, podCIDR: string): string {
  const made = JSON.parse(node(name, ip));
  made.spec = { podCIDRs: [podCIDR] };
  return JSON.stringify(made);
}

function slice(path: string, of: string, endpoints: readonly string[], port: object): string {
  const [namespace, name] = path.split('/');
  return JSON.stringify({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name, namespace, labels: { 'kubernetes.io/service-name': of } },
    addressType: 'IPv4',
    endpoints: endpoints.map((address) => ({ addresses: [address] })),
    ports: [port],
  });
}

/** Deployments web, cart and high in shop, their Services, two nodes, the API server. */
export const CLUSTER: readonly string[] = [
  nodeWithPods('n1', '192.168.0.1', '10.0.0.0/24'),
  nodeWithPods('n2', '192.168.0.2', '10.0.1.0/24'),
  deployment('shop/web', 'app=web', 'http=8080'),
  replica('shop/web-6bfb7f754-sp5fz', 'web', { ip: '10.0.0.10', ports: 'http=8080', node: 'n1' }),
  deployment('shop/cart', 'app=cart', 'grpc=7070'),
  replica('shop/cart-6bfb7f754-7zlgh', 'cart', { ip: '10.0.0.11', ports: 'grpc=7070', node: 'n1' }),
  deployment('shop/high', 'app=high', '50051'),
  replica('shop/high-6bfb7f754-xxxxx', 'high', { ip: '10.0.1.12', ports: '50051', node: 'n2' }),
  pod('kube-system/agent', { hostNetwork: true, node: 'n1', ip: '192.168.0.1' }),
  service(
    'shop/web',
    '{clusterIP: 10.96.0.20, selector: {app: web}, ports: [{name: http, port: 80, targetPort: http}]}',
  ),
  service('shop/cart', '{clusterIP: 10.96.0.21, selector: {app: cart}, ports: [{port: 7070}]}'),
  service(
    'shop/edge',
    '{type: NodePort, clusterIP: 10.96.0.30, selector: {app: web}, ports: [{port: 80, targetPort: 8080, nodePort: 30080}]}',
  ),
  service('shop/legacy', '{clusterIP: 10.96.0.40, ports: [{name: db, port: 5432}]}'),
  slice('shop/legacy-1', 'legacy', ['172.16.5.5'], { name: 'db', port: 15432, protocol: 'TCP' }),
  service('shop/nobody', '{clusterIP: 10.96.0.50, selector: {app: nobody}, ports: [{port: 80}]}'),
  service('default/kubernetes', '{clusterIP: 10.96.0.1, ports: [{name: https, port: 443}]}'),
  slice('default/kubernetes', 'kubernetes', ['192.168.0.1'], { name: 'https', port: 6443, protocol: 'TCP' }),
];
/** The state of {@link CLUSTER}. */
export const { state: STATE } = scenario(CLUSTER);

/** Flows attributed on the cluster, or on it and more objects. */
export function attribute(flows: readonly ObservedFlow[], more: readonly string[] = []): Attribution {
  return attributeFlows(more.length === 0 ? STATE : scenario([...CLUSTER, ...more]).state, flows);
}

/** What a flow became, in one line. */
export function said(flows: readonly ObservedFlow[], more: readonly string[] = []): string[] {
  const { evidence, denied, unattributed, leftAside } = attribute(flows, more);
  return [
    ...evidence.map((one) => `${partyText(one.from)} -> ${partyText(one.to)}:${one.ports[0]}`),
    ...denied.map((one) => `refused ${partyText(one.from)} -> ${partyText(one.to)}:${one.port}`),
    ...unattributed.map(({ reason, end }) => `${reason} (${end})`),
    ...leftAside.map(({ reason }) => `aside: ${reason}`),
  ];
}

/** One flow's line or lines. */
export function one(
  text: string,
  parts: FlowParts = {},
  ends: { source?: FlowEnd; destination?: FlowEnd } = {},
): string[] {
  return said([observed(text, parts, ends)]);
}

/** How lines call the workloads that most tests use. */
export const WEB = 'shop/Deployment/web';
/** See {@link WEB}. */
export const CART = 'shop/Deployment/cart';
