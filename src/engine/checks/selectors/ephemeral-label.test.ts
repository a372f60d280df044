import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../../../test/support/lint.ts';
import { proveFix } from '../../../../test/support/prove-fix.ts';
import { from, policy } from '../../../../test/support/shop-manifests.ts';

const ID = 'ephemeral-label';

const RULE = 'policyTypes: [Ingress], ingress: [{ports: [{port: 80}]}]';

describe(ID, () => {
  it.each([
    ['{matchLabels: {app: web, pod-template-hash: abc}}', ['high']],
    ['{matchLabels: {batch.kubernetes.io/job-name: backup-1}}', ['high']],
    ['{matchLabels: {app: db, statefulset.kubernetes.io/pod-name: db-0}}', ['low']],
    ['{matchLabels: {app: web, app.kubernetes.io/version: "1.0"}}', ['medium']],
    ['{matchExpressions: [{key: helm.sh/chart, operator: NotIn, values: [web-1]}]}', ['medium']],
    ['{matchExpressions: [{key: job-name, operator: Exists}]}', []],
    ['{matchExpressions: [{key: pod-template-hash, operator: DoesNotExist}]}', []],
    ['{matchLabels: {app.kubernetes.io/name: web}}', []],
    ['{matchLabels: {constructor: web}}', []],
  ])('%s', (selector, severities) => {
    expect(problemsOf(policy(RULE, selector), ID).map(({ severity }) => severity)).toEqual(severities);
  });

  it.each([
    ['{matchLabels: {app: web, pod-template-hash: abc}}', true],
    ['{matchLabels: {pod-template-hash: abc}}', false],
    ['{matchLabels: {pod-template-hash: abc}, matchExpressions: [{key: app, operator: NotIn, values: [db]}]}', false],
    ['{matchLabels: {app: web}, matchExpressions: [{key: pod-template-hash, operator: In, values: [a, b]}]}', true],
  ])('takes the label out where others are left: %s', (selector, mends) => {
    const text = policy(RULE, selector);
    const [finding] = problemsOf(text, ID);
    expect(finding!.fix !== undefined).toBe(mends);
    if (mends) proveFix(text, finding!);
  });

  it('is found in peers', () => {
    const text = from('{podSelector: {matchLabels: {app: web, pod-template-hash: abc}}}');
    const [finding] = problemsOf(text, ID);
    expect(finding!.message).toBe(
      'the label pod-template-hash does not last: its value changes with every rollout, and this peer then matches nobody',
    );
    expect(finding!.fix!.announced).toBe('opens');
    proveFix(text, finding!);
  });
});
