import { describe, expect, it } from 'vitest';
import { type ManifestObject, printPath } from '../model/source.ts';
import { buildCluster } from './build-cluster.ts';

type Json = Record<string, unknown>;

function podOf(name: string, spec: Json): ManifestObject {
  const value = { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'shop' }, spec };
  return { value, locate: (path) => ({ path: printPath(path) }) };
}

describe('a pod', () => {
  it('has the ports of its own containers, whether pods share what they say or not', () => {
    const [containers, more, wrong] = [
      [{ ports: [{ containerPort: 80 }] }],
      [{ ports: [{ containerPort: 81 }] }],
      [{ ports: [{ containerPort: 'http' }] }],
    ];
    const specs = [
      { containers },
      { containers },
      { containers: more },
      { containers, initContainers: more },
      { containers },
      { containers: wrong },
      { containers: wrong },
    ];
    const { cluster, findings } = buildCluster(
      specs.map((spec, index) => podOf(`p${index}`, spec)),
      { defaultNamespace: 'default', isPolicy: () => false },
    );
    expect(cluster.pods.map(({ ports }) => ports.map(({ number, from }) => `${number} ${from}`))).toEqual([
      ['80 container'],
      ['80 container'],
      ['81 container'],
      ['80 container', '81 init'],
      ['80 container'],
      [],
      [],
    ]);
    // What is wrong in shared words is said of every pod.
    expect(findings.map(({ object }) => (object!.value['metadata'] as Json)['name'])).toEqual(['p5', 'p6']);
  });
});
