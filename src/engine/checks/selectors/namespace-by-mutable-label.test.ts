import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../../../test/support/lint.ts';
import { proveFix } from '../../../../test/support/prove-fix.ts';
import { from, namespace, pod } from '../../../../test/support/shop-manifests.ts';

const ID = 'namespace-by-mutable-label';

const by = (labels: string) => from(`{namespaceSelector: {matchLabels: {${labels}}}}`);
const SPACES = namespace('shop') + namespace('monitoring', 'purpose: monitoring') + pod('web') + pod('x', 'monitoring');

describe(ID, () => {
  it.each([
    ['a label that holds a name', '', 'name: monitoring', ['medium']],
    ['the label that the API server sets', '', 'kubernetes.io/metadata.name: monitoring', []],
    ['a label of one namespace', SPACES, 'purpose: monitoring', []],
    ['two labels', '', 'name: monitoring, team: a', ['medium']],
  ])('%s', (_, text, labels, severities) => {
    expect(problemsOf(text + by(labels), ID).map(({ severity }) => severity)).toEqual(severities);
  });

  it('leaves a label that no namespace has to the check of that', () => {
    const text =
      namespace('shop') + namespace('monitoring') + pod('web') + pod('x', 'monitoring') + by('name: monitoring');
    const checks = (input: string) =>
      problemsOf(input)
        .map(({ check }) => check)
        .filter((id) => id !== 'no-default-deny');
    expect(checks(text)).toEqual(['no-such-namespace']);
    const labelled = text.replace('name: monitoring, labels: {}', 'name: monitoring, labels: {name: monitoring}');
    expect(checks(labelled)).toEqual([ID]);
  });

  it.each([
    '{matchLabels: {name: monitoring}}',
    '{matchExpressions: [{key: name, operator: In, values: [monitoring]}]}',
  ])('is mended in %s', (selector) => {
    const text = from(`{namespaceSelector: ${selector}}`);
    proveFix(text, problemsOf(text, ID)[0]!);
  });

  it('is silent about denials and subjects', () => {
    const text = `
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: all}
spec:
  tier: Admin
  priority: 1
  subject: {namespaces: {matchLabels: {name: shop}}}
  ingress: [{action: Deny, from: [{namespaces: {matchLabels: {name: dev}}}]}]`;
    expect(problemsOf(text, ID)).toEqual([]);
    expect(problemsOf(text.replace('Deny', 'Accept'), ID)).toHaveLength(1);
  });
});
