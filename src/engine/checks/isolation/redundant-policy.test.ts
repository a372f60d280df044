import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../../../test/support/lint.ts';

const pod = (name: string, labels = `app: ${name}`, namespace = 'shop') => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: ${namespace}, labels: {${labels}}}
spec: {containers: [{name: main, ports: [{name: http, containerPort: 8080}]}]}
---`;
const PODS = pod('web', 'app: web, tier: front') + pod('api') + pod('mail');
const policy = (name: string, selector: string, rules: string, direction: 'Ingress' | 'Egress' = 'Ingress') => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}, namespace: shop}
spec: {podSelector: ${selector}, policyTypes: [${direction}], ${direction.toLowerCase()}: ${rules}}
---`;
const WEB = '{matchLabels: {app: web}}';
const FRONT = '{matchLabels: {tier: front}}';
const from = (app: string, port = 8080) =>
  `{from: [{podSelector: {matchLabels: {app: ${app}}}}], ports: [{port: ${port}}]}`;
const BOTH =
  '{from: [{podSelector: {matchExpressions: [{key: app, operator: In, values: [api, mail]}]}}], ports: [{port: 8080}, {port: 9090}]}';
const admin = (name: string, priority: number, action: 'Accept' | 'Deny') => `
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: ${name}}
spec:
  tier: Admin
  priority: ${priority}
  subject: {namespaces: {}}
  ingress: [{action: ${action}, from: [{namespaces: {}}]}]
---`;

/** Who is redundant, how bad that is, and who says the same. */
const redundant = (text: string, settings = {}) =>
  problemsOf(PODS + text, 'redundant-policy', settings).map(
    ({ policy: ref, severity, message }) =>
      `${ref!.name} ${severity}: ${[...message.matchAll(/"(.*?)"/g)].map((one) => one[1])}`,
  );

describe('redundant-policy', () => {
  it.each([
    ['a copy', policy('a', WEB, `[${from('api')}]`) + policy('b', WEB, `[${from('api')}]`), ['b low: a']],
    [
      'three copies',
      ['a', 'b', 'c'].map((one) => policy(one, WEB, `[${from('api')}]`)).join(''),
      ['b low: a', 'c low: a'],
    ],
    ['more rules', policy('a', WEB, `[${BOTH}]`) + policy('b', WEB, `[${from('api')}]`), ['b low: a']],
    [
      'two others together',
      policy('a', WEB, `[${from('api')}]`) +
        policy('b', WEB, `[${from('mail')}]`) +
        policy('c', WEB, `[${from('mail')}, ${from('api')}]`),
      ['a low: c', 'b low: c'],
    ],
    [
      'two others that each say one half',
      policy('a', WEB, `[${from('api')}, ${from('api', 9090)}]`) +
        policy('b', WEB, `[${from('mail')}, ${from('mail', 9090)}]`) +
        policy(
          'c',
          WEB,
          `[{from: [{podSelector: {matchLabels: {app: api}}}], ports: [{port: 8080}]}, ${from('mail', 9090)}]`,
        ),
      ['c low: a,b'],
    ],
    [
      'the same pods as it happens',
      policy('a', FRONT, `[${BOTH}]`) + policy('b', WEB, `[${from('api')}]`),
      ['b info: a'],
    ],
    ['another port', policy('a', WEB, `[${from('api', 80)}]`) + policy('b', WEB, `[${from('api')}]`), []],
    ['a direction of its own', policy('a', WEB, `[${from('api')}]`) + policy('b', WEB, '[]', 'Egress'), []],
    ['isolation alone', policy('deny', '{}', '[]') + policy('b', WEB, `[${from('api')}]`), []],
    [
      'a default deny where all are isolated anyway',
      policy('deny', '{}', '[]') +
        policy('a', WEB, `[${from('api')}]`) +
        policy('b', '{matchLabels: {app: api}}', '[]') +
        policy('c', '{matchLabels: {app: mail}}', '[]'),
      ['b low: deny', 'c low: deny'],
    ],
    ['nobody', policy('a', '{matchLabels: {app: gone}}', `[${from('api')}]`).repeat(1), []],
    [
      'what moot-policy reports',
      policy('a', WEB, '[{from: [{podSelector: {}}]}]') + policy('b', WEB, `[${from('api')}]`),
      [],
    ],
    ['everything, which is as much as no policy', policy('a', WEB, '[{}]'), []],
    ['an earlier decision of a tier', admin('first', 1, 'Deny') + admin('second', 2, 'Accept'), ['second info: first']],
  ])('%s', (_, text, expected) => {
    expect(redundant(text).sort()).toEqual(expected);
  });

  it('says nothing of pods of the input where not all of it was read', () => {
    const text = policy('a', FRONT, `[${BOTH}]`) + policy('b', WEB, `[${from('api')}]`);
    const foreign = '\napiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: x, namespace: shop}\n---';
    expect(redundant(text)).toEqual(['b info: a']);
    expect(redundant(text + foreign)).toEqual([]);
    expect(redundant(policy('a', WEB, `[${BOTH}]`) + policy('b', WEB, `[${from('api')}]`) + foreign)).toEqual([
      'b low: a',
    ]);
  });

  it('points to those who say the same, and offers to take the policy away', () => {
    const [finding] = problemsOf(
      PODS + policy('a', WEB, `[${BOTH}]`) + policy('b', WEB, `[${from('api')}]`),
      'redundant-policy',
    );
    expect(finding).toMatchObject({
      source: { path: 'metadata.name' },
      impact: { pods: 1 },
      related: [{ message: 'says the same' }],
      fix: { announced: 'same', safe: false, edits: [{ op: 'remove-object' }] },
    });
  });

  it('leaves a policy that may take away from others alone', () => {
    const block = '{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}';
    const text = policy('a', WEB, `[${block}]`) + policy('b', WEB, `[${block}]`);
    expect(redundant(text)).toEqual(['b low: a']);
    expect(redundant(text, { assume: ['exceptions=unknown'] })).toEqual([]);
  });
});
