import { describe, expect, it } from 'vitest';
import { problemsOf, verdictOn } from '../../../../test/support/lint.ts';
import { proveFix } from '../../../../test/support/prove-fix.ts';

const POD = `
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: web}]}
---`;

const policy = (name: string, selector: string, rules: string) => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}, namespace: shop}
spec: {podSelector: ${selector}, policyTypes: [Egress], egress: ${rules}}
---`;

const LEAVES_OUT = '[{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.169.254/32]}}], ports: [{port: 80}]}]';
const WEB = '{matchLabels: {app: web}}';

describe('metadata-allowed-again', () => {
  it.each([
    ['a block', '[{to: [{ipBlock: {cidr: 169.254.0.0/16}}]}]', 'spec.egress[0].to[0].ipBlock.cidr'],
    ['everybody', '[{}]', 'spec.egress[0]'],
    ['everybody on port 80', '[{ports: [{port: 80}]}]', 'spec.egress[0]'],
  ])('another policy that opens it for %s', (_, rules, path) => {
    const text = POD + policy('internet', '{}', LEAVES_OUT) + policy('web', WEB, rules);
    const findings = problemsOf(text, 'metadata-allowed-again');
    expect(findings.map(({ source }) => source.path)).toEqual([path]);
    expect(findings[0]).toMatchObject({ policy: { name: 'web' }, impact: { pods: 1 } });
    expect(findings[0]!.message).toContain('which "internet" leaves out');
    expect(verdictOn(text, findings[0]!.example!)).toBe('allowed');
    if (findings[0]!.fix !== undefined) proveFix(text, findings[0]!);
    expect(findings[0]!.fix === undefined).toBe(path === 'spec.egress[0]');
  });

  it('takes such addresses from metadata-reachable, which keeps the others', () => {
    const text =
      policy('internet', '{}', LEAVES_OUT) + policy('web', WEB, '[{to: [{ipBlock: {cidr: 169.254.0.0/16}}]}]');
    const reachable = problemsOf(text, 'metadata-reachable').filter((one) => one.policy?.name === 'web');
    expect(reachable[0]!.message).not.toContain('169.254.169.254');
    expect(reachable[0]!.message).toContain('169.254.170.2');
  });

  it.each([
    ['other pods', '{matchLabels: {app: db}}', '[{to: [{ipBlock: {cidr: 169.254.0.0/16}}]}]'],
    ['port 53', WEB, '[{to: [{ipBlock: {cidr: 169.254.0.0/16}}], ports: [{port: 53, protocol: UDP}]}]'],
  ])('says nothing about %s', (_, selector, rules) => {
    const text = policy('internet', WEB, LEAVES_OUT) + policy('web', selector, rules);
    expect(problemsOf(text, 'metadata-allowed-again')).toEqual([]);
  });

  it('sees it within one rule, and in a namespace of its own only', () => {
    const both =
      '[{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.169.254/32]}}, {ipBlock: {cidr: 169.254.169.0/24}}]}]';
    expect(problemsOf(policy('web', WEB, both), 'metadata-allowed-again')).toHaveLength(1);
    const elsewhere = policy('web', WEB, '[{}]').replace('namespace: shop', 'namespace: other');
    expect(problemsOf(policy('internet', '{}', LEAVES_OUT) + elsewhere, 'metadata-allowed-again')).toEqual([]);
  });
});
