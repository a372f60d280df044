// Names, versions and assumptions of behaviours.

import { describe, expect, it } from 'vitest';
import type { Knobs } from '../model/behaviour.ts';
import { UserError } from '../model/user-error.ts';
import { behaviourOf, comparedBehaviours, listBehaviours } from './behaviour-of.ts';
import { DEFAULT_KNOBS } from './knobs.ts';

function refusal(cni: string, assumptions: readonly string[] = []): UserError {
  try {
    behaviourOf(cni, assumptions);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error(`"${cni}" was accepted`);
}

describe('behaviourOf', () => {
  it('is the specification by default', () => {
    expect(behaviourOf('default')).toEqual({
      name: 'default',
      knobs: DEFAULT_KNOBS,
      assumed: [],
      placement: 'default',
    });
  });

  it.each([
    ['cilium', 'cilium@1.20'],
    ['cilium@1.15', 'cilium@1.15'],
    ['cilium@v1.15.19', 'cilium@1.15'],
    ['cilium@1.17', 'cilium@1.16'],
    ['cilium@1.18.0-rc.1', 'cilium@1.18'],
    ['cilium@1.100', 'cilium@1.20'],
    ['cilium@2.0', 'cilium@1.20'],
    ['cilium@1', 'cilium@1.20'],
    ['calico', 'calico@3.32'],
    ['calico@3.29.7', 'calico@3.29'],
    ['calico@v3.40', 'calico@3.32'],
    ['antrea@2.4.1', 'antrea@1.15'],
    ['ovn-kubernetes@1.3', 'ovn-kubernetes@1.0'],
    ['kube-network-policies@1.0.0', 'kube-network-policies@0.9'],
    ['kube-router@v2.11.1', 'kube-router@2.0'],
    ['aws-vpc-cni', 'aws-vpc-cni'],
    ['azure@1.8', 'azure@1.6'],
    ['gke-dataplane-v2', 'gke-dataplane-v2'],
    ['none', 'none'],
  ])('%s is %s', (cni, name) => {
    expect(behaviourOf(cni).name).toBe(name);
  });

  it('knows Cilium 1.15 as it was measured', () => {
    expect(behaviourOf('cilium@1.15').knobs).toEqual({
      ...DEFAULT_KNOBS,
      egressNamedPorts: 'clusterWide',
      ipBlockMatchesPods: false,
      ipBlockMatchesNodes: false,
      endPort: 'portOnly',
      unlistedDirectionRules: 'enforced',
      sctp: 'unknown',
      hairpin: 'allow',
      sidecarNamedPorts: 'none',
      icmp: 'portlessRules',
      apis: ['network-policy'],
    });
  });

  it('lets Cilium read endPort from 1.16 on, and ClusterNetworkPolicy from 1.20 on', () => {
    const of = (version: string) => behaviourOf(`cilium@${version}`).knobs;
    expect(['1.15', '1.16', '1.18', '1.20'].map((version) => of(version).endPort)).toEqual([
      'portOnly',
      'range',
      'range',
      'range',
    ]);
    expect(of('1.18').apis).toEqual(['network-policy']);
    expect(of('1.20').apis).toEqual(['network-policy', 'cluster-network-policy']);
  });

  it('gives Calico the policy APIs of its version', () => {
    const of = (version: string) => behaviourOf(`calico@${version}`);
    expect(of('3.28').knobs.apis).toEqual(['network-policy']);
    expect(of('3.29').knobs.apis).toEqual(['network-policy', 'admin-network-policy']);
    expect(of('3.29').kindsNotEnforced).toEqual(['BaselineAdminNetworkPolicy']);
    expect(of('3.30').kindsNotEnforced).toBeUndefined();
    expect(of('3.28').knobs.tiePriority).toBe('ambiguous');
    expect(of('3.31').knobs.tiePriority).toBe('byBareName');
    expect(of('3.32').knobs.apis).toEqual(['network-policy', 'cluster-network-policy']);
    expect(of('3.32').knobs.tiePriority).toBe('byName');
    expect([of('3.29'), of('3.30')].map(({ knobs }) => knobs.sidecarNamedPorts)).toEqual(['none', 'all']);
  });

  it.each<[string, Partial<Knobs>]>([
    [
      'antrea@1.13',
      {
        sidecarNamedPorts: 'none',
        egressNamedPorts: 'podPeers',
        icmp: 'portlessRules',
        unlistedDirectionRules: 'enforced',
        apis: ['network-policy', 'admin-network-policy'],
      },
    ],
    [
      'antrea@2.7',
      {
        hairpin: 'egressOnly',
        sidecarNamedPorts: 'none',
        egressNamedPorts: 'podPeers',
        icmp: 'portlessRules',
        unlistedDirectionRules: 'enforced',
      },
    ],
    [
      'ovn-kubernetes',
      {
        ipBlockMatchesNodes: 'unknown',
        hostNetwork: 'unknown',
        hairpin: 'allow',
        namedPorts: 'anyPort',
        icmp: 'portlessRules',
        highestPriority: '99',
        unlistedDirectionRules: 'additive',
        apis: ['network-policy', 'admin-network-policy'],
      },
    ],
    [
      'kube-network-policies',
      {
        hairpin: 'enforce',
        sidecarNamedPorts: 'none',
        icmp: 'portlessRules',
        npTier: 'anyDirection',
        tiePriority: 'byBareName',
        apis: ['network-policy', 'cluster-network-policy'],
      },
    ],
    [
      'kube-router',
      {
        sidecarNamedPorts: 'none',
        namedPorts: 'unknown',
        policiesOfBothTypes: 'shared',
        exceptions: 'ofRule',
        apis: ['network-policy'],
      },
    ],
    [
      'aws-vpc-cni',
      {
        hostNetwork: 'unknown',
        standalonePods: 'unknown',
        localNodeEgress: 'allow',
        serviceView: 'preDNAT',
        sidecarNamedPorts: 'none',
        ingressNamedPorts: 'perPolicy',
        egressNamedPorts: 'selectedPods',
        unlistedDirectionRules: 'enforced',
        exceptions: 'unknown',
        apis: ['network-policy'],
      },
    ],
    [
      'azure',
      {
        localNodeEgress: 'allow',
        sidecarNamedPorts: 'none',
        ipv6Blocks: 'policyIgnored',
        apis: ['network-policy'],
      },
    ],
    [
      'gke-dataplane-v2',
      {
        ipBlockMatchesPods: false,
        ipBlockMatchesNodes: false,
        sidecarNamedPorts: 'none',
        egressNamedPorts: 'unknown',
        icmp: 'portlessRules',
        unlistedDirectionRules: 'enforced',
        endPort: 'unknown',
        sctp: 'unknown',
        apis: ['network-policy'],
      },
    ],
  ])('knows what %s does otherwise than the specification', (cni, different) => {
    expect(behaviourOf(cni).knobs).toEqual({ ...DEFAULT_KNOBS, ...different });
  });

  it('knows that kube-network-policies looks at traffic to the own node since 1.1', () => {
    const of = (cni: string) => behaviourOf(`kube-network-policies@${cni}`).knobs.localNodeEgress;
    expect([of('0.9'), of('1.1')]).toEqual(['allow', 'evaluate']);
  });

  it('lets the user win over the plugin, and keeps what was typed', () => {
    const behaviour = behaviourOf('cilium@1.15', ['ipBlockMatchesPods=true', 'hostNetwork=asPod']);
    expect(behaviour.knobs.ipBlockMatchesPods).toBe(true);
    expect(behaviour.knobs.hostNetwork).toBe('asPod');
    expect(behaviour.assumed).toEqual(['ipBlockMatchesPods=true', 'hostNetwork=asPod']);
    expect(behaviour.name).toBe('cilium@1.15');
    expect(behaviourOf('cilium@1.15').knobs.ipBlockMatchesPods).toBe(false);
  });

  it('takes apis of the user to mean all kinds of them', () => {
    expect(behaviourOf('calico@3.29', ['apis=admin-network-policy']).kindsNotEnforced).toBeUndefined();
    expect(behaviourOf('calico@3.29', ['icmp=undefined']).kindsNotEnforced).toHaveLength(1);
  });

  it('takes the same assumption twice, but not two values for one knob', () => {
    expect(behaviourOf('default', ['podCIDRs=10.1.0.0/16', 'podCIDRs=10.1.0.0/17,10.1.128.0/17']).assumed).toHaveLength(
      2,
    );
    const error = refusal('default', ['hostNetwork=asPod', 'hostNetwork=asNode']);
    expect(error.message).toBe('"hostNetwork=asPod" and "hostNetwork=asNode" contradict each other');
    expect(refusal('default', ['podCIDRs=fd00::/48', 'podCIDRs=fd00::/49']).message).toContain('contradict');
  });

  it.each([
    ['clium', 'there is no plugin "clium"', 'did you mean cilium?'],
    ['', 'there is no plugin ""', 'known: default, calico, cilium, antrea, ovn-kubernetes, '],
    ['constructor', 'there is no plugin "constructor"', 'known: '],
    ['cilium@', '"" is no version of cilium', 'known versions: 1.15, 1.16'],
    ['cilium@latest', '"latest" is no version of cilium', 'known versions: 1.15'],
    ['cilium@1.14.9', 'nothing is known of cilium 1.14.9 or lower', 'known versions: 1.15'],
    ['calico@2', 'nothing is known of calico 2 or lower', 'known versions: 3.28'],
    ['none@1.0', '"none" has no versions', 'write none'],
  ])('refuses %s', (cni, message, hint) => {
    const error = refusal(cni);
    expect(error.code).toBe('invalid-behaviour');
    expect(error.message).toBe(message);
    expect(error.hint).toContain(hint);
  });
});

describe('listBehaviours', () => {
  it('lists each behaviour once, newest first, and each by a name that behaviourOf takes', () => {
    const listed = listBehaviours();
    expect(listed.map(({ behaviour, newest }) => `${behaviour.name}${newest ? ' newest' : ''}`)).toEqual([
      'default newest',
      'calico@3.32 newest',
      'calico@3.31',
      'calico@3.30',
      'calico@3.29',
      'calico@3.28',
      'cilium@1.20 newest',
      'cilium@1.18',
      'cilium@1.16',
      'cilium@1.15',
      'antrea@2.7 newest',
      'antrea@1.15',
      'antrea@1.13',
      'ovn-kubernetes@1.0 newest',
      'kube-network-policies@1.1 newest',
      'kube-network-policies@0.9',
      'kube-router@2.0 newest',
      'aws-vpc-cni newest',
      'azure@1.6 newest',
      'gke-dataplane-v2 newest',
      'none newest',
    ]);
    for (const { behaviour } of listed) expect(behaviourOf(behaviour.name)).toEqual(behaviour);
  });
});

describe('comparedBehaviours', () => {
  const names = (...given: Parameters<typeof comparedBehaviours>) =>
    comparedBehaviours(...given).map(({ name }) => name);

  it('are the newest of every plugin, without the specification and without none', () => {
    const newest = listBehaviours().flatMap(({ behaviour, newest: isNewest }) => (isNewest ? [behaviour.name] : []));
    expect(names()).toEqual(newest.filter((name) => name !== 'default' && name !== 'none'));
  });

  it('are those of a list, in its order and none twice, with the same assumptions', () => {
    expect(names('none, cilium@1.15,default,cilium@1.15.3')).toEqual(['none', 'cilium@1.15', 'default']);
    expect(comparedBehaviours('calico,cilium', ['hostNetwork=asPod']).map(({ knobs }) => knobs.hostNetwork)).toEqual([
      'asPod',
      'asPod',
    ]);
    expect(comparedBehaviours(undefined, ['icmp=undefined']).every(({ knobs }) => knobs.icmp === 'undefined')).toBe(
      true,
    );
  });

  it.each([
    ['calico', '"calico" is one plugin, and at least two are compared'],
    ['calico,calico@3.32', '"calico,calico@3.32" is one plugin, and at least two are compared'],
    ['calico,', 'there is no plugin ""'],
    ['calico,clium', 'there is no plugin "clium"'],
  ])('refuses %s', (list, message) => {
    expect(() => comparedBehaviours(list)).toThrow(message);
  });
});
