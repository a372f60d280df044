import { describe, expect, it } from 'vitest';
import { namespace, pod, policy, scenario, XWZ } from '../../../test/support/scenario.ts';

/** The nearest rule of w/a -> x/a:80 as policy, rule index, path and why. */
function nearest(...texts: string[]): string {
  const { egress, ingress } = scenario([...XWZ, ...texts]).explain('w/a', 'x/a:80').cases[0]!;
  const found = (ingress.verdict === 'denied' ? ingress : egress).nearest;
  return found === undefined ? 'none' : `${found.policy.name}[${found.rule}] ${found.source.path}: ${found.why}`;
}

const p = (rules: string, name = 'x/p') => policy(name, `{podSelector: {}, ingress: ${rules}}`);

describe('the nearest rule', () => {
  it.each([
    [
      'a label that differs',
      p('[{from: [{namespaceSelector: {}, podSelector: {matchLabels: {pod: b}}}]}]'),
      'p[0] spec.ingress[0].from[0]: peer pod=b in any namespace, but w/a has pod=a',
    ],
    [
      'a label that is absent',
      p('[{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}]}]'),
      'p[0] spec.ingress[0].from[0]: peer app=web in any namespace, but w/a has no label app',
    ],
    [
      'another namespace',
      p('[{from: [{podSelector: {matchLabels: {pod: a}}}]}]'),
      'p[0] spec.ingress[0].from[0]: peer pod=a is confined to namespace x, but w/a is in w',
    ],
    [
      'namespace labels',
      p('[{from: [{namespaceSelector: {matchLabels: {ns: z}}, podSelector: {matchLabels: {pod: a}}}]}]'),
      'p[0] spec.ingress[0].from[0]: peer pod=a in namespaces ns=z, but namespace w has ns=w',
    ],
    [
      'a block',
      p('[{from: [{ipBlock: {cidr: 192.0.2.0/24, except: [192.0.2.1/32]}}]}]'),
      'p[0] spec.ingress[0].from[0]: peer 192.0.2.0/24 except 192.0.2.1/32 does not hold w/a',
    ],
    [
      'a port',
      p('[{ports: [{port: 81}, {protocol: UDP, port: 80}]}]'),
      'p[0] spec.ingress[0]: opens only 81/TCP, 80/UDP',
    ],
    ['one port is the place', p('[{ports: [{port: 81}]}]'), 'p[0] spec.ingress[0].ports[0]: opens only 81/TCP'],
    [
      'a name that is another number',
      p('[{ports: [{port: alt}]}]'),
      'p[0] spec.ingress[0].ports[0]: opens only alt/TCP (on x/a alt is 81/TCP)',
    ],
    [
      'a name that is missing',
      p('[{ports: [{port: nope}]}]'),
      'p[0] spec.ingress[0].ports[0]: opens only nope/TCP (x/a names no port nope)',
    ],
    ['no rule at all', p('[]'), 'none'],
  ])('%s', (_what, text, expected) => {
    expect(nearest(text)).toBe(expected);
  });

  it('is the rule with the fewest failures, then the first', () => {
    const rules = '[{from: [{podSelector: {}}], ports: [{port: 81}]}, {ports: [{port: 81}]}, {ports: [{port: 82}]}]';
    expect(nearest(p(rules))).toBe('p[1] spec.ingress[1].ports[0]: opens only 81/TCP');
  });

  it('names both parts where both fail', () => {
    expect(nearest(p('[{from: [{podSelector: {}}], ports: [{port: 81}]}]'))).toContain('; opens only 81/TCP');
  });

  it('is found across policies, but only of those that select the pod', () => {
    const other = policy(
      'x/other',
      '{podSelector: {matchLabels: {pod: b}}, ingress: [{ports: [{port: 80, endPort: 81}]}]}',
    );
    expect(nearest(p('[{from: [{podSelector: {}}]}]'), other)).toContain('p[0]');
    expect(nearest(p('[{from: [{podSelector: {}}]}]'), p('[{ports: [{port: 81}]}]', 'x/q'))).toContain('q[0]');
  });

  it('says that selectors match only pods', () => {
    const s = scenario([namespace('x'), pod('x/a'), p('[{from: [{podSelector: {matchLabels: {pod: b}}}]}]')]);
    const { ingress } = s.explain('192.0.2.1', 'x/a:80').cases[0]!;
    expect(ingress.nearest?.why).toBe('peer pod=b matches only pods, but 192.0.2.1 is no pod');
  });
});
