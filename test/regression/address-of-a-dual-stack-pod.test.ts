// A dual-stack pod that is asked about by one address beside the pod itself lost one of the two: `can` judged both
// families, `explain` the one that was asked.

import { expect, it } from 'vitest';
import { scenario } from '../support/scenario.ts';

const PODS = `
apiVersion: v1
kind: Namespace
metadata: {name: w}
---
apiVersion: v1
kind: Pod
metadata: {name: six, namespace: w}
spec: {containers: [{name: c}]}
status: {podIPs: [{ip: "fd00::2"}]}
---
apiVersion: v1
kind: Pod
metadata: {name: both, namespace: w}
spec: {containers: [{name: c}]}
status: {podIPs: [{ip: "fd00::3"}, {ip: 10.0.0.3}]}
`;

it('an IPv4 address of a dual-stack pod is not reached by a pod without IPv4', () => {
  const drawn = scenario([PODS]);
  expect(drawn.can('w/six', '10.0.0.3')).toBe('denied');
  expect(drawn.can('w/six', 'w/both')).toBe('allowed');
  expect(drawn.can('w/*', '10.0.0.3')).toBe('denied');
});
