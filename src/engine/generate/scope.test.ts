import { describe, expect, it } from 'vitest';
import { loadTexts } from '../../../test/support/evidence.ts';
import { namespace, pod } from '../../../test/support/scenario.ts';
import { applicationNamespaces, expectWorkloads } from './scope.ts';

const clusterOf = (...texts: readonly string[]) => loadTexts(texts).cluster;

describe('namespaces that get policies', () => {
  it('are those of applications, sorted', () => {
    const cluster = clusterOf(
      namespace('empty'),
      ...['shop', 'ops', 'kube-system', 'openshift-dns', 'calico-system', 'gke-managed', 'kube-public'].map((name) =>
        pod(`${name}/a`),
      ),
    );
    expect(applicationNamespaces(cluster)).toEqual(['ops', 'shop']);
  });

  it('are not left out for sounding like the system', () => {
    expect(applicationNamespaces(clusterOf(pod('kubernetes-dashboard/a'), pod('ciliumish/a')))).toEqual([
      'ciliumish',
      'kubernetes-dashboard',
    ]);
  });
});

describe('nobody to write policies for', () => {
  it.each<[string, readonly string[], readonly string[], RegExp]>([
    ['nothing at all', [], [], /^there is no workload here to write policies for$/],
    [
      'only the system',
      [pod('kube-system/dns')],
      [],
      /^every workload here is in a namespace of the cluster itself: kube-system$/,
    ],
    [
      'another namespace',
      [namespace('ops'), pod('shop/a')],
      ['ops'],
      /^there is no workload in namespace "ops" to write policies for$/,
    ],
  ])('%s', (_, texts, namespaces, message) => {
    expect(() => expectWorkloads(clusterOf(...texts), namespaces)).toThrow(message);
  });

  it('is no matter where one namespace has workloads', () => {
    expect(() => expectWorkloads(clusterOf(namespace('ops'), pod('shop/a')), ['ops', 'shop'])).not.toThrow();
  });
});
