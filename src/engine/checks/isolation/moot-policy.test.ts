import { describe, expect, it } from 'vitest';
import { problemsOf, verdictOn } from '../../../../test/support/lint.ts';

const pod = (name: string) => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: shop, labels: {app: ${name}}}
spec: {containers: [{name: main}]}
---`;
const PODS = pod('web') + pod('api');
const policy = (name: string, selector: string, direction: 'Ingress' | 'Egress', rules: string) => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}, namespace: shop}
spec: {podSelector: ${selector}, policyTypes: [${direction}], ${direction.toLowerCase()}: ${rules}}
---`;
const API = '{matchLabels: {app: api}}';
const deny = (selector = '{}') => policy('deny', selector, 'Egress', '[]');
const wide = (rules: string, selector = '{}') => policy('wide', selector, 'Egress', rules);
const narrow = (rules: string, selector = API) => policy('narrow', selector, 'Egress', rules);
const ALL = '[{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.169.254/32]}}]}]';

/** Names of the policies that are moot, with how bad it is. */
const moot = (text: string, settings = {}) =>
  problemsOf(PODS + text, 'moot-policy', settings).map(({ policy: ref, severity }) => `${ref!.name} ${severity}`);

describe('moot-policy', () => {
  it.each([
    ['everybody', deny() + wide('[{}]'), ['deny high']],
    ['nearly all addresses', deny() + wide(ALL), ['deny high']],
    [
      'halves of all addresses',
      deny() + wide('[{to: [{ipBlock: {cidr: 0.0.0.0/1}}, {ipBlock: {cidr: 128.0.0.0/1}}]}]'),
      ['deny high'],
    ],
    ['the internet alone', deny() + wide('[{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]}]'), []],
    ['some ports', deny() + wide('[{ports: [{port: 443}]}]'), []],
    ['every pod: the outside stays closed', deny() + wide('[{to: [{namespaceSelector: {}}]}]'), []],
    ['other pods', deny(API) + wide('[{}]', '{matchLabels: {app: web}}'), []],
    ['fewer pods', deny() + wide('[{}]', API), []],
    [
      'more pods',
      deny(API) + wide('[{}]', '{matchExpressions: [{key: app, operator: In, values: [api, web]}]}'),
      ['deny high'],
    ],
    [
      'a block, where it is about pods, which some plugins do not compare with blocks',
      narrow('[{to: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 80}]}]') + wide(ALL),
      [],
    ],
    [
      'a block, where it is about pods and addresses',
      narrow('[{to: [{podSelector: {matchLabels: {app: web}}}, {ipBlock: {cidr: 203.0.113.0/24}}]}]') + wide(ALL),
      ['narrow high'],
    ],
    ['addresses', narrow('[{to: [{ipBlock: {cidr: 203.0.113.0/24}}]}]') + wide(ALL), ['narrow high']],
    ['what is excepted', narrow('[{to: [{ipBlock: {cidr: 169.254.169.254/32}}]}]') + wide(ALL), []],
    [
      'pods, by every pod',
      narrow('[{to: [{podSelector: {matchLabels: {app: web}}}]}]') + wide('[{to: [{namespaceSelector: {}}]}]'),
      ['narrow high'],
    ],
    [
      'own pods, by own pods',
      narrow('[{to: [{podSelector: {matchLabels: {app: web}}}]}]') + wide('[{to: [{podSelector: {}}]}]'),
      ['narrow high'],
    ],
    [
      'pods of others, by own pods',
      narrow('[{to: [{namespaceSelector: {}}]}]') + wide('[{to: [{podSelector: {}}]}]'),
      [],
    ],
    ['the same pods, to which it allows less', narrow('[{ports: [{port: 53}]}]', '{}') + wide('[{}]'), ['narrow low']],
    ['itself', wide('[{}]'), []],
    ['one as wide', wide('[{}]') + narrow('[{}]'), []],
    ['another direction', deny() + policy('wide', '{}', 'Ingress', '[{}]'), []],
    ['another namespace', deny() + wide('[{}]').replace('namespace: shop', 'namespace: other'), []],
  ])('undone by or not by %s', (_, text, expected) => {
    expect(moot(text)).toEqual(expected);
  });

  it('asks whether the plugin compares blocks with pods, and for both families', () => {
    expect(moot(deny() + wide(ALL), { cni: 'cilium' })).toEqual([]);
    const pods = narrow('[{to: [{podSelector: {matchLabels: {app: web}}}]}]');
    expect(moot(pods + wide(ALL), { cni: 'calico' })).toEqual(['narrow high']);
    expect(moot(deny() + wide(ALL), { assume: ['families=IPv4,IPv6'] })).toEqual([]);
    const both = ALL.replace('}}]}]', '}}, {ipBlock: {cidr: "::/0"}}]}]');
    expect(moot(deny() + wide(both), { assume: ['families=IPv4,IPv6'] })).toEqual(['deny high']);
  });

  it('points to the wider rule and shows what is open', () => {
    const text = PODS + narrow('[{to: [{ipBlock: {cidr: 203.0.113.0/24}}]}]') + wide(ALL);
    const [finding] = problemsOf(text, 'moot-policy');
    expect(finding).toMatchObject({
      source: { path: 'spec.egress' },
      impact: { pods: 1 },
      related: [{ source: { path: 'spec.egress[0]' }, message: expect.stringContaining('0.0.0.0/0 except') }],
    });
    expect(finding!.message).toContain(
      '"wide" allows the same pods every port to 0.0.0.0/0, so this policy restricts no egress',
    );
    expect(verdictOn(text, finding!.example!)).toBe('allowed');
  });
});
