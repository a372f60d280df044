import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../../../test/support/lint.ts';
import { proveFix } from '../../../../test/support/prove-fix.ts';

const POD = `
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: main}]}
---`;
const policy = (name: string, annotations: string, spec: string, namespace = 'shop') => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}, namespace: ${namespace}${annotations === '' ? '' : `, annotations: {${annotations}}`}}
spec: ${spec}
---`;
const wave = (number: number | string) => `argocd.argoproj.io/sync-wave: "${number}"`;
const DENY = '{podSelector: {}, policyTypes: [Ingress]}';
const ALLOW =
  '{podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress], ingress: [{from: [{podSelector: {}}]}]}';
const ID = 'deny-before-allow';

describe('deny-before-allow', () => {
  it.each([
    ['an earlier wave', wave(-1), '', 1],
    ['a wave before that of the rules', wave(1), wave(2), 1],
    ['no wave, and rules with one', '', wave(5), 1],
    ['the same wave', wave(3), wave(3), 0],
    ['a later wave', wave(2), wave(1), 0],
    ['no waves', '', '', 0],
    ['a wave that is no number', wave('first'), '', 0],
    ['a hook before', 'argocd.argoproj.io/hook: PreSync', '', 1],
    ['a hook after', 'argocd.argoproj.io/hook: PostSync', '', 0],
    ['a hook of Helm before', 'helm.sh/hook: "pre-install,pre-upgrade"', '', 1],
    [
      'hooks before, the denial first',
      'helm.sh/hook: pre-install, helm.sh/hook-weight: "-5"',
      'helm.sh/hook: pre-install',
      1,
    ],
    ['rules in a hook before', '', 'argocd.argoproj.io/hook: PreSync', 0],
  ])('%s', (_, denial, rules, count) => {
    const text = POD + policy('deny', denial, DENY) + policy('web', rules, ALLOW);
    const findings = problemsOf(text, ID);
    expect(findings).toHaveLength(count);
    for (const finding of findings) {
      expect(finding).toMatchObject({ policy: { name: 'deny' }, impact: { pods: 1 }, related: [{}] });
      if (finding.fix !== undefined) proveFix(text, finding);
    }
  });

  it('offers the last wave that is needed, where waves decide', () => {
    const text = policy('deny', wave(-1), DENY) + policy('web', wave(1), ALLOW) + policy('api', wave(4), ALLOW);
    const [finding] = problemsOf(text, ID);
    expect(finding!.source.path).toBe('metadata.annotations[argocd.argoproj.io/sync-wave]');
    expect(finding!.message).toContain('in sync wave -1, before the policies that allow');
    expect(finding!.fix!.edits).toMatchObject([{ op: 'set', value: '4' }]);
    proveFix(text, finding!);
    const hook = policy('deny', 'argocd.argoproj.io/hook: PreSync', DENY) + policy('web', '', ALLOW);
    expect(problemsOf(hook, ID)[0]!.fix).toBeUndefined();
  });

  it.each([
    [
      'another direction',
      ALLOW.replace('Ingress', 'Egress').replace('ingress:', 'egress:').replace('from', 'to'),
      'shop',
    ],
    ['another namespace', ALLOW, 'other'],
    ['no rules', '{podSelector: {}, policyTypes: [Ingress]}', 'shop'],
  ])('says nothing about policies of %s', (_, spec, namespace) => {
    expect(problemsOf(policy('deny', wave(-1), DENY) + policy('web', '', spec, namespace), ID)).toEqual([]);
  });

  it('says nothing about denials for other pods, or with rules of their own', () => {
    const other = '{podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress]}';
    expect(problemsOf(policy('deny', wave(-1), other) + policy('web', '', ALLOW), ID)).toEqual([]);
    expect(problemsOf(policy('one', wave(-1), ALLOW) + policy('web', '', ALLOW), ID)).toEqual([]);
  });
});
