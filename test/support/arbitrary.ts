// Draws endpoints, policies and chains for properties: small label universes, so that everything collides with everything.

import fc from 'fast-check';
import { DEFAULT_KNOBS } from '../../src/engine/behaviours/index.ts';
import type { SideSizes } from '../../src/engine/compile/open-sides.ts';
import { PART_SIZES, type PartSizes } from '../../src/engine/compile/row-maker.ts';
import type { Knobs } from '../../src/engine/model/behaviour.ts';
import type { Endpoint } from '../../src/engine/model/endpoint.ts';
import type { Match, Peer, Policy, PolicyDirection, PortMatch, Rule, Subject } from '../../src/engine/model/policy.ts';
import { EVERYTHING, type Labels, type Selector } from '../../src/engine/model/selector.ts';
import type { Chain, PlacedPolicy, Placement } from '../../src/engine/model/tier.ts';
import { ALL_ADDRESSES, type Family, type IpSet } from '../../src/engine/sets/ip-set.ts';
import type { Protocol } from '../../src/engine/sets/traffic-set.ts';

const NAMESPACES = ['x', 'y', 'z'];
const NAMESPACE_LABELS: Record<string, Labels> = {
  x: { 'kubernetes.io/metadata.name': 'x', team: 'a' },
  y: { 'kubernetes.io/metadata.name': 'y', team: 'b' },
  z: { 'kubernetes.io/metadata.name': 'z' },
};

const label = fc.constantFrom('a', 'b', '');
const labels: fc.Arbitrary<Labels> = fc
  .record({ app: label, tier: label }, { requiredKeys: [] })
  .map((one) => ({ ...one }) as Labels);

/** Selectors over the keys app, tier and, for namespaces, team. */
export function selector(keys: readonly string[] = ['app', 'tier']): fc.Arbitrary<Selector> {
  const key = fc.constantFrom(...keys);
  const leaf: fc.Arbitrary<Selector> = fc.oneof(
    fc.record({
      op: fc.constantFrom('in' as const, 'not-in' as const),
      key,
      values: fc.array(label, { maxLength: 2 }),
    }),
    fc.record({ op: fc.constantFrom('exists' as const, 'not-exists' as const), key }),
    fc.record({ op: fc.constantFrom('contains' as const, 'starts-with' as const), key, text: label }),
  );
  const conjunction = fc.array(leaf, { maxLength: 2 }).map((of): Selector => ({ op: 'and', of }));
  const negation = leaf.map((of): Selector => ({ op: 'not', of }));
  const choice = fc.array(leaf, { maxLength: 2 }).map((of): Selector => ({ op: 'or', of }));
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant(EVERYTHING) },
    { weight: 4, arbitrary: conjunction },
    negation,
    choice,
  );
}

const scope = fc.oneof(
  fc.constantFrom(...NAMESPACES).map((name) => ({ name })),
  selector(['team', 'kubernetes.io/metadata.name']).map((one) => ({ selector: one })),
);
const subject: fc.Arbitrary<Subject> = fc.record({ namespaces: scope, pods: selector() });

/** Blocks within 10.0.0.0/28 and fd00::/124, so that pods, ranges and blocks overlap in every way. */
const block: fc.Arbitrary<IpSet> = fc
  .tuple(fc.nat(15), fc.nat(15), fc.boolean(), fc.boolean())
  .map(([a, b, both, wide]) => {
    if (wide) return both ? ALL_ADDRESSES : { v4: ALL_ADDRESSES.v4, v6: [] };
    const [low, high] = [Math.min(a, b), Math.max(a, b) + 1];
    const base4 = 0x0a000000;
    const base6 = 0xfd00n << 112n;
    return { v4: [base4 + low, base4 + high], v6: both ? [base6 + BigInt(low), base6 + BigInt(high)] : [] };
  });

const path = ['spec'];
const peer: fc.Arbitrary<Peer> = fc.oneof(
  { weight: 4, arbitrary: subject.map((one): Peer => ({ path, type: 'pods', ...one })) },
  {
    weight: 3,
    arbitrary: block.map((addresses): Peer => ({ path, type: 'addresses', addresses, cidr: '?', except: [] })),
  },
  { weight: 1, arbitrary: selector(['os']).map((nodes): Peer => ({ path, type: 'nodes', nodes })) },
  { weight: 1, arbitrary: fc.constant<Peer>({ path, type: 'domains', names: ['example.com'] }) },
);

const protocol = fc.constantFrom<Protocol>('TCP', 'TCP', 'UDP', 'SCTP', 'ICMP');
const portProtocol = fc.constantFrom<Protocol | 'any'>('TCP', 'TCP', 'UDP', 'SCTP', 'any');
const port: fc.Arbitrary<PortMatch> = fc.oneof(
  protocol.map((one): PortMatch => ({ path, protocol: one, type: 'all' })),
  fc
    .tuple(protocol, fc.integer({ min: 79, max: 83 }), fc.integer({ min: 79, max: 83 }))
    .map(([one, first, last]): PortMatch => ({ path, protocol: one, type: 'range', first, last })),
  fc
    .tuple(portProtocol, fc.constantFrom('web', 'dns', 'none'))
    .map(([one, name]): PortMatch => ({ path, protocol: one, type: 'named', name })),
);

function match<T>(item: fc.Arbitrary<T>): fc.Arbitrary<Match<T>> {
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant<Match<T>>('any') },
    { weight: 1, arbitrary: fc.constant<Match<T>>('none') },
    {
      weight: 6,
      arbitrary: fc.array(item, { minLength: 1, maxLength: 3 }).map((list) => list as unknown as [T, ...T[]]),
    },
  );
}

const rule: fc.Arbitrary<Omit<Rule, 'index'>> = fc
  .record({
    action: fc.constantFrom('Accept' as const, 'Accept' as const, 'Deny' as const, 'Pass' as const),
    peers: match(peer),
    ports: match(port),
    conditions: fc.oneof(
      { weight: 8, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.constant([{ http: { method: 'GET' } }]) },
    ),
    narrow: fc.option(subject, { freq: 8 }),
  })
  .map(({ narrow, ...rest }) => ({ ...rest, path, ...(narrow === null ? {} : { subject: narrow }) }));

const direction: fc.Arbitrary<PolicyDirection> = fc
  .record({ subject, isolates: fc.boolean(), rules: fc.array(rule, { maxLength: 3 }) })
  .map((part) => ({ ...part, rules: part.rules.map((one, index) => ({ ...one, index })), listed: true }));

/** Policies of any shape, placed in `tiers` tiers with few distinct orders. */
export function placedPolicies(tiers: number): fc.Arbitrary<PlacedPolicy[]> {
  const one = fc.record({
    ingress: fc.option(direction, { nil: undefined, freq: 3 }),
    egress: fc.option(direction, { nil: undefined, freq: 3 }),
    tier: fc.nat(tiers - 1),
    order: fc.nat(1),
    own: fc.constantFrom<Policy['tier']>('NetworkPolicy', 'Admin'),
    coversOtherProtocols: fc.boolean(),
  });
  return fc.array(one, { maxLength: 6 }).map((list) =>
    list.map(({ ingress, egress, tier, order, own, coversOtherProtocols }, index) => ({
      policy: {
        ref: { dialect: 'network-policy' as const, kind: 'NetworkPolicy', namespace: 'x', name: `p${index}` },
        apiVersion: 'networking.k8s.io/v1',
        object: { value: {}, locate: () => ({ path: '' }) },
        tier: own,
        order,
        ...(ingress === undefined ? {} : { ingress }),
        ...(egress === undefined ? {} : { egress }),
      },
      tier,
      order,
      coversOtherProtocols,
    })),
  );
}

/** Chains of one to three tiers of every kind, with Pass targets, ties and either tail. */
export const chain: fc.Arbitrary<Chain> = fc
  .record({
    tiers: fc.array(
      fc.record({
        combine: fc.constantFrom('union' as const, 'deny-overrides' as const, 'first-match' as const),
        ties: fc.constantFrom('undefined' as const, 'by-name' as const),
        far: fc.boolean(),
        unisolated: fc.constantFrom('next' as const, 'next' as const, 'accept-if-selected' as const),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    tail: fc.constantFrom('allow' as const, 'allow' as const, 'deny' as const),
  })
  .map(({ tiers, tail }) => ({
    tiers: tiers.map(({ far, ...tier }, index) => ({
      ...tier,
      name: `t${index}`,
      ...(far && index + 2 < tiers.length ? { passTo: `t${index + 2}` } : {}),
    })),
    tail,
  }));

/** A placement of drawn policies in a drawn chain. */
export const placement: fc.Arbitrary<Placement> = chain.chain((one) =>
  placedPolicies(one.tiers.length).map((policies) => ({ chain: one, policies, notEnforced: [] })),
);

const podPorts = fc.oneof(
  { weight: 1, arbitrary: fc.constant('unknown' as const) },
  {
    weight: 5,
    arbitrary: fc.array(
      fc.record({
        name: fc.constantFrom('web', 'dns'),
        protocol: fc.constantFrom<Protocol>('TCP', 'UDP'),
        number: fc.integer({ min: 79, max: 83 }),
        from: fc.constant('container' as const),
      }),
      { maxLength: 2 },
    ),
  },
);

const families = fc.constantFrom<readonly Family[]>(['IPv4'], ['IPv4'], ['IPv6'], ['IPv4', 'IPv6']);
const ownNode = fc.constantFrom(undefined, undefined, 'local-node' as const, 'source-nat' as const);
const nodeName = fc.constantFrom(undefined, 'n1', 'n2');
const matchesBlocks = fc.constantFrom('yes' as const, 'yes' as const, 'no' as const, 'maybe' as const);

/** Endpoints of every type, with whatever may be open about them. */
export const endpoint: fc.Arbitrary<Omit<Endpoint, 'key' | 'name'>> = fc
  .record({
    type: fc.constantFrom(
      'pod' as const,
      'pod' as const,
      'pod' as const,
      'addresses' as const,
      'node' as const,
      'entry' as const,
    ),
    namespace: fc.constantFrom(...NAMESPACES),
    declared: fc.boolean(),
    labels,
    openLabels: fc.constantFrom<readonly string[]>([], [], [], ['tier']),
    hostNetwork: fc.constantFrom(false, false, true),
    addresses: block,
    families,
    ports: podPorts,
    ownNode,
    nodeName,
    matchesBlocks,
    os: fc.constantFrom('none', 'unknown', 'a', ''),
    unidentified: fc.boolean(),
  })
  .map((draw) => ({
    type: draw.type,
    ...(draw.type === 'pod'
      ? {
          pod: {
            namespace: draw.namespace,
            namespaceLabels: draw.declared
              ? NAMESPACE_LABELS[draw.namespace]!
              : { 'kubernetes.io/metadata.name': draw.namespace },
            namespaceDeclared: draw.declared,
            labels: draw.labels,
            openLabels: draw.openLabels,
            hostNetwork: draw.hostNetwork,
          },
        }
      : {}),
    ...(draw.os === 'none' || draw.type === 'pod'
      ? {}
      : {
          node:
            draw.os === 'unknown' ? { certain: draw.declared } : { certain: draw.declared, labels: { os: draw.os } },
        }),
    addresses: draw.addresses,
    addressReason: 'pod-address' as const,
    families: draw.families,
    ports: draw.type === 'pod' ? draw.ports : [],
    matchesBlocks: draw.matchesBlocks,
    ...(draw.nodeName === undefined ? {} : { nodeName: draw.nodeName }),
    ...(draw.ownNode === undefined || draw.type === 'addresses' ? {} : { ownNode: draw.ownNode }),
    ...(draw.type === 'entry' && draw.unidentified ? { unidentified: 'ingress-controller' as const } : {}),
  }));

/** A few endpoints with distinct keys. */
export const endpoints: fc.Arbitrary<Endpoint[]> = fc
  .array(endpoint, { minLength: 2, maxLength: 6 })
  .map((list) => list.map((one, index) => ({ ...one, key: `e${index}`, name: `e${index}` })));

/** The knobs that evaluators read themselves; the others act through placement. */
export const knobs: fc.Arbitrary<Knobs> = fc
  .record({
    localNodeIngress: fc.constantFrom('allow' as const, 'evaluate' as const),
    localNodeEgress: fc.constantFrom('allow' as const, 'evaluate' as const),
    sctp: fc.constantFrom('enforced' as const, 'unknown' as const),
    selfTraffic: fc.constantFrom('allow' as const, 'plainRules' as const),
  })
  .map((drawn) => ({ ...DEFAULT_KNOBS, ...drawn }));

/** How large a set has to be for rows to keep it apart; those of the product leave drawn rows whole. */
export const partSizes: fc.Arbitrary<PartSizes> = fc.oneof(
  fc.constant(PART_SIZES),
  fc.record({ endpoints: fc.constant(0), members: fc.nat(5), runs: fc.integer({ min: 1, max: 3 }) }),
);

/** How sides are looked up, small enough for few endpoints. */
export const sideSizes: fc.Arbitrary<SideSizes> = fc.record({
  block: fc.integer({ min: 1, max: 3 }),
  mostBlocks: fc.nat(3),
  mostAsked: fc.integer({ min: 1, max: 6 }),
  mostChanged: fc.constantFrom(0, 1 / 8, 1, 2),
});
