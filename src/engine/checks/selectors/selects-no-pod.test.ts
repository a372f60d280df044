import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../../../test/support/lint.ts';
import { proveFix } from '../../../../test/support/prove-fix.ts';
import { pod, policy } from '../../../../test/support/shop-manifests.ts';

const ID = 'selects-no-pod';

const RULE = 'policyTypes: [Ingress], ingress: [{ports: [{port: 8080}]}]';
const PROMETHEUS = `
apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: {name: k8s, namespace: shop}
---`;
const HOST = pod('agent').replace('spec: {', 'spec: {hostNetwork: true, ');
const BROKEN = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: broken, namespace: shop}
spec: 5
---`;

describe(ID, () => {
  it.each([
    ['a pod', pod('web'), '{matchLabels: {app: web}}', []],
    ['no pod', pod('db'), '{matchLabels: {app: web}}', ['medium']],
    ['nearly a pod', pod('web'), '{matchLabels: {app: wbe}}', ['high']],
    ['a pod under another key', pod('db', 'shop', ', tier: front'), '{matchLabels: {role: front}}', ['high']],
    ['no pod of a namespace without any', pod('web', 'dev'), '{matchLabels: {app: web}}', []],
    ['perhaps a pod of an operator', pod('db') + PROMETHEUS, '{matchLabels: {app.kubernetes.io/name: prometheus}}', []],
    ['no pod of an operator', pod('db') + PROMETHEUS, '{matchLabels: {app.kubernetes.io/name: grafana}}', ['medium']],
    ['perhaps a pod of an object that was not understood', pod('db') + BROKEN, '{matchLabels: {app: web}}', []],
    ['a hostNetwork pod', pod('db') + HOST, '{matchLabels: {app: agent}}', []],
    ['everything', pod('db'), '{}', []],
  ])('%s', (_, pods, selector, severities) => {
    expect(problemsOf(pods + policy(RULE, selector), ID).map(({ severity }) => severity)).toEqual(severities);
  });

  it('does not depend on what a controller will add', () => {
    const job = `
apiVersion: batch/v1
kind: Job
metadata: {name: once, namespace: shop}
spec: {template: {metadata: {labels: {app: once}}, spec: {containers: [{name: once, image: once}]}}}
---`;
    expect(problemsOf(job + policy(RULE, '{matchLabels: {controller-uid: x}}'), ID)).toEqual([]);
  });

  it('names what is there', () => {
    const text = pod('db') + pod('cache') + policy(RULE);
    expect(problemsOf(text, ID)).toMatchObject([
      {
        message: 'no pod has the labels app=web of namespace shop, so the policy protects nobody',
        hint: 'pods there have app: cache, db',
        source: { path: 'spec.podSelector' },
      },
    ]);
  });

  it.each([
    ['another value', '{matchLabels: {app: wbe}}', 'write app=web'],
    ['another key', '{matchLabels: {application: web}}', 'write the key app'],
    [
      'another value of an expression',
      '{matchExpressions: [{key: app, operator: In, values: [wbe]}]}',
      'write app=web',
    ],
    [
      'another key of an expression',
      '{matchExpressions: [{key: aap, operator: In, values: [web]}]}',
      'write the key app',
    ],
  ])('is mended by %s', (_, selector, title) => {
    const text = pod('web') + policy(RULE, selector);
    const [finding] = problemsOf(text, ID);
    expect(finding!.fix!.title).toBe(title);
    proveFix(text, finding!);
  });

  it('says nothing of the rules of such a policy', () => {
    const text =
      pod('db') + policy('policyTypes: [Ingress], ingress: [{from: [{podSelector: {matchLabels: {app: x}}}]}, {}]');
    expect(problemsOf(text).map(({ check }) => check)).toEqual([ID]);
  });

  it.each([
    ['{namespaces: {matchLabels: {team: b}}}', 0],
    ['{pods: {namespaceSelector: {matchLabels: {team: a}}, podSelector: {matchLabels: {app: web}}}}', 0],
    ['{pods: {namespaceSelector: {matchLabels: {team: a}}, podSelector: {matchLabels: {app: x}}}}', 1],
  ])('subject %s in a whole cluster', (subject, count) => {
    const spaces = ['default', 'kube-system', 'kube-public', 'shop']
      .map(
        (name) =>
          `\napiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}, labels: {team: ${name === 'shop' ? 'a' : 'x'}}}\n---`,
      )
      .join('');
    const text = `${pod('web')}${spaces}
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: all}
spec: {tier: Admin, priority: 1, subject: ${subject}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}`;
    expect(problemsOf(text, ID)).toHaveLength(count);
    expect(
      problemsOf(
        text.replace('kind: Namespace\nmetadata: {name: kube-public', 'kind: Namespace\nmetadata: {name: other'),
        ID,
      ),
    ).toEqual([]);
  });
});
