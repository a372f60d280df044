// Real applications as their authors publish them, read and built: how many of everything the snapshot holds.

import { expect, it } from 'vitest';
import { dialectOf } from '../../src/engine/dialects/registry.ts';
import { type BuiltCluster, buildCluster } from '../../src/engine/snapshot/build-cluster.ts';
import { operatorPodLabels } from '../../src/engine/snapshot/operators.ts';
import { readManifests } from '../../src/manifests/index.ts';
import { describeWithShared, sharedPath } from '../support/shared.ts';

async function build(name: string): Promise<BuiltCluster> {
  const { objects, gaps } = await readManifests([sharedPath('corpus', name)]);
  return buildCluster(objects, {
    defaultNamespace: 'default',
    gaps,
    isPolicy: (apiVersion, kind) => dialectOf(apiVersion, kind) !== undefined,
  });
}

interface Counts {
  readonly workloads: number;
  readonly pods: number;
  readonly services: number;
  readonly policies: number;
  readonly operators: number;
  readonly namespaces: number;
}

describeWithShared('corpus', () => {
  it.each<[string, Counts]>([
    ['argo-cd', { workloads: 9, pods: 9, services: 10, policies: 8, operators: 0, namespaces: 1 }],
    // Three namespaces: its Roles live in default and kube-system too.
    ['kube-prometheus', { workloads: 6, pods: 6, services: 8, policies: 8, operators: 2, namespaces: 3 }],
    ['online-boutique', { workloads: 12, pods: 12, services: 12, policies: 13, operators: 0, namespaces: 1 }],
    ['production', { workloads: 5, pods: 5, services: 4, policies: 7, operators: 0, namespaces: 3 }],
    // 17 pods that ran, and the template of a CronJob that had not yet.
    [
      'flows-online-boutique/snapshot-start.json',
      { workloads: 17, pods: 18, services: 17, policies: 0, operators: 0, namespaces: 7 },
    ],
  ])('%s', async (name, expected) => {
    const { cluster, policyObjects, findings } = await build(name);
    expect(findings).toEqual([]);
    expect(cluster.gaps).toEqual([]);
    expect({
      workloads: cluster.workloads.size,
      pods: cluster.pods.length,
      services: cluster.services.length,
      policies: policyObjects.length,
      operators: cluster.operatorObjects.length,
      namespaces: cluster.namespaces.size,
    }).toEqual(expected);
  });

  it('knows the labels that the policies of kube-prometheus select', async () => {
    const { cluster } = await build('kube-prometheus');
    const labels = cluster.operatorObjects.map(({ object }) => operatorPodLabels(object));
    expect(labels.map((one) => [one['app.kubernetes.io/name'], one['app.kubernetes.io/component']])).toEqual([
      ['alertmanager', 'alert-router'],
      ['prometheus', 'prometheus'],
    ]);
  });
});
