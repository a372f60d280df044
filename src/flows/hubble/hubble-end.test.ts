// Ends of Hubble's flows: pods, whatever of them the log kept, and all that is no pod.

import { describe, expect, it } from 'vitest';
import { endOf } from './hubble-end.ts';

const CONTEXT = { address: '10.0.0.1', names: [], service: undefined, nodeName: 'prod/n1' };

describe('a pod', () => {
  it('keeps its labels apart from those of its namespace and of Cilium', () => {
    const labels = [
      'k8s:app.kubernetes.io/name=web',
      'k8s:empty=',
      'k8s:bare',
      'k8s:io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name=shop',
      'k8s:io.cilium.k8s.namespace.labels.team=a',
      'k8s:io.cilium.k8s.policy.cluster=prod',
      'k8s:io.cilium.k8s.policy.serviceaccount=web',
      'k8s:io.kubernetes.pod.namespace=shop',
      'cni:x=y',
    ];
    expect(endOf({ labels, namespace: 'shop', pod_name: 'web-1' }, CONTEXT)).toEqual({
      address: '10.0.0.1',
      namespace: 'shop',
      pod: 'web-1',
      labels: { 'app.kubernetes.io/name': 'web', bare: '', empty: '' },
      namespaceLabels: { 'kubernetes.io/metadata.name': 'shop', team: 'a' },
    });
  });

  it('has a namespace by its labels where it has no name', () => {
    const end = endOf({ identity: 5, labels: ['k8s:a=b', 'k8s:io.kubernetes.pod.namespace=shop'] }, CONTEXT);
    expect(end).toEqual({ address: '10.0.0.1', namespace: 'shop', labels: { a: 'b' } });
  });

  it('without labels has none, which is not the same as an empty list of them', () => {
    expect(endOf({ namespace: 'shop', pod_name: 'web-1' }, CONTEXT).labels).toBeUndefined();
    expect(endOf({ labels: ['k8s:io.kubernetes.pod.namespace=shop'] }, CONTEXT).labels).toEqual({});
  });

  it('may have labels with names of JavaScript', () => {
    const { labels } = endOf({ namespace: 'a', labels: ['k8s:__proto__=x', 'k8s:constructor=y'] }, CONTEXT);
    expect(Object.entries(labels!)).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
  });

  it('of another cluster is nobody here', () => {
    const pod = { namespace: 'shop', pod_name: 'web-1', cluster_name: 'other', labels: ['k8s:app=web'] };
    expect(endOf(pod, CONTEXT)).toEqual({ address: '10.0.0.1', entity: 'other', cluster: 'other' });
    expect(endOf({ ...pod, cluster_name: 'prod' }, CONTEXT)).toMatchObject({ namespace: 'shop', pod: 'web-1' });
    const byLabel = (cluster: string) => ({
      namespace: 'shop',
      pod_name: 'web-1',
      labels: ['k8s:app=web', `k8s:io.cilium.k8s.policy.cluster=${cluster}`],
    });
    expect(endOf(byLabel('other'), CONTEXT)).toEqual({ address: '10.0.0.1', entity: 'other', cluster: 'other' });
    expect(endOf(byLabel('prod'), CONTEXT)).toMatchObject({ namespace: 'shop', pod: 'web-1' });
    expect(endOf(pod, { ...CONTEXT, nodeName: 'n1' })).toMatchObject({ namespace: 'shop', pod: 'web-1' });
  });
});

describe('what is no pod', () => {
  it.each([
    [['reserved:host'], { entity: 'node', node: 'n1' }],
    [['reserved:host', 'reserved:kube-apiserver'], { entity: 'node', node: 'n1', apiServer: true }],
    [['reserved:remote-node'], { entity: 'node' }],
    [['reserved:kube-apiserver', 'reserved:remote-node'], { entity: 'node', apiServer: true }],
    [['reserved:kube-apiserver'], { entity: 'node', apiServer: true }],
    [['reserved:kube-apiserver', 'reserved:world'], { entity: 'outside', apiServer: true }],
    [['reserved:world'], { entity: 'outside' }],
    [['reserved:world-ipv4'], { entity: 'outside' }],
    [['reserved:world-ipv6'], { entity: 'outside' }],
    [['cidr:203.0.113.0/24', 'reserved:world'], { entity: 'outside' }],
    [['cidr:203.0.113.0/24'], { entity: 'outside' }],
    [['fqdn:api.example.com'], { entity: 'outside' }],
    [['reserved:health'], { entity: 'other' }],
    [['reserved:ingress'], { entity: 'other' }],
    [['reserved:unmanaged'], {}],
    [['reserved:init'], {}],
    [['reserved:unknown'], {}],
  ])('is told by %s', (labels, found) => {
    expect(endOf({ labels }, CONTEXT)).toEqual({ address: '10.0.0.1', ...found });
  });

  it.each([
    [1, { entity: 'node', node: 'n1' }],
    [2, { entity: 'outside' }],
    [4, { entity: 'other' }],
    [6, { entity: 'node' }],
    [7, { entity: 'node', apiServer: true }],
    [9, { entity: 'outside' }],
    [10, { entity: 'outside' }],
    [16777217, { entity: 'outside' }],
    [33554433, { entity: 'node' }],
    [8, { entity: 'other' }],
    [3, {}],
    [4242, {}],
    [0, {}],
  ])('is told by identity %d where labels are masked', (identity, found) => {
    expect(endOf({ identity }, CONTEXT)).toEqual({ address: '10.0.0.1', ...found });
  });

  it('may have names, and nothing else', () => {
    const names = ['b.example.com', 'a.example.com', 'b.example.com'];
    expect(endOf(undefined, { ...CONTEXT, names })).toEqual({
      address: '10.0.0.1',
      names: ['a.example.com', 'b.example.com'],
    });
  });
});
