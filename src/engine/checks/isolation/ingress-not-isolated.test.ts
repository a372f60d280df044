import { describe, expect, it } from 'vitest';
import { problemsOf, verdictOn } from '../../../../test/support/lint.ts';

const deployment = (name: string, spec = 'ports: [{containerPort: 8080}]', pod = '', namespace = 'shop') => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: ${namespace}}
spec:
  replicas: 2
  selector: {matchLabels: {app: ${name}}}
  template: {metadata: {labels: {app: ${name}}}, spec: {${pod} containers: [{name: main, ${spec}}]}}
---`;
const policy = (selector: string, rules = '[]', namespace = 'shop') => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p-${namespace}, namespace: ${namespace}}
spec: {podSelector: ${selector}, policyTypes: [Ingress], ingress: ${rules}}
---`;
const THREE = deployment('web') + deployment('api') + deployment('cache');
const WEB = '{matchLabels: {app: web}}';
const NOT_CACHE = '{matchExpressions: [{key: app, operator: NotIn, values: [cache]}]}';

describe('ingress-not-isolated', () => {
  it.each([
    ['one of three', THREE + policy(NOT_CACHE), ['shop/cache']],
    ['as many as not, which is the namespace', deployment('web') + deployment('cache') + policy(WEB), []],
    ['most, which is the namespace', THREE + policy(WEB), []],
    ['none', deployment('web') + deployment('cache') + policy('{}'), []],
    ['all, without any policy', deployment('web') + deployment('cache'), []],
    ['one beside others that let everybody in', THREE + policy(NOT_CACHE, '[{}]'), ['shop/cache']],
    [
      'a pod of the host network',
      deployment('web') + deployment('api') + deployment('cache', undefined, 'hostNetwork: true,') + policy(NOT_CACHE),
      [],
    ],
    [
      'pods of another namespace',
      deployment('web') + deployment('api') + deployment('cache', undefined, '', 'other') + policy(NOT_CACHE),
      [],
    ],
    [
      'pods beside the control plane',
      (THREE + policy(NOT_CACHE)).replaceAll('namespace: shop', 'namespace: kube-system'),
      [],
    ],
  ])('%s', (_, text, names) => {
    const findings = problemsOf(text, 'ingress-not-isolated');
    expect(findings.map(({ message }) => /connect to (\S+)/.exec(message)![1])).toEqual(names);
    for (const finding of findings) {
      expect(finding).toMatchObject({ severity: 'high', impact: { pods: 2 }, source: { path: 'metadata.name' } });
      expect(verdictOn(text, finding.example!)).toBe('allowed');
    }
  });

  it('is low where no port is declared', () => {
    const text = deployment('web') + deployment('api') + deployment('cache', 'image: x') + policy(NOT_CACHE);
    expect(problemsOf(text, 'ingress-not-isolated')[0]!.severity).toBe('low');
  });

  it('trusts rules of other tiers that deny', () => {
    const text = `${THREE}${policy(NOT_CACHE)}
apiVersion: policy.networking.k8s.io/v1alpha1
kind: BaselineAdminNetworkPolicy
metadata: {name: default}
spec: {subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}
`;
    expect(problemsOf(text, 'ingress-not-isolated')).toEqual([]);
    expect(problemsOf(text.replace('action: Deny', 'action: Allow'), 'ingress-not-isolated')).toHaveLength(1);
  });
});
