// What plugins make of rules beyond the specification: one cluster per knob, in which its values differ.

import { describe, expect, it } from 'vitest';
import {
  clusterPolicy,
  deployment,
  namespace,
  node,
  object,
  pod,
  policy,
  scenario,
  service,
} from '../support/scenario.ts';

const ADMIN = 'policy.networking.k8s.io/v1alpha1';

const on = (texts: readonly string[], ...assume: string[]) => scenario(texts, { assume });

describe('ipBlockMatchesPods, ipBlockMatchesNodes', () => {
  const world = [
    namespace('x'),
    node('n1', '172.16.0.1'),
    pod('x/a', { ip: '10.0.0.1' }),
    pod('x/b', { ip: '10.0.0.2' }),
    policy(
      'x/p',
      '{podSelector: {matchLabels: {pod: a}}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}, {ipBlock: {cidr: 172.16.0.0/12}}]}]}',
    ),
  ];

  it.each([
    ['true', 'allowed'],
    ['false', 'denied'],
    ['unknown', 'unknown: ip-block'],
  ])('ipBlockMatchesPods=%s: a pod under a block is %s', (value, verdict) => {
    expect(on(world, `ipBlockMatchesPods=${value}`).can('x/b', 'x/a')).toBe(verdict);
  });

  it.each([
    ['true', 'allowed'],
    ['false', 'denied'],
    ['unknown', 'unknown: ip-block'],
  ])('ipBlockMatchesNodes=%s: a node under a block is %s', (value, verdict) => {
    const s = on([...world], `ipBlockMatchesNodes=${value}`, 'localNodeIngress=evaluate');
    expect(s.can('node/n1', 'x/a')).toBe(verdict);
  });
});

describe('hostNetwork=unknown', () => {
  const world = [
    namespace('x'),
    pod('x/a', { ip: '10.0.0.1', node: 'n1' }),
    pod('x/host', { labels: 'app=host', hostNetwork: true, node: 'n2', ports: 'web=80' }),
    policy(
      'x/in',
      '{podSelector: {matchLabels: {pod: a}}, ingress: [{from: [{podSelector: {matchLabels: {app: other}}}]}]}',
    ),
    policy('x/host', '{podSelector: {matchLabels: {app: host}}, policyTypes: [Ingress, Egress]}'),
  ];

  it('a peer that selects pods matches perhaps, even other pods: they may share a node', () => {
    expect(on(world).can('x/host', 'x/a')).toBe('denied');
    expect(on(world, 'hostNetwork=unknown').can('x/host', 'x/a')).toBe('unknown: host-network');
  });

  it('they are never subjects', () => {
    expect(on(world, 'hostNetwork=asPod').can('x/a', 'x/host')).toBe('denied');
    expect(on(world, 'hostNetwork=unknown').can('x/a', 'x/host')).toBe('allowed');
  });

  it('names of their ports count where a rule that selects them names one', () => {
    const egress = policy(
      'x/out',
      '{podSelector: {matchLabels: {pod: a}}, policyTypes: [Egress], egress: [{to: [{podSelector: {}}], ports: [{port: web}]}]}',
    );
    const s = on([...world, egress], 'hostNetwork=unknown');
    expect(s.can('x/a', 'x/host:80')).toBe('unknown: host-network');
    expect(s.can('x/a', 'x/host:81')).toBe('denied');
  });

  it('peers of the cluster-scoped APIs do not match them', () => {
    const deny = clusterPolicy('c', 'egress: [{action: Deny, to: [{namespaces: {}}]}]');
    expect(on([...world.slice(0, 3), deny], 'hostNetwork=unknown').can('x/a', 'x/host')).toBe('allowed');
  });
});

describe('standalonePods', () => {
  it('unknown: a policy isolates a pod that nothing owns perhaps', () => {
    const world = [namespace('x'), pod('x/a'), pod('x/b'), policy('x/deny', '{podSelector: {matchLabels: {pod: a}}}')];
    expect(on(world).can('x/b', 'x/a')).toBe('denied');
    expect(on(world, 'standalonePods=unknown').can('x/b', 'x/a')).toBe('unknown: standalone-pods');
    expect(on(world, 'standalonePods=unknown').can('x/a', 'x/b')).toBe('allowed');
  });
});

describe('port names', () => {
  const world = [
    namespace('x'),
    namespace('y'),
    pod('x/a', { ip: '10.0.0.1', ports: 'web=80' }),
    pod('x/b', { ip: '10.0.0.2', ports: 'web=81' }),
    pod('y/c', { ip: '10.0.0.3', ports: 'web=82' }),
  ];
  const ingress = (ports: string) => policy('x/in', `{podSelector: {}, ingress: [{ports: ${ports}}]}`);
  const egress = (rule: string) =>
    policy('x/out', `{podSelector: {matchLabels: {pod: a}}, policyTypes: [Egress], egress: [${rule}]}`);

  it('namedPorts=anyPort: a name opens its protocol, and nothing beside a number of it', () => {
    const name = [...world, ingress('[{port: web}]')];
    expect(on(name).can('x/a', 'x/b:80')).toBe('denied');
    expect(on(name, 'namedPorts=anyPort').can('x/a', 'x/b:80')).toBe('allowed');
    expect(on(name, 'namedPorts=anyPort').can('x/a', 'x/b:80/udp')).toBe('denied');
    const both = [...world, ingress('[{port: web}, {port: 9}, {protocol: UDP}, {protocol: UDP, port: 7}]')];
    expect(on(both, 'namedPorts=anyPort').can('x/a', 'x/b:81')).toBe('denied');
    expect(on(both, 'namedPorts=anyPort').can('x/a', 'x/b:9')).toBe('allowed');
    expect(on(both).can('x/a', 'x/b:8/udp')).toBe('allowed');
    expect(on(both, 'namedPorts=anyPort').can('x/a', 'x/b:8/udp')).toBe('denied');
  });

  it('namedPorts=unknown: any port perhaps, beside numbers of the protocol only', () => {
    const name = [...world, ingress('[{port: web}]')];
    expect(on(name, 'namedPorts=unknown').can('x/a', 'x/b:81')).toBe('unknown: named-ports');
    expect(on(name, 'namedPorts=unknown').can('x/a', 'x/b:7/udp')).toBe('unknown: named-ports');
    const both = [...world, ingress('[{port: web}, {port: 9}]')];
    expect(on(both, 'namedPorts=unknown').can('x/a', 'x/b:9')).toBe('allowed');
    expect(on(both, 'namedPorts=unknown').can('x/a', 'x/b:8')).toBe('unknown: named-ports');
    expect(on(both, 'namedPorts=unknown').can('x/a', 'x/b:8/udp')).toBe('denied');
  });

  it('ingressNamedPorts=perPolicy: the numbers of all pods of the policy', () => {
    const name = [...world, ingress('[{port: web}]')];
    expect(on(name).can('x/a', 'x/b:80')).toBe('denied');
    expect(on(name, 'ingressNamedPorts=perPolicy').can('x/a', 'x/b:80')).toBe('allowed');
    expect(on(name, 'ingressNamedPorts=perPolicy').can('x/a', 'x/b:81')).toBe('allowed');
    expect(on(name, 'ingressNamedPorts=perPolicy').can('x/a', 'x/b:82')).toBe('denied');
    expect(on(name, 'ingressNamedPorts=perPolicy').can('x/a', 'x/app=new:80')).toBe('allowed');
    expect(on(name, 'ingressNamedPorts=perPolicy').can('x/a', 'x/app=new:83')).toBe('unknown: pod-ports');
  });

  it('ingressNamedPorts=perPolicy: the number of a pod that is selected perhaps opens perhaps', () => {
    const template = deployment('x/r', 'app=r', 'web=99');
    const hash = 'matchExpressions: [{key: pod-template-hash, operator: NotIn, values: [q]}]';
    const p = policy('x/in', `{podSelector: {${hash}}, ingress: [{ports: [{port: web}]}]}`);
    const s = on([...world, template, p], 'ingressNamedPorts=perPolicy');
    expect(s.can('y/c', 'x/a:80')).toBe('allowed');
    expect(s.can('y/c', 'x/a:99')).toBe('unknown: pod-labels');
    expect(s.can('y/c', 'x/a:98')).toBe('denied');
  });

  it.each([
    ['perDestination', 'allowed', 'allowed', 'allowed'],
    ['podPeers', 'allowed', 'denied', 'allowed'],
    ['selectedPods', 'allowed', 'denied', 'denied'],
    ['unknown', 'unknown: named-ports', 'unknown: named-ports', 'unknown: named-ports'],
  ])(
    'egressNamedPorts=%s: %s for a selected pod, %s under a block, %s without peers',
    (value, selected, block, anybody) => {
      const verdict = (rule: string) => on([...world, egress(rule)], `egressNamedPorts=${value}`).can('x/a', 'x/b:81');
      expect(verdict('{to: [{podSelector: {}}], ports: [{port: web}]}')).toBe(selected);
      expect(verdict('{to: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: web}]}')).toBe(block);
      expect(verdict('{ports: [{port: web}]}')).toBe(anybody);
      expect(
        verdict('{to: [{ipBlock: {cidr: 10.0.0.0/8}}, {podSelector: {}}], ports: [{port: 81}, {port: web}]}'),
      ).toBe('allowed');
    },
  );

  it('egressNamedPorts=selectedPods: numbers beside a name still count for everybody', () => {
    const s = on(
      [...world, egress('{to: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: web}, {port: 9}]}')],
      'egressNamedPorts=selectedPods',
    );
    expect(s.can('x/a', 'x/b:9')).toBe('allowed');
    expect(s.can('x/a', 'x/b:81')).toBe('denied');
  });
});

describe('endPort=unknown', () => {
  it('opens port surely and the rest of the range perhaps', () => {
    const world = [
      namespace('x'),
      pod('x/a'),
      pod('x/b'),
      policy('x/p', '{podSelector: {matchLabels: {pod: a}}, ingress: [{ports: [{port: 80, endPort: 90}]}]}'),
    ];
    const s = on(world, 'endPort=unknown');
    expect(s.can('x/b', 'x/a:80')).toBe('allowed');
    expect(s.can('x/b', 'x/a:90')).toBe('unknown: end-port');
    expect(s.can('x/b', 'x/a:91')).toBe('denied');
  });
});

describe('unlistedDirectionRules', () => {
  const world = [
    namespace('x'),
    pod('x/a'),
    pod('x/b'),
    pod('x/c'),
    policy(
      'x/p',
      '{podSelector: {matchLabels: {pod: a}}, policyTypes: [Ingress], ingress: [{}], egress: [{to: [{podSelector: {matchLabels: {pod: b}}}]}]}',
    ),
  ];
  const deny = policy('x/deny', '{podSelector: {matchLabels: {pod: a}}, policyTypes: [Egress]}');

  it.each([
    ['ignored', 'allowed', 'allowed', 'denied', 'denied'],
    ['enforced', 'allowed', 'denied', 'allowed', 'denied'],
    ['additive', 'allowed', 'allowed', 'allowed', 'denied'],
  ])('%s: alone %s and %s, beside an isolating policy %s and %s', (value, b, c, isolatedB, isolatedC) => {
    const alone = on(world, `unlistedDirectionRules=${value}`);
    expect([alone.can('x/a', 'x/b'), alone.can('x/a', 'x/c')]).toEqual([b, c]);
    const beside = on([...world, deny], `unlistedDirectionRules=${value}`);
    expect([beside.can('x/a', 'x/b'), beside.can('x/a', 'x/c')]).toEqual([isolatedB, isolatedC]);
  });
});

describe('policiesOfBothTypes=shared', () => {
  const world = [
    namespace('x'),
    namespace('y'),
    pod('x/a', { ip: '10.0.0.1' }),
    pod('x/b', { ip: '10.0.0.2' }),
    pod('y/c', { ip: '10.0.0.3' }),
  ];
  const both = (rules: string) => policy('x/p', `{podSelector: {}, policyTypes: [Ingress, Egress], ${rules}}`);
  const verdicts = (rules: string, ...assume: string[]) => {
    const s = on([...world, both(rules)], ...assume);
    return [s.can('x/a', 'x/b:80'), s.can('x/b', 'x/a:80'), s.can('y/c', 'x/b:80'), s.can('x/a', 'y/c:80')];
  };

  it('what an ingress rule lets in, a pod of the policy may send', () => {
    const rules =
      'ingress: [{from: [{podSelector: {matchLabels: {pod: a}}}, {namespaceSelector: {}, podSelector: {matchLabels: {pod: c}}}], ports: [{port: 80}]}]';
    expect(verdicts(rules)).toEqual(['denied', 'denied', 'allowed', 'denied']);
    expect(verdicts(rules, 'policiesOfBothTypes=shared')).toEqual(['allowed', 'denied', 'allowed', 'denied']);
  });

  it('what an egress rule lets out, a pod of the policy may receive', () => {
    const rules = 'egress: [{to: [{podSelector: {matchLabels: {pod: b}}}]}]';
    expect(verdicts(rules)).toEqual(['denied', 'denied', 'denied', 'denied']);
    expect(verdicts(rules, 'policiesOfBothTypes=shared')).toEqual(['allowed', 'denied', 'denied', 'denied']);
  });

  it('a rule without peers counts for all pods of the policy, one with addresses perhaps', () => {
    expect(verdicts('ingress: [{}]', 'policiesOfBothTypes=shared')).toEqual([
      'allowed',
      'allowed',
      'allowed',
      'denied',
    ]);
    expect(verdicts('ingress: [{from: [{ipBlock: {cidr: 10.0.0.1/32}}]}]', 'policiesOfBothTypes=shared')).toEqual([
      'unknown: pod-address',
      'denied',
      'denied',
      'denied',
    ]);
  });

  it('a policy of one type is as written', () => {
    const rules = policy('x/p', '{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}');
    const deny = policy('x/deny', '{podSelector: {}, policyTypes: [Egress]}');
    expect(on([...world, rules, deny], 'policiesOfBothTypes=shared').can('x/a', 'x/b')).toBe('denied');
  });
});

describe('exceptions', () => {
  const world = [namespace('x'), pod('x/a')];
  const p = (name: string, from: string) => policy(`x/${name}`, `{podSelector: {}, ingress: [{from: [${from}]}]}`);
  const wide = '{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}';
  const verdicts = (texts: readonly string[], value: string) => {
    const s = on([...world, ...texts], `exceptions=${value}`);
    return [s.can('10.2.0.1', 'x/a'), s.can('10.1.0.1', 'x/a'), s.can('10.1.9.1', 'x/a'), s.can('11.0.0.1', 'x/a')];
  };

  it.each([
    ['ofBlock', ['allowed', 'allowed', 'allowed', 'allowed']],
    ['ofRule', ['allowed', 'denied', 'allowed', 'allowed']],
    ['unknown', ['allowed', 'unknown: exceptions', 'allowed', 'allowed']],
  ])('%s: a wider and a narrower block beside the exception, in one rule', (value, expected) => {
    const rule = p('p', `${wide}, {ipBlock: {cidr: 10.1.9.0/24}}, {ipBlock: {cidr: 8.0.0.0/6}}`);
    expect(verdicts([rule], value)).toEqual(expected);
  });

  it.each([
    ['ofBlock', ['allowed', 'allowed', 'allowed', 'allowed']],
    ['ofRule', ['allowed', 'allowed', 'allowed', 'allowed']],
    ['unknown', ['allowed', 'unknown: exceptions', 'unknown: exceptions', 'allowed']],
  ])('%s: a rule without peers beside the exception, in another policy', (value, expected) => {
    expect(verdicts([p('p', wide), policy('x/q', '{podSelector: {}, ingress: [{}]}')], value)).toEqual(expected);
  });

  it('unknown: an equal block is the longer prefix, other directions and namespaces have their own', () => {
    expect(verdicts([p('p', wide), p('q', '{ipBlock: {cidr: 10.1.0.0/16}}')], 'unknown')[1]).toBe('allowed');
    const egress = policy('x/e', `{podSelector: {}, policyTypes: [Egress], egress: [{to: [${wide}]}]}`);
    expect(verdicts([egress, p('q', '{ipBlock: {cidr: 0.0.0.0/0}}')], 'unknown')[1]).toBe('allowed');
  });
});

describe('ipv6Blocks=policyIgnored', () => {
  it('a policy with an IPv6 block counts as absent', () => {
    const world = [
      namespace('x'),
      pod('x/a', { ip: '10.0.0.1' }),
      pod('x/b', { ip: '10.0.0.2' }),
      policy('x/p', '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: "fd00::/8"}}]}]}'),
    ];
    expect(on(world).can('x/b', 'x/a')).toBe('denied');
    const s = on(world, 'ipv6Blocks=policyIgnored');
    expect(s.can('x/b', 'x/a')).toBe('allowed');
    expect(s.map().notes.join()).toContain('does not enforce 1 policy: x/p');
  });
});

describe('highestPriority, tiePriority=byBareName', () => {
  const world = [namespace('x'), pod('x/a'), pod('x/b')];

  it('99: an AdminNetworkPolicy above it is not enforced', () => {
    const deny = (priority: number) => [
      ...world,
      object(
        ADMIN,
        'AdminNetworkPolicy',
        'd',
        `{priority: ${priority}, subject: {namespaces: {}}, ingress: [{name: d, action: Deny, from: [{namespaces: {}}]}]}`,
      ),
    ];
    expect(on(deny(100)).can('x/a', 'x/b')).toBe('denied');
    expect(on(deny(100), 'highestPriority=99').can('x/a', 'x/b')).toBe('allowed');
    expect(on(deny(99), 'highestPriority=99').can('x/a', 'x/b')).toBe('denied');
  });

  it('the bare name decides: "a" before "a-b", which the text with a slash turns round', () => {
    const rule = (action: string) => `ingress: [{action: ${action}, from: [{namespaces: {}}]}]`;
    const tied = [...world, clusterPolicy('a', rule('Deny')), clusterPolicy('a-b', rule('Accept'))];
    expect(on(tied).can('x/a', 'x/b')).toBe('unknown: equal-priority');
    expect(on(tied, 'tiePriority=byName').can('x/a', 'x/b')).toBe('allowed');
    expect(on(tied, 'tiePriority=byBareName').can('x/a', 'x/b')).toBe('denied');
  });
});

describe('hairpin=egressOnly, serviceView=preDNAT', () => {
  const world = [
    namespace('x'),
    pod('x/a', { ip: '10.0.0.1', ports: 'web=80' }),
    service('x/s', '{selector: {pod: a}, clusterIP: 10.96.0.1, ports: [{port: 80}]}'),
  ];

  it('egressOnly: ingress rules do not count, egress rules do', () => {
    const verdict = (types: string, value: string) =>
      on([...world, policy('x/deny', `{podSelector: {}, policyTypes: [${types}]}`)], `hairpin=${value}`).can(
        'x/a',
        'x/service/s:80',
      );
    expect(['enforce', 'allow', 'egressOnly'].map((value) => verdict('Ingress', value))).toEqual([
      'denied',
      'allowed',
      'allowed',
    ]);
    expect(['enforce', 'allow', 'egressOnly'].map((value) => verdict('Egress', value))).toEqual([
      'denied',
      'allowed',
      'denied',
    ]);
  });

  it('egressOnly: nor do ingress rules of the cluster-scoped APIs', () => {
    const deny = clusterPolicy('c', 'ingress: [{action: Deny, from: [{namespaces: {}}]}]');
    expect(on([...world, deny], 'hairpin=allow').can('x/a', 'x/service/s:80')).toBe('denied');
    expect(on([...world, deny], 'hairpin=egressOnly').can('x/a', 'x/service/s:80')).toBe('allowed');
  });

  it('preDNAT: a peer sees a Service at most where that selects by the same labels', () => {
    const client = pod('x/c', { ip: '10.0.0.9' });
    const labelled = pod('x/a', { ip: '10.0.0.1', ports: 'web=80', labels: 'pod=a,tier=front' });
    const egress = (labels: string) =>
      policy(
        'x/out',
        `{podSelector: {matchLabels: {pod: c}}, policyTypes: [Egress], egress: [{to: [{podSelector: {matchLabels: {${labels}}}}]}]}`,
      );
    const verdict = (labels: string) =>
      on([world[0]!, labelled, world[2]!, client, egress(labels)], 'serviceView=preDNAT').can('x/c', 'x/service/s:80');
    expect(verdict('pod: a')).toBe('allowed');
    expect(verdict('tier: front')).toBe('unknown: service-view');
    expect(verdict('tier: back')).toBe('denied');
  });
});
