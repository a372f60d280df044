// One verdict over all pairs: sets, ports, a pod itself, and the exceptions that a person is shown.

import { describe, expect, it } from 'vitest';
import {
  clusterPolicy,
  deployment,
  namespace,
  pod,
  policy,
  type Scenario,
  scenario,
  service,
  XWZ,
} from '../../../test/support/scenario.ts';
import { validateDocument } from '../../../test/support/schemas.ts';

/** Pairs of the exceptions as `from -> to: ports`, sorted; `-` for nothing. */
function exceptions(s: Scenario, from: string, to: string): string[] {
  const answer = s.answer(from, to);
  expect(validateDocument(JSON.parse(JSON.stringify(answer)))).toEqual([]);
  const nameOf = new Map(answer.endpoints.map(({ id, key }) => [id, key.replace('/Pod/', '/')]));
  return answer.exceptions
    .flatMap((one) =>
      one.from.flatMap((a) =>
        one.to.map((b) => {
          const what = one.unknown
            ? one.unknown.map(({ reason }) => reason).join()
            : JSON.stringify(one.allowed ?? '-');
          return `${nameOf.get(a)} -> ${nameOf.get(b)}: ${what}`;
        }),
      ),
    )
    .sort();
}

const FROM_W = policy(
  'x/from-w',
  '{podSelector: {matchLabels: {pod: a}}, ingress: [{from: [{namespaceSelector: {matchLabels: {ns: w}}}], ports: [{port: 80}]}]}',
);

describe('sets', () => {
  const s = scenario([...XWZ, FROM_W]);

  it.each([
    ['w/', 'x/a:80', 'allowed'],
    ['z/', 'x/a:80', 'denied'],
    ['{}/{pod=b}', 'x/a:80', 'partly'],
    ['w/a', 'x/', 'partly'],
    ['w/a', 'x/:80', 'allowed'],
    ['all', 'x/b', 'allowed'],
    ['w/a', 'x/a:80-81', 'partly'],
    ['w/a', 'x/a:web', 'allowed'],
    ['w/a', 'x/a:dns', 'denied'],
  ])('%s to %s is %s', (from, to, verdict) => {
    expect(s.can(from, to)).toBe(verdict);
  });

  it('exceptions are exactly the pairs of the answer, open ones with what they may use', () => {
    expect(exceptions(s, '{}/{pod=b}', 'x/a:80')).toEqual([
      'w/b -> x/a: {"TCP":[[80,80]]}',
      'x/b -> x/a: "-"',
      'z/b -> x/a: "-"',
    ]);
    expect(exceptions(s, 'w/', 'x/a:80')).toEqual([]);
    expect(exceptions(s, 'z/', 'x/a:80')).toEqual([]);
    expect(exceptions(s, 'w/a', 'x/')).toEqual(['w/a -> x/a: {"TCP":[[80,80]]}', 'w/a -> x/b: "all"']);
  });

  it('ports are what every pair may use', () => {
    expect(s.answer('w/a', 'x/').ports).toEqual({ TCP: [[80, 80]] });
    expect(s.answer('w/a', 'x/b').ports).toBe('all');
    expect(s.answer('all', 'x/').ports).toEqual({});
    expect(s.answer('w/a', 'x/a:79-80').ports).toEqual({ TCP: [[80, 80]] });
  });

  it('a named port concerns the destinations that have it', () => {
    const some = scenario([
      ...XWZ,
      pod('x/c', { ip: '10.0.9.1', ports: 'other=80' }),
      policy('x/c', '{podSelector: {matchLabels: {pod: c}}}'),
    ]);
    expect(some.can('w/a', 'x/:80')).toBe('partly');
    expect(some.can('w/a', 'x/:web')).toBe('allowed');
    expect(some.can('w/a', 'x/:other')).toBe('denied');
  });
});

describe('a pod and itself', () => {
  const closed = (name: string) => policy(`${name}/none`, '{podSelector: {}, policyTypes: [Ingress, Egress]}');

  it('reaches itself whatever the policies', () => {
    const s = scenario([...XWZ, closed('x')]);
    expect(s.can('x/a', 'x/a')).toBe('allowed');
    expect(s.can('x/a', 'x/pod=a')).toBe('allowed');
    expect(s.answer('x/a', 'x/a:80')).toMatchObject({ verdict: 'allowed', ports: { TCP: [[80, 80]] } });
    expect(scenario([...XWZ, closed('x')], { assume: ['selfTraffic=plainRules'] }).can('x/a', 'x/a')).toBe('denied');
  });

  it('counts for nothing among other pairs', () => {
    const s = scenario([...XWZ, closed('x')]);
    expect(s.can('x/', 'x/')).toBe('denied');
    expect(s.can('x/a', 'x/')).toBe('denied');
    expect(exceptions(s, 'x/', 'x/')).toEqual([]);
    const open = scenario([
      ...XWZ,
      policy('x/in', '{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {pod: a}}}]}]}'),
    ]);
    expect(open.can('x/', 'x/')).toBe('partly');
    expect(exceptions(open, 'x/', 'x/')).toEqual(['x/a -> x/b: "all"', 'x/b -> x/a: "-"']);
  });

  it('is another pod of the same workload for a workload, even with one replica', () => {
    const s = scenario([namespace('x'), deployment('x/web', 'app=web', '', 1), closed('x')]);
    expect(s.can('x/web', 'x/web')).toBe('denied');
    expect(s.can('x/', 'x/')).toBe('denied');
  });
});

describe('what is no plain yes or no', () => {
  it('says why nothing can be said', () => {
    const s = scenario([
      namespace('x'),
      deployment('x/web', 'app=web'),
      pod('x/a'),
      policy('x/p', '{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{ipBlock: {cidr: 10.1.0.0/16}}]}]}'),
    ]);
    expect(s.can('x/a', 'x/web')).toBe('unknown: pod-address');
    const { notes } = s.answer('x/a', 'x/web');
    expect(notes).toHaveLength(1);
    expect(notes[0]).toContain('podCIDRs');
    expect(notes[0]).toContain('x/p');
  });

  it('both ends outside, or without a family in common, are no pair', () => {
    const s = scenario([...XWZ, pod('x/six', { ip: 'fd00::1' })]);
    expect(s.answer('192.0.2.1', 'internet')).toMatchObject({
      verdict: 'denied',
      reason: 'both ends are outside of the cluster',
    });
    expect(s.can('192.0.2.1', '192.0.2.2')).toBe('denied');
    expect(s.answer('x/six', 'x/a')).toMatchObject({ verdict: 'denied', reason: 'no address family in common' });
    expect(s.can('x/six', 'x/')).toBe('denied');
    expect(s.can('w/', 'x/')).toBe('allowed');
  });

  it('policies of equal priority that conflict are unknown for the ports they dispute', () => {
    const rule = (action: string, port: number) =>
      `ingress: [{action: ${action}, from: [{namespaces: {}}], protocols: [{tcp: {destinationPort: {number: ${port}}}}]}]`;
    const s = scenario([...XWZ, clusterPolicy('one', rule('Accept', 80)), clusterPolicy('two', rule('Deny', 80))]);
    expect(s.can('w/a', 'x/a:80')).toBe('unknown: equal-priority');
    expect(s.can('w/a', 'x/a:81')).toBe('allowed');
    expect(exceptions(s, 'w/a', 'x/a:80-81')).toEqual(['w/a -> x/a: equal-priority']);
  });
});

it('a Service is asked about its target ports at every pod behind it', () => {
  const s = scenario([
    ...XWZ,
    service('x/web', '{clusterIP: None, selector: {pod: a}, ports: [{port: 80, targetPort: web}]}'),
    FROM_W,
  ]);
  expect(s.can('w/a', 'x/service/web')).toBe('allowed');
  expect(s.answer('w/a', 'x/service/web').ports).toEqual({ TCP: [[80, 80]] });
  expect(s.can('z/a', 'x/service/web:80')).toBe('denied');
});

it('asks about protocols without ports too', () => {
  const s = scenario([...XWZ, policy('x/p', '{podSelector: {}, ingress: [{}]}')], {
    protocols: ['TCP', 'ICMP'],
    assume: ['icmp=portlessRules'],
  });
  expect(s.can('w/a', 'x/a')).toBe('allowed');
  const closed = scenario([...XWZ, FROM_W], { protocols: ['TCP', 'ICMP'], assume: ['icmp=portlessRules'] });
  expect(closed.answer('w/a', 'x/a').ports).toEqual({ TCP: [[80, 80]] });
});
