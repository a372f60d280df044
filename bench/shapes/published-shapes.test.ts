// The published shapes have the numbers that they are published with.

import { describe, expect, it } from 'vitest';
import { clusterScoped, largeNamespaces, oneNamespace, policyPerPod, smallNamespaces } from './antrea-shapes.ts';
import { scaleProfile } from './ovn-kubernetes-shape.ts';
import type { Json } from './policy-shape.ts';

describe("Antrea's shapes", () => {
  // One hundredth of the numbers in networkpolicy_controller_perf_test.go.
  it.each([
    ['small namespaces', smallNamespaces(250), [250, 1000, 750]],
    ['large namespaces', largeNamespaces(1), [1, 1000, 101]],
    ['one namespace', oneNamespace(100), [1, 100, 100]],
    ['a policy for each pod', policyPerPod(100), [1, 100, 100]],
    ['cluster-scoped', clusterScoped(10), [10, 1000, 100]],
  ] as const)('%s', (_, { namespaces, workloads, policies }, counts) => {
    expect([namespaces.length, workloads.length, policies.length]).toEqual(counts);
  });
});

describe('the profiles of OVN-Kubernetes', () => {
  const profile = {
    localPods: 1,
    singlePorts: 1,
    portRanges: 1,
    podSelectors: 2,
    peerNamespaces: 3,
    peerPods: 4,
    cidrs: 1,
  };
  const { namespaces, workloads, policies } = scaleProfile(profile, 1000);

  it('has ten pods and a hundred policies of each direction in a namespace', () => {
    expect([namespaces.length, workloads.length, policies.length]).toEqual([5, 50, 1000]);
  });

  it('selects the last pods, names a new set of namespaces in each rule, and a new block in each policy', () => {
    const rules = policies.map(({ spec }) => (spec as { ingress?: Json[] }).ingress ?? []);
    const sets = rules.flat().flatMap(({ from }) => {
      const [peer] = from as { namespaceSelector?: { matchExpressions: { values: string[] }[] }; podSelector: Json }[];
      return peer!.namespaceSelector === undefined ? [] : [peer!];
    });
    const names = sets.map(({ namespaceSelector }) =>
      namespaceSelector!.matchExpressions[0]!.values.map((name) => name.at(-1)).join(''),
    );
    // All ten sets of three of five namespaces, as its README lists them, and then from the beginning.
    expect(names.slice(0, 11)).toEqual(['012', '013', '014', '023', '024', '034', '123', '124', '134', '234', '012']);
    expect(sets[0]!.podSelector).toEqual({ matchLabels: { '7': 'true' } });
    expect(workloads.filter(({ metadata }) => '7' in (metadata as { labels: object }).labels)).toHaveLength(4 * 5);
    expect(rules[0]![2]).toMatchObject({
      from: [{ ipBlock: { cidr: '1.0.0.0/24' } }],
      ports: [{ port: 1001 }, { port: 5000, endPort: 5005 }],
    });
    expect(rules[2]![2]).toMatchObject({ from: [{ ipBlock: { cidr: '1.0.1.0/24' } }] });
  });
});
