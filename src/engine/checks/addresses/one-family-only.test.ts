import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../../../test/support/lint.ts';
import { proveFix } from '../../../../test/support/prove-fix.ts';

const policy = (rules: string) => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: {podSelector: {}, policyTypes: [Egress], egress: ${rules}}
`;
const BOTH = { assume: ['families=IPv4,IPv6'] };

const V4 =
  '{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8, 100.64.0.0/10, 169.254.0.0/16, 172.16.0.0/12, 192.168.0.0/16, 168.63.129.16/32, 192.0.0.192/32]}}';
const V6 = '{ipBlock: {cidr: "::/0", except: ["fc00::/7", "fe80::/10"]}}';

describe('one-family-only', () => {
  it.each([
    [`[{to: [${V4}]}]`, 1],
    [`[{to: [${V6}]}]`, 1],
    [`[{to: [${V4}, ${V6}]}]`, 0],
    [`[{to: [${V4}]}, {to: [${V6}]}]`, 0],
    [`[{to: [${V4}]}, {}]`, 0],
    ['[{to: [{ipBlock: {cidr: 203.0.113.0/24}}]}]', 0],
    ['[{}]', 0],
  ])('%s', (rules, count) => {
    expect(problemsOf(policy(rules), 'one-family-only', BOTH)).toHaveLength(count);
  });

  it('is silent where pods have one family, or nobody knows', () => {
    const text = policy(`[{to: [${V4}]}]`);
    expect(problemsOf(text, 'one-family-only')).toEqual([]);
    expect(problemsOf(text, 'one-family-only', { assume: ['families=IPv4'] })).toEqual([]);
  });

  it('is mended by the block of the other family', () => {
    for (const block of [V4, V6]) {
      const text = policy(`[{to: [{podSelector: {}}, ${block}]}]`);
      proveFix(text, problemsOf(text, 'one-family-only', BOTH)[0]!, undefined, BOTH);
    }
  });
});
