import { describe, expect, it } from 'vitest';
import { ALL_PARTS } from '../../../test/support/generating.ts';
import { deployment, namespace, pod, scenario } from '../../../test/support/scenario.ts';
import { worldOf } from '../endpoints/world.ts';
import { needsOf } from '../generate/needs.ts';
import { type Plan, planPolicies } from '../generate/plan.ts';
import { statedEvidence } from '../generate/statements.ts';
import { type AddressBudget, EXACT } from '../generate/widen-addresses.ts';
import { parsePair } from '../questions/parse-pair.ts';
import { NO_ADDRESSES } from '../sets/ip-set.ts';
import { provePlan } from './prove.ts';

const { state: STATE } = scenario([
  namespace('shop'),
  namespace('ops'),
  deployment('shop/web', 'app=web', '8080'),
  deployment('shop/db', 'app=db', '5432'),
  pod('ops/probe', { labels: 'app=probe' }),
]);

function planOf(allow: readonly string[], budget: AddressBudget = EXACT): Plan {
  const context = { defaultNamespace: 'default', protocols: ['TCP', 'UDP', 'SCTP'] as const };
  const pairs = allow.map((text) => parsePair([text]));
  return planPolicies(STATE, needsOf(statedEvidence(worldOf(STATE), pairs, context)), {
    namespaces: ['ops', 'shop'],
    parts: ALL_PARTS,
    confidence: 'likely',
    budget,
    never: NO_ADDRESSES,
  });
}

/** Policies that do not say what they were made from, with the spec of one changed. */
function misworded(plan: Plan, name = '', change: Readonly<Record<string, unknown>> = {}): string[] {
  const policies = plan.policies.map((policy) =>
    `${policy.ref.namespace}/${policy.ref.name}` === name
      ? { ...policy, value: { ...policy.value, spec: { ...(policy.value['spec'] as object), ...change } } }
      : policy,
  );
  return provePlan(STATE, { ...plan, policies }).misworded.map(
    ({ policy: { ref }, direction }) => `${ref.namespace}/${ref.name} ${direction}`,
  );
}

describe('a policy says what it was made from', () => {
  it.each([
    [[]],
    [['shop/web -> shop/db:5432']],
    [['shop/web -> shop/db']],
    [['ops/probe -> shop/:8080-8090/udp', 'shop/web -> shop/db:8085/udp']],
    [['shop/web -> 203.0.113.0/24:443', 'shop/web -> 203.0.113.64/26:80-90', 'shop/web -> [2001:db8::/64]:443']],
    [['shop/web -> internet', 'internet -> shop/web:8080']],
  ])('%j', (allow) => {
    expect(misworded(planOf(allow))).toEqual([]);
  });

  it('with the widening that it admits to', () => {
    const allow = [1, 3, 5].map((last) => `shop/web -> 198.51.100.${last}:443`);
    const plan = planOf(allow, { blocks: 1, factor: 4 });
    expect(plan.policies.flatMap(({ egress }) => egress.rules.flatMap(({ widened }) => widened?.blocks ?? []))).toEqual(
      [1],
    );
    expect(misworded(plan)).toEqual([]);
  });
});

describe('a policy that does not', () => {
  const plan = planOf(['shop/web -> shop/db:5432', 'ops/probe -> shop/db:5432']);
  const from = [{ podSelector: { matchLabels: { app: 'web' } } }];
  const probe = {
    podSelector: { matchLabels: { app: 'probe' } },
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ops' } },
  };
  const ports = [{ protocol: 'TCP', port: 5432 }];

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['without a peer', { ingress: [{ from, ports }] }],
    [
      'with another selector of namespaces',
      { ingress: [{ from: [...from, { ...probe, namespaceSelector: {} }], ports }] },
    ],
    ['for everybody', { ingress: [{ ports }] }],
    ['at every port', { ingress: [{ from: [...from, probe] }] }],
    [
      'at one port more',
      { ingress: [{ from: [...from, probe], ports: [{ protocol: 'TCP', port: 5432, endPort: 5433 }] }] },
    ],
    [
      'with a rule more, for nobody that exists',
      {
        ingress: [
          { from: [...from, probe], ports },
          { from: [{ podSelector: { matchLabels: { app: 'ghost' } } }], ports },
        ],
      },
    ],
    ['with a named port', { ingress: [{ from: [...from, probe], ports: [{ protocol: 'TCP', port: 'sql' }] }] }],
    ['open in that direction', { policyTypes: ['Egress'] }],
  ])('is named: %s', (_, change) => {
    expect(misworded(plan, 'shop/db', change)).toEqual(['shop/db ingress']);
  });

  it('is named for both directions where it is about other pods', () => {
    expect(misworded(plan, 'shop/db', { podSelector: {} })).toEqual(['shop/db egress', 'shop/db ingress']);
  });

  it('is not named for other words of the same meaning', () => {
    const ingress = [
      { from: [probe], ports },
      { from, ports },
    ];
    expect(misworded(plan, 'shop/db', { ingress })).toEqual([]);
  });
});
