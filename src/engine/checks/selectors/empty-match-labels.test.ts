import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../../../test/support/lint.ts';
import { proveFix } from '../../../../test/support/prove-fix.ts';
import { policy } from '../../../../test/support/shop-manifests.ts';

const ID = 'empty-match-labels';

const RULE = 'policyTypes: [Ingress], ingress: [{ports: [{port: 80}]}]';

describe(ID, () => {
  it.each([
    ['{matchLabels: {}}', 1],
    ['{matchLabels: }', 1],
    ['{matchLabels: {}, matchExpressions: []}', 1],
    ['{}', 0],
    ['{matchLabels: {app: web}}', 0],
    ['{matchLabels: {}, matchExpressions: [{key: app, operator: Exists}]}', 0],
    ['{matchExpressions: []}', 0],
  ])('%s', (selector, count) => {
    const text = policy(RULE, selector);
    const found = problemsOf(text, ID);
    expect(found).toHaveLength(count);
    for (const finding of found) {
      expect(finding).toMatchObject({ severity: 'low', fix: { safe: true, announced: 'same' } });
      proveFix(text, finding);
    }
  });

  it('is silent in a default deny', () => {
    expect(problemsOf(policy('policyTypes: [Ingress]', '{matchLabels: {}}'), ID)).toEqual([]);
  });

  it('is found in peers and in cluster-scoped policies', () => {
    const peers = policy(
      'policyTypes: [Ingress], ingress: [{from: [{namespaceSelector: {matchLabels: {}}, podSelector: {matchLabels: {}}}]}]',
    );
    expect(problemsOf(peers, ID).map(({ source }) => source.path)).toEqual([
      'spec.ingress[0].from[0].namespaceSelector.matchLabels',
      'spec.ingress[0].from[0].podSelector.matchLabels',
    ]);
    const text = `
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: all}
spec: {priority: 1, subject: {namespaces: {matchLabels: {}}}, ingress: [{action: Deny, from: [{namespaces: {matchLabels: {a: b}}}]}]}`;
    const [finding] = problemsOf(text, ID);
    expect(finding!.source.path).toBe('spec.subject.namespaces.matchLabels');
    proveFix(text, finding!);
  });
});
