import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../../../test/support/lint.ts';
import { policy } from '../../../../test/support/shop-manifests.ts';

const peers = (count: number) =>
  Array.from({ length: count }, (_, i) => `{podSelector: {matchLabels: {app: ${'x'.repeat(50)}-${i}}}}`).join();
const bySize = (count: number) => policy(`policyTypes: [Ingress], ingress: [{from: [${peers(count)}]}]`);
const ports = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => `{port: ${from + i}}`).join();
const byPorts = (...rules: string[]) => policy(`policyTypes: [Egress], egress: [${rules}]`);
const BLOCK = 'to: [{ipBlock: {cidr: 192.0.2.0/24}}]';
const AWS = { cni: 'aws-vpc-cni' };

describe('large-policy', () => {
  it.each([
    ['small', 10, []],
    ['what kubectl takes', 2500, []],
    ['more than kubectl takes', 3000, ['medium']],
    ['nearly more than the API server takes', 14_000, ['high']],
  ])('%s', (_, count, expected) => {
    expect(problemsOf(bySize(count), 'large-policy').map(({ severity }) => severity)).toEqual(expected);
  });

  it.each([
    ['24 ports', [`{${BLOCK}, ports: [${ports(1, 24)}]}`], AWS, 0],
    ['25 ports', [`{${BLOCK}, ports: [${ports(1, 25)}]}`], AWS, 1],
    [
      '25 ports in two rules',
      [`{${BLOCK}, ports: [${ports(1, 20)}]}`, `{${BLOCK}, ports: [${ports(15, 25)}]}`],
      AWS,
      1,
    ],
    ['25 ports of two peers', [`{${BLOCK}, ports: [${ports(1, 20)}]}`, `{ports: [${ports(15, 25)}]}`], AWS, 0],
    ['25 ports of everybody', [`{ports: [${ports(1, 25)}]}`], AWS, 1],
    ['25 ports elsewhere', [`{${BLOCK}, ports: [${ports(1, 25)}]}`], { cni: 'calico' }, 0],
  ])('%s', (_, rules, settings, expected) => {
    expect(problemsOf(byPorts(...rules), 'large-policy', settings)).toHaveLength(expected);
  });
});
