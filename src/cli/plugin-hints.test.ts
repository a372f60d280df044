import { describe, expect, it } from 'vitest';
import { container, node, stateOfObjects, workload } from '../../test/support/platform-objects.ts';
import { pluginHints } from './plugin-hints.ts';

const cilium = workload('DaemonSet', 'kube-system', 'cilium', {
  containers: [container('cilium-agent', 'quay.io/cilium/cilium:v1.15.19')],
});
const flannel = workload('DaemonSet', 'kube-system', 'kube-flannel-ds');

describe('hints at the plugin', () => {
  it('name what the snapshot shows, and the flag', () => {
    expect(pluginHints(stateOfObjects([cilium]), { portable: false })).toEqual([
      'the cluster has Cilium 1.15.19 (DaemonSet kube-system/cilium, image tag); --cni cilium@1.15 answers as it behaves',
    ]);
    expect(pluginHints(stateOfObjects([node('a'), flannel]), { portable: false })).toEqual([
      'nothing in this cluster enforces network policies (flannel does not, and nothing beside it does); --cni none answers so',
    ]);
  });

  it('are none where a plugin was named, several are compared, or none is shown', () => {
    expect(pluginHints(stateOfObjects([cilium]), { cni: 'calico', portable: false })).toEqual([]);
    expect(pluginHints(stateOfObjects([cilium]), { portable: true })).toEqual([]);
    expect(pluginHints(stateOfObjects([node('a')]), { portable: false })).toEqual([]);
  });
});
