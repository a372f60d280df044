import { describe, expect, it } from 'vitest';
import { namespace, pod, policy, scenario } from '../../../test/support/scenario.ts';
import { closingPolicies, foreignPolicies } from './foreign-policies.ts';

const SHOP = [namespace('shop'), pod('shop/web', { labels: 'app=web' })];
const DNS =
  '{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}, podSelector: {matchLabels: {k8s-app: kube-dns}}}]}';

function closing(...specs: readonly string[]): string[] {
  const { state } = scenario([...SHOP, ...specs.map((spec, index) => policy(`shop/p${index}`, spec))]);
  return closingPolicies(foreignPolicies(state), 'shop').map(({ name }) => name);
}

const both = (rules: string) => `{podSelector: {}, policyTypes: [Ingress, Egress]${rules}}`;

describe('policies that close a namespace', () => {
  it.each([
    ['denies everything', both(''), ['p0']],
    ['lets out to the DNS', both(`, egress: [${DNS}]`), ['p0']],
    ['lets its own pods in', both(', ingress: [{from: [{podSelector: {}}]}]'), []],
    ['lets some of its own pods in', both(', ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]'), ['p0']],
    ['lets everybody in', both(', ingress: [{}]'), []],
    ['lets all pods in', both(', ingress: [{from: [{namespaceSelector: {}}]}]'), []],
    ['lets out to addresses', both(', egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]'), []],
    ['is for some pods only', '{podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress, Egress]}', []],
  ])('one that %s', (_what, spec, expected) => {
    expect(closing(spec)).toEqual(expected);
  });

  it('may be several together, those that open too much aside', () => {
    const [ingress, egress] = ['Ingress', 'Egress'].map((type) => `{podSelector: {}, policyTypes: [${type}]}`);
    expect(closing(ingress!, egress!)).toEqual(['p0', 'p1']);
    expect(closing(ingress!, '{podSelector: {}, policyTypes: [Egress], egress: [{}]}')).toEqual([]);
  });
});
