import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../../../test/support/lint.ts';

const policy = (block: string) => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{ipBlock: ${block}}]}]}
`;

describe('private-range', () => {
  it.each([
    ['{cidr: 10.0.0.0/8}', 'the whole range for private use, RFC 1918'],
    ['{cidr: 10.0.0.0/9}', 'most of 10.0.0.0/8, the range for private use, RFC 1918'],
    ['{cidr: 10.0.0.0/16}', undefined],
    ['{cidr: 10.0.0.0/8, except: [10.128.0.0/9, 10.0.0.0/10]}', undefined],
    ['{cidr: 172.16.0.0/12}', 'the whole range for private use'],
    ['{cidr: 192.168.0.0/16}', 'the whole range for private use'],
    ['{cidr: 192.168.0.0/24}', undefined],
    ['{cidr: 100.64.0.0/10}', 'the whole range for shared use'],
    ['{cidr: 169.254.0.0/16}', 'link-local'],
    ['{cidr: "fd00::/8"}', 'the whole range for unique local'],
    ['{cidr: "fc00::/7"}', 'the whole range for unique local'],
    ['{cidr: "fd12:3456::/48"}', undefined],
    ['{cidr: 0.0.0.0/0}', undefined],
    ['{cidr: 8.0.0.0/6}', 'more than 10.0.0.0/8'],
    ['{cidr: 203.0.113.0/24}', undefined],
  ])('%s', (block, message) => {
    const found = problemsOf(policy(block), 'private-range').map((one) => one.message);
    expect(found).toEqual(message === undefined ? [] : [expect.stringContaining(message)]);
  });
});
