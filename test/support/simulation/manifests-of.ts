// A simulated application as objects of Kubernetes, as a snapshot has them: what is there when it is taken, and what manifests
// declare. Pods that are gone are in none of them.

import type { Manifest } from '../replay.ts';
import type { Application, SimPod, SimService, SimWorkload } from './application.ts';

/** All objects, in the order in which they were drawn. */
export function manifestsOf(application: Application): Manifest[] {
  const { nodes, namespaces, workloads, services, ingresses, monitors, webhooks, policies, hasNodes } = application;
  return [
    ...namespaces.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
    ...(hasNodes
      ? nodes.map(({ name, addresses }, i) => ({
          apiVersion: 'v1',
          kind: 'Node',
          metadata: { name },
          spec: { podCIDRs: [`10.244.${i}.0/24`, ...(application.isDualStack ? [`fd00:10:244:${i + 1}::/64`] : [])] },
          status: { addresses: addresses.map((address) => ({ type: 'InternalIP', address })) },
        }))
      : []),
    ...workloads.flatMap((workload) => [...configMapsOf(workload), ...accountOf(workload), ...objectsOf(workload)]),
    ...workloads.flatMap((workload) => workload.pods.map(podOf)),
    ...services.flatMap(serviceObjects),
    ...ingresses.map(({ service, port }, i) => ingressOf(service, port, i)),
    ...monitors.map(({ service, port }, i) => monitorOf(service, port, i)),
    ...webhooks.map(({ service, port }) => webhookOf(service, port)),
    ...policies,
  ];
}

function templateOf(workload: SimWorkload): { readonly metadata: Manifest; readonly spec: Manifest } {
  const { labels, annotations, hostNetwork, ports, image, env, args, configMaps, probes, usesApiServer } = workload;
  const [probe] = probes;
  return {
    metadata: { labels, ...(Object.keys(annotations).length === 0 ? {} : { annotations }) },
    spec: {
      ...(hostNetwork ? { hostNetwork } : {}),
      ...(usesApiServer ? { serviceAccountName: workload.name } : {}),
      containers: [
        {
          name: 'main',
          image,
          ports: ports.flatMap(({ name, number, protocol, declared }) =>
            declared ? [{ ...(name === undefined ? {} : { name }), containerPort: number, protocol }] : [],
          ),
          env: [...env],
          args: [...args],
          ...(probe === undefined
            ? {}
            : { readinessProbe: { tcpSocket: { port: probe.byName ? probe.port.name : probe.port.number } } }),
          volumeMounts: configMaps.map(({ name }) => ({ name, mountPath: `/etc/${name}` })),
        },
      ],
      volumes: configMaps.map(({ name }) => ({ name, configMap: { name } })),
    },
  };
}

function objectsOf(workload: SimWorkload): Manifest[] {
  const { kind, namespace, name, matchLabels, pods } = workload;
  const template = templateOf(workload);
  const metadata = { namespace, name, uid: `uid-of-${namespace}-${name}` };
  const selector = { matchLabels };
  switch (kind) {
    case 'Deployment': {
      const hash = pods[0]?.labels['pod-template-hash'];
      const owner = { apiVersion: 'apps/v1', kind, name, uid: metadata.uid, controller: true };
      const set = `${name}-${hash}`;
      return [
        { apiVersion: 'apps/v1', kind, metadata, spec: { replicas: pods.length, selector, template } },
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          metadata: { namespace, name: set, uid: `uid-of-${namespace}-${set}`, ownerReferences: [owner] },
          spec: {
            replicas: pods.length,
            selector: { matchLabels: { ...matchLabels, 'pod-template-hash': hash } },
            template,
          },
        },
      ];
    }
    case 'StatefulSet':
      return [
        {
          apiVersion: 'apps/v1',
          kind,
          metadata,
          spec: { replicas: pods.length, serviceName: name, selector, template },
        },
      ];
    case 'DaemonSet':
      return [{ apiVersion: 'apps/v1', kind, metadata, spec: { selector, template } }];
    case 'Job':
      return [{ apiVersion: 'batch/v1', kind, metadata, spec: { template } }];
    case 'CronJob':
      return [
        {
          apiVersion: 'batch/v1',
          kind,
          metadata,
          spec: { schedule: '0 * * * *', jobTemplate: { spec: { template } } },
        },
      ];
  }
}

/** A pod, of whatever time, as the API server would show it. */
export function podOf({ name, workload, labels, addresses, node, since }: SimPod): Manifest {
  const { namespace, kind } = workload;
  const { metadata, spec } = templateOf(workload);
  const owner =
    kind === 'Deployment'
      ? { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${workload.name}-${labels['pod-template-hash']}` }
      : { apiVersion: kind === 'Job' ? 'batch/v1' : 'apps/v1', kind, name: workload.name };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...metadata,
      namespace,
      name,
      labels,
      creationTimestamp: new Date(since).toISOString(),
      ownerReferences: [{ ...owner, uid: `uid-of-${namespace}-${owner.name}`, controller: true }],
    },
    spec: { ...spec, nodeName: node.name },
    status: {
      phase: 'Running',
      startTime: new Date(since).toISOString(),
      hostIP: node.addresses[0],
      podIP: addresses[0],
      podIPs: addresses.map((ip) => ({ ip })),
    },
  };
}

function configMapsOf({ namespace, configMaps }: SimWorkload): Manifest[] {
  return configMaps.map(({ name, text }) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { namespace, name },
    data: { 'app.yaml': text },
  }));
}

function accountOf({ namespace, name, usesApiServer }: SimWorkload): Manifest[] {
  if (!usesApiServer) return [];
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace, name } },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { namespace, name },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    },
  ];
}

function serviceObjects(service: SimService): Manifest[] {
  const {
    namespace,
    name,
    type,
    headless,
    clusterIPs,
    selector,
    externalName,
    externalTrafficPolicy,
    ports,
    endpoints,
  } = service;
  const spec = {
    type,
    ...(headless ? { clusterIP: 'None', clusterIPs: ['None'] } : {}),
    ...(clusterIPs.length > 0 ? { clusterIP: clusterIPs[0], clusterIPs } : {}),
    ...(clusterIPs.length > 1 ? { ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'PreferDualStack' } : {}),
    ...(selector === undefined ? {} : { selector }),
    ...(externalName === undefined ? {} : { externalName }),
    ...(externalTrafficPolicy === undefined ? {} : { externalTrafficPolicy }),
    ports: ports.map(({ target, nodePort, ...port }) => ({
      ...port,
      ...(target === undefined ? {} : { targetPort: target }),
      ...(nodePort === undefined ? {} : { nodePort }),
    })),
  };
  const object = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace, name, labels: { monitored: name } },
    spec,
  };
  if (endpoints === undefined) return [object];
  const slice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { namespace, name: `${name}-1`, labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    endpoints: endpoints.addresses.map((address) => ({ addresses: [address] })),
    ports: [{ name: ports[0]!.name, protocol: 'TCP', port: endpoints.port }],
  };
  return [object, slice];
}

function ingressOf({ namespace, name }: SimService, port: number | string, index: number): Manifest {
  const service = { name, port: typeof port === 'number' ? { number: port } : { name: port } };
  const paths = [{ path: '/', pathType: 'Prefix', backend: { service } }];
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { namespace, name: `route-${index}` },
    spec: { ingressClassName: 'nginx', rules: [{ host: `${name}.example.com`, http: { paths } }] },
  };
}

function monitorOf({ namespace, name }: SimService, port: string, index: number): Manifest {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'ServiceMonitor',
    metadata: { namespace, name: `${name}-${index}` },
    spec: { selector: { matchLabels: { monitored: name } }, endpoints: [{ port }] },
  };
}

function webhookOf({ namespace, name }: SimService, port: number): Manifest {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: `${namespace}-${name}` },
    webhooks: [{ name: 'check.example.com', clientConfig: { service: { namespace, name, port } } }],
  };
}
