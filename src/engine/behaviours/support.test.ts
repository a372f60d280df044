// What checks are told about plugins: each feature has an answer, and what nobody looked up says so.

import { describe, expect, it } from 'vitest';
import { behaviourOf, listBehaviours } from './behaviour-of.ts';
import type { Feature } from './support.ts';
import { FEATURES, supportOf } from './support.ts';

const is = (cni: string, feature: Feature, ...assume: string[]) => supportOf(behaviourOf(cni, assume), feature).is;

describe('supportOf', () => {
  it.each(listBehaviours().map(({ behaviour }) => [behaviour.name, behaviour] as const))(
    '%s: every feature has an answer with a clause and a source',
    (_name, behaviour) => {
      for (const feature of FEATURES) {
        const support = supportOf(behaviour, feature);
        expect(support.says, feature).toMatch(/^\S.*[^.]$/);
        expect(support.source, feature).toMatch(/\S/);
      }
    },
  );

  it.each<[string, Feature, string]>([
    ['default', 'endPort', 'yes'],
    ['cilium@1.15', 'endPort', 'no'],
    ['gke-dataplane-v2', 'endPort', 'unknown'],
    ['aws-vpc-cni', 'except', 'unknown'],
    ['kube-router', 'except', 'partly'],
    ['cilium', 'SCTP', 'unknown'],
    ['calico', 'SCTP', 'yes'],
    ['ovn-kubernetes', 'portNames', 'no'],
    ['kube-router', 'portNames', 'unknown'],
    ['kube-router', 'egressPortNames', 'unknown'],
    ['aws-vpc-cni', 'portNames', 'partly'],
    ['antrea', 'portNames', 'yes'],
    ['antrea', 'egressPortNames', 'partly'],
    ['gke-dataplane-v2', 'egressPortNames', 'unknown'],
    ['calico@3.29', 'sidecarPortNames', 'no'],
    ['calico@3.30', 'sidecarPortNames', 'yes'],
    ['cilium', 'ipBlockOfPods', 'no'],
    ['ovn-kubernetes', 'ipBlockOfNodes', 'unknown'],
    ['azure', 'IPv6Blocks', 'no'],
    ['default', 'hostNetworkPods', 'no'],
    ['ovn-kubernetes', 'hostNetworkPods', 'unknown'],
    ['aws-vpc-cni', 'standalonePods', 'unknown'],
    ['aws-vpc-cni', 'portsOfService', 'no'],
    ['none', 'NetworkPolicy', 'no'],
    ['azure', 'NetworkPolicy', 'yes'],
    ['azure', 'ClusterNetworkPolicy', 'no'],
    ['calico', 'ClusterNetworkPolicy', 'yes'],
    ['calico@3.29', 'AdminNetworkPolicy', 'yes'],
    ['calico@3.29', 'BaselineAdminNetworkPolicy', 'no'],
  ])('%s: %s %s', (cni, feature, answer) => {
    expect(is(cni, feature)).toBe(answer);
  });

  it('says what is known, what the user said, and what nobody looked up', () => {
    expect(supportOf(behaviourOf('cilium@1.15'), 'endPort')).toMatchObject({
      known: true,
      knob: 'endPort',
      says: 'endPort is not read: only port itself is open',
      source: expect.stringContaining('measured'),
    });
    expect(supportOf(behaviourOf('cilium@1.15', ['endPort=range']), 'endPort')).toMatchObject({
      is: 'yes',
      known: true,
      source: '--assume',
    });
    expect(supportOf(behaviourOf('calico'), 'egressPortNames')).toMatchObject({ is: 'yes', known: false });
  });
});
