import { describe, expect, it } from 'vitest';
import { problemsOf, verdictOn } from '../../../../test/support/lint.ts';

const deployment = (name: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: shop}
spec:
  selector: {matchLabels: {app: ${name}}}
  template: {metadata: {labels: {app: ${name}}}, spec: {containers: [{name: main}]}}
---`;
const PODS = deployment('web') + deployment('api') + deployment('cache');
const policy = (selector: string, types: string, rules: string) => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: shop}
spec: {podSelector: ${selector}, policyTypes: ${types}, ${rules}}
---`;
const OTHERS = '{matchExpressions: [{key: app, operator: NotIn, values: [cache]}]}';

describe('egress-not-isolated', () => {
  it.each([
    ['one beside others that are restricted', policy(OTHERS, '[Egress]', 'egress: [{to: [{podSelector: {}}]}]'), 1],
    ['one beside others that are closed', policy(OTHERS, '[Ingress, Egress]', 'egress: []'), 1],
    ['none', policy('{}', '[Egress]', 'egress: []'), 0],
    ['egress that is open as a whole', policy(OTHERS, '[Egress]', 'egress: [{}]'), 0],
    ['ingress policies', policy(OTHERS, '[Ingress]', 'ingress: []'), 0],
  ])('%s', (_, objects, count) => {
    const text = PODS + objects;
    const findings = problemsOf(text, 'egress-not-isolated');
    expect(findings).toHaveLength(count);
    for (const finding of findings) {
      expect(finding).toMatchObject({ severity: 'medium', effect: 'leaves 1 pod in 1 namespace open' });
      expect(finding.message).toContain('shop/cache may connect to everybody');
      if (finding.example !== undefined) expect(verdictOn(text, finding.example)).toBe('allowed');
    }
  });
});
