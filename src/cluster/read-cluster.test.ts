import { describe, expect, it } from 'vitest';
import { sendJson, sendStatus } from '../../test/support/fake-api-server.ts';
import { readFake } from '../../test/support/read-fake.ts';

const object = (apiVersion: string, kind: string, name: string, namespace?: string, more: object = {}) => ({
  apiVersion,
  kind,
  metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  ...more,
});
const POLICY = object('networking.k8s.io/v1', 'NetworkPolicy', 'deny', 'shop', { spec: { podSelector: {} } });
const SHOP = [
  object('v1', 'Namespace', 'shop'),
  object('v1', 'Namespace', 'other'),
  object('v1', 'Pod', 'web', 'shop'),
  object('v1', 'Pod', 'x', 'other'),
  POLICY,
  object('v1', 'Secret', 'password', 'shop', { data: { password: 'c2VjcmV0' } }),
  object('v1', 'ConfigMap', 'settings', 'shop'),
];
const names = (reading: { readonly objects: readonly { readonly value: object }[] } | undefined) =>
  reading?.objects.map(({ value }) => {
    const { kind, metadata } = value as { kind: string; metadata: { name: string } };
    return `${kind} ${metadata.name}`;
  });

describe('reading a cluster', () => {
  it.each([true, false])(
    'lists the kinds that exist and are wanted, never Secrets (aggregated discovery: %s)',
    async (aggregated) => {
      const { reading, requests } = await readFake({ objects: SHOP, aggregated });
      expect(names(reading)).toEqual(['Namespace shop', 'Namespace other', 'NetworkPolicy deny', 'Pod web', 'Pod x']);
      expect(reading?.server).toEqual({
        gitVersion: 'v1.36.3',
        groups: ['', 'apps', 'discovery.k8s.io', 'networking.k8s.io'],
        unlisted: [],
        isLive: true,
      });
      expect([reading?.gaps, reading?.limits]).toEqual([[], []]);
      expect(requests.filter((path) => /secrets|configmaps|endpoints\?/.test(path))).toEqual([]);
    },
  );

  it('says of each object what it is, and which place is meant', async () => {
    const { reading } = await readFake({ objects: [POLICY] });
    expect(reading?.objects[0]?.locate(['spec', 'ingress', 0])).toEqual({
      object: 'NetworkPolicy shop/deny',
      path: 'spec.ingress[0]',
    });
    expect(reading?.objects[0]?.value).toMatchObject({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' });
  });

  it('leaves out who wrote which field, and copies of the object', async () => {
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{}', a: 'b' };
    const metadata = { name: 'web', namespace: 'shop', managedFields: [{}], annotations };
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata };
    const trimmed = await readFake({ objects: [pod] });
    expect(trimmed.reading?.objects[0]?.value['metadata']).toEqual({
      name: 'web',
      namespace: 'shop',
      annotations: { a: 'b' },
    });
    const kept = await readFake({ objects: [pod] }, { keepsApplied: true });
    expect(kept.reading?.objects[0]?.value['metadata']).toEqual({ name: 'web', namespace: 'shop', annotations });
  });

  it('reads pages to the last, and counts', async () => {
    const pods = Array.from({ length: 7 }, (_, index) => object('v1', 'Pod', `p${index}`, 'shop'));
    const progress: [number, number | undefined][] = [];
    const { reading, requests } = await readFake(
      { objects: pods, page: 3 },
      { onProgress: (read, total) => progress.push([read, total]) },
    );
    expect(reading?.objects).toHaveLength(7);
    expect(requests.filter((path) => path.includes('/pods'))).toEqual([
      '/api/v1/pods?limit=500',
      '/api/v1/pods?limit=500&continue=3',
      '/api/v1/pods?limit=500&continue=6',
    ]);
    expect(progress).toContainEqual([3, 7]);
    expect(progress.at(-1)).toEqual([7, undefined]);
  });

  it('begins a list again, all in one, where its pages have run out', async () => {
    const pods = Array.from({ length: 7 }, (_, index) => object('v1', 'Pod', `p${index}`, 'shop'));
    const { reading, requests } = await readFake({
      objects: pods,
      page: 3,
      intercept: (request, response) => {
        const isOld = request.url?.includes('continue=6') === true;
        if (isOld) sendStatus(response, 410, 'Expired', 'The provided continue parameter is too old');
        return isOld;
      },
    });
    expect(names(reading)).toEqual(pods.map((_, index) => `Pod p${index}`));
    expect(requests.filter((path) => path === '/api/v1/pods')).toHaveLength(1);
  });
});

describe('without rights', () => {
  it('lists namespace by namespace, and says what is missing elsewhere', async () => {
    const { reading } = await readFake(
      {
        objects: SHOP,
        forbids: (resource, namespace) => namespace !== 'shop' && resource !== 'pods',
      },
      { namespaces: ['shop', 'default'] },
    );
    expect(names(reading)).toEqual(['Namespace shop', 'NetworkPolicy deny', 'Pod web', 'Pod x']);
    expect(reading?.gaps).toEqual([
      {
        reason: 'not-listable',
        message: '"dev" may list networkpolicies.networking.k8s.io in namespace shop only',
        namespaces: ['other'],
        lost: 'policies',
      },
      {
        reason: 'not-listable',
        message:
          '"dev" may list deployments.apps, endpointslices.discovery.k8s.io, replicasets.apps and services in namespace shop only',
        namespaces: ['other'],
      },
    ]);
    expect(reading?.limits.map(({ message }) => message)).toEqual([
      '"dev" may list ingresses.networking.k8s.io in namespace shop only: which entries lead into the cluster is not known',
      '"dev" may list namespaces in namespace shop only: labels of namespaces are not known',
      '"dev" may not list nodes: addresses and labels of nodes are not known',
    ]);
    expect(reading?.server.unlisted).toContain('networkpolicies.networking.k8s.io');
  });

  it('tries every namespace that may be listed, and gives up early where nothing is allowed', async () => {
    const { reading, requests } = await readFake({
      objects: SHOP,
      forbids: (resource, namespace) => resource !== 'namespaces' && namespace !== 'shop',
    });
    expect(names(reading)).toContain('Pod web');
    expect(names(reading)).not.toContain('Pod x');
    expect(requests.filter((path) => path.includes('/namespaces/other/')).sort()).toEqual([
      '/api/v1/namespaces/other/pods?limit=500',
      '/apis/networking.k8s.io/v1/namespaces/other/networkpolicies?limit=500',
    ]);
    expect(reading?.gaps[0]?.namespaces).toEqual(['other']);
  });

  it('knows the projects of OpenShift', async () => {
    const project = object('project.openshift.io/v1', 'Project', 'shop');
    const { reading } = await readFake({
      objects: [...SHOP, project],
      kinds: ['project.openshift.io/v1 Project projects *'],
      forbids: (resource, namespace) => resource !== 'projects' && namespace !== 'shop',
    });
    expect(names(reading)).toEqual(['Namespace shop', 'NetworkPolicy deny', 'Pod web']);
  });

  it('is no reading where nothing may be listed', async () => {
    const { error } = await readFake({ objects: SHOP, forbids: () => true });
    expect(error?.message).toMatch(
      /^nothing that answers are made from may be listed: networkpolicies is forbidden: User "dev"/,
    );
  });

  it('is a gap where policies of a plugin cannot be listed for another reason', async () => {
    const { reading, waits } = await readFake({
      objects: SHOP,
      kinds: ['cilium.io/v2 CiliumNetworkPolicy ciliumnetworkpolicies'],
      intercept: (request, response) => {
        const isCilium = request.url?.includes('ciliumnetworkpolicies') === true;
        if (isCilium) sendStatus(response, 500, 'InternalError', 'conversion webhook failed');
        return isCilium;
      },
    });
    expect(reading?.gaps).toEqual([
      {
        reason: 'not-listable',
        message: 'ciliumnetworkpolicies.cilium.io cannot be listed: conversion webhook failed',
        namespaces: 'all',
        lost: 'policies',
      },
    ]);
    expect(waits).toEqual([]);
  });

  it('is a gap where the kinds of a group cannot be told', async () => {
    const { reading } = await readFake({
      objects: SHOP,
      aggregated: false,
      kinds: ['projectcalico.org/v3 NetworkPolicy networkpolicies', 'metrics.k8s.io/v1 PodMetrics pods'],
      intercept: (request, response) => {
        const isDown = /projectcalico|metrics/.test(request.url ?? '');
        if (isDown) sendStatus(response, 500, 'InternalError', 'no endpoints available');
        return isDown;
      },
    });
    expect(reading?.gaps).toMatchObject([
      { message: 'the kinds of projectcalico.org cannot be told: no endpoints available', lost: 'policies' },
    ]);
    expect(reading?.server.unlisted).toEqual(['*.projectcalico.org']);
  });
});

it('a group that the server only knows by name is a gap, if policies may be in it', async () => {
  const { reading } = await readFake({ objects: SHOP, stale: ['projectcalico.org', 'metrics.k8s.io', 'argoproj.io'] });
  expect(reading?.gaps).toEqual([
    {
      reason: 'not-listable',
      message: 'the kinds of projectcalico.org cannot be told: the program behind it does not answer the API server',
      namespaces: 'all',
      lost: 'policies',
    },
  ]);
  expect(reading?.limits.map(({ message }) => message)).toEqual([
    'the kinds of argoproj.io cannot be told: the program behind it does not answer the API server',
  ]);
});

describe('a kind in several versions', () => {
  it('is read in the best one that is known, else in the first', async () => {
    const kinds = [
      'policy.networking.k8s.io/v1beta1 ClusterNetworkPolicy clusternetworkpolicies *',
      'gateway.networking.k8s.io/v1beta1 Gateway gateways',
      'gateway.networking.k8s.io/v1 Gateway gateways',
    ];
    const { requests } = await readFake({ objects: [], kinds });
    expect(requests.filter((path) => /gateways|clusternetwork/.test(path))).toEqual([
      '/apis/policy.networking.k8s.io/v1beta1/clusternetworkpolicies?limit=500',
      '/apis/gateway.networking.k8s.io/v1/gateways?limit=500',
    ]);
  });

  it('is read once where two APIs show the same objects', async () => {
    const kinds = [
      'projectcalico.org/v3 NetworkPolicy networkpolicies',
      'crd.projectcalico.org/v1 NetworkPolicy networkpolicies',
      'crd.projectcalico.org/v1 Tier tiers *',
      'v1 Endpoints endpoints',
    ];
    const { requests } = await readFake({ objects: [], kinds });
    expect(requests.filter((path) => /calico|endpoints\?/.test(path))).toEqual([
      '/apis/crd.projectcalico.org/v1/networkpolicies?limit=500',
    ]);
  });
});

describe('evidence', () => {
  const settings = ['kube-system/coredns', 'kube-system/other', 'shop/coredns'].map((text) => {
    const [namespace, name] = text.split('/');
    return object('v1', 'ConfigMap', name!, namespace, { data: { Corefile: '.' } });
  });

  it('takes the ConfigMaps in which platforms describe themselves, and no others', async () => {
    const { reading } = await readFake({ objects: [...SHOP, ...settings] }, { purposes: ['answers', 'evidence'] });
    const found = reading?.objects.filter(({ value }) => value['kind'] === 'ConfigMap').map(({ value }) => value);
    expect(found).toEqual([settings[0]]);
    const all = await readFake({ objects: settings }, { purposes: ['answers', 'evidence', 'configmaps'] });
    expect(all.reading?.objects).toHaveLength(3);
    expect(all.requests.filter((path) => path.includes('configmaps'))).toEqual(['/api/v1/configmaps?limit=500']);
  });

  it('says that these may not be read', async () => {
    const forbids = (resource: string) => resource === 'configmaps';
    const { reading } = await readFake({ objects: SHOP, forbids }, { purposes: ['answers', 'evidence'] });
    expect(reading?.limits.map(({ message }) => message)).toEqual([
      '"dev" may not read ConfigMaps of kube-system: what platform and plugin say there of themselves is not known',
    ]);
  });
});

it('drops what a definition says about its fields', async () => {
  const spec = {
    group: 'a',
    versions: [{ name: 'v1', schema: { openAPIV3Schema: {} } }],
    conversion: { strategy: 'None' },
  };
  const { reading } = await readFake(
    {
      objects: [object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'b.a', undefined, { spec })],
      kinds: ['apiextensions.k8s.io/v1 CustomResourceDefinition customresourcedefinitions *'],
    },
    { purposes: ['answers', 'evidence'] },
  );
  expect(reading?.objects.at(-1)?.value['spec']).toEqual({ ...spec, versions: [{ name: 'v1' }] });
});

it('what is no API at all is told', async () => {
  const login = await readFake({
    objects: [],
    intercept: (_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in</html>');
      return true;
    },
  });
  expect(login.error?.message).toMatch(
    /^what answers at http:\/\/127.0.0.1:\d+ is no Kubernetes API: status 200, text\/html$/,
  );
  const other = await readFake({
    objects: [],
    intercept: (_, response) => {
      sendJson(response, 404, {});
      return true;
    },
  });
  expect(other.error?.message).toBe('the server has no Kubernetes API: {}');
});
