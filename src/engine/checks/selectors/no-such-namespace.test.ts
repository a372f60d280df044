import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../../../test/support/lint.ts';
import { proveFix } from '../../../../test/support/prove-fix.ts';
import { from, namespace, pod } from '../../../../test/support/shop-manifests.ts';

const ID = 'no-such-namespace';

const by = (labels: string) => from(`{namespaceSelector: {matchLabels: {${labels}}}}`);
const WHOLE =
  ['default', 'kube-system', 'kube-public'].map((name) => namespace(name)).join('') + namespace('shop', 'team: shop');

describe(ID, () => {
  it.each([
    ['a label name, of a namespace that is there', namespace('monitoring'), 'name: monitoring', 1],
    ['a label name, of one that has it', namespace('monitoring', 'name: monitoring'), 'name: monitoring', 0],
    ['a label name, of one that is not there', namespace('dev'), 'name: monitoring', 0],
    ['a label name, of one that is only mentioned', pod('x', 'monitoring'), 'name: monitoring', 0],
    ['a label of nobody', namespace('monitoring'), 'purpose: monitoring', 0],
    ['a label of nobody in a part of a cluster', namespace('monitoring') + namespace('shop'), 'purpose: monitoring', 0],
    ['a label of nobody in a whole cluster', WHOLE, 'purpose: monitoring', 1],
    ['a name of nobody in a whole cluster', WHOLE, 'kubernetes.io/metadata.name: monitoring', 1],
    ['a label of a namespace in a whole cluster', WHOLE, 'team: shop', 0],
    ['a label of nobody in a cluster with more namespaces', WHOLE + pod('x', 'dev'), 'purpose: monitoring', 0],
  ])('%s', (_, text, labels, count) => {
    expect(problemsOf(text + by(labels), ID)).toHaveLength(count);
  });

  it.each([
    '{matchLabels: {name: monitoring}}',
    '{matchExpressions: [{key: name, operator: In, values: [monitoring]}]}',
  ])('is mended by the label that is set by itself: %s', (selector) => {
    const text = namespace('monitoring') + from(`{namespaceSelector: ${selector}}`);
    const [finding] = problemsOf(text, ID);
    expect(finding!.message).toBe(
      'there is a namespace monitoring, but no namespace has the label name: only kubernetes.io/metadata.name is set by itself, so this peer matches nobody',
    );
    proveFix(text, finding!);
  });

  it('is mended by the value that was meant', () => {
    const text = WHOLE + namespace('more', 'team: shop') + by('team: shpo');
    const [finding] = problemsOf(text, ID);
    expect(finding!.hint).toBe('did you mean team=shop?');
    proveFix(text, finding!);
  });

  it('is found in subjects', () => {
    const text = `${WHOLE}
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: all}
spec: {tier: Admin, priority: 1, subject: {namespaces: {matchLabels: {team: x}}}, ingress: []}`;
    expect(problemsOf(text, ID).map(({ source }) => source.path)).toEqual([]);
    const rules = text.replace('ingress: []', 'ingress: [{action: Deny, from: [{namespaces: {}}]}]');
    expect(problemsOf(rules, ID)).toMatchObject([{ source: { path: 'spec.subject.namespaces' } }]);
  });
});
