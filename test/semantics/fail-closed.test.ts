// Semantics 2.6: what cannot be understood never opens anything; domain names.

import { describe, expect, it } from 'vitest';
import { adminPolicy, clusterPolicy, namespace, pod, policy, scenario, service, XWZ } from '../support/scenario.ts';

/** A peer that the CRD accepts and nobody can evaluate: the operator does not exist. */
const BROKEN = '{namespaces: {matchExpressions: [{key: ns, operator: Is, values: [w]}]}}';
const DENY_X = policy('x/deny', '{podSelector: {}, policyTypes: [Ingress]}');
const rule = (action: string, from: string) => clusterPolicy('c', `ingress: [{action: ${action}, from: [${from}]}]`);

describe('2.6 fail closed', () => {
  it('2.6: an Accept rule that cannot be understood matches nothing', () => {
    const s = scenario([...XWZ, rule('Accept', BROKEN), DENY_X]);
    expect(s.can('w/a', 'x/a')).toBe('denied');
    expect(s.findings.some((one) => one.startsWith('not-understood'))).toBe(true);
  });

  it.each(['Deny', 'Pass'])('2.6: a %s rule that cannot be understood denies everything', (action) => {
    const open = policy('x/open', '{podSelector: {}, ingress: [{}]}');
    const s = scenario([...XWZ, rule(action, BROKEN), open]);
    expect(s.can('w/a', 'x/a')).toBe('denied');
    expect(s.can('z/a', 'x/a')).toBe('denied');
    expect(s.can('192.0.2.1', 'x/a')).toBe('denied');
  });

  it('2.6: a peer beside it that is understood does not rescue an Accept rule', () => {
    const s = scenario([...XWZ, rule('Accept', `${BROKEN}, {namespaces: {}}`), DENY_X]);
    expect(s.can('w/a', 'x/a')).toBe('denied');
  });

  it('2.6: the rules around it keep their meaning', () => {
    const rules = `ingress: [{action: Accept, from: [{namespaces: {matchLabels: {ns: w}}}]}, {action: Deny, from: [${BROKEN}]}]`;
    const s = scenario([...XWZ, clusterPolicy('c', rules)]);
    expect(s.can('w/a', 'x/a')).toBe('allowed');
    expect(s.can('z/a', 'x/a')).toBe('denied');
  });

  it('2.6: a closed Deny covers ICMP as well', () => {
    expect(
      scenario([...XWZ, rule('Deny', BROKEN)], {
        protocols: ['ICMP'],
        assume: ['portlessRuleProtocols=TCP,UDP,SCTP'],
      }).can('w/a', 'x/a'),
    ).toBe('denied');
  });

  it('2.6: a subject that cannot be understood makes the input incomplete', () => {
    const subject = '{namespaces: {matchExpressions: [{key: ns, operator: Is, values: [x]}]}}';
    const s = scenario([
      ...XWZ,
      clusterPolicy('c', 'ingress: [{action: Deny, from: [{namespaces: {}}]}]', { subject }),
    ]);
    expect(s.state.gaps.map(({ reason }) => reason)).toEqual(['not-understood']);
  });

  it('2.6: the nearest rule of a denial says that it was closed', () => {
    const s = scenario([...XWZ, rule('Accept', BROKEN), DENY_X]);
    expect(s.explain('w/a', 'x/a:80').cases[0]?.ingress.nearest?.why).toContain('matches nothing');
  });
});

describe('2.6 domain names', () => {
  const accept = (names: string) => [
    clusterPolicy('c', `egress: [{action: Accept, to: [{domainNames: [${names}]}]}]`),
    clusterPolicy('d', 'egress: [{action: Deny, to: [{networks: [0.0.0.0/0]}]}]', { priority: 20 }),
  ];
  const can = (names: string, to: string, ...assume: string[]) =>
    scenario([...XWZ, ...accept(names)], { assume }).can('x/a', to);

  it('2.6: the addresses of a name are unknown', () => {
    expect(can('example.com', '192.0.2.1:443')).toBe('unknown: domain-name');
  });

  it('2.6: pods have no domain names', () => {
    expect(can('example.com', 'w/a:443')).toBe('denied');
  });

  it('2.6 knob domainMap: known addresses are decided', () => {
    expect(can('example.com', '192.0.2.1:443', 'domainMap=example.com:192.0.2.0/24')).toBe('allowed');
    expect(can('example.com', '198.51.100.1:443', 'domainMap=example.com:192.0.2.0/24')).toBe('denied');
    expect(can('example.com', '192.0.2.0/23', 'domainMap=example.com:192.0.2.0/24')).toBe('partly');
  });

  it('2.6 knob domainMap: another name stays unknown', () => {
    expect(can('example.org', '192.0.2.1:443', 'domainMap=example.com:192.0.2.0/24')).toBe('unknown: domain-name');
    expect(can('example.com, example.org', '192.0.2.1:443', 'domainMap=example.com:192.0.2.0/24')).toBe('allowed');
    expect(can('example.com, example.org', '198.51.100.1:443', 'domainMap=example.com:192.0.2.0/24')).toBe(
      'unknown: domain-name',
    );
  });

  it('2.6 knob domainMap: *. is one or more whole labels, not the apex', () => {
    expect(can('"*.example.com"', '192.0.2.1:443', 'domainMap=a.b.example.com:192.0.2.0/24')).toBe('allowed');
    expect(can('"*.example.com"', '198.51.100.1:443', 'domainMap=a.example.com:192.0.2.0/24')).toBe(
      'unknown: domain-name',
    );
    expect(can('"*.example.com"', '192.0.2.1:443', 'domainMap=example.com:192.0.2.0/24')).toBe('unknown: domain-name');
    expect(can('"*.example.com"', '198.51.100.1:443', 'domainMap=*.example.com:192.0.2.0/24')).toBe('denied');
  });

  it('2.6 knob domainMap: case and a dot at the end do not matter', () => {
    expect(can('Example.COM.', '192.0.2.1:443', 'domainMap=example.com:192.0.2.0/24')).toBe('allowed');
  });

  it('2.6: names in a Deny rule are not defined, so it denies everything', () => {
    const s = scenario([...XWZ, clusterPolicy('c', 'egress: [{action: Deny, to: [{domainNames: [example.com]}]}]')]);
    expect(s.can('x/a', '192.0.2.1')).toBe('denied');
    expect(s.can('x/a', 'w/a')).toBe('denied');
  });

  it('2.6: a name does not stand for a Service, nor for an ExternalName that is not resolved', () => {
    const name = service('x/db', '{type: ExternalName, externalName: example.com}');
    expect(scenario([...XWZ, name, ...accept('example.com')]).can('x/a', 'x/service/db')).toBe('unknown: domain-name');
  });

  it('2.6: AdminNetworkPolicy has them too', () => {
    const anp = adminPolicy(
      'AdminNetworkPolicy',
      'egress: [{action: Allow, to: [{domainNames: [example.com]}]}, {action: Deny, to: [{networks: [0.0.0.0/0]}]}]',
    );
    const world = [namespace('x'), pod('x/a', { ip: '10.0.0.1' })];
    expect(scenario([...world, anp]).can('x/a', '192.0.2.1')).toBe('unknown: domain-name');
    expect(scenario([...world, anp], { assume: ['domainMap=example.com:192.0.2.1/32'] }).can('x/a', '192.0.2.1')).toBe(
      'allowed',
    );
  });
});
