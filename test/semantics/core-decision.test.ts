// Semantics 1.1: both sides decide, each only where it is isolated, and policies add up.

import { describe, expect, it } from 'vitest';
import { policy, scenario, XWZ } from '../support/scenario.ts';

const DENY_INGRESS_X = policy('x/deny', '{podSelector: {}, policyTypes: [Ingress]}');
const DENY_EGRESS_X = policy('x/deny-egress', '{podSelector: {}, policyTypes: [Egress]}');
const A_FROM_B = policy(
  'x/a-from-b',
  '{podSelector: {matchLabels: {pod: a}}, ingress: [{from: [{podSelector: {matchLabels: {pod: b}}}]}]}',
);
const A_FROM_W = policy(
  'x/a-from-w',
  '{podSelector: {matchLabels: {pod: a}}, ingress: [{from: [{namespaceSelector: {matchLabels: {ns: w}}}]}]}',
);

describe('1.1 the core decision', () => {
  it('1.1: without policies everything is allowed, also from outside', () => {
    const s = scenario(XWZ);
    expect(s.can('x/a', 'w/b:80')).toBe('allowed');
    expect(s.can('192.0.2.1', 'x/a')).toBe('allowed');
    expect(s.can('x/a', 'internet')).toBe('allowed');
  });

  it('1.1: an isolated pod allows what a rule allows, and nothing else', () => {
    const s = scenario([...XWZ, A_FROM_B]);
    expect(s.can('x/b', 'x/a:80')).toBe('allowed');
    expect(s.can('w/b', 'x/a:80')).toBe('denied');
    expect(s.can('192.0.2.1', 'x/a:80')).toBe('denied');
    expect(s.can('w/b', 'x/b:80')).toBe('allowed');
  });

  it('N1: policies are additive, whatever their order or names', () => {
    for (const texts of [
      [DENY_INGRESS_X, A_FROM_B, A_FROM_W],
      [A_FROM_W, A_FROM_B, DENY_INGRESS_X],
    ]) {
      const s = scenario([...texts, ...XWZ]);
      expect(s.can('x/b', 'x/a')).toBe('allowed');
      expect(s.can('w/a', 'x/a')).toBe('allowed');
      expect(s.can('z/a', 'x/a')).toBe('denied');
    }
  });

  it('N1: a later rule allows what an earlier one does not match', () => {
    const rules =
      '[{from: [{podSelector: {matchLabels: {pod: b}}}], ports: [{port: 81}]}, {from: [{podSelector: {}}], ports: [{port: 80}]}]';
    const s = scenario([...XWZ, policy('x/two', `{podSelector: {}, ingress: ${rules}}`)]);
    expect(s.can('x/b', 'x/a:80')).toBe('allowed');
    expect(s.can('x/b', 'x/a:81')).toBe('allowed');
    expect(s.can('x/a', 'x/b:81')).toBe('denied');
  });

  it('N2: a policy of type Ingress never restricts egress', () => {
    const s = scenario([...XWZ, DENY_INGRESS_X]);
    expect(s.can('x/a', 'w/a')).toBe('allowed');
    expect(s.can('w/a', 'x/a')).toBe('denied');
  });

  it('N2: a policy of type Egress never restricts ingress', () => {
    const s = scenario([...XWZ, DENY_EGRESS_X]);
    expect(s.can('w/a', 'x/a')).toBe('allowed');
    expect(s.can('x/a', 'w/a')).toBe('denied');
  });

  it('N3: an egress denial wins even where ingress allows', () => {
    const allowAll = policy('w/open', '{podSelector: {}, ingress: [{}]}');
    const s = scenario([...XWZ, DENY_EGRESS_X, allowAll]);
    expect(s.can('x/a', 'w/a:80')).toBe('denied');
    expect(s.can('z/a', 'w/a:80')).toBe('allowed');
  });

  it('N3: an ingress denial wins even where egress allows', () => {
    const mayLeave = policy('w/leave', '{podSelector: {}, policyTypes: [Egress], egress: [{}]}');
    expect(scenario([...XWZ, DENY_INGRESS_X, mayLeave]).can('w/a', 'x/a:80')).toBe('denied');
  });

  it('N4: the way back needs no rule: only who opens the connection counts', () => {
    const onlyOut = policy('x/out', '{podSelector: {}, policyTypes: [Ingress, Egress], egress: [{}]}');
    const s = scenario([...XWZ, onlyOut]);
    expect(s.can('x/a', 'w/a:80')).toBe('allowed');
    expect(s.can('w/a', 'x/a:80')).toBe('denied');
  });

  it('N5: a policy selects pods of its own namespace only', () => {
    const s = scenario([...XWZ, policy('x/deny-a', '{podSelector: {matchLabels: {pod: a}}}')]);
    expect(s.can('z/a', 'x/a')).toBe('denied');
    expect(s.can('z/a', 'w/a')).toBe('allowed');
  });

  it('N5: policies of two namespaces do not add up', () => {
    const open = policy('w/open', '{podSelector: {}, ingress: [{}]}');
    expect(scenario([...XWZ, DENY_INGRESS_X, open]).can('z/a', 'x/a')).toBe('denied');
  });

  it('N6: without a plugin that enforces policies, none has an effect', () => {
    const s = scenario([...XWZ, DENY_INGRESS_X, DENY_EGRESS_X], { assume: ['enforces=no'] });
    expect(s.can('w/a', 'x/a')).toBe('allowed');
    expect(s.can('x/a', 'w/a')).toBe('allowed');
    expect(s.map().notes.join('\n')).toContain('does not enforce 2 policies');
  });

  it('N6: an API that the plugin does not enforce has no effect, the others have', () => {
    const s = scenario([...XWZ, DENY_INGRESS_X], { assume: ['apis=cluster-network-policy'] });
    expect(s.can('w/a', 'x/a')).toBe('allowed');
    expect(scenario([...XWZ, DENY_INGRESS_X], { assume: ['apis=network-policy'] }).can('w/a', 'x/a')).toBe('denied');
  });
});
