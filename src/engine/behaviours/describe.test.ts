// What is said of behaviours: values with sources, assumptions, and the page in docs/.

import { describe, expect, it } from 'vitest';
import type { AddressPlan } from '../model/cluster.ts';
import { NO_ADDRESSES, ofFamily } from '../sets/ip-set.ts';
import { ASSUMED_NODE_RANGES, ASSUMED_POD_RANGES } from '../sets/named-ranges.ts';
import { behaviourOf, listBehaviours } from './behaviour-of.ts';
import { assumptionsOf, behavioursMarkdown, describeBehaviour } from './describe.ts';
import { KNOB_NAMES } from './knobs.ts';
import { PLUGINS } from './plugins.ts';

const SHOWN: AddressPlan = {
  families: ['IPv4'],
  pods: NO_ADDRESSES,
  services: NO_ADDRESSES,
  nodes: NO_ADDRESSES,
  assumed: [],
};

describe('describeBehaviour', () => {
  it.each(listBehaviours().map(({ behaviour }) => [behaviour.name, behaviour] as const))(
    '%s: every knob has a value and a source, and what differs from the default says why',
    (_name, behaviour) => {
      const described = describeBehaviour(behaviour);
      expect(described.map(({ knob }) => knob)).toEqual(KNOB_NAMES);
      for (const { knob, source, because, confidence, isDefault } of described) {
        expect(source, knob).not.toBe('');
        if (!isDefault) expect(confidence, knob).not.toBe('default');
        if (!isDefault) expect(because, knob).toBeDefined();
      }
    },
  );

  it('tells what was measured, looked up, assumed by the user and not found out', () => {
    const described = describeBehaviour(behaviourOf('cilium@1.15', ['endPort=range']));
    const of = (name: string) => described.find(({ knob }) => knob === name);
    expect(of('unlistedDirectionRules')).toMatchObject({ value: 'enforced', confidence: 'measured', isDefault: false });
    expect(of('hairpin')).toMatchObject({ value: 'allow', confidence: 'source' });
    expect(of('endPort')).toEqual({
      knob: 'endPort',
      value: 'range',
      source: '--assume',
      confidence: 'assumed',
      isDefault: true,
    });
    expect(of('npTier')).toMatchObject({ value: 'perDirection', confidence: 'default', isDefault: true });
  });
});

describe('assumptionsOf', () => {
  it('says nothing of the specification itself', () => {
    expect(assumptionsOf(behaviourOf('default'), SHOWN)).toEqual([]);
  });

  it('says which settings of a plugin no snapshot shows, unless the user said', () => {
    expect(assumptionsOf(behaviourOf('cilium@1.20'), SHOWN)).toEqual([
      'cilium@1.20: policyCIDRMatchMode is at its default; with nodes set --assume ipBlockMatchesNodes=true',
      'cilium@1.20: k8sClusterNetworkPolicy.enabled is set; where it is not, set --assume apis=network-policy',
    ]);
    expect(
      assumptionsOf(behaviourOf('cilium@1.20', ['ipBlockMatchesNodes=true', ' apis=network-policy']), SHOWN),
    ).toEqual(['ipBlockMatchesNodes=true (--assume)', 'apis=network-policy (--assume)']);
  });

  it('says that nothing is enforced', () => {
    expect(assumptionsOf(behaviourOf('none'), SHOWN)).toEqual(['no policy is enforced']);
    expect(assumptionsOf(behaviourOf('default', ['enforces=no']), SHOWN)[0]).toBe('no policy is enforced');
  });

  it('says which address ranges nothing shows, and the flag that settles it', () => {
    const plan: AddressPlan = {
      families: ['IPv4'],
      pods: ofFamily(ASSUMED_POD_RANGES, 'IPv4'),
      services: NO_ADDRESSES,
      nodes: ofFamily(ASSUMED_NODE_RANGES, 'IPv4'),
      assumed: ['families', 'podCIDRs', 'nodeCIDRs', 'serviceCIDRs'],
    };
    expect(assumptionsOf(behaviourOf('none'), plan).slice(1)).toEqual([
      'addresses are IPv4 only (nothing shows families; set --assume families=…)',
      'pods have addresses in 10.0.0.0/8 (nothing shows podCIDRs; set --assume podCIDRs=…)',
      'nodes have any unicast address (nothing shows nodeCIDRs; set --assume nodeCIDRs=…)',
      'addresses of Services other than those shown are not known (nothing shows serviceCIDRs; set --assume serviceCIDRs=…)',
    ]);
    const dual: AddressPlan = {
      ...plan,
      families: ['IPv4', 'IPv6'],
      pods: ASSUMED_POD_RANGES,
      nodes: ASSUMED_POD_RANGES,
    };
    expect(assumptionsOf(behaviourOf('none'), dual).slice(1, 4)).toEqual([
      'addresses are IPv4 and IPv6 (nothing shows families; set --assume families=…)',
      'pods have addresses in 10.0.0.0/8, fd00::/8 (nothing shows podCIDRs; set --assume podCIDRs=…)',
      'nodes have addresses in 10.0.0.0/8, fd00::/8 (nothing shows nodeCIDRs; set --assume nodeCIDRs=…)',
    ]);
  });
});

describe('docs/behaviours.md', () => {
  it('is in step with the data', async () => {
    await expect(behavioursMarkdown()).toMatchFileSnapshot('../../../docs/behaviours.md');
  });

  it('has a section for each plugin, a row for each value, and tables whose rows all have their cells', () => {
    const lines = behavioursMarkdown().split('\n');
    const rows = lines.filter((line) => line.startsWith('|')).map((line) => line.replaceAll('\\|', '').split('|'));
    for (const cells of rows) expect(cells, cells.join('|')).toHaveLength(7);
    expect(lines.filter((line) => line.startsWith('### '))).toEqual(PLUGINS.map(({ name }) => `### ${name}`));
    for (const plugin of PLUGINS) {
      for (const { values } of plugin.versions) {
        for (const { because } of values) expect(lines.some((line) => line.includes(because))).toBe(true);
      }
    }
  });
});
