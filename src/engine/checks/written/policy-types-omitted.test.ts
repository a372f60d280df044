import { describe, expect, it } from 'vitest';
import { problemsOf, verdictOn } from '../../../../test/support/lint.ts';
import { proveFix } from '../../../../test/support/prove-fix.ts';

const ID = 'policy-types-omitted';
const POD = `
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: web, image: web, ports: [{containerPort: 8080}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: other, namespace: shop}
spec: {containers: [{name: other, image: other}]}
---`;
const policy = (rules: string, name = 'web', selector = '{matchLabels: {app: web}}') => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}, namespace: shop}
spec:
  podSelector: ${selector}
${rules}
---`;
const EGRESS = '  egress: [{ports: [{port: 53, protocol: UDP}]}]';
const DENY = policy('  policyTypes: [Ingress, Egress]', 'default-deny', '{}');

describe(ID, () => {
  it.each([
    ['egress rules alone', EGRESS, ['high']],
    ['types that are an empty list', `${EGRESS}\n  policyTypes: []`, ['high']],
    ['types of null', `${EGRESS}\n  policyTypes:`, ['high']],
    ['types', `${EGRESS}\n  policyTypes: [Egress]`, []],
    ['ingress rules, too', `${EGRESS}\n  ingress: [{ports: [{port: 80}]}]`, []],
    ['no ingress on purpose', `${EGRESS}\n  ingress: []`, []],
    ['ingress rules alone', '  ingress: [{ports: [{port: 80}]}]', []],
    ['no rules', '', []],
    ['no egress rules, written so', '  egress: []', ['high']],
  ])('%s', (_, rules, severities) => {
    expect(problemsOf(policy(rules), ID).map(({ severity }) => severity)).toEqual(severities);
  });

  it('counts the pods that nothing else isolates, and shows one', () => {
    const text = POD + policy(EGRESS);
    const [finding] = problemsOf(text, ID);
    expect(finding).toMatchObject({
      effect: 'closes all ingress of 1 pod in 1 namespace',
      example: 'shop/other -> shop/web:8080',
      source: { path: 'spec.egress' },
    });
    expect(verdictOn(text, finding!.example!)).toBe('denied');
    expect(verdictOn(text.replace(EGRESS, `${EGRESS}\n  policyTypes: [Egress]`), finding!.example!)).toBe('allowed');
  });

  it.each([POD, ''])('is low where others isolate the same pods', (pods) => {
    expect(problemsOf(pods + policy(EGRESS) + DENY, ID)).toMatchObject([{ severity: 'low' }]);
  });

  it('is silent about egress: [] where others deny egress', () => {
    expect(problemsOf(policy('  egress: []') + DENY, ID)).toEqual([]);
  });

  it('shows that egress: [] leaves egress open', () => {
    const text = POD + policy('  egress: []');
    const [finding] = problemsOf(text, ID);
    expect(finding!.effect).toBe('leaves the egress of 1 pod in 1 namespace open');
    expect(verdictOn(text, finding!.example!)).toBe('allowed');
    proveFix(text, finding!);
  });

  it('is mended either way', () => {
    const text = POD + policy(EGRESS);
    const [finding] = problemsOf(text, ID);
    proveFix(text, finding!);
    proveFix(text, finding!, finding!.alternatives![0]!.title);
  });
});
