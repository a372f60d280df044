import { describe, expect, it } from 'vitest';
import { problemsOf, verdictOn } from '../../../../test/support/lint.ts';
import { proveFix } from '../../../../test/support/prove-fix.ts';

const NAMESPACE = (name: string) => `
apiVersion: v1
kind: Namespace
metadata: {name: ${name}}
---`;
const deployment = (name: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: shop}
spec:
  replicas: 3
  selector: {matchLabels: {app: ${name}}}
  template: {metadata: {labels: {app: ${name}}}, spec: {containers: [{name: main, ports: [{containerPort: 80}]}]}}
---`;
const policy = (selector: string, types = '[Ingress]') => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: shop}
spec: {podSelector: ${selector}, policyTypes: ${types}}
---`;
const SHOP = NAMESPACE('shop');
const TWO = deployment('web') + deployment('api');

describe('no-default-deny', () => {
  it.each([
    ['no policy', SHOP + TWO, 'medium', 'no policy isolates the pods of namespace "shop"'],
    [
      'one of three',
      SHOP + TWO + deployment('db') + policy('{matchLabels: {app: web}}'),
      'medium',
      'isolate only some pods',
    ],
    [
      'every pod by a selector',
      SHOP + TWO + policy('{matchExpressions: [{key: app, operator: In, values: [web, api]}]}'),
      'info',
      'a new pod is open',
    ],
    ['egress only', SHOP + TWO + policy('{}', '[Egress]'), 'medium', 'no policy isolates the pods'],
    ['every pod', SHOP + TWO + policy('{}'), undefined, ''],
    ['a namespace that is not declared', TWO, undefined, ''],
    ['a namespace without pods', SHOP, undefined, ''],
    ['the control plane', (SHOP + TWO).replaceAll('shop', 'kube-system'), undefined, ''],
  ])('%s', (_, text, severity, words) => {
    const findings = problemsOf(text, 'no-default-deny');
    expect(findings.map((one) => one.severity)).toEqual(severity === undefined ? [] : [severity]);
    for (const finding of findings) {
      expect(finding.message).toContain(words);
      expect(finding.controls).toContain('CIS-5.3.2');
      if (finding.example !== undefined) expect(verdictOn(text, finding.example)).toBe('allowed');
      if (finding.fix !== undefined) proveFix(text, finding);
      expect(finding.fix !== undefined).toBe(severity === 'info');
    }
  });

  it('is low where no pod declares a port', () => {
    const silent = TWO.replaceAll('containerPort: 80', '');
    expect(problemsOf(SHOP + silent.replaceAll(', ports: [{}]', ''), 'no-default-deny')[0]!.severity).toBe('low');
  });

  it('counts the pods that are open', () => {
    expect(problemsOf(SHOP + TWO, 'no-default-deny')[0]).toMatchObject({
      impact: { pods: 6, namespaces: 1 },
      source: { path: 'metadata.name' },
    });
  });

  it('trusts cluster-scoped policies that deny something in the namespace', () => {
    const deny = (subject: string) => `
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: base}
spec: {tier: Baseline, priority: 1, subject: {namespaces: ${subject}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}
`;
    expect(problemsOf(SHOP + TWO + deny('{}'), 'no-default-deny')).toEqual([]);
    const elsewhere = deny('{matchLabels: {kubernetes.io/metadata.name: other}}');
    expect(problemsOf(SHOP + TWO + elsewhere, 'no-default-deny')).toHaveLength(1);
  });
});
