import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../../../test/support/lint.ts';

const policy = (rules: string) => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: {podSelector: {}, policyTypes: [Egress], egress: ${rules}}
`;
const to = (...cidrs: string[]) => `to: [${cidrs.map((cidr) => `{ipBlock: {cidr: "${cidr}"}}`).join(', ')}]`;

/** Everything but 10.0.0.0/8, 172.16.0.0/12 and 192.168.0.0/16, spelt out. */
const PUBLIC = [
  ['0.0.0.0/5', '8.0.0.0/7', '11.0.0.0/8', '12.0.0.0/6', '16.0.0.0/4', '32.0.0.0/3', '64.0.0.0/2', '128.0.0.0/3'],
  ['160.0.0.0/5', '168.0.0.0/6', '172.0.0.0/12', '172.32.0.0/11', '172.64.0.0/10', '172.128.0.0/9', '173.0.0.0/8'],
  ['174.0.0.0/7', '176.0.0.0/4', '192.0.0.0/9', '192.128.0.0/11', '192.160.0.0/13', '192.169.0.0/16', '193.0.0.0/8'],
].flat();

describe('wide-cover', () => {
  it.each([
    ['two halves', `[{${to('0.0.0.0/1', '128.0.0.0/1')}}]`, 1],
    ['two halves in two rules', `[{${to('0.0.0.0/1')}}, {${to('128.0.0.0/1')}}]`, 1],
    [
      'quarters for two ports',
      `[{${to('0.0.0.0/2')}, ports: [{port: 80}]}, {${to('64.0.0.0/2')}, ports: [{port: 443}]}]`,
      0,
    ],
    ['one half', `[{${to('0.0.0.0/1')}}]`, 1],
    ['a quarter', `[{${to('0.0.0.0/2')}}]`, 0],
    ['the whole, which is whole-internet', `[{${to('0.0.0.0/0', '0.0.0.0/1')}}]`, 0],
    ['all but private networks', `[{${to(...PUBLIC)}}]`, 0],
    ['all but one private network', `[{${to(...PUBLIC, '10.0.0.0/8')}}]`, 1],
    ['IPv6', `[{${to('2000::/3', 'fc00::/7')}}]`, 1],
    ['IPv6 without private networks', `[{${to('2000::/3')}}]`, 0],
    ['a private network alone', `[{${to('10.0.0.0/8')}}]`, 0],
  ])('%s', (_, rules, count) => {
    expect(problemsOf(policy(rules), 'wide-cover')).toHaveLength(count);
  });

  it('stands at the first block and points to the others', () => {
    const [finding] = problemsOf(policy(`[{${to('0.0.0.0/1')}}, {${to('128.0.0.0/1')}}]`), 'wide-cover');
    expect(finding!.source.path).toBe('spec.egress[0].to[0].ipBlock.cidr');
    expect(finding!.related!.map(({ source }) => source.path)).toEqual(['spec.egress[1].to[0].ipBlock.cidr']);
    expect(finding!.message).toContain('hold half of the IPv4 internet');
  });
});
