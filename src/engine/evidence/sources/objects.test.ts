// Evidence of objects that mean one thing: probes, exposed Services, webhooks, aggregated APIs, peers of StatefulSets.

import { describe, expect, it } from 'vitest';
import { edgesOf, evidenceOf } from '../../../../test/support/evidence.ts';
import { deployment, object, service } from '../../../../test/support/scenario.ts';
import { exposedServices } from './exposed-services.ts';
import { hostPorts } from './host-ports.ts';
import { peers } from './peers.ts';
import { probes } from './probes.ts';
import { webhooks } from './webhooks.ts';

const pod = (spec: string) => object('v1', 'Pod', 'shop/web', spec);

describe('probes', () => {
  it.each<[what: string, container: string, ...edges: string[]]>([
    ['a number', 'readinessProbe: {httpGet: {port: 8080}}', 'node -> shop/web:8080/TCP'],
    ['a number in a text', 'livenessProbe: {tcpSocket: {port: "8080"}}', 'node -> shop/web:8080/TCP'],
    [
      'a name',
      'ports: [{name: http, containerPort: 81}], startupProbe: {httpGet: {port: http}}',
      'node -> shop/web:81/TCP',
    ],
    ['gRPC', 'livenessProbe: {grpc: {port: 9000}}', 'node -> shop/web:9000/TCP'],
    ['a hook', 'lifecycle: {preStop: {httpGet: {port: 9001}}}', 'node -> shop/web:9001/TCP'],
    ['the node itself', 'livenessProbe: {httpGet: {host: 127.0.0.1, port: 8080}}'],
    ['a command', 'livenessProbe: {exec: {command: [nc, db, "5432"]}}'],
    ['a name that nothing has', 'livenessProbe: {httpGet: {port: nothing}}'],
    ['nonsense', 'livenessProbe: [1], readinessProbe: {httpGet: {port: 99999}}'],
  ])('%s', (_what, container, ...edges) => {
    const found = evidenceOf([pod(`{containers: [{name: c, ${container}}]}`)], probes);
    expect(edgesOf(found)).toEqual(edges);
    for (const one of found.evidence) expect(one).toMatchObject({ kind: 'probe', confidence: 'certain' });
  });

  it('reads sidecars', () => {
    const spec =
      '{containers: [{name: c}], initContainers: [{name: s, restartPolicy: Always, readinessProbe: {httpGet: {port: 15021}}}]}';
    expect(edgesOf(evidenceOf([pod(spec)], probes))).toEqual(['node -> shop/web:15021/TCP']);
  });
});

describe('exposed Services', () => {
  const web = deployment('shop/web', 'app=web', 'http=8080');
  it.each<[what: string, spec: string, ...edges: string[]]>([
    ['a load balancer', 'type: LoadBalancer', 'outside -> shop/web:8080/TCP'],
    ['a node port', 'type: NodePort', 'outside -> shop/web:8080/TCP'],
    ['external addresses', 'externalIPs: [192.0.2.1]', 'outside -> shop/web:8080/TCP'],
    [
      'source ranges',
      'type: LoadBalancer, loadBalancerSourceRanges: [192.0.2.0/24, "2001:db8::/32"]',
      '192.0.2.0/24,2001:db8::/32 -> shop/web:8080/TCP',
    ],
    [
      'ranges for a node port',
      'type: NodePort, loadBalancerSourceRanges: [192.0.2.0/24]',
      'outside -> shop/web:8080/TCP',
    ],
    ['a cluster IP', 'type: ClusterIP'],
  ])('%s', (_what, spec, ...edges) => {
    const own = service('shop/web', `{${spec}, selector: {app: web}, ports: [{port: 80, targetPort: http}]}`);
    expect(edgesOf(evidenceOf([web, own], exposedServices))).toEqual(edges);
  });

  it('lets nodes in too where they replace the addresses of clients whose ranges are named', () => {
    const node =
      'apiVersion: v1\nkind: Node\nmetadata: {name: node-1}\nstatus: {addresses: [{type: InternalIP, address: 192.168.0.1}]}';
    const balanced = (policy: string) =>
      service(
        'shop/web',
        `{type: LoadBalancer, ${policy}loadBalancerSourceRanges: [192.0.2.0/24], selector: {app: web}, ports: [{port: 80, targetPort: http}]}`,
      );
    const ranges = '192.0.2.0/24 -> shop/web:8080/TCP';
    expect(edgesOf(evidenceOf([web, balanced(''), node], exposedServices))).toEqual([
      ranges,
      '192.168.0.1/32 -> shop/web:8080/TCP',
    ]);
    const local = evidenceOf([web, balanced('externalTrafficPolicy: Local, ')], exposedServices);
    expect([edgesOf(local), local.questions]).toEqual([[ranges], []]);
    const unknown = evidenceOf([web, balanced('')], exposedServices);
    expect(edgesOf(unknown)).toEqual([ranges]);
    expect(unknown.questions.map(({ about, workload }) => [about, workload])).toEqual([
      ['source-nat', 'shop/Deployment.apps/web'],
    ]);
  });

  it('asks where nothing stands behind it', () => {
    const own = service('shop/web', '{type: LoadBalancer, selector: {app: gone}, ports: [{port: 80}]}');
    const { evidence, questions } = evidenceOf([web, own], exposedServices);
    expect(evidence).toEqual([]);
    expect(questions.map(({ says }) => says)).toEqual([
      'Service shop/web is a load balancer, and Service shop/web selects no pod here',
    ]);
  });

  it('finds the pods of a StatefulSet by their numbers', () => {
    const kafka = object(
      'apps/v1',
      'StatefulSet',
      'shop/kafka',
      '{selector: {matchLabels: {app: kafka}}, template: {metadata: {labels: {app: kafka}}, spec: {containers: [{name: c}]}}}',
    );
    const numbered = (selector: string) =>
      edgesOf(
        evidenceOf(
          [
            kafka,
            deployment('shop/tool', 'app=kafka'),
            service('shop/k', `{type: LoadBalancer, selector: {${selector}}, ports: [{port: 9094}]}`),
          ],
          exposedServices,
        ),
      );
    const edge = ['outside -> shop/kafka:9094/TCP'];
    expect(numbered('statefulset.kubernetes.io/pod-name: kafka-0')).toEqual(edge);
    expect(numbered('app: kafka, apps.kubernetes.io/pod-index: "1"')).toEqual(edge);
    expect(numbered('statefulset.kubernetes.io/pod-name: zoo-0')).toEqual([]);
    expect(numbered('app: zoo, apps.kubernetes.io/pod-index: "1"')).toEqual([]);
  });

  it('has a port of each pod where a name means several', () => {
    const other = deployment('shop/old', 'app=web', 'http=9090');
    const own = service('shop/web', '{type: NodePort, selector: {app: web}, ports: [{port: 80, targetPort: http}]}');
    expect(edgesOf(evidenceOf([web, other, own], exposedServices))).toEqual([
      'outside -> shop/old:9090/TCP',
      'outside -> shop/web:8080/TCP',
    ]);
  });
});

describe('ports of nodes', () => {
  it.each<[what: string, spec: string, ...edges: string[]]>([
    [
      'lead to the port of the pod',
      'containers: [{name: c, ports: [{containerPort: 8443, hostPort: 443}]}]',
      '8443/TCP',
    ],
    ['have protocols', 'containers: [{name: c, ports: [{containerPort: 53, hostPort: 53, protocol: UDP}]}]', '53/UDP'],
    [
      'are those of sidecars too',
      'initContainers: [{name: s, restartPolicy: Always, ports: [{containerPort: 1, hostPort: 1}]}]',
      '1/TCP',
    ],
    [
      'are no matter of the host network',
      'hostNetwork: true, containers: [{name: c, ports: [{containerPort: 1, hostPort: 1}]}]',
    ],
    [
      'may be for the node alone',
      'containers: [{name: c, ports: [{containerPort: 1, hostPort: 1, hostIP: 127.0.0.1}]}]',
    ],
    ['are asked for', 'containers: [{name: c, ports: [{containerPort: 1}]}]'],
    ['are closed once a pod runs', 'initContainers: [{name: i, ports: [{containerPort: 1, hostPort: 1}]}]'],
    [
      'may be nonsense',
      'containers: [{name: c, ports: [{containerPort: 1, hostPort: x}, {containerPort: 2, hostPort: 2, protocol: ICMP}]}]',
    ],
  ])('%s', (_what, spec, ...ports) => {
    expect(edgesOf(evidenceOf([pod(`{${spec}}`)], hostPorts))).toEqual(
      ports.map((port) => `outside -> shop/web:${port}`),
    );
  });
});

describe('webhooks and aggregated APIs', () => {
  const hook = deployment('ops/hook', 'app=hook', 'https=9443');
  const own = service(
    'ops/hook',
    '{selector: {app: hook}, ports: [{port: 443, targetPort: https}, {port: 8443, targetPort: 9444}]}',
  );
  const admission = (config: string, kind = 'ValidatingWebhookConfiguration') =>
    `apiVersion: admissionregistration.k8s.io/v1\nkind: ${kind}\nmetadata: {name: v}\nwebhooks: [{name: a.example.com, clientConfig: ${config}}]`;

  it.each<[what: string, text: string, ...edges: string[]]>([
    ['a validating webhook', admission('{service: {namespace: ops, name: hook}}'), 'api-server -> ops/hook:9443/TCP'],
    [
      'a mutating webhook',
      admission('{service: {namespace: ops, name: hook, port: 8443}}', 'MutatingWebhookConfiguration'),
      'api-server -> ops/hook:9444/TCP',
    ],
    ['a URL to a Service', admission('{url: "https://hook.ops.svc:443/v"}'), 'api-server -> ops/hook:9443/TCP'],
    ['a URL elsewhere', admission('{url: "https://hooks.example.com/v"}')],
    [
      'a conversion',
      object(
        'apiextensions.k8s.io/v1',
        'CustomResourceDefinition',
        'x.example.com',
        '{conversion: {strategy: Webhook, webhook: {clientConfig: {service: {namespace: ops, name: hook}}}}}',
      ),
      'api-server -> ops/hook:9443/TCP',
    ],
    [
      'no conversion',
      object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'x.example.com', '{conversion: {strategy: None}}'),
    ],
    [
      'an aggregated API',
      object('apiregistration.k8s.io/v1', 'APIService', 'v1.x', '{service: {namespace: ops, name: hook}}'),
      'api-server -> ops/hook:9443/TCP',
    ],
    ['a local API', object('apiregistration.k8s.io/v1', 'APIService', 'v1.x', '{group: x}')],
  ])('%s', (_what, text, ...edges) => {
    const found = evidenceOf([hook, own, text], webhooks);
    expect(edgesOf(found)).toEqual(edges);
    expect(found.questions).toEqual([]);
    for (const one of found.evidence) expect(one.confidence).toBe('certain');
  });

  it('asks about a Service or a port that is not here', () => {
    const asked = (text: string) => evidenceOf([hook, own, text], webhooks).questions.map(({ about }) => about);
    expect(asked(admission('{service: {namespace: ops, name: gone}}'))).toEqual(['unresolved-name']);
    expect(asked(admission('{service: {namespace: ops, name: hook, port: 1}}'))).toEqual(['missing-port']);
  });
});

describe('peers of a StatefulSet', () => {
  const set = (replicas: number, name = 'db') =>
    object(
      'apps/v1',
      'StatefulSet',
      'shop/db',
      `{replicas: ${replicas}, serviceName: ${name}, selector: {matchLabels: {app: db}}, template: {metadata: {labels: {app: db}}, spec: {containers: [{name: c, ports: [{name: peer, containerPort: 7000}, {containerPort: 9042}]}]}}}`,
    );
  const headless = (more = '') =>
    service('shop/db', `{clusterIP: None, ${more} selector: {app: db}, ports: [{port: 70, targetPort: peer}]}`);

  it.each<[what: string, texts: string[], ...edges: string[]]>([
    ['ports of the governing Service', [set(3), headless()], 'shop/db -> shop/db:7000/TCP'],
    [
      'all declared ports where it publishes addresses that are not ready',
      [set(3), headless('publishNotReadyAddresses: true,')],
      'shop/db -> shop/db:7000/TCP',
      'shop/db -> shop/db:9042/TCP',
    ],
    ['one pod alone', [set(1), headless()]],
    ['a Service that is not here', [set(3, 'gone'), headless()]],
    ['a Service that is not headless', [set(3), service('shop/db', '{selector: {app: db}, ports: [{port: 70}]}')]],
  ])('%s', (_what, texts, ...edges) => {
    expect(edgesOf(evidenceOf(texts, peers))).toEqual(edges);
  });
});
