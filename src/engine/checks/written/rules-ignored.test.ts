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
  });

  it('is mended by listing the direction', () => {
    const [finding] = problemsOf(policy('[Ingress]', '  egress: [{}]'), 'rules-ignored');
    expect(finding!.fix!.edits).toMatchObject([{ op: 'insert', path: ['spec', 'policyTypes', 1], value: 'Egress' }]);
    const text = policy('[Ingress]', '  egress: [{}]');
    proveFix(text, finding!);
    proveFix(text, finding!, 'take the egress rules away');
  });
});
