import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../../../test/support/lint.ts';
import { proveFix } from '../../../../test/support/prove-fix.ts';

const policy = (rules: string) => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress], ingress: ${rules}}
`;

describe('special-addresses', () => {
  it.each([
    ['127.0.0.1/32', 'loopback'],
    ['224.0.0.251/32', 'multicast'],
    ['255.255.255.255/32', 'broadcast'],
    ['240.0.0.0/4', 'reserved'],
    ['0.0.0.0/32', 'this network'],
    ['::/128', 'unspecified'],
    ['::1/128', 'loopback'],
    ['ff02::fb/128', 'multicast'],
    ['0.0.0.0/0', undefined],
    ['::/0', undefined],
    ['126.0.0.0/7', undefined],
    ['203.0.113.0/24', undefined],
  ])('%s', (cidr, message) => {
    const found = problemsOf(policy(`[{from: [{ipBlock: {cidr: "${cidr}"}}]}]`), 'special-addresses');
    expect(found.map((one) => one.message)).toEqual(message === undefined ? [] : [expect.stringContaining(message)]);
  });

  it('is mended without turning the rule into one for everybody', () => {
    const alone = policy('[{from: [{ipBlock: {cidr: 0.0.0.0/32}}]}]');
    proveFix(alone, problemsOf(alone, 'special-addresses')[0]!);
    const beside = policy('[{from: [{ipBlock: {cidr: 127.0.0.0/8}}, {podSelector: {}}]}]');
    proveFix(beside, problemsOf(beside, 'special-addresses')[0]!);
    for (const networks of [
      '[{networks: [127.0.0.0/8, 203.0.113.0/24]}]',
      '[{networks: [127.0.0.0/8]}, {namespaces: {}}]',
    ]) {
      const text = `
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: out}
spec: {tier: Admin, priority: 1, subject: {namespaces: {}}, egress: [{action: Accept, to: ${networks}}]}
`;
      proveFix(text, problemsOf(text, 'special-addresses')[0]!);
    }
  });
});
