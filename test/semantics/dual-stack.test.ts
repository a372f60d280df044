// Semantics 1.12: each address family is judged for itself.

import { describe, expect, it } from 'vitest';
import { namespace, pod, policy, scenario } from '../support/scenario.ts';

const WORLD = [
  namespace('x'),
  pod('x/both', { ip: '10.0.0.1 fd00::1' }),
  pod('x/both2', { ip: '10.0.0.2 fd00::2' }),
  pod('x/four', { ip: '10.0.0.4' }),
  pod('x/six', { ip: 'fd00::6' }),
];

describe('1.12 dual stack', () => {
  it('1.12: selectors cover all addresses of a pod', () => {
    const s = scenario([
      ...WORLD,
      policy(
        'x/p',
        '{podSelector: {matchLabels: {pod: both}}, ingress: [{from: [{podSelector: {matchLabels: {pod: both2}}}]}]}',
      ),
    ]);
    expect(s.can('x/both2', 'x/both')).toBe('allowed');
    expect(s.can('x/four', 'x/both')).toBe('denied');
    expect(s.can('x/six', 'x/both')).toBe('denied');
  });

  it('1.12: a block opens its own family, and the answer says which', () => {
    const s = scenario([
      ...WORLD,
      policy('x/p', '{podSelector: {matchLabels: {pod: both}}, ingress: [{from: [{ipBlock: {cidr: fd00::/64}}]}]}'),
    ]);
    expect(s.can('x/both2', 'x/both')).toBe('partly');
    expect(s.can('x/six', 'x/both')).toBe('allowed');
    expect(s.can('x/four', 'x/both')).toBe('denied');
    const verdicts = s.explain('x/both2', 'x/both:80').cases.map(({ family, verdict }) => `${family} ${verdict}`);
    expect(verdicts).toEqual(['IPv4 denied', 'IPv6 allowed']);
    const exception = s.answer('x/both2', 'x/both:80').exceptions;
    expect(exception.map(({ family }) => family)).toContain('IPv6');
  });

  it('1.12: asked by one of its addresses, a pod is asked about that family', () => {
    const s = scenario([
      ...WORLD,
      policy('x/p', '{podSelector: {matchLabels: {pod: both}}, ingress: [{from: [{ipBlock: {cidr: fd00::/64}}]}]}'),
    ]);
    expect(s.can('10.0.0.2', 'x/both')).toBe('denied');
    expect(s.can('fd00::2', 'x/both')).toBe('allowed');
  });

  it('1.12: a family that one end lacks does not count', () => {
    const s = scenario([
      ...WORLD,
      policy('x/p', '{podSelector: {matchLabels: {pod: four}}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}'),
    ]);
    expect(s.can('x/both', 'x/four')).toBe('allowed');
  });

  it('1.12: ends without a common family cannot talk', () => {
    const s = scenario(WORLD);
    expect(s.can('x/four', 'x/six')).toBe('denied');
    expect(s.can('x/six', 'x/four')).toBe('denied');
  });

  it('1.12 knob families: where nothing shows them, they are what is said', () => {
    const texts = [
      namespace('x'),
      pod('x/a'),
      pod('x/b'),
      policy('x/p', '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}'),
    ];
    expect(scenario(texts).can('x/a', 'x/b')).toBe('allowed');
    expect(scenario(texts, { assume: ['families=IPv6'] }).can('x/a', 'x/b')).toBe('denied');
    expect(scenario(texts, { assume: ['families=IPv4,IPv6'] }).can('x/a', 'x/b')).toBe('partly');
  });
});
