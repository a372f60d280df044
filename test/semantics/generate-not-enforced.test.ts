// Policies for a cluster in which nothing enforces any: they are made, and what stands in the way is said first.

import { expect, it } from 'vitest';
import { generated } from '../support/generating.ts';
import { container, WEB, workload } from '../support/platform-objects.ts';

const FLANNEL = [
  workload('DaemonSet', 'kube-flannel', 'kube-flannel-ds', { containers: [container('kube-flannel')] }),
  workload('DaemonSet', 'kube-system', 'kube-proxy'),
];

const blocking = (objects: readonly unknown[], cni?: string) =>
  generated(
    objects.map((one) => JSON.stringify(one)),
    cni === undefined ? {} : { cni },
  )
    .document.readiness.filter(({ level }) => level === 'blocks')
    .map(({ about }) => about);

it('are not ready where nothing enforces them', () => {
  expect(blocking([...FLANNEL, WEB])[0]).toBe('not-enforced');
  expect(blocking([WEB])).not.toContain('not-enforced');
  expect(blocking([...FLANNEL, WEB], 'calico')).not.toContain('not-enforced');
});
