// Owners of pods that share values, as those of one list do: what is remembered of one pod must not stick to another.

import { describe, expect, it } from 'vitest';
import { type ManifestObject, printPath } from '../model/source.ts';
import { buildCluster } from './build-cluster.ts';

type Json = Record<string, unknown>;

describe('owners of pods', () => {
  it('are told apart where pods of one list share a part of what they say', () => {
    const references = [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-5d9c7b', controller: true }];
    const wrong = [{ apiVersion: 5, kind: 'ReplicaSet', name: 'web-5d9c7b', controller: true }];
    const [hashed, bare] = [{ 'pod-template-hash': '5d9c7b' }, { app: 'web' }];
    const one = (name: string, namespace: string, labels: Json, ownerReferences: unknown): Json => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace, labels, ownerReferences },
      spec: { containers: [] },
    });
    const values = [
      one('a', 'shop', hashed, references),
      one('b', 'shop', bare, references),
      one('c', 'shop', hashed, references),
      one('d', 'shop', hashed, [...references]),
      one('e', 'shop', hashed, undefined),
      one('a', 'store', hashed, references),
      one('b', 'store', hashed, wrong),
      one('c', 'store', hashed, wrong),
    ];
    const objects = values.map((value): ManifestObject => ({ value, locate: (path) => ({ path: printPath(path) }) }));
    const built = buildCluster(objects, { defaultNamespace: 'default', isPolicy: () => false });
    expect(built.cluster.pods.map(({ workload, name }) => `${workload} < ${name}`)).toEqual([
      'shop/Deployment.apps/web < a',
      'shop/Deployment.apps/web < c',
      'shop/Deployment.apps/web < d',
      'shop/Pod/e < e',
      'shop/ReplicaSet.apps/web-5d9c7b < b',
      'store/Deployment.apps/web < a',
      'store/ReplicaSet/web-5d9c7b < b',
      'store/ReplicaSet/web-5d9c7b < c',
    ]);
    expect(built.findings.map(({ message }) => message)).toHaveLength(2);
  });
});
