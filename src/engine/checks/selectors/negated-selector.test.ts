import { describe, expect, it } from 'vitest';
import { problemsOf, verdictOn } from '../../../../test/support/lint.ts';
import { proveFix } from '../../../../test/support/prove-fix.ts';
import { from, pod, policy } from '../../../../test/support/shop-manifests.ts';

const ID = 'negated-selector';

const NOT_IN = (key: string) => `matchExpressions: [{key: ${key}, operator: NotIn, values: [batch]}]`;
const WEB = pod('web', 'shop', ', tier: front', '{containerPort: 8080}');

describe(ID, () => {
  it.each([
    ['pods without the label', WEB + pod('x'), `{podSelector: {${NOT_IN('tier')}}}`, ['medium']],
    ['pods that all have it', WEB, `{podSelector: {${NOT_IN('tier')}}}`, []],
    ['no pods', '', `{podSelector: {${NOT_IN('tier')}}}`, ['low']],
    ['a label that must be there', WEB + pod('x'), `{podSelector: {matchLabels: {app: x}, ${NOT_IN('tier')}}}`, []],
    [
      'a label that must not be there',
      WEB + pod('x'),
      '{podSelector: {matchExpressions: [{key: tier, operator: DoesNotExist}]}}',
      ['medium'],
    ],
    ['namespaces without the label', WEB + pod('x', 'dev'), `{namespaceSelector: {${NOT_IN('team')}}}`, ['medium']],
    [
      'names of namespaces',
      WEB + pod('x', 'dev'),
      `{namespaceSelector: {${NOT_IN('kubernetes.io/metadata.name')}}}`,
      [],
    ],
    ['every pod', WEB, '{podSelector: {}}', []],
  ])('%s', (_, pods, peer, severities) => {
    expect(problemsOf(pods + from(peer), ID).map(({ severity }) => severity)).toEqual(severities);
  });

  it('is silent about egress, subjects and denials', () => {
    const egress = policy(`policyTypes: [Egress], egress: [{to: [{podSelector: {${NOT_IN('tier')}}}]}]`);
    const subject = policy('policyTypes: [Ingress], ingress: [{ports: [{port: 80}]}]', `{${NOT_IN('tier')}}`);
    expect(problemsOf(egress + subject, ID)).toEqual([]);
  });

  it('shows who gets in, and is mended by asking for the label', () => {
    const text = WEB + pod('x') + from(`{podSelector: {${NOT_IN('tier')}}}`);
    const [finding] = problemsOf(text, ID);
    expect(finding).toMatchObject({
      message:
        'tier!=batch only says which pods are not meant: all others are let in, pods without the label tier included',
      effect: 'opens 8080 to 1 pod in 1 namespace without the label tier',
      example: 'shop/x -> shop/web:8080',
    });
    expect(verdictOn(text, finding!.example!)).toBe('allowed');
    proveFix(text, finding!);
  });
});
