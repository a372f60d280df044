// Nouns of the model in one line each, for tests of single functions. Everything that a test does not name is plain.

import type { Endpoint } from '../../src/engine/model/endpoint.ts';
import type { Match, Peer, Policy, PolicyDirection, PortMatch, Rule } from '../../src/engine/model/policy.ts';
import { EVERYTHING } from '../../src/engine/model/selector.ts';
import type { PlacedPolicy, Tier } from '../../src/engine/model/tier.ts';
import { parseCidr } from '../../src/engine/sets/ip-address.ts';
import { type IpSet, unionAll } from '../../src/engine/sets/ip-set.ts';
import type { Protocol } from '../../src/engine/sets/traffic-set.ts';

/** The set of all these CIDRs. */
export function addresses(...cidrs: readonly string[]): IpSet {
  return unionAll(
    cidrs.map((text) => {
      const cidr = parseCidr(text);
      if (!cidr.ok) throw new Error(`${text}: ${cidr.problem}`);
      return cidr.set;
    }),
  );
}

/** A pod of namespace x with the address 10.0.0.1, no labels and no ports, unless the parts say other. */
export function podEnd(key: string, parts: Partial<Endpoint> = {}): Endpoint {
  return {
    key,
    name: key,
    type: 'pod',
    pod: {
      namespace: 'x',
      namespaceLabels: {},
      namespaceDeclared: true,
      labels: {},
      openLabels: [],
      hostNetwork: false,
    },
    addresses: addresses('10.0.0.1/32'),
    addressReason: 'pod-address',
    families: ['IPv4'],
    ports: [],
    matchesBlocks: 'yes',
    ...parts,
  };
}

/** Addresses outside of the pod network. */
export function outsideEnd(cidr: string, parts: Partial<Endpoint> = {}): Endpoint {
  const { pod: _pod, ...plain } = podEnd(`addresses/${cidr}`);
  return { ...plain, type: 'addresses', addresses: addresses(cidr), addressReason: 'client-address', ...parts };
}

/** A peer that is a block. */
export function blockPeer(cidr: string): Peer {
  return { path: ['peer'], type: 'addresses', addresses: addresses(cidr), cidr, except: [] };
}

/** Ports `first` to `last`, or a name. */
export function port(protocol: Protocol | 'any', first: number | string, last?: number): PortMatch {
  if (typeof first === 'string') return { path: ['port'], protocol, type: 'named', name: first };
  return { path: ['port'], protocol, type: 'range', first, last: last ?? first };
}

/** What a rule may have besides its action; absent: everybody, every port, no conditions. */
export interface RuleParts {
  readonly peers?: Match<Peer>;
  readonly ports?: Match<PortMatch>;
  readonly conditions?: Rule['conditions'];
}

/** A rule; its index is set by {@link placedPolicy}. */
export function rule(action: Rule['action'], parts: RuleParts = {}): Rule {
  return { action, peers: 'any', ports: 'any', conditions: [], index: 0, path: ['rule'], ...parts };
}

/** What a placed policy may have besides its name and rules. */
export interface PlacedParts {
  readonly order?: number;
  readonly tier?: number;
  readonly isolates?: boolean;
  readonly direction?: 'ingress' | 'egress';
  readonly subject?: PolicyDirection['subject'];
  readonly coversOtherProtocols?: boolean;
}

/** A policy for all pods, ingress, in the first tier at order 0, that does not isolate, unless the parts say other. */
export function placedPolicy(name: string, rules: readonly Rule[], parts: PlacedParts = {}): PlacedPolicy {
  const { order = 0, tier = 0, isolates = false, direction = 'ingress', coversOtherProtocols = true } = parts;
  const part: PolicyDirection = {
    subject: parts.subject ?? { namespaces: { selector: EVERYTHING }, pods: EVERYTHING },
    isolates,
    rules: rules.map((one, index) => ({ ...one, index })),
    listed: true,
  };
  const policy: Policy = {
    ref: { dialect: 'network-policy', kind: 'NetworkPolicy', namespace: 'x', name },
    apiVersion: 'networking.k8s.io/v1',
    object: { value: {}, locate: () => ({ path: '' }) },
    tier: 'NetworkPolicy',
    order,
    [direction]: part,
  };
  return { policy, tier, order, coversOtherProtocols };
}

/** A tier whose ties are undefined and whose end leads on, unless the parts say other. */
export function tier(combine: Tier['combine'], parts: Partial<Tier> = {}): Tier {
  return { name: combine, combine, ties: 'undefined', unisolated: 'next', ...parts };
}
