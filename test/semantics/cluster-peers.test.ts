// Semantics 2.2 to 2.4: subjects, peers and ports of the cluster-scoped APIs.

import { describe, expect, it } from 'vitest';
import {
  adminPolicy,
  clusterPolicy,
  deployment,
  namespace,
  node,
  pod,
  policy,
  scenario,
  XWZ,
} from '../support/scenario.ts';

const DENY = 'ingress: [{action: Deny, from: [{namespaces: {}}]}]';
const PODS = ['x/a', 'x/b', 'w/a', 'w/b'];

/** The pods that a subject selects. */
function subjects(subject: string): string {
  const s = scenario([...XWZ, clusterPolicy('c', DENY, { subject })]);
  return PODS.filter((one) => s.can('z/a', one) === 'denied').join(' ');
}

/** The pods that an egress peer matches, seen from z/a. */
function matched(peer: string): string {
  const s = scenario([...XWZ, clusterPolicy('c', `egress: [{action: Deny, to: [${peer}]}]`)]);
  return PODS.filter((one) => s.can('z/a', one) === 'denied').join(' ');
}

describe('2.2 subject', () => {
  it.each([
    ['namespaces {}: every pod', '{namespaces: {}}', 'x/a x/b w/a w/b'],
    ['namespaces by label', '{namespaces: {matchLabels: {ns: w}}}', 'w/a w/b'],
    [
      'namespaces by expression: NotIn matches absent keys',
      '{namespaces: {matchExpressions: [{key: team, operator: NotIn, values: [red]}, {key: ns, operator: In, values: [x]}]}}',
      'x/a x/b',
    ],
    [
      'pods with both selectors: AND',
      '{pods: {namespaceSelector: {matchLabels: {ns: w}}, podSelector: {matchLabels: {pod: a}}}}',
      'w/a',
    ],
    ['pods without namespaceSelector: all namespaces', '{pods: {podSelector: {matchLabels: {pod: a}}}}', 'x/a w/a'],
    ['pods with empty selectors: every pod', '{pods: {namespaceSelector: {}, podSelector: {}}}', 'x/a x/b w/a w/b'],
  ])('2.2 %s', (_meaning, subject, expected) => {
    expect(subjects(subject)).toBe(expected);
  });

  it.each([
    ['both', '{namespaces: {}, pods: {podSelector: {}}}'],
    ['neither', '{}'],
  ])('2.2: %s of namespaces and pods is refused', (_how, subject) => {
    const s = scenario([...XWZ, clusterPolicy('c', DENY, { subject })], { mayRefuse: true });
    expect(s.findings).toContain('refused invalid-subject spec.subject');
    expect(s.can('w/a', 'x/a')).toBe('allowed');
  });

  it('2.2: v1alpha1 requires both selectors', () => {
    const text = adminPolicy('AdminNetworkPolicy', DENY).replace('{namespaces: {}}', '{pods: {podSelector: {}}}');
    const s = scenario([...XWZ, text], { mayRefuse: true });
    expect(s.findings.some((one) => one.startsWith('refused') && one.includes('spec.subject.pods'))).toBe(true);
  });
});

describe('2.3 peers', () => {
  it.each([
    ['namespaces', '{namespaces: {matchLabels: {ns: w}}}', 'w/a w/b'],
    ['namespaces {}: every pod', '{namespaces: {}}', 'x/a x/b w/a w/b'],
    [
      'pods: AND of both selectors',
      '{pods: {namespaceSelector: {matchLabels: {ns: w}}, podSelector: {matchLabels: {pod: b}}}}',
      'w/b',
    ],
    ['pods without namespaceSelector: of every namespace', '{pods: {podSelector: {matchLabels: {pod: b}}}}', 'x/b w/b'],
    ['networks match pods', '{networks: [10.0.1.0/24, 10.0.2.2/32]}', 'x/a x/b w/b'],
    [
      'two peers: OR',
      '{namespaces: {matchLabels: {ns: w}}}, {pods: {podSelector: {matchLabels: {pod: a}}}}',
      'x/a w/a w/b',
    ],
    ['nodes match no pod of the pod network', '{nodes: {}}', ''],
  ])('2.3 %s', (_meaning, peer, expected) => {
    expect(matched(peer)).toBe(expected);
  });

  it('2.3: networks match nodes and addresses outside, of their own family', () => {
    const deny = (network: string) => clusterPolicy('c', `egress: [{action: Deny, to: [{networks: ["${network}"]}]}]`);
    const world = [namespace('x'), node('n1', '172.16.0.1 fd01::1'), pod('x/a', { ip: '10.0.0.1 fd00::1' })];
    expect(scenario([...world, deny('0.0.0.0/0')]).can('x/a', 'node/n1')).toBe('partly');
    expect(scenario([...world, deny('0.0.0.0/0')]).can('x/a', '192.0.2.1')).toBe('denied');
    expect(scenario([...world, deny('0.0.0.0/0')]).can('x/a', '2001:db8::1')).toBe('allowed');
    expect(scenario([...world, deny('::/0')]).can('x/a', '192.0.2.1')).toBe('allowed');
  });

  it('2.3: networks without protocols cover ICMP of their family', () => {
    const deny = clusterPolicy('c', 'egress: [{action: Deny, to: [{networks: [0.0.0.0/0]}]}]');
    expect(scenario([...XWZ, deny], { protocols: ['ICMP'] }).can('x/a', '192.0.2.1')).toBe('denied');
  });

  const NODES = [
    namespace('x'),
    node('n1', '172.16.0.1 172.16.1.1', 'zone=one'),
    node('n2', '172.16.0.2', 'zone=two'),
    pod('x/a', { ip: '10.0.0.1' }),
  ];

  it('2.3: nodes match by label, {} every node', () => {
    const deny = (selector: string) =>
      scenario([...NODES, clusterPolicy('c', `egress: [{action: Deny, to: [{nodes: ${selector}}]}]`)]);
    expect(deny('{matchLabels: {zone: one}}').can('x/a', 'node/n1')).toBe('denied');
    expect(deny('{matchLabels: {zone: one}}').can('x/a', 'node/n2')).toBe('allowed');
    expect(deny('{}').can('x/a', 'node/n2')).toBe('denied');
    expect(deny('{}').can('x/a', '192.0.2.1')).toBe('allowed');
  });

  it('2.3: nodes are not known where no Node object was read', () => {
    const deny = clusterPolicy('c', 'egress: [{action: Deny, to: [{nodes: {}}]}]');
    expect(scenario([...XWZ, deny]).can('x/a', '192.0.2.1')).toBe('unknown: node-address');
    const host = pod('x/host', { hostNetwork: true });
    expect(scenario([...XWZ, host, deny]).can('x/a', 'x/host')).toBe('denied');
    const labelled = clusterPolicy('c', 'egress: [{action: Deny, to: [{nodes: {matchLabels: {zone: one}}}]}]');
    expect(scenario([...XWZ, host, labelled]).can('x/a', 'x/host')).toBe('unknown: node-labels');
  });

  it.each(['networks: [10.0.0.0/8]', 'nodes: {}', 'domainNames: [example.com]'])(
    '2.3: ingress peers can only be pods: %s is refused',
    (peer) => {
      const s = scenario([...XWZ, clusterPolicy('c', `ingress: [{action: Accept, from: [{${peer}}]}]`)], {
        mayRefuse: true,
      });
      expect(s.findings.some((one) => one.startsWith('refused') && one.includes('spec.ingress[0].from'))).toBe(true);
    },
  );

  it.each(['{}', '{namespaces: {}, pods: {podSelector: {}}}'])(
    '2.3: exactly one field per peer: %s is refused',
    (peer) => {
      const s = scenario([...XWZ, clusterPolicy('c', `egress: [{action: Deny, to: [${peer}]}]`)], { mayRefuse: true });
      expect(s.findings.some((one) => one.startsWith('refused'))).toBe(true);
      expect(s.can('x/a', 'w/a')).toBe('allowed');
    },
  );

  it('2.3: the shape of before v0.1.3, namespaces.namespaceSelector, is not understood as all namespaces in silence', () => {
    const text = adminPolicy(
      'AdminNetworkPolicy',
      'egress: [{action: Deny, to: [{namespaces: {namespaceSelector: {matchLabels: {ns: w}}}}]}]',
    );
    const s = scenario([...XWZ, text], { mayRefuse: true });
    expect(s.findings).toEqual(['refused unknown-field spec.egress[0].to[0].namespaces.namespaceSelector']);
    expect(s.can('x/a', 'z/a')).toBe('allowed');
  });

  it('2.3: ranges of templates and blocks meet as in NetworkPolicy', () => {
    const deny = clusterPolicy('c', 'egress: [{action: Deny, to: [{networks: [10.244.0.0/17]}]}]');
    const s = scenario([namespace('x'), pod('x/a', { ip: '10.244.0.1' }), deployment('x/web', 'app=web'), deny], {
      assume: ['podCIDRs=10.244.0.0/16'],
    });
    expect(s.can('x/a', 'x/web')).toBe('unknown: pod-address');
  });
});

describe('2.4 ports', () => {
  const deny = (protocols: string, peer = '{namespaces: {}}') =>
    clusterPolicy('c', `egress: [{action: Deny, to: [${peer}], protocols: [${protocols}]}]`);
  const at = (text: string, ...ports: string[]) => {
    const s = scenario([...XWZ, text]);
    return ports.map((port) => s.can('x/a', `w/a:${port}`)).join(' ');
  };

  it.each([
    ['a number', '{tcp: {destinationPort: {number: 80}}}', 'denied allowed allowed'],
    ['a range, both ends included', '{tcp: {destinationPort: {range: {start: 80, end: 81}}}}', 'denied denied allowed'],
    ['another protocol', '{udp: {destinationPort: {number: 80}}}', 'allowed allowed denied'],
    [
      'every port of one protocol is 1-65535',
      '{tcp: {destinationPort: {range: {start: 1, end: 65535}}}}',
      'denied denied allowed',
    ],
    [
      'two entries: OR',
      '{tcp: {destinationPort: {number: 81}}}, {udp: {destinationPort: {number: 80}}}',
      'allowed denied denied',
    ],
    ['a name, whatever its protocol', '{destinationNamedPort: web}', 'denied allowed allowed'],
  ])('2.4 v1alpha2 protocols: %s', (_meaning, protocols, expected) => {
    expect(at(deny(protocols), '80', '81', '80/udp')).toBe(expected);
  });

  it('2.4: a protocol without a port is refused by the CRD, so that the policy counts as absent', () => {
    const s = scenario([...XWZ, deny('{tcp: {}}')], { mayRefuse: true });
    expect(s.findings).toContain('refused missing-field spec.egress[0].protocols[0].tcp');
    expect(s.can('x/a', 'w/a')).toBe('allowed');
  });

  it('2.4: a name takes its protocol from the container port', () => {
    expect(at(deny('{destinationNamedPort: dns}'), '53/udp', '53')).toBe('denied allowed');
  });

  it('2.4: protocols absent is everything, ICMP too; present never is ICMP', () => {
    const all = clusterPolicy('c', 'egress: [{action: Deny, to: [{namespaces: {}}]}]');
    expect(scenario([...XWZ, all], { protocols: ['ICMP'] }).can('x/a', 'w/a')).toBe('denied');
    const tcp = deny('{tcp: {destinationPort: {range: {start: 1, end: 65535}}}}');
    expect(scenario([...XWZ, tcp], { protocols: ['ICMP'] }).can('x/a', 'w/a')).toBe('allowed');
    expect(scenario([...XWZ, tcp]).can('x/a', 'w/a:9/udp')).toBe('allowed');
  });

  it('2.4: named ports never match peers of networks, even where the address is a pod that has the name', () => {
    const rule = (protocols: string, peer = '{networks: [10.0.2.0/24, 192.0.2.0/24]}') => {
      const text = `egress: [{action: Deny, to: [${peer}], protocols: [${protocols}]}]`;
      return scenario([...XWZ, clusterPolicy('c', text)]);
    };
    const named = rule('{destinationNamedPort: web}');
    expect(named.can('x/a', '192.0.2.1:80')).toBe('allowed');
    expect(named.can('x/a', 'w/a:80')).toBe('allowed');
    expect(named.findings.some((one) => one.startsWith('named-port-without-pods'))).toBe(true);
    const both = rule('{destinationNamedPort: web}, {tcp: {destinationPort: {number: 81}}}');
    expect(both.can('x/a', 'w/a:80')).toBe('allowed');
    expect(both.can('x/a', 'w/a:81')).toBe('denied');
    const mixed = rule(
      '{destinationNamedPort: web}',
      '{networks: [10.0.2.0/24]}, {namespaces: {matchLabels: {ns: z}}}',
    );
    expect(mixed.can('x/a', 'w/a:80')).toBe('allowed');
    expect(mixed.can('x/a', 'z/a:80')).toBe('denied');
  });

  it('2.4: the rules after one that was split keep their order', () => {
    const first =
      '{action: Accept, to: [{networks: [10.0.3.0/24]}, {namespaces: {matchLabels: {ns: w}}}], protocols: [{destinationNamedPort: web}, {tcp: {destinationPort: {number: 81}}}]}';
    const s = scenario([...XWZ, clusterPolicy('c', `egress: [${first}, {action: Deny, to: [{namespaces: {}}]}]`)]);
    expect(['w/a:80', 'w/a:81', 'z/a:80', 'z/a:81'].map((to) => s.can('x/a', to))).toEqual([
      'allowed',
      'allowed',
      'denied',
      'allowed',
    ]);
    expect(s.explain('x/a', 'z/a:80').cases[0]?.egress.steps[0]?.rule?.index).toBe(1);
  });

  it.each(['{start: 80, end: 80}', '{start: 81, end: 80}'])(
    '2.4 v1alpha2: a range must rise: %s is refused',
    (range) => {
      const s = scenario([...XWZ, deny(`{tcp: {destinationPort: {range: ${range}}}}`)], { mayRefuse: true });
      expect(s.findings.some((one) => one.startsWith('refused'))).toBe(true);
    },
  );

  const denyPorts = (ports: string) =>
    adminPolicy('AdminNetworkPolicy', `egress: [{action: Deny, to: [{namespaces: {}}], ports: [${ports}]}]`);

  it.each([
    ['portNumber is TCP by default', '{portNumber: {port: 80}}', 'denied allowed allowed'],
    ['portNumber with a protocol', '{portNumber: {protocol: UDP, port: 80}}', 'allowed allowed denied'],
    ['portRange, both ends included', '{portRange: {start: 80, end: 81}}', 'denied denied allowed'],
    ['portRange of one port', '{portRange: {start: 81, end: 81}}', 'allowed denied allowed'],
    ['an empty portRange matches nothing', '{portRange: {start: 81, end: 80}}', 'allowed allowed allowed'],
    ['namedPort', '{namedPort: alt}', 'allowed denied allowed'],
  ])('2.4 v1alpha1 ports: %s', (_meaning, ports, expected) => {
    expect(at(denyPorts(ports), '80', '81', '80/udp')).toBe(expected);
  });
});

describe('2.5 what validation refuses counts as absent', () => {
  it.each([
    ['a tier that does not exist', 'tier: Custom', 'tier: Admin'],
    ['a priority above 1000', 'priority: 1001', 'priority: 10'],
    ['a priority below 0', 'priority: -1', 'priority: 10'],
    ['an action that does not exist', 'action: Allow', 'action: Deny'],
    ['no peers', 'from: []', 'from: [{namespaces: {}}]'],
  ])('2.5: %s', (_what, wrong, right) => {
    const text = clusterPolicy('c', DENY).replace(right, wrong);
    const s = scenario([...XWZ, text], { mayRefuse: true });
    expect(s.findings.some((one) => one.startsWith('refused'))).toBe(true);
    expect(s.can('w/a', 'x/a')).toBe('allowed');
  });

  it('2.5: a BaselineAdminNetworkPolicy must be called default', () => {
    const text = adminPolicy('BaselineAdminNetworkPolicy', DENY).replace('name: default', 'name: other');
    const s = scenario([...XWZ, text], { mayRefuse: true });
    expect(s.findings.some((one) => one.startsWith('refused'))).toBe(true);
    expect(s.can('w/a', 'x/a')).toBe('allowed');
  });

  it('2.5: Deny and Accept are words of v1alpha2, Allow and Deny of v1alpha1', () => {
    const text = adminPolicy('AdminNetworkPolicy', DENY).replace('action: Deny', 'action: Accept');
    expect(scenario([...XWZ, text], { mayRefuse: true }).findings).toContain(
      'refused invalid-action spec.ingress[0].action',
    );
  });

  it('2.5: host bits in networks are accepted and masked', () => {
    const text = clusterPolicy('c', 'egress: [{action: Deny, to: [{networks: [10.0.2.7/24]}]}]');
    expect(scenario([...XWZ, text]).can('x/a', 'w/a')).toBe('denied');
  });

  it('2.5: a refused NetworkPolicy isolates nobody', () => {
    const text = policy('x/p', '{podSelector: {}, policyTypes: [Ingress, Egress, Ingress]}');
    const s = scenario([...XWZ, text], { mayRefuse: true });
    expect(s.can('w/a', 'x/a')).toBe('allowed');
  });
});
