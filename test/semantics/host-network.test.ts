// Semantics 1.9: pods that use the network of their node.

import { describe, expect, it } from 'vitest';
import { clusterPolicy, namespace, node, pod, policy, scenario } from '../support/scenario.ts';

const WORLD = [
  namespace('x'),
  node('n1', '172.16.0.1', 'zone=one'),
  node('n2', '172.16.0.2', 'zone=two'),
  pod('x/a', { ip: '10.0.0.1', node: 'n1' }),
  pod('x/host', { labels: 'app=host', hostNetwork: true, node: 'n2' }),
];
const FROM_HOST = policy(
  'x/p',
  '{podSelector: {matchLabels: {pod: a}}, ingress: [{from: [{podSelector: {matchLabels: {app: host}}}]}]}',
);
const DENY_HOST = policy('x/deny', '{podSelector: {matchLabels: {app: host}}, policyTypes: [Ingress, Egress]}');

describe('1.9 hostNetwork pods', () => {
  it('1.9 (b): they are never subjects', () => {
    const s = scenario([...WORLD, DENY_HOST]);
    expect(s.can('x/host', 'x/a')).toBe('allowed');
    expect(s.can('x/a', 'x/host')).toBe('allowed');
  });

  it('1.9 (b): selectors do not match them as peers', () => {
    expect(scenario([...WORLD, FROM_HOST]).can('x/host', 'x/a')).toBe('denied');
  });

  it('1.9 (b): blocks match them by the address of their node', () => {
    const by = (cidr: string) =>
      policy('x/p', `{podSelector: {matchLabels: {pod: a}}, ingress: [{from: [{ipBlock: {cidr: ${cidr}}}]}]}`);
    expect(scenario([...WORLD, by('172.16.0.2/32')]).can('x/host', 'x/a')).toBe('allowed');
    expect(scenario([...WORLD, by('172.16.0.1/32')]).can('x/host', 'x/a')).toBe('denied');
    expect(
      scenario([...WORLD, by('172.16.0.2/32')], { assume: ['ipBlockMatchesNodes=false'] }).can('x/host', 'x/a'),
    ).toBe('denied');
  });

  it('1.9 (b): those of the own node are exempt as the node is', () => {
    const near = pod('x/near', { labels: 'app=host', hostNetwork: true, node: 'n1' });
    const s = scenario([...WORLD, near, policy('x/p', '{podSelector: {}}')]);
    expect(s.can('x/near', 'x/a')).toBe('allowed');
    expect(s.can('x/host', 'x/a')).toBe('denied');
  });

  it('1.9 (b): on an unknown node it is unknown whether it is the own one', () => {
    const somewhere = pod('x/somewhere', { labels: 'app=host', hostNetwork: true });
    expect(scenario([...WORLD, somewhere, policy('x/p', '{podSelector: {}}')]).can('x/somewhere', 'x/a')).toBe(
      'unknown: local-node',
    );
  });

  it('1.9 (a) knob hostNetwork=asPod: they are subjects and peers as any pod', () => {
    const options = { assume: ['hostNetwork=asPod'] };
    expect(scenario([...WORLD, FROM_HOST], options).can('x/host', 'x/a')).toBe('allowed');
    const s = scenario([...WORLD, DENY_HOST], options);
    expect(s.can('x/host', 'x/a')).toBe('denied');
    expect(s.can('x/a', 'x/host')).toBe('denied');
  });

  it.each(['asNode', 'asPod'])('2.2 hostNetwork=%s: never subject of a ClusterNetworkPolicy', (knob) => {
    const deny = clusterPolicy(
      'c',
      'ingress: [{action: Deny, from: [{namespaces: {}}]}], egress: [{action: Deny, to: [{namespaces: {}}]}]',
      {
        subject: '{pods: {podSelector: {matchLabels: {app: host}}}}',
      },
    );
    const s = scenario([...WORLD, deny], { assume: [`hostNetwork=${knob}`] });
    expect(s.can('x/host', 'x/a')).toBe('allowed');
    expect(s.can('x/a', 'x/host')).toBe('allowed');
  });

  it.each(['asNode', 'asPod'])(
    '2.3 hostNetwork=%s: never matched by namespaces and pods of a ClusterNetworkPolicy',
    (knob) => {
      const peers = '[{namespaces: {}}, {pods: {podSelector: {matchLabels: {app: host}}}}]';
      const rules = `ingress: [{action: Deny, from: ${peers}}], egress: [{action: Deny, to: ${peers}}]`;
      const s = scenario([...WORLD, clusterPolicy('c', rules)], { assume: [`hostNetwork=${knob}`] });
      expect(s.can('x/host', 'x/a')).toBe('allowed');
      expect(s.can('x/a', 'x/host')).toBe('allowed');
    },
  );

  it.each(['asNode', 'asPod'])(
    '2.3 hostNetwork=%s: nodes peers match the hostNetwork pods of matching nodes',
    (knob) => {
      const rules = 'egress: [{action: Deny, to: [{nodes: {matchLabels: {zone: two}}}]}]';
      const s = scenario([...WORLD, pod('x/other', { hostNetwork: true, node: 'n1' }), clusterPolicy('c', rules)], {
        assume: [`hostNetwork=${knob}`],
      });
      expect(s.can('x/a', 'x/host')).toBe('denied');
      expect(s.can('x/a', 'x/other')).toBe('allowed');
    },
  );
});
