// Semantics 1.4: label selectors, with the cases that other implementations are known to get wrong.

import { describe, expect, it } from 'vitest';
import { namespace, pod, policy, scenario } from '../support/scenario.ts';

/** Which of the pods of namespace x a podSelector selects: those that its policy isolates. */
function selected(selector: string, labels: Readonly<Record<string, string>>): string[] {
  const pods = Object.entries(labels).map(([name, text], i) =>
    pod(`x/${name}`, { labels: text, ip: `10.0.0.${i + 1}` }),
  );
  const s = scenario([namespace('x'), ...pods, policy('x/p', `{podSelector: ${selector}}`)]);
  return Object.keys(labels).filter((name) => s.can('192.0.2.1', `x/${name}`) === 'denied');
}

const PODS = { none: '', web: 'app=web', db: 'app=db', empty: 'app=', other: 'tier=web', both: 'app=web,tier=front' };

describe('1.4 label selectors', () => {
  it.each([
    ['matchLabels needs the key to exist with that value', '{matchLabels: {app: web}}', 'web both'],
    ['matchLabels with an empty value needs the key to exist and be empty', '{matchLabels: {app: ""}}', 'empty'],
    ['matchLabels are ANDed', '{matchLabels: {app: web, tier: front}}', 'both'],
    [
      'matchLabels and matchExpressions are ANDed',
      '{matchLabels: {app: web}, matchExpressions: [{key: tier, operator: DoesNotExist}]}',
      'web',
    ],
    [
      'In: the key exists and has one of the values',
      '{matchExpressions: [{key: app, operator: In, values: [web, db]}]}',
      'web db both',
    ],
    [
      'In with an empty value does not match an absent key',
      '{matchExpressions: [{key: app, operator: In, values: [""]}]}',
      'empty',
    ],
    [
      'NotIn matches where the key is absent',
      '{matchExpressions: [{key: app, operator: NotIn, values: [web]}]}',
      'none db empty other',
    ],
    [
      'NotIn with the empty value matches where the key is absent',
      '{matchExpressions: [{key: app, operator: NotIn, values: [""]}]}',
      'none web db other both',
    ],
    [
      'Exists: the key is present, also with an empty value',
      '{matchExpressions: [{key: app, operator: Exists}]}',
      'web db empty both',
    ],
    ['DoesNotExist: the key is absent', '{matchExpressions: [{key: app, operator: DoesNotExist}]}', 'none other'],
    [
      'two expressions on one key are ANDed',
      '{matchExpressions: [{key: app, operator: Exists}, {key: app, operator: NotIn, values: [web]}]}',
      'db empty',
    ],
    [
      'contradictory expressions select nothing',
      '{matchExpressions: [{key: app, operator: Exists}, {key: app, operator: DoesNotExist}]}',
      '',
    ],
  ])('1.4: %s', (_meaning, selector, expected) => {
    expect(selected(selector, PODS).join(' ')).toBe(expected);
  });

  it('1.4: values compare as exact strings: quoted 00000, yes and 1', () => {
    const pods = { zeros: 'v=00000', zero: 'v=0', yes: 'v=yes', one: 'v=1' };
    expect(selected('{matchLabels: {v: "00000"}}', pods)).toEqual(['zeros']);
    expect(selected('{matchLabels: {v: "yes"}}', pods)).toEqual(['yes']);
    expect(selected('{matchLabels: {v: "1"}}', pods)).toEqual(['one']);
  });

  it('1.4: an unquoted value that is no string is refused', () => {
    const text = policy('x/p', '{podSelector: {matchLabels: {v: 1}}}');
    const s = scenario([namespace('x'), pod('x/a', { labels: 'v=1' }), text], { mayRefuse: true });
    expect(s.findings.some((one) => one.startsWith('refused') && one.endsWith('spec.podSelector.matchLabels.v'))).toBe(
      true,
    );
    expect(s.can('192.0.2.1', 'x/a')).toBe('allowed');
  });

  it.each(['gt', 'Gt', 'in', 'notin', 'exists'])(
    '1.4: operators are case-sensitive and only the four: %s is refused',
    (operator) => {
      const text = policy('x/p', `{podSelector: {matchExpressions: [{key: v, operator: ${operator}, values: ["1"]}]}}`);
      const s = scenario([namespace('x'), pod('x/a', { labels: 'v=1' }), text], { mayRefuse: true });
      expect(s.findings.some((one) => one.startsWith('refused'))).toBe(true);
    },
  );

  it.each(['constructor', 'toString', 'hasOwnProperty'])('1.4: a label may be called %s', (key) => {
    const pods = { with: `${key}=v`, without: 'app=web' };
    expect(selected(`{matchLabels: {${key}: v}}`, pods)).toEqual(['with']);
    expect(selected(`{matchExpressions: [{key: ${key}, operator: DoesNotExist}]}`, pods)).toEqual(['without']);
  });

  it("1.4: kubernetes.io/metadata.name is every namespace's name, whatever the object says", () => {
    const by = (name: string) =>
      policy(
        'x/p',
        `{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ${name}}}}]}]}`,
      );
    const world = [
      namespace('x'),
      namespace('w', 'kubernetes.io/metadata.name=z'),
      namespace('z'),
      pod('x/a'),
      pod('w/a'),
      pod('z/a'),
    ];
    const s = scenario([...world, by('w')]);
    expect(s.can('w/a', 'x/a')).toBe('allowed');
    expect(s.can('z/a', 'x/a')).toBe('denied');
    expect(scenario([...world, by('z')]).can('w/a', 'x/a')).toBe('denied');
  });

  it('1.4: a namespace without labels matches {} and NotIn, and no label', () => {
    const world = [namespace('x'), namespace('bare'), pod('x/a'), pod('bare/a')];
    const from = (selector: string) => {
      const text = policy('x/p', `{podSelector: {}, ingress: [{from: [{namespaceSelector: ${selector}}]}]}`);
      return scenario([...world, text]).can('bare/a', 'x/a');
    };
    expect(from('{}')).toBe('allowed');
    expect(from('{matchExpressions: [{key: team, operator: NotIn, values: [red]}]}')).toBe('allowed');
    expect(from('{matchExpressions: [{key: team, operator: DoesNotExist}]}')).toBe('allowed');
    expect(from('{matchLabels: {team: red}}')).toBe('denied');
    expect(from('{matchLabels: {team: ""}}')).toBe('denied');
  });

  it('1.4: labels of a namespace that no object declares are unknown, its name is not', () => {
    const world = [namespace('x'), pod('x/a'), pod('w/a')];
    const from = (selector: string, assume: string[] = []) => {
      const text = policy('x/p', `{podSelector: {}, ingress: [{from: [{namespaceSelector: ${selector}}]}]}`);
      return scenario([...world, text], { assume }).can('w/a', 'x/a');
    };
    expect(from('{matchLabels: {team: red}}')).toBe('unknown: namespace-labels');
    expect(from('{matchLabels: {kubernetes.io/metadata.name: w}}')).toBe('allowed');
    expect(from('{matchLabels: {kubernetes.io/metadata.name: z, team: red}}')).toBe('denied');
    expect(from('{}')).toBe('allowed');
    expect(from('{matchLabels: {team: red}}', ['undeclaredNamespaces=unlabelled'])).toBe('denied');
  });
});
