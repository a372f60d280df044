import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../../../test/support/lint.ts';

const pod = (name: string, labels = `app: ${name}`) => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: shop, labels: {${labels}}}
spec: {containers: [{name: main, ports: [{name: http, containerPort: 8080}]}]}
---`;
const PODS = pod('web', 'app: web, tier: front') + pod('api', 'app: api, tier: back') + pod('mail');
const policy = (name: string, selector: string, rules: string, types = '[Ingress]') => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}, namespace: shop}
spec: {podSelector: ${selector}, policyTypes: ${types}, ingress: ${rules}}
---`;
const WEB = '{matchLabels: {app: web}}';
const from = (labels: string, port: number | string = 8080) =>
  `{from: [{podSelector: {matchLabels: {${labels}}}}], ports: [{port: ${port}}]}`;
const ANY = '{from: [{podSelector: {}}], ports: [{port: 8080}]}';

/** Rules that are redundant, and where it is written that others say the same. */
const redundant = (text: string) =>
  problemsOf(PODS + text, 'redundant-rule').map(
    ({ policy: ref, severity, source, related = [] }) =>
      `${ref!.name} ${source.path} ${severity}${related.map((one) => ` <- ${one.source.path}`).join()}`,
  );

describe('redundant-rule', () => {
  it.each([
    [
      'a copy',
      policy('a', WEB, `[${from('app: api')}, ${from('app: api')}]`),
      ['a spec.ingress[1] low <- spec.ingress[0]'],
    ],
    [
      'a wider rule before it',
      policy('a', WEB, `[${ANY}, ${from('app: api')}]`),
      ['a spec.ingress[1] low <- spec.ingress[0]'],
    ],
    [
      'a wider rule behind it',
      policy('a', WEB, `[${from('app: api')}, ${ANY}]`),
      ['a spec.ingress[0] low <- spec.ingress[1]'],
    ],
    [
      'two rules together',
      policy(
        'a',
        WEB,
        `[{from: [{podSelector: {}}], ports: [{port: 80, endPort: 90}]}, {from: [{podSelector: {}}], ports: [{port: 91, endPort: 99}]}, {from: [{podSelector: {}}], ports: [{port: 85, endPort: 95}]}]`,
      ),
      ['a spec.ingress[2] low'],
    ],
    [
      'the same pods as it happens',
      policy('a', WEB, `[${from('app: api')}, ${from('tier: back')}]`),
      ['a spec.ingress[1] info'],
    ],
    ['another port', policy('a', WEB, `[${from('app: api', 80)}, ${from('app: api')}]`), []],
    [
      'a name for the number of today',
      policy('a', WEB, `[${from('app: api', 'http')}, ${from('app: api')}]`),
      ['a spec.ingress[1] info'],
    ],
    ['nobody', policy('a', WEB, `[${from('app: gone')}, ${from('app: gone')}]`), []],
    [
      'rules of a policy that could go as a whole',
      policy('a', WEB, `[${from('app: api')}]`) + policy('b', WEB, `[${from('app: api')}]`),
      [],
    ],
    [
      'rules of a direction that is not listed',
      policy('a', WEB, `[${from('app: api')}, ${from('app: api')}]`, '[Egress]'),
      [],
    ],
  ])('%s', (_, text, expected) => {
    expect(redundant(text)).toEqual(expected);
  });

  it('may be one that another policy says', () => {
    const text =
      policy('a', WEB, `[${from('app: api')}, ${from('app: mail', 95)}]`) +
      policy('b', '{matchLabels: {tier: front, app: web}}', `[${from('app: api')}, ${from('app: mail', 90)}]`);
    const [finding] = problemsOf(PODS + text, 'redundant-rule');
    expect(finding!.message).toBe('"a" says all that this rule says, so nothing changes without it');
    expect(finding).toMatchObject({ policy: { name: 'b' }, fix: { announced: 'same' } });
  });

  it('offers no list without rules', () => {
    const text = policy('a', WEB, `[${from('app: api')}]`) + policy('b', '{}', `[${from('app: api')}]`);
    const found = problemsOf(PODS + text);
    expect(
      found
        .filter(({ check }) => check.startsWith('redundant'))
        .map(({ check, policy: ref }) => `${check} ${ref!.name}`),
    ).toEqual(['redundant-policy a']);
    const split =
      policy('a', WEB, `[${from('app: api')}]`, '[Ingress, Egress]') + policy('b', '{}', `[${from('app: api')}]`);
    const [rule] = problemsOf(PODS + split, 'redundant-rule');
    expect(rule).toMatchObject({ policy: { name: 'a' } });
    expect(rule!.fix).toBeUndefined();
  });
});
