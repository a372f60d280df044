// Draws the manifests of whole clusters: pods and what makes them, namespaces, nodes, Services, and policies of every API.

import fc from 'fast-check';
import {
  addressOf,
  labelValue,
  NAMESPACES,
  POD_KEYS,
  PORT_NAMES,
  policies,
  portNumber,
  present,
} from './arbitrary-policy-manifests.ts';
import { type Manifest, namespaceManifest } from './replay.ts';

type Labels = Readonly<Record<string, string>>;

const labels: fc.Arbitrary<Labels> = fc
  .record(Object.fromEntries(POD_KEYS.map((key) => [key, labelValue])), { requiredKeys: [] })
  .map((drawn) => ({ ...drawn }) as Labels);

/** Names are unique within a list, as a server wants them. */
const ports: fc.Arbitrary<readonly Manifest[]> = fc.uniqueArray(
  fc
    .record({
      name: fc.constantFrom(undefined, ...PORT_NAMES.slice(0, 2)),
      containerPort: portNumber,
      protocol: fc.constantFrom(undefined, 'TCP', 'UDP', 'SCTP'),
    })
    .map(present),
  { maxLength: 2, selector: (port) => port.name ?? port },
);

const podSpec: fc.Arbitrary<Manifest> = fc
  .record({ ports, sidecar: fc.option(fc.tuple(ports, fc.boolean()), { nil: undefined, freq: 3 }) })
  .map(({ ports: own, sidecar }) => ({
    containers: [{ name: 'main', image: 'example.com/server', ports: own }],
    ...(sidecar === undefined
      ? {}
      : {
          initContainers: [
            {
              name: 'first',
              image: 'example.com/first',
              ports: sidecar[0],
              ...(sidecar[1] ? { restartPolicy: 'Always' } : {}),
            },
          ],
        }),
  }));

const NODE_ADDRESSES: Readonly<Record<string, string>> = { n1: '192.168.0.1', n2: '192.168.0.2' };

type PodDraw = {
  readonly namespace: string;
  readonly labels: Labels;
  readonly spec: Manifest;
  readonly families: readonly (4 | 6)[];
  readonly node: string | undefined;
  readonly hostNetwork: boolean;
  readonly phase: string;
  readonly owned: boolean;
};

const podDraw: fc.Arbitrary<PodDraw> = fc.record({
  namespace: fc.constantFrom(...NAMESPACES),
  labels,
  spec: podSpec,
  families: fc.constantFrom<readonly (4 | 6)[]>([4], [4], [4], [6], [4, 6], [6, 4], []),
  node: fc.constantFrom(undefined, 'n1', 'n2', 'n3'),
  hostNetwork: fc.constantFrom(false, false, false, false, true),
  phase: fc.constantFrom('Running', 'Running', 'Running', 'Pending', 'Succeeded', 'Failed'),
  owned: fc.boolean(),
});

/** The number makes names and addresses unique; pods that are owned share one StatefulSet for each namespace. */
function toPod(draw: PodDraw, number: number): Manifest {
  const { namespace, spec, families, node, hostNetwork, phase, owned } = draw;
  const own = families.map((family) => addressOf(family, number));
  const onNode = node === undefined ? [] : [NODE_ADDRESSES[node] ?? '192.168.0.9'];
  const ips = (hostNetwork ? onNode : own).map((ip) => ({ ip }));
  const owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'set', uid: 'uid', controller: true };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      namespace,
      name: owned ? `set-${number}` : `pod-${number}`,
      labels: draw.labels,
      ...(owned ? { ownerReferences: [owner] } : {}),
    },
    spec: present({ ...spec, nodeName: node, hostNetwork: hostNetwork ? true : undefined }),
    status: { phase, ...(ips.length === 0 ? {} : { podIP: ips[0]!.ip, podIPs: ips }) },
  };
}

/** Real pods of every sort. */
const pods: fc.Arbitrary<readonly Manifest[]> = fc
  .array(podDraw, { maxLength: 5 })
  .map((list) => list.map((draw, index) => toPod(draw, index + 1)));

/** Running pods with addresses of their own, on no node: what plain NetworkPolicy is defined for. */
export const plainPods: fc.Arbitrary<readonly Manifest[]> = fc
  .array(
    podDraw.filter(({ families }) => families.length > 0),
    { minLength: 2, maxLength: 6 },
  )
  .map((list) =>
    list.map((draw, index) => toPod({ ...draw, hostNetwork: false, phase: 'Running', node: undefined }, index + 1)),
  );

/** Workloads without pods of their own. */
const templates: fc.Arbitrary<readonly Manifest[]> = fc
  .array(
    fc.record({
      kind: fc.constantFrom('Deployment', 'StatefulSet', 'DaemonSet'),
      namespace: fc.constantFrom(...NAMESPACES),
      labels,
      spec: podSpec,
      hostNetwork: fc.constantFrom(undefined, undefined, undefined, true),
      replicas: fc.constantFrom(undefined, 1, 2),
    }),
    { maxLength: 2 },
  )
  .map((list) =>
    list.map(({ kind, namespace, spec, hostNetwork, replicas, labels: own }, index) => {
      const all = { ...own, workload: `w${index}` };
      return {
        apiVersion: 'apps/v1',
        kind,
        metadata: { namespace, name: `work-${index}` },
        spec: present({
          replicas: kind === 'DaemonSet' ? undefined : replicas,
          selector: { matchLabels: { workload: `w${index}` } },
          template: { metadata: { labels: all }, spec: present({ ...spec, hostNetwork }) },
        }),
      };
    }),
  );

const namespaceLabels: fc.Arbitrary<Labels> = fc
  .record({ team: labelValue, 'kubernetes.io/metadata.name': fc.constantFrom('x', 'wrong') }, { requiredKeys: [] })
  .map((drawn) => ({ ...drawn }) as Labels);

/** Namespace objects for all three namespaces. */
export const allNamespaces: fc.Arbitrary<readonly Manifest[]> = fc
  .tuple(...NAMESPACES.map((name) => namespaceLabels.map((own) => namespaceManifest(name, own))))
  .map((list) => [...list]);

const someNamespaces = allNamespaces.chain((list) => fc.subarray([...list]));

const nodes: fc.Arbitrary<readonly Manifest[]> = fc
  .subarray(['n1', 'n2'])
  .chain((names) =>
    fc.tuple(
      ...names.map((name) =>
        fc
          .record({ os: fc.option(labelValue, { nil: undefined }), podCIDR: fc.constantFrom(undefined, '10.0.0.0/24') })
          .map(({ os, podCIDR }) => ({
            apiVersion: 'v1',
            kind: 'Node',
            metadata: { name, labels: present({ os }) },
            spec: present({ podCIDR, podCIDRs: podCIDR === undefined ? undefined : [podCIDR] }),
            status: { addresses: [{ type: 'InternalIP', address: NODE_ADDRESSES[name] }] },
          })),
      ),
    ),
  )
  .map((list) => [...list]);

const services: fc.Arbitrary<readonly Manifest[]> = fc
  .array(
    fc.record({
      namespace: fc.constantFrom(...NAMESPACES),
      type: fc.constantFrom('ClusterIP', 'NodePort', 'LoadBalancer'),
      selector: labels,
      port: portNumber,
      targetPort: fc.oneof(portNumber, fc.constantFrom(undefined, ...PORT_NAMES)),
      externalTrafficPolicy: fc.constantFrom(undefined, 'Local', 'Cluster'),
      ingress: fc.boolean(),
    }),
    { maxLength: 2 },
  )
  .map((list) =>
    list.flatMap(({ namespace, type, selector, port, targetPort, externalTrafficPolicy, ingress }, index) => {
      const name = `service-${index}`;
      const backend = { service: { name, port: { number: port } } };
      const route = {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        metadata: { namespace, name: `route-${index}` },
        spec: { defaultBackend: backend },
      };
      const outer = type === 'ClusterIP' ? undefined : externalTrafficPolicy;
      const spec = present({
        type,
        selector: Object.keys(selector).length === 0 ? undefined : selector,
        ports: [present({ name: 'first', port, targetPort })],
        externalTrafficPolicy: outer,
      });
      const service = { apiVersion: 'v1', kind: 'Service', metadata: { namespace, name }, spec };
      return ingress ? [service, route] : [service];
    }),
  );

/** What a snapshot holds beside policies. */
export const clusterManifests: fc.Arbitrary<readonly Manifest[]> = fc
  .tuple(someNamespaces, pods, templates, nodes, services)
  .map((lists) => lists.flat());

/** A whole cluster with policies of every API. */
export const manifests: fc.Arbitrary<readonly Manifest[]> = fc
  .tuple(clusterManifests, policies)
  .map((lists) => lists.flat());
