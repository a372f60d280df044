// Semantics 1.2 and 1.3: what missing, null and empty mean in each field, and which directions a policy is for.

import { describe, expect, it } from 'vitest';
import { object, policy, scenario, XWZ } from '../support/scenario.ts';

/** Verdicts (x/b is selected as well as x/a) on x/b -> x/a, w/a -> x/a and internet -> x/a on TCP 80, then x/a -> w/a: what one policy in x comes to. */
function effect(spec: string): string {
  const s = scenario([...XWZ, policy('x/p', spec)]);
  const ingress = ['x/b', 'w/a', '192.0.2.1'].map((from) => s.can(from, 'x/a:80'));
  return [...ingress, s.can('x/a', 'w/a:80')].join(' ');
}

const OPEN = 'allowed allowed allowed allowed';
const NO_INGRESS = 'denied denied denied allowed';
const NO_EGRESS = 'denied allowed allowed denied';
const NEITHER = 'denied denied denied denied';

describe('1.2 missing, null and empty', () => {
  it.each([
    ['metadata.namespace', 'is missing: the request namespace', ''],
    ['metadata.namespace', 'is empty: the same', ', namespace: ""'],
  ])('1.2 %s %s', (_field, _is, namespace) => {
    const text = `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p${namespace}}\nspec: {podSelector: {}}`;
    const here = XWZ.map((one) => one.replaceAll('"namespace":"w"', '"namespace":"default"'));
    const s = scenario([...here, text]);
    expect(s.can('x/a', 'default/a')).toBe('denied');
    expect(s.can('default/a', 'x/a')).toBe('allowed');
  });

  it.each([
    ['podSelector', 'missing selects all pods of the namespace', '{policyTypes: [Ingress]}', NO_INGRESS],
    ['podSelector', 'null selects all pods of the namespace', '{podSelector: null}', NO_INGRESS],
    ['podSelector', '{} selects all pods of the namespace', '{podSelector: {}}', NO_INGRESS],
    ['podSelector', 'with labels selects those that match', '{podSelector: {matchLabels: {pod: c}}}', OPEN],
    ['ingress', 'missing: all ingress is denied', '{podSelector: {}, policyTypes: [Ingress]}', NO_INGRESS],
    ['ingress', 'null: all ingress is denied', '{podSelector: {}, ingress: null}', NO_INGRESS],
    ['ingress', '[]: all ingress is denied', '{podSelector: {}, ingress: []}', NO_INGRESS],
    ['egress', 'missing: all egress is denied', '{podSelector: {}, policyTypes: [Egress]}', NO_EGRESS],
    ['egress', '[]: all egress is denied', '{podSelector: {}, policyTypes: [Egress], egress: []}', NO_EGRESS],
    ['rule', '{} matches every peer and every port', '{podSelector: {}, ingress: [{}]}', OPEN],
    ['rule', 'null is the same as {}', '{podSelector: {}, ingress: [null]}', OPEN],
    [
      'rule.from',
      'missing: every source, outside ones too',
      '{podSelector: {}, ingress: [{ports: [{port: 80}]}]}',
      OPEN,
    ],
    ['rule.from', '[]: the same', '{podSelector: {}, ingress: [{from: [], ports: [{port: 80}]}]}', OPEN],
    ['rule.to', '[]: every destination', '{podSelector: {}, policyTypes: [Egress], egress: [{to: []}]}', OPEN],
    [
      'rule.ports',
      '[]: every port',
      '{podSelector: {}, ingress: [{from: [{podSelector: {}}], ports: []}]}',
      'allowed denied denied allowed',
    ],
    [
      'peer.podSelector',
      '{}: all pods of the policy namespace',
      '{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}',
      'allowed denied denied allowed',
    ],
    [
      'peer.namespaceSelector',
      '{}: all namespaces, nothing outside',
      '{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]}',
      'allowed allowed denied allowed',
    ],
    [
      'peer',
      'with a null selector is the other selector alone',
      '{podSelector: {}, ingress: [{from: [{namespaceSelector: null, podSelector: {}}]}]}',
      'allowed denied denied allowed',
    ],
    [
      'ipBlock.except',
      '[]: nothing is taken out',
      '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0, except: []}}]}]}',
      OPEN,
    ],
    [
      'selector',
      'matchLabels {} and matchExpressions [] constrain nothing',
      '{podSelector: {matchLabels: {}, matchExpressions: []}}',
      NO_INGRESS,
    ],
  ])('1.2 %s: %s', (_field, _meaning, spec, expected) => {
    expect(effect(spec)).toBe(expected);
  });

  it.each([
    ['missing: every port and every protocol', '[{from: [{namespaceSelector: {}}]}]', 'allowed allowed allowed'],
    ['[]: every port and every protocol', '[{ports: []}]', 'allowed allowed allowed'],
    ['[{}]: TCP alone, all ports', '[{ports: [{}]}]', 'allowed denied denied'],
    ['[{protocol: UDP}]: UDP alone', '[{ports: [{protocol: UDP}]}]', 'denied allowed denied'],
    ['[{port: 80}] without a protocol: TCP', '[{ports: [{port: 80}]}]', 'allowed denied denied'],
  ])('1.2 rule.ports: %s', (_meaning, ingress, expected) => {
    const s = scenario([...XWZ, policy('x/p', `{podSelector: {}, ingress: ${ingress}}`)]);
    expect(['TCP', 'UDP', 'SCTP'].map((one) => s.can('w/a', `x/a:80/${one}`)).join(' ')).toBe(expected);
  });

  it('1.2 ports[].endPort missing: the single port', () => {
    const s = scenario([...XWZ, policy('x/p', '{podSelector: {}, ingress: [{ports: [{port: 80}]}]}')]);
    expect(s.can('w/a', 'x/a:81')).toBe('denied');
  });

  it('1.2: a peer {} is refused, and the refused policy counts as absent', () => {
    const text = policy('x/p', '{podSelector: {}, ingress: [{from: [{}]}]}');
    const s = scenario([...XWZ, text], { mayRefuse: true });
    expect(s.findings.filter((one) => one.startsWith('refused'))).toEqual([
      'refused empty-peer spec.ingress[0].from[0]',
    ]);
    expect(s.can('w/a', 'x/a')).toBe('allowed');
  });

  it('1.2: no spec at all denies the ingress of the whole namespace', () => {
    const text = object('networking.k8s.io/v1', 'NetworkPolicy', 'x/p', '{}');
    expect(scenario([...XWZ, text]).can('w/a', 'x/a')).toBe('denied');
  });
});

describe('1.3 policyTypes', () => {
  it.each([
    ['missing, no rules: Ingress', '{podSelector: {}}', NO_INGRESS],
    ['[]: the same as missing', '{podSelector: {}, policyTypes: []}', NO_INGRESS],
    ['missing with egress: []: Egress is not added', '{podSelector: {}, egress: []}', NO_INGRESS],
    [
      'missing with an egress rule: Ingress denies all, Egress follows the rule',
      '{podSelector: {}, egress: [{to: [{podSelector: {}}]}]}',
      NEITHER,
    ],
    [
      'missing with an open egress rule: all ingress is denied nevertheless',
      '{podSelector: {}, egress: [{}]}',
      NO_INGRESS,
    ],
    [
      '[Egress] with ingress rules: these are ignored, and nothing is isolated by them',
      '{podSelector: {}, policyTypes: [Egress], ingress: [{from: [{podSelector: {}}]}], egress: []}',
      NO_EGRESS,
    ],
    [
      '[Ingress] with egress rules: egress stays open',
      '{podSelector: {}, policyTypes: [Ingress], egress: [{to: [{podSelector: {}}]}]}',
      NO_INGRESS,
    ],
    ['twice the same: a set', '{podSelector: {}, policyTypes: [Ingress, Ingress]}', NO_INGRESS],
    ['both: both', '{podSelector: {}, policyTypes: [Ingress, Egress]}', NEITHER],
  ])('1.3 %s', (_meaning, spec, expected) => {
    expect(effect(spec)).toBe(expected);
  });

  it('1.3: rules of a direction that is not listed never add to those of another policy', () => {
    const closed = policy('x/closed', '{podSelector: {}, policyTypes: [Egress]}');
    const unlisted = policy('x/unlisted', '{podSelector: {}, policyTypes: [Ingress], ingress: [{}], egress: [{}]}');
    expect(scenario([...XWZ, closed, unlisted]).can('x/a', 'w/a')).toBe('denied');
  });

  it('1.3 knob unlistedDirectionRules=enforced: rules of an unlisted direction isolate and allow', () => {
    const text = policy(
      'x/p',
      '{podSelector: {}, policyTypes: [Ingress], ingress: [{}], egress: [{to: [{podSelector: {}}]}]}',
    );
    const s = scenario([...XWZ, text], { assume: ['unlistedDirectionRules=enforced'] });
    expect(s.can('x/a', 'w/a')).toBe('denied');
    expect(s.can('x/a', 'x/b')).toBe('allowed');
    expect(scenario([...XWZ, text]).can('x/a', 'w/a')).toBe('allowed');
  });

  it('1.3 knob unlistedDirectionRules=enforced: no rules, no isolation', () => {
    const text = policy('x/p', '{podSelector: {}, policyTypes: [Ingress], ingress: [{}], egress: []}');
    expect(scenario([...XWZ, text], { assume: ['unlistedDirectionRules=enforced'] }).can('x/a', 'w/a')).toBe('allowed');
  });
});
