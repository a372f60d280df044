// Services, endpoints, Ingresses and nodes as the snapshot holds them.

import { describe, expect, it } from 'vitest';
import { type ManifestObject, printPath } from '../model/source.ts';
import { type BuiltCluster, buildCluster } from './build-cluster.ts';

type Json = Record<string, unknown>;

function build(...values: readonly Json[]): BuiltCluster {
  const objects = values.map((value): ManifestObject => ({ value, locate: (path) => ({ path: printPath(path) }) }));
  return buildCluster(objects, { defaultNamespace: 'default', isPolicy: () => false });
}

function service(spec: Json, name: string = 's'): Json {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec };
}

describe('readService', () => {
  it('fills in the defaults', () => {
    const { cluster, findings } = build(service({}));
    expect(findings).toEqual([]);
    expect(cluster.services).toMatchObject([
      {
        namespace: 'default',
        name: 's',
        type: 'ClusterIP',
        headless: false,
        externalTrafficPolicy: 'Cluster',
        ports: [],
      },
    ]);
    expect(cluster.services[0]).not.toHaveProperty('selector');
  });

  it('takes an empty selector for none', () => {
    expect(build(service({ selector: {} })).cluster.services[0]).not.toHaveProperty('selector');
  });

  it.each<[string, Json, Json]>([
    [
      'a selector needs all of its labels',
      { selector: { b: '2', a: '1' } },
      {
        selector: {
          op: 'and',
          of: [
            { op: 'in', key: 'a', values: ['1'] },
            { op: 'in', key: 'b', values: ['2'] },
          ],
        },
      },
    ],
    ['headless', { clusterIP: 'None' }, { headless: true, clusterIPs: [] }],
    ['headless by the list', { clusterIPs: ['None'] }, { headless: true, clusterIPs: [] }],
    [
      'families of the addresses',
      { clusterIPs: ['10.96.0.1', 'FD00::1'] },
      { clusterIPs: ['10.96.0.1', 'fd00::1'], ipFamilies: ['IPv4', 'IPv6'] },
    ],
    ['families as named', { clusterIP: '10.96.0.1', ipFamilies: ['IPv6'] }, { ipFamilies: ['IPv6'] }],
    [
      'an external name',
      { type: 'ExternalName', externalName: 'db.example.com' },
      { type: 'ExternalName', externalName: 'db.example.com' },
    ],
    [
      'a load balancer',
      { type: 'LoadBalancer', externalTrafficPolicy: 'Local', externalIPs: ['203.0.113.1'] },
      { type: 'LoadBalancer', externalTrafficPolicy: 'Local', externalIPs: ['203.0.113.1'] },
    ],
    [
      'a target by number',
      { ports: [{ port: 80, targetPort: 8080 }] },
      { ports: [{ protocol: 'TCP', port: 80, target: 8080 }] },
    ],
    [
      'a target by name',
      { ports: [{ port: 53, protocol: 'UDP', name: 'dns', targetPort: 'd' }] },
      { ports: [{ name: 'dns', protocol: 'UDP', port: 53, target: 'd' }] },
    ],
    [
      'the same port as target',
      { ports: [{ port: 80, nodePort: 30080 }] },
      { ports: [{ protocol: 'TCP', port: 80, nodePort: 30080 }] },
    ],
  ])('%s', (_, spec, expected) => {
    const { cluster, findings } = build(service(spec));
    expect(findings).toEqual([]);
    expect({ ...cluster.services[0] }).toMatchObject(expected);
  });

  it('reports what it cannot read', () => {
    const { cluster, findings } = build(
      service({ selector: { app: 1 }, clusterIP: 'x', ports: [{ port: 'http' }, {}] }),
    );
    expect(findings.map(({ check, source }) => `${check} ${source.path}`)).toEqual([
      'invalid-address spec.clusterIPs[0]',
      'missing-field spec.ports[1].port',
      'wrong-type spec.ports[0].port',
      'wrong-type spec.selector.app',
    ]);
    expect(cluster.services).toHaveLength(1);
    expect(cluster.gaps.map(({ namespaces }) => namespaces)).toEqual([['default']]);
  });
});

describe('endpoints', () => {
  const slice: Json = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 's-1', labels: { 'kubernetes.io/service-name': 's' } },
    addressType: 'IPv4',
    endpoints: [
      { addresses: ['10.0.0.1'], targetRef: { kind: 'Pod', name: 'p' }, conditions: { ready: false } },
      { addresses: ['192.0.2.1'] },
    ],
    ports: [{ name: '', protocol: 'TCP', port: 80 }, {}],
  };
  const endpoints = (name: string): Json => ({
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name },
    subsets: [{ addresses: [{ ip: '10.0.0.2' }], notReadyAddresses: [{ ip: '10.0.0.3' }], ports: [{ port: 81 }] }, {}],
  });

  it('reads slices, and Endpoints of Services without one', () => {
    const { cluster, findings } = build(endpoints('s'), endpoints('t'), slice);
    expect(findings).toEqual([]);
    expect(cluster.endpointSlices.map(({ object, ...rest }) => rest)).toEqual([
      {
        namespace: 'default',
        service: 's',
        endpoints: [{ addresses: ['10.0.0.1'], pod: 'p' }, { addresses: ['192.0.2.1'] }],
        ports: [{ protocol: 'TCP', port: 80 }, { protocol: 'TCP' }],
      },
      {
        namespace: 'default',
        service: 't',
        endpoints: [{ addresses: ['10.0.0.2'] }, { addresses: ['10.0.0.3'] }],
        ports: [{ protocol: 'TCP', port: 81 }],
      },
      { namespace: 'default', service: 't', endpoints: [], ports: [] },
    ]);
  });

  it('leaves out names without a finding, bad addresses with one', () => {
    const named = { ...slice, addressType: 'FQDN', endpoints: [{ addresses: ['db.example.com'] }] };
    expect(build(named).findings).toEqual([]);
    expect(build(named).cluster.endpointSlices[0]?.endpoints).toEqual([{ addresses: [] }]);
    expect(build({ ...named, addressType: 'IPv4' }).findings.map(({ check }) => check)).toEqual(['invalid-address']);
  });
});

describe('readIngress', () => {
  const ingress = (apiVersion: string, spec: Json, annotations: Json = {}): Json => ({
    apiVersion,
    kind: 'Ingress',
    metadata: { name: 'i', annotations },
    spec,
  });

  it('collects each backend once, by name and port', () => {
    const path = (name: string, port: Json): Json => ({ backend: { service: { name, port } } });
    const paths = [path('web', { number: 80 }), path('api', { name: 'http' }), path('web', { number: 80 })];
    const spec = {
      ingressClassName: 'nginx',
      defaultBackend: { service: { name: 'web', port: { number: 81 } } },
      rules: [{ http: { paths } }, {}],
    };
    const { cluster, findings } = build(
      ingress('networking.k8s.io/v1', spec, { 'kubernetes.io/ingress.class': 'old' }),
    );
    expect(findings).toEqual([]);
    expect(cluster.ingresses).toMatchObject([
      {
        className: 'nginx',
        backends: [
          { service: 'api', port: 'http' },
          { service: 'web', port: 80 },
          { service: 'web', port: 81 },
        ],
      },
    ]);
  });

  it('reads the shape of removed versions with a low finding', () => {
    const spec = { backend: { serviceName: 'web', servicePort: 'http' } };
    const { cluster, findings } = build(
      ingress('extensions/v1beta1', spec, { 'kubernetes.io/ingress.class': 'nginx' }),
    );
    expect(cluster.ingresses).toMatchObject([{ className: 'nginx', backends: [{ service: 'web', port: 'http' }] }]);
    expect(findings.map(({ check, severity }) => [check, severity])).toEqual([['removed-api-version', 'low']]);
  });

  it('leaves out resources and reports a backend without a Service', () => {
    const spec = {
      defaultBackend: { resource: { kind: 'Bucket', name: 'b' } },
      rules: [{ http: { paths: [{ backend: { service: {} } }] } }],
    };
    const { cluster, findings } = build(ingress('networking.k8s.io/v1', spec));
    expect(cluster.ingresses[0]?.backends).toEqual([]);
    expect(findings.map(({ source }) => source.path)).toEqual(['spec.rules[0].http.paths[0].backend.service.name']);
  });
});

describe('readNode', () => {
  it('takes every IP address once and CIDRs in canonical form', () => {
    const { cluster, findings } = build({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'n', labels: { zone: 'a' } },
      spec: { podCIDR: '10.1.0.0/24', podCIDRs: ['10.1.0.7/24', 'FD00::/64'] },
      status: {
        addresses: [
          { type: 'InternalIP', address: '192.0.2.1' },
          { type: 'Hostname', address: 'node-1' },
          { type: 'InternalDNS', address: '192.0.2.1' },
          { type: 'ExternalIP', address: '2001:DB8::1' },
        ],
      },
    });
    expect(findings).toEqual([]);
    expect(cluster.nodes).toMatchObject([
      {
        name: 'n',
        labels: { zone: 'a' },
        addresses: ['192.0.2.1', '2001:db8::1'],
        podCIDRs: ['10.1.0.0/24', 'fd00::/64'],
      },
    ]);
    expect(cluster.namespaces.size).toBe(0);
  });
});
