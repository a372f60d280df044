// Knobs in play: what brings each of them in, and that nothing else does.

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
} from '../../../test/support/scenario.ts';
import { KNOB_NAMES, type KnobName } from './knobs.ts';
import { knobsInPlay } from './knobs-in-play.ts';

const BARE = [namespace('x'), deployment('x/a', 'app=a', 'web=80')];
const ALWAYS: readonly KnobName[] = [
  'localNodeIngress',
  'strictCIDR',
  'selfTraffic',
  'enforces',
  'undeclaredNamespaces',
  'families',
  'podCIDRs',
  'serviceCIDRs',
  'nodeCIDRs',
];

const np = (spec: string) => policy('x/p', `{podSelector: {}, ${spec}}`);
const rule = (text: string) => np(`ingress: [${text}]`);
const out = (text: string) => np(`policyTypes: [Egress], egress: [${text}]`);
const PLAIN = rule('{from: [{podSelector: {}}], ports: [{port: 80}]}');

/** Knobs in play beyond those that always are. */
function extra(...texts: readonly string[]): readonly KnobName[] {
  const { state } = scenario([...BARE, ...texts]);
  const found = knobsInPlay({ ...state, protocols: ['TCP', 'UDP'] });
  expect(ALWAYS.filter((knob) => !found.has(knob))).toEqual([]);
  return [...found].filter((knob) => !ALWAYS.includes(knob));
}

describe('knobsInPlay', () => {
  it('a plain policy brings in nothing', () => {
    expect(extra(PLAIN)).toEqual([]);
  });

  it('without policies not even whether any is enforced', () => {
    const { state } = scenario(BARE);
    expect([...knobsInPlay({ ...state, protocols: ['SCTP', 'ICMP'] })]).toEqual(
      KNOB_NAMES.filter((knob) => ALWAYS.includes(knob) && knob !== 'enforces' && knob !== 'localNodeIngress'),
    );
  });

  it.each<[string, readonly string[], readonly KnobName[]]>([
    ['a block of pods', [rule('{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}')], ['ipBlockMatchesPods']],
    ['a block outside', [rule('{from: [{ipBlock: {cidr: 192.0.2.0/24}}]}')], []],
    [
      'a block of nodes',
      [rule('{from: [{ipBlock: {cidr: 192.0.2.0/24}}]}'), node('n', '192.0.2.1')],
      ['ipBlockMatchesNodes', 'localNodeEgress'],
    ],
    [
      'a block behind an entry',
      [
        rule('{from: [{ipBlock: {cidr: 192.0.2.0/24}}]}'),
        service('x/s', '{type: NodePort, selector: {app: a}, ports: [{port: 80}]}'),
      ],
      ['ipBlockMatchesPods', 'ipBlockMatchesNodes', 'localNodeEgress', 'serviceView', 'hairpin'],
    ],
    ['an exception', [rule('{from: [{ipBlock: {cidr: 192.0.2.0/24, except: [192.0.2.0/25]}}]}')], ['exceptions']],
    ['an IPv6 block', [rule('{from: [{ipBlock: {cidr: "2001:db8::/64"}}]}')], ['ipv6Blocks']],
    [
      'a hostNetwork pod',
      [PLAIN, pod('x/h', { hostNetwork: true })],
      ['hostNetwork', 'standalonePods', 'localNodeEgress'],
    ],
    ['a Service', [PLAIN, service('x/s', '{selector: {app: a}, ports: [{port: 80}]}')], ['serviceView', 'hairpin']],
    ['a port name coming in', [rule('{ports: [{port: web}]}')], ['namedPorts', 'ingressNamedPorts']],
    ['a port name going out', [out('{ports: [{port: web}]}')], ['namedPorts', 'egressNamedPorts']],
    [
      'the port name of a sidecar',
      [rule('{ports: [{port: own}]}'), pod('x/s', { sidecar: 'own=81' })],
      ['standalonePods', 'sidecarNamedPorts', 'namedPorts', 'ingressNamedPorts'],
    ],
    ['a protocol beside a number of it', [rule('{ports: [{protocol: TCP}, {port: 80}]}')], ['namedPorts']],
    ['a range', [rule('{ports: [{port: 80, endPort: 90}]}')], ['endPort']],
    ['a range of one port', [rule('{ports: [{port: 80, endPort: 80}]}')], []],
    ['both types', [np('policyTypes: [Ingress, Egress]')], ['policiesOfBothTypes']],
    [
      'an unlisted direction',
      [np('policyTypes: [Ingress], egress: [{}]')],
      ['unlistedDirectionRules', 'policiesOfBothTypes'],
    ],
    ['an unlisted direction without rules', [np('policyTypes: [Ingress], egress: []')], []],
    ['another API', [clusterPolicy('c', 'ingress: [{action: Deny, from: [{namespaces: {}}]}]')], ['apis']],
    [
      'Baseline beside a NetworkPolicy',
      [PLAIN, clusterPolicy('c', 'ingress: [{action: Deny, from: [{namespaces: {}}]}]', { tier: 'Baseline' })],
      ['npTier', 'apis'],
    ],
    [
      'equal priorities',
      ['c', 'd'].map((name) => clusterPolicy(name, 'ingress: [{action: Deny, from: [{namespaces: {}}]}]')),
      ['tiePriority', 'apis'],
    ],
    [
      'a high priority',
      [
        object(
          'policy.networking.k8s.io/v1alpha1',
          'AdminNetworkPolicy',
          'd',
          '{priority: 100, subject: {namespaces: {}}, ingress: [{name: d, action: Deny, from: [{namespaces: {}}]}]}',
        ),
      ],
      ['highestPriority', 'apis'],
    ],
    [
      'a domain name',
      [clusterPolicy('c', 'egress: [{action: Accept, to: [{domainNames: [example.com]}]}]')],
      ['ipBlockMatchesPods', 'domainMap', 'apis'],
    ],
  ])('%s', (_what, texts, knobs) => {
    expect(extra(...texts)).toEqual(knobs);
  });

  it('protocols that are asked about bring in what is left open about them', () => {
    const { state } = scenario([...BARE, PLAIN]);
    const knobs = (...protocols: ('SCTP' | 'ICMP')[]) =>
      [...knobsInPlay({ ...state, protocols })].filter((knob) => !ALWAYS.includes(knob));
    expect(knobs('SCTP')).toEqual(['sctp']);
    expect(knobs('ICMP')).toEqual(['icmp', 'portlessRuleProtocols']);
    const anyMay = [...knobsInPlay(state)].filter((knob) => !ALWAYS.includes(knob));
    expect(anyMay).toEqual(['icmp', 'sctp', 'portlessRuleProtocols']);
  });
});
