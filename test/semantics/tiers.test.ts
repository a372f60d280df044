// Semantics 2.1: Admin, NetworkPolicy and Baseline, in that order (C1 to C10).

import { describe, expect, it } from 'vitest';
import {
  adminPolicy,
  clusterPolicy,
  namespace,
  node,
  pod,
  policy,
  scenario,
  service,
  XWZ,
} from '../support/scenario.ts';

const FROM_W = '[{namespaces: {matchLabels: {ns: w}}}]';
const ingress = (...actions: string[]) =>
  `ingress: [${actions.map((action) => `{action: ${action}, from: ${FROM_W}}`).join(', ')}]`;
const OPEN_X = policy('x/open', '{podSelector: {}, ingress: [{}]}');
const DENY_X = policy('x/deny', '{podSelector: {}, policyTypes: [Ingress]}');

describe('2.1 order of evaluation', () => {
  it.each([
    ['Admin Accept is final', [clusterPolicy('c', ingress('Accept')), DENY_X], 'allowed'],
    ['Admin Deny is final', [clusterPolicy('c', ingress('Deny')), OPEN_X], 'denied'],
    ['Admin Pass leaves it to NetworkPolicies: deny', [clusterPolicy('c', ingress('Pass')), DENY_X], 'denied'],
    ['Admin Pass leaves it to NetworkPolicies: allow', [clusterPolicy('c', ingress('Pass')), OPEN_X], 'allowed'],
    [
      'what no Admin rule matches goes on',
      [clusterPolicy('c', ingress('Deny').replace('ns: w', 'ns: z')), OPEN_X],
      'allowed',
    ],
    [
      'a NetworkPolicy that allows is final before Baseline',
      [clusterPolicy('b', ingress('Deny'), { tier: 'Baseline' }), OPEN_X],
      'allowed',
    ],
    [
      'Baseline Deny where no NetworkPolicy isolates',
      [clusterPolicy('b', ingress('Deny'), { tier: 'Baseline' })],
      'denied',
    ],
    ['Baseline Accept', [clusterPolicy('b', ingress('Accept', 'Deny'), { tier: 'Baseline' })], 'allowed'],
    ['nothing at all: allowed', [], 'allowed'],
  ])('2.1 %s', (_meaning, texts, expected) => {
    expect(scenario([...XWZ, ...texts]).can('w/a', 'x/a')).toBe(expected);
  });

  it('2.1: Admin Accept on egress does not skip the ingress of the destination', () => {
    const accept = clusterPolicy('c', 'egress: [{action: Accept, to: [{namespaces: {}}]}]');
    expect(scenario([...XWZ, accept, DENY_X]).can('w/a', 'x/a')).toBe('denied');
  });

  it('2.1: both APIs share the Admin tier, in order of priority', () => {
    const anp = adminPolicy('AdminNetworkPolicy', 'ingress: [{action: Allow, from: [{namespaces: {}}]}]');
    expect(scenario([...XWZ, anp, clusterPolicy('c', ingress('Deny'), { priority: 9 })]).can('w/a', 'x/a')).toBe(
      'denied',
    );
    expect(scenario([...XWZ, anp, clusterPolicy('c', ingress('Deny'), { priority: 11 })]).can('w/a', 'x/a')).toBe(
      'allowed',
    );
  });

  it('2.1: the BaselineAdminNetworkPolicy stands after NetworkPolicies', () => {
    const banp = adminPolicy('BaselineAdminNetworkPolicy', 'ingress: [{action: Deny, from: [{namespaces: {}}]}]');
    expect(scenario([...XWZ, banp]).can('w/a', 'x/a')).toBe('denied');
    expect(scenario([...XWZ, banp, OPEN_X]).can('w/a', 'x/a')).toBe('allowed');
  });
});

describe('2.1 rules C1 to C10', () => {
  it('C1: being a subject isolates nobody', () => {
    const s = scenario([
      ...XWZ,
      clusterPolicy('c', ingress('Accept')),
      clusterPolicy('empty', 'ingress: [], egress: []', { priority: 1 }),
    ]);
    expect(s.can('z/a', 'x/a')).toBe('allowed');
    expect(s.can('x/a', 'z/a')).toBe('allowed');
    expect(s.can('192.0.2.1', 'x/a')).toBe('allowed');
  });

  it('C1: a policy without egress rules does not touch egress', () => {
    const onlyX = clusterPolicy('c', ingress('Deny'), { subject: '{namespaces: {matchLabels: {ns: x}}}' });
    expect(scenario([...XWZ, onlyX]).can('x/a', 'w/a')).toBe('allowed');
  });

  it('C2: the lower number comes first', () => {
    const [first, second] = [
      clusterPolicy('z', ingress('Accept'), { priority: 0 }),
      clusterPolicy('a', ingress('Deny'), { priority: 1000 }),
    ];
    expect(scenario([...XWZ, second, first]).can('w/a', 'x/a')).toBe('allowed');
  });

  it('C2: numbers compare as numbers, not as texts', () => {
    const texts = [
      clusterPolicy('a', ingress('Deny'), { priority: 10 }),
      clusterPolicy('b', ingress('Accept'), { priority: 9 }),
    ];
    expect(scenario([...XWZ, ...texts]).can('w/a', 'x/a')).toBe('allowed');
  });

  it('C2: within a policy the rule at the top comes first', () => {
    expect(scenario([...XWZ, clusterPolicy('c', ingress('Deny', 'Accept'))]).can('w/a', 'x/a')).toBe('denied');
    expect(scenario([...XWZ, clusterPolicy('c', ingress('Accept', 'Deny'))]).can('w/a', 'x/a')).toBe('allowed');
  });

  it('C2: a rule that does not match the port lets the next one decide', () => {
    const rules = `ingress: [{action: Deny, from: ${FROM_W}, protocols: [{tcp: {destinationPort: {number: 80}}}]}, {action: Accept, from: ${FROM_W}}]`;
    const s = scenario([...XWZ, clusterPolicy('c', rules)]);
    expect(s.can('w/a', 'x/a:80')).toBe('denied');
    expect(s.can('w/a', 'x/a:81')).toBe('allowed');
    expect(s.can('w/a', 'x/a')).toBe('partly');
  });

  it('C2: ingress and egress lists are independent', () => {
    const s = scenario([
      ...XWZ,
      clusterPolicy('c', `${ingress('Accept')}, egress: [{action: Deny, to: [{namespaces: {matchLabels: {ns: z}}}]}]`),
    ]);
    expect(s.can('w/a', 'x/a')).toBe('allowed');
    expect(s.can('x/a', 'z/a')).toBe('denied');
  });

  it('C2: priorities of two tiers have nothing to do with each other', () => {
    const texts = [
      clusterPolicy('b', ingress('Accept'), { tier: 'Baseline', priority: 0 }),
      clusterPolicy('a', ingress('Deny'), { priority: 1000 }),
    ];
    expect(scenario([...XWZ, ...texts]).can('w/a', 'x/a')).toBe('denied');
  });

  const pair = (one: string, other: string) => [clusterPolicy('a', ingress(one)), clusterPolicy('b', ingress(other))];

  it('C3: equal priorities that conflict are unknown', () => {
    expect(scenario([...XWZ, ...pair('Accept', 'Deny')]).can('w/a', 'x/a')).toBe('unknown: equal-priority');
    expect(scenario([...XWZ, ...pair('Deny', 'Accept')]).can('w/a', 'x/a')).toBe('unknown: equal-priority');
  });

  it('C3: equal priorities whose every order agrees stand', () => {
    expect(scenario([...XWZ, ...pair('Deny', 'Deny')]).can('w/a', 'x/a')).toBe('denied');
    expect(scenario([...XWZ, ...pair('Accept', 'Pass')]).can('w/a', 'x/a')).toBe('allowed');
    expect(scenario([...XWZ, ...pair('Accept', 'Pass'), OPEN_X]).can('w/a', 'x/a')).toBe('allowed');
    expect(scenario([...XWZ, ...pair('Deny', 'Pass'), DENY_X]).can('w/a', 'x/a')).toBe('denied');
  });

  it('C3: Accept against Pass into a deny is unknown', () => {
    expect(scenario([...XWZ, ...pair('Accept', 'Pass'), DENY_X]).can('w/a', 'x/a')).toBe('unknown: equal-priority');
  });

  it('C3: a conflict on one port leaves the others decided', () => {
    const deny80 = clusterPolicy(
      'b',
      `ingress: [{action: Deny, from: ${FROM_W}, protocols: [{tcp: {destinationPort: {number: 80}}}]}]`,
    );
    const s = scenario([...XWZ, clusterPolicy('a', ingress('Accept')), deny80]);
    expect(s.can('w/a', 'x/a:80')).toBe('unknown: equal-priority');
    expect(s.can('w/a', 'x/a:81')).toBe('allowed');
  });

  it('C3: equal priorities for different pods do not conflict', () => {
    const texts = [
      clusterPolicy('a', ingress('Accept'), { subject: '{namespaces: {matchLabels: {ns: x}}}' }),
      clusterPolicy('b', ingress('Deny'), { subject: '{namespaces: {matchLabels: {ns: z}}}' }),
    ];
    const s = scenario([...XWZ, ...texts]);
    expect(s.can('w/a', 'x/a')).toBe('allowed');
    expect(s.can('w/a', 'z/a')).toBe('denied');
  });

  it('C3: equal priorities in different tiers do not conflict', () => {
    expect(
      scenario([
        ...XWZ,
        clusterPolicy('a', ingress('Accept')),
        clusterPolicy('b', ingress('Deny'), { tier: 'Baseline' }),
      ]).can('w/a', 'x/a'),
    ).toBe('allowed');
  });

  it('C3: an earlier policy that decides settles it', () => {
    expect(
      scenario([...XWZ, ...pair('Accept', 'Deny'), clusterPolicy('first', ingress('Deny'), { priority: 1 })]).can(
        'w/a',
        'x/a',
      ),
    ).toBe('denied');
  });

  it('C3 knob tiePriority=byName: the first name decides', () => {
    const options = { assume: ['tiePriority=byName'] };
    expect(scenario([...XWZ, ...pair('Accept', 'Deny')], options).can('w/a', 'x/a')).toBe('allowed');
    expect(scenario([...XWZ, ...pair('Deny', 'Accept').reverse()], options).can('w/a', 'x/a')).toBe('denied');
  });

  it('C4: Pass skips the later rules of its policy', () => {
    expect(scenario([...XWZ, clusterPolicy('c', ingress('Pass', 'Deny'))]).can('w/a', 'x/a')).toBe('allowed');
  });

  it('C4: Pass skips the policies of lower precedence in its tier', () => {
    const deny = clusterPolicy('d', ingress('Deny'), { priority: 20 });
    expect(scenario([...XWZ, clusterPolicy('c', ingress('Pass')), deny]).can('w/a', 'x/a')).toBe('allowed');
  });

  it('C4: Pass does not skip the Baseline tier', () => {
    const deny = clusterPolicy('b', ingress('Deny'), { tier: 'Baseline' });
    expect(scenario([...XWZ, clusterPolicy('c', ingress('Pass')), deny]).can('w/a', 'x/a')).toBe('denied');
  });

  it('C4: Pass in Baseline ends in the default, which is to allow', () => {
    const texts = [
      clusterPolicy('b', ingress('Pass'), { tier: 'Baseline' }),
      clusterPolicy('d', ingress('Deny'), { tier: 'Baseline', priority: 20 }),
    ];
    expect(scenario([...XWZ, ...texts]).can('w/a', 'x/a')).toBe('allowed');
  });

  it('C4: the BaselineAdminNetworkPolicy has no Pass', () => {
    const s = scenario(
      [...XWZ, adminPolicy('BaselineAdminNetworkPolicy', 'ingress: [{action: Pass, from: [{namespaces: {}}]}]')],
      { mayRefuse: true },
    );
    expect(s.findings).toContain('refused invalid-action spec.ingress[0].action');
  });

  it.each([
    ['perDirection', 'denied'],
    ['anyDirection', 'allowed'],
  ])(
    'C5 knob npTier=%s: a pod that a NetworkPolicy selects for egress only meets Baseline on ingress: %s',
    (knob, expected) => {
      const egressOnly = policy('x/p', '{podSelector: {}, policyTypes: [Egress], egress: [{}]}');
      const deny = clusterPolicy('b', ingress('Deny'), { tier: 'Baseline' });
      expect(scenario([...XWZ, egressOnly, deny], { assume: [`npTier=${knob}`] }).can('w/a', 'x/a')).toBe(expected);
      expect(scenario([...XWZ, deny], { assume: [`npTier=${knob}`] }).can('w/a', 'x/a')).toBe('denied');
    },
  );

  it('C5: by default it is per direction', () => {
    const egressOnly = policy('x/p', '{podSelector: {}, policyTypes: [Egress], egress: [{}]}');
    const deny = clusterPolicy('b', ingress('Deny'), { tier: 'Baseline' });
    expect(scenario([...XWZ, egressOnly, deny]).can('w/a', 'x/a')).toBe('denied');
  });

  it('C6: the implicit deny of NetworkPolicies never falls through to Baseline', () => {
    expect(
      scenario([...XWZ, DENY_X, clusterPolicy('b', ingress('Accept'), { tier: 'Baseline' })]).can('w/a', 'x/a'),
    ).toBe('denied');
  });

  it('C7: an Accept covers the replies: no rule for the way back', () => {
    const texts = [
      clusterPolicy('c', 'egress: [{action: Accept, to: [{namespaces: {}}]}]'),
      policy('w/p', '{podSelector: {}, ingress: [], egress: [{ports: [{port: 1}]}]}'),
    ];
    expect(scenario([...XWZ, ...texts]).can('w/a', 'x/a:5000')).toBe('allowed');
    expect(scenario([...XWZ, ...texts]).can('x/a', 'w/a:5000')).toBe('denied');
  });

  const NODES = [
    namespace('x'),
    node('n1', '172.16.0.1'),
    node('n2', '172.16.0.2'),
    pod('x/a', { ip: '10.0.0.1', node: 'n1' }),
  ];

  it('C9: ingress rules match pods only, so nodes are left to the NetworkPolicy tier', () => {
    const denyAll = clusterPolicy('c', 'ingress: [{action: Deny, from: [{namespaces: {}}]}]');
    expect(scenario([...NODES, denyAll]).can('node/n2', 'x/a')).toBe('allowed');
    const s = scenario([...NODES, denyAll, policy('x/p', '{podSelector: {}}')]);
    expect(s.can('node/n2', 'x/a')).toBe('denied');
    expect(s.can('node/n1', 'x/a')).toBe('allowed');
  });

  it('C9: external sources are matched by no ingress rule and meet NetworkPolicies', () => {
    const denyAll = clusterPolicy('c', 'ingress: [{action: Deny, from: [{namespaces: {}}]}]');
    expect(scenario([...XWZ, denyAll]).can('192.0.2.1', 'x/a')).toBe('allowed');
    expect(scenario([...XWZ, denyAll, DENY_X]).can('192.0.2.1', 'x/a')).toBe('denied');
  });

  it('C9: egress to the own node can be denied', () => {
    for (const peer of ['{nodes: {}}', '{networks: [172.16.0.0/12]}']) {
      expect(
        scenario([...NODES, clusterPolicy('c', `egress: [{action: Deny, to: [${peer}]}]`)]).can('x/a', 'node/n1'),
      ).toBe('denied');
    }
  });

  it.each(['postDNAT', 'preDNAT'])(
    'C10 serviceView=%s: rules see the pod behind a Service, never its address',
    (knob) => {
      const web = service('x/web', '{selector: {pod: a}, clusterIP: 10.96.0.7, ports: [{port: 8000, targetPort: 80}]}');
      const deny = (network: string) => clusterPolicy('c', `egress: [{action: Deny, to: [{networks: [${network}]}]}]`);
      const options = { assume: [`serviceView=${knob}`] };
      expect(scenario([...XWZ, web, deny('10.96.0.0/12')], options).can('w/a', 'x/service/web')).toBe('allowed');
      expect(scenario([...XWZ, web, deny('10.0.1.1/32')], options).can('w/a', 'x/service/web')).toBe('denied');
    },
  );
});
