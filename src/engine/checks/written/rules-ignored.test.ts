import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../../../test/support/lint.ts';
import { proveFix } from '../../../../test/support/prove-fix.ts';

const policy = (types: string, rules: string) => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {}
  policyTypes: ${types}
${rules}`;

describe('rules-ignored', () => {
  it.each([
    ['[Ingress]', '  egress: [{to: [{podSelector: {}}]}]', ['spec.egress']],
    ['[Egress]', '  ingress: [{}]', ['spec.ingress']],
    ['[Egress]', '  ingress: []', []],
    ['[Ingress, Egress]', '  egress: [{}]', []],
    ['[]', '  egress: [{}]', []],
  ])('policyTypes %s with%s', (types, rules, paths) => {
    expect(problemsOf(policy(types, rules), 'rules-ignored').map(({ source }) => source.path)).toEqual(paths);
  });

  it('says where a plugin enforces them all the same', () => {
    const text = policy('[Ingress]', '  egress: [{}]');
    expect(problemsOf(text, 'rules-ignored', { cni: 'cilium' })[0]!.message).toContain('enforces them');
    const additive = problemsOf(text, 'rules-ignored', { cni: 'ovn-kubernetes' })[0]!.message;
    expect(additive).toContain('lets them allow');
  });

  it('is mended by listing the direction', () => {
    const text = policy('[Ingress]', '  ingress: [{ports: [{port: 80}]}]\n  egress: [{ports: [{port: 443}]}]');
    const [finding] = problemsOf(text, 'rules-ignored');
    expect(finding!.fix!.edits).toMatchObject([{ op: 'insert', path: ['spec', 'policyTypes', 1], value: 'Egress' }]);
    proveFix(text, finding!);
    proveFix(text, finding!, 'take the egress rules away');
  });

  it('is mended by another type where the listed one has no rules', () => {
    const text = policy('[Ingress]', '  egress: [{ports: [{port: 443}]}]');
    const [finding] = problemsOf(text, 'rules-ignored');
    expect(finding!.fix!.edits).toMatchObject([{ op: 'set', path: ['spec', 'policyTypes', 0], value: 'Egress' }]);
    proveFix(text, finding!);
  });
});
