import { describe, expect, it } from 'vitest';
import { container, type Json, node, stateOfObjects, workload } from '../../../../test/support/platform-objects.ts';
import { findProblems } from '../../questions/lint.ts';

const flannel = workload('DaemonSet', 'kube-flannel', 'kube-flannel-ds', {
  containers: [container('kube-flannel', 'ghcr.io/flannel-io/flannel:v0.26.1')],
});
const proxy = workload('DaemonSet', 'kube-system', 'kube-proxy');
const policy: Json = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'deny', namespace: 'shop' },
  spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
};

const problems = (objects: readonly Json[], cni?: string) =>
  findProblems(stateOfObjects(objects, cni), { only: ['not-enforced'] }).filter(
    ({ check }) => check === 'not-enforced',
  );

describe('not-enforced', () => {
  it('is the gravest finding, at a node, with the plugin beside it', () => {
    const [found, ...more] = problems([node('a'), flannel, proxy, policy]);
    expect(more).toEqual([]);
    expect(found).toMatchObject({
      severity: 'critical',
      message: 'nothing in this cluster enforces network policies: flannel does not, and nothing beside it does',
      effect: 'leaves 1 policy without effect',
      related: [{ message: 'the plugin' }],
    });
    expect(found!.object?.value['kind']).toBe('Node');
  });

  it('stands at the plugin where there are no nodes', () => {
    const [found] = problems([flannel, proxy]);
    expect(found!.object?.value['kind']).toBe('DaemonSet');
    expect(found).not.toHaveProperty('effect');
  });

  it.each<[string, readonly Json[], string | undefined]>([
    ['nothing of a platform', [policy], undefined],
    ['nodes and no plugin in sight', [node('a'), proxy], undefined],
    ['flannel, and DaemonSets of kube-system not in the input', [node('a'), flannel], undefined],
    [
      'a plugin that enforces beside it',
      [node('a'), flannel, proxy, workload('DaemonSet', 'kube-system', 'cilium')],
      undefined,
    ],
    ['a plugin named by --cni', [node('a'), flannel, proxy], 'calico'],
  ])('is silent with %s', (_, objects, cni) => {
    expect(problems(objects, cni)).toEqual([]);
  });
});
