import { describe, expect, it } from 'vitest';
import { container, type Json, node, stateOfObjects } from '../../../../test/support/platform-objects.ts';
import { findProblems } from '../../questions/lint.ts';

const pod = (name: string, nodeName: string, more: Json = {}): Json => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop' },
  spec: { nodeName, containers: [container('main')], ...more },
});
const fargate = node('f', { labels: { 'eks.amazonaws.com/compute-type': 'fargate' } });

const problems = (objects: readonly Json[]) =>
  findProblems(stateOfObjects(objects), { only: ['node-not-enforced'] }).filter(
    ({ check }) => check === 'node-not-enforced',
  );

describe('node-not-enforced', () => {
  it('stands at the node, with the pods that run there', () => {
    const found = problems([fargate, node('a'), pod('x', 'f'), pod('y', 'f'), pod('z', 'a')]);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      message: 'policies have no effect on pods that run here: it is a node of AWS Fargate',
      effect: 'leaves 2 pods open on 1 such node',
      impact: { pods: 2, namespaces: 1 },
    });
  });

  it('is one finding for all nodes of a kind, at the first that has pods', () => {
    const nodes = ['f', 'g', 'h'].map((name) =>
      node(name, { labels: { 'eks.amazonaws.com/compute-type': 'fargate' } }),
    );
    const found = problems([...nodes, pod('x', 'g'), pod('y', 'h')]);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      effect: 'leaves 2 pods open on 2 such nodes',
      object: { value: { metadata: { name: 'g' } } },
    });
  });

  it('knows virtual kubelets', () => {
    expect(problems([node('v', { labels: { type: 'virtual-kubelet' } }), pod('x', 'v')])).toHaveLength(1);
  });

  it.each<[string, readonly Json[]]>([
    ['no pod there', [fargate, pod('x', 'a')]],
    ['pods of the host network alone', [fargate, pod('x', 'f', { hostNetwork: true })]],
    ['other nodes', [node('a', { labels: { 'eks.amazonaws.com/compute-type': 'ec2' } }), pod('x', 'a')]],
  ])('is silent with %s', (_, objects) => {
    expect(problems(objects)).toEqual([]);
  });
});
