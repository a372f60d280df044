import { describe, expect, it } from 'vitest';
import { FOREIGN_KINDS } from './foreign-kinds.ts';
import { DIALECTS, dialectOf, recogniseForeign } from './registry.ts';
import { VALIDATION_CHECKS } from './validation-checks.ts';

describe('dialectOf', () => {
  it('chooses by apiVersion and kind together', () => {
    expect(dialectOf('networking.k8s.io/v1', 'NetworkPolicy')?.name).toBe('network-policy');
    expect(dialectOf('policy.networking.k8s.io/v1alpha2', 'ClusterNetworkPolicy')?.name).toBe('cluster-network-policy');
    for (const kind of ['AdminNetworkPolicy', 'BaselineAdminNetworkPolicy']) {
      expect(dialectOf('policy.networking.k8s.io/v1alpha1', kind)?.name).toBe('admin-network-policy');
    }
    expect(dialectOf('policy.networking.k8s.io/v1alpha1', 'ClusterNetworkPolicy')).toBeUndefined();
    expect(dialectOf('networking.k8s.io/v1', 'Ingress')).toBeUndefined();
  });

  it('no kind belongs to two dialects', () => {
    const kinds = DIALECTS.flatMap(({ kinds }) => kinds.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`));
    expect(new Set(kinds).size).toBe(kinds.length);
  });
});

describe('recogniseForeign', () => {
  it.each([
    ['cilium.io/v2', 'CiliumNetworkPolicy', 'Cilium'],
    ['cilium.io/v2', 'CiliumClusterwideNetworkPolicy', 'Cilium'],
    ['projectcalico.org/v3', 'GlobalNetworkPolicy', 'Calico'],
    ['crd.projectcalico.org/v1', 'NetworkPolicy', 'Calico'],
    ['crd.antrea.io/v1beta1', 'ClusterNetworkPolicy', 'Antrea'],
    ['k8s.ovn.org/v1', 'EgressFirewall', 'OVN-Kubernetes'],
    ['networking.k8s.aws/v1alpha1', 'ClusterNetworkPolicy', 'Amazon'],
  ])('%s %s is of %s', (apiVersion, kind, product) => {
    expect(recogniseForeign(apiVersion, kind)?.what).toContain(product);
  });

  it.each([
    ['extensions/v1beta1', 'NetworkPolicy', '1.16'],
    ['networking.k8s.io/v1beta1', 'NetworkPolicy', 'networking.k8s.io/v1 only'],
    ['v1', 'NetworkPolicy', 'networking.k8s.io/v1 only'],
    ['policy.networking.k8s.io/v1', 'ClusterNetworkPolicy', 'policy.networking.k8s.io/v1alpha2 only'],
    ['policy.networking.k8s.io/v1alpha2', 'AdminNetworkPolicy', 'ClusterNetworkPolicy'],
    ['policy.networking.k8s.io/v1alpha2', 'BaselineAdminNetworkPolicy', 'tier'],
    ['policy.networking.k8s.io/v1alpha1', 'ClusterNetworkPolicy', 'policy.networking.k8s.io/v1alpha2'],
  ])('%s is the wrong version for %s', (apiVersion, kind, hint) => {
    expect(recogniseForeign(apiVersion, kind)?.hint).toContain(hint);
  });

  it.each([
    ['networking.k8s.io/v1', 'networkpolicy', 'NetworkPolicy'],
    ['networking.k8s.io/v1', 'NetworkPolicies', 'NetworkPolicy'],
    ['networking.k8s.io/v1', 'Networkpolicy', 'NetworkPolicy'],
    ['policy.networking.k8s.io/v1alpha1', 'adminnetworkpolicies', 'AdminNetworkPolicy'],
    ['policy.networking.k8s.io/v1alpha2', 'ClusterNetworkPolicys', 'ClusterNetworkPolicy'],
  ])('%s %s is misspelt', (apiVersion, kind, right) => {
    expect(recogniseForeign(apiVersion, kind)?.hint).toContain(`kind: ${right} and apiVersion: `);
  });

  it.each([
    ['networking.k8s.io/v1', 'NetworkPolicy'],
    ['networking.k8s.io/v1', 'Ingress'],
    ['example.com/v1', 'NetworkPolicy'],
    ['v1', 'Pod'],
    ['policy/v1', 'PodDisruptionBudget'],
    ['', ''],
  ])('%s %s is nothing foreign', (apiVersion, kind) => {
    expect(recogniseForeign(apiVersion, kind)).toBeUndefined();
  });

  it('every row of the table is found and has a hint', () => {
    for (const { groups, kinds } of FOREIGN_KINDS) {
      for (const group of groups) {
        for (const kind of kinds) expect(recogniseForeign(`${group}/v1`, kind)?.hint).toContain('does not read');
      }
    }
  });
});

describe('the table of checks', () => {
  it('has kebab-case ids and one line for each', () => {
    for (const [id, { summary }] of Object.entries(VALIDATION_CHECKS)) {
      expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(summary).toMatch(/^[^\n]{10,110}[^.\n]$/);
    }
  });
});
