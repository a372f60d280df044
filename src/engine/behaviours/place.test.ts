// Where plugins put policies, and what they make of them.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DialectName, Policy, PolicyDirection, PortMatch, Rule } from '../model/policy.ts';
import { EVERYTHING } from '../model/selector.ts';
import type { ManifestObject } from '../model/source.ts';
import { behaviourOf } from './behaviour-of.ts';
import { placePolicies } from './place.ts';

const OBJECT: ManifestObject = { value: {}, locate: () => ({ path: '' }) };
const KINDS = { Admin: 'ClusterNetworkPolicy', NetworkPolicy: 'NetworkPolicy', Baseline: 'ClusterNetworkPolicy' };

function rule(ports: Rule['ports'], more: Partial<Rule> = {}): Rule {
  return { action: 'Accept', peers: 'any', ports, conditions: [], index: 0, path: ['spec', 'ingress', 0], ...more };
}

function range(first: number, last: number, protocol: PortMatch['protocol'] = 'TCP'): PortMatch {
  return { path: [], protocol, type: 'range', first, last };
}

function direction(rules: readonly Rule[], more: Partial<PolicyDirection> = {}): PolicyDirection {
  const subject = { namespaces: { selector: EVERYTHING }, pods: EVERYTHING };
  return { subject, isolates: true, rules, listed: true, ...more };
}

/** `name` may be `namespace/name`. */
function policy(name: string, more: Partial<Policy> & { dialect?: DialectName; kind?: string } = {}): Policy {
  const { dialect, kind, ...rest } = more;
  const tier = rest.tier ?? 'NetworkPolicy';
  const [last, namespace] = name.split('/').reverse();
  return {
    ref: {
      dialect: dialect ?? (tier === 'NetworkPolicy' ? 'network-policy' : 'cluster-network-policy'),
      kind: kind ?? KINDS[tier],
      name: last!,
      ...(namespace === undefined ? {} : { namespace }),
    },
    apiVersion: 'v1',
    object: OBJECT,
    tier,
    order: 0,
    ...rest,
  };
}

const place = (policies: readonly Policy[], cni: string, ...assumptions: string[]) =>
  placePolicies(policies, behaviourOf(cni, assumptions));

const np = policy('shop/np', { ingress: direction([rule('any')]) });
const admin = policy('a', { tier: 'Admin', order: 5, ingress: direction([rule('any')], { isolates: false }) });
const baseline = policy('b', { tier: 'Baseline', order: 7, egress: direction([rule('any')], { isolates: false }) });

describe('tiers', () => {
  const tiers = (cni: string, ...assumptions: string[]) =>
    place([], cni, ...assumptions).chain.tiers.map(
      (tier) => `${tier.name} ${tier.combine} ${tier.ties} ${tier.unisolated}`,
    );

  it('stand as the specification says by default', () => {
    expect(tiers('default')).toEqual([
      'Admin first-match undefined next',
      'NetworkPolicy union undefined next',
      'Baseline first-match undefined next',
    ]);
  });

  it('are all ordered on Calico', () => {
    expect(tiers('calico')).toEqual([
      'kube-admin first-match by-name next',
      'default first-match by-name next',
      'kube-baseline first-match by-name next',
    ]);
    expect(tiers('calico@3.31')).toEqual([
      'adminnetworkpolicy first-match undefined next',
      'default first-match by-name next',
      'baselineadminnetworkpolicy first-match undefined next',
    ]);
  });

  it('let deny win over allow in the middle on Cilium', () => {
    expect(tiers('cilium')).toEqual([
      'Admin first-match undefined next',
      'NetworkPolicy deny-overrides undefined next',
      'Baseline first-match undefined next',
    ]);
  });

  it('follow npTier in the middle only, and tiePriority', () => {
    expect(tiers('default', 'npTier=anyDirection', 'tiePriority=byName')).toEqual([
      'Admin first-match by-name next',
      'NetworkPolicy union by-name accept-if-selected',
      'Baseline first-match by-name next',
    ]);
  });

  it.each(['default', 'calico', 'cilium', 'none'])('%s: what leaves the last tier is allowed', (cni) => {
    const { chain } = place([], cni);
    expect(chain.tail).toBe('allow');
    expect(chain.tiers.map(({ passTo }) => passTo)).toEqual([undefined, undefined, undefined]);
  });
});

describe('places', () => {
  it.each([
    ['default', 0],
    ['cilium', 0],
    ['calico', 1000],
  ])('%s puts each policy in its tier, NetworkPolicies at order %i', (cni, order) => {
    const { policies, notEnforced } = place([baseline, np, admin], cni);
    expect(notEnforced).toEqual([]);
    expect(policies.map((one) => [one.policy.ref.name, one.tier, one.order])).toEqual([
      ['a', 0, 5],
      ['np', 1, order],
      ['b', 2, 7],
    ]);
  });

  it('puts AdminNetworkPolicy and ClusterNetworkPolicy into one tier by priority', () => {
    const anp = policy('z', { tier: 'Admin', order: 1, dialect: 'admin-network-policy', kind: 'AdminNetworkPolicy' });
    expect(place([admin, anp], 'default').policies.map((one) => [one.policy.ref.name, one.tier])).toEqual([
      ['z', 0],
      ['a', 0],
    ]);
  });

  it('sorts by namespace and name, and by name first where names decide ties', () => {
    const some = ['b/a', 'a/web', 'a/web-2', 'c/a'].map((name) => policy(name));
    const names = (cni: string) =>
      place(some, cni).policies.map(({ policy: { ref } }) => `${ref.namespace}/${ref.name}`);
    expect(names('default')).toEqual(['a/web', 'a/web-2', 'b/a', 'c/a']);
    expect(names('calico')).toEqual(['b/a', 'c/a', 'a/web-2', 'a/web']);
  });

  it('does not depend on the order of the input', () => {
    const some = [np, admin, baseline, policy('a/x'), policy('b/x'), policy('c', { tier: 'Admin', order: 5 })];
    fc.assert(
      fc.property(
        fc.shuffledSubarray(some, { minLength: some.length }),
        fc.constantFrom('default', 'calico', 'cilium', 'none'),
        (shuffled, cni) => {
          expect(place(shuffled, cni)).toEqual(place(some, cni));
        },
      ),
    );
  });

  it('leaves policies alone that the plugin reads as they are written', () => {
    for (const placed of place([np, admin, baseline], 'calico').policies)
      expect([np, admin, baseline]).toContain(placed.policy);
  });
});

describe('what is not enforced', () => {
  it('is every policy where nothing enforces them', () => {
    const { policies, notEnforced } = place([np, baseline, admin], 'none');
    expect(policies).toEqual([]);
    expect(notEnforced).toEqual([admin, baseline, np]);
  });

  it('is a policy of an API that the plugin does not know', () => {
    const { policies, notEnforced } = place([np, admin], 'cilium@1.18');
    expect(policies.map((one) => one.policy)).toEqual([np]);
    expect(notEnforced).toEqual([admin]);
    expect(place([np, admin], 'cilium@1.20').notEnforced).toEqual([]);
    expect(place([np, admin], 'default', 'apis=cluster-network-policy').notEnforced).toEqual([np]);
  });

  it('is a kind that the version does not know yet', () => {
    const banp = policy('default', {
      tier: 'Baseline',
      dialect: 'admin-network-policy',
      kind: 'BaselineAdminNetworkPolicy',
    });
    expect(place([banp], 'calico@3.29').notEnforced).toEqual([banp]);
    expect(place([banp], 'calico@3.30').notEnforced).toEqual([]);
    expect(place([banp], 'calico@3.32').notEnforced).toEqual([banp]);
  });
});

describe('endPort', () => {
  const ports: Rule['ports'] = [
    range(80, 90),
    range(443, 443, 'UDP'),
    { path: [], protocol: 'TCP', type: 'named', name: 'x' },
  ];
  const ranged = policy('shop/np', { egress: direction([rule(ports), rule('any'), rule('none')]) });

  it('is the first port only where the plugin does not read it', () => {
    const rules = place([ranged], 'cilium@1.15').policies[0]!.policy.egress!.rules;
    expect(rules.map((one) => one.ports)).toEqual([[range(80, 80), ports[1], ports[2]], 'any', 'none']);
    expect(ranged.egress!.rules[0]!.ports).toBe(ports);
  });

  it('is a range everywhere else, and in the other APIs always', () => {
    expect(place([ranged], 'cilium@1.16').policies[0]!.policy).toBe(ranged);
    const wide = policy('a', { tier: 'Admin', ingress: direction([rule([range(1, 9)])], { isolates: false }) });
    expect(place([wide], 'default', 'endPort=portOnly').policies[0]!.policy).toBe(wide);
  });
});

describe('rules of a direction that policyTypes does not list', () => {
  const egress = direction([rule('any')], { listed: false, isolates: false });
  const unlisted = policy('shop/np', { ingress: direction([]), egress });

  it('are ignored as the API says', () => {
    const placed = place([unlisted], 'default').policies[0]!.policy;
    expect(placed.egress).toBeUndefined();
    expect('egress' in placed).toBe(false);
    expect(placed.ingress).toBe(unlisted.ingress);
  });

  it('are enforced on Cilium, and isolate', () => {
    const placed = place([unlisted], 'cilium').policies[0]!.policy;
    expect(placed.egress).toEqual({ ...egress, listed: true, isolates: true });
  });

  it('isolate nothing where there are none', () => {
    const empty = policy('shop/np', { ingress: direction([]), egress: { ...egress, rules: [] } });
    expect(place([empty], 'cilium').policies[0]!.policy.egress).toBeUndefined();
  });
});

describe('other protocols', () => {
  const covered = (cni: string, ...assumptions: string[]) =>
    place([np, admin, baseline], cni, ...assumptions).policies.map((one) => one.coversOtherProtocols);

  it('are open for NetworkPolicy unless the plugin is known, and covered by the other APIs', () => {
    expect(covered('default')).toEqual([true, false, true]);
    expect(covered('calico')).toEqual([true, true, true]);
    expect(covered('cilium', 'icmp=undefined')).toEqual([true, false, true]);
  });

  it('are out of reach of portless rules where only TCP, UDP and SCTP count', () => {
    const closed = rule('any', { action: 'Deny', closed: 'unknown peer' });
    const some = policy('shop/np', { ingress: direction([rule('any'), rule([range(80, 80)]), closed]) });
    const rules = place([some], 'default', 'portlessRuleProtocols=TCP,UDP,SCTP').policies[0]!.policy.ingress!.rules;
    expect(rules[0]!.ports).toEqual(
      ['TCP', 'UDP', 'SCTP'].map((protocol) => ({ path: ['spec', 'ingress', 0], protocol, type: 'all' })),
    );
    expect(rules[1]).toBe(some.ingress!.rules[1]);
    expect(rules[2]!.ports).toBe('any');
  });
});
