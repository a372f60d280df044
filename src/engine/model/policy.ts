// The one vocabulary into which every policy API is normalised. No later stage knows which API a policy came from.

import type { IpSet } from '../sets/ip-set.ts';
import type { Protocol } from '../sets/traffic-set.ts';
import type { UnknownReason } from './endpoint.ts';
import type { Selector } from './selector.ts';
import type { ManifestObject, Path } from './source.ts';

/** The policy APIs that Netweir understands, by the name of their folder under dialects/. */
export type DialectName = 'network-policy' | 'cluster-network-policy' | 'admin-network-policy';

/** As seen from the subject. */
export type Direction = 'ingress' | 'egress';

/** Both directions, in the order in which they are printed. */
export const DIRECTIONS: readonly Direction[] = ['egress', 'ingress'];

/** `Pass` leaves the tier; see {@link Tier.passTo}. */
export type Action = 'Accept' | 'Deny' | 'Pass';
/** What beats what in a tier without order. */
export const STRONGEST_FIRST: readonly Action[] = ['Deny', 'Accept', 'Pass'];

/** How a policy is named in answers. `namespace` is absent for cluster-scoped kinds. */
export interface PolicyRef {
  readonly dialect: DialectName;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** One policy object, normalised. A direction that is absent is one that the policy does not touch. */
export interface Policy {
  readonly ref: PolicyRef;
  readonly apiVersion: string;
  readonly object: ManifestObject;
  /** The tier that its own API names; a plugin may place it elsewhere, see {@link Placement}. */
  readonly tier: 'Admin' | 'NetworkPolicy' | 'Baseline';
  /** Precedence within the tier, lower first; equal numbers tie. NetworkPolicies are all 0. */
  readonly order: number;
  readonly ingress?: PolicyDirection;
  readonly egress?: PolicyDirection;
}

/**
 * Reports whether the policy's selectors see hostNetwork pods where the plugin can tell them apart. The cluster-scoped
 * APIs never do: "hostNetwork pods are never subjects" and never match pod peers (semantics 2.2, 2.3).
 */
export function seesHostNetwork(policy: Policy): boolean {
  return policy.tier === 'NetworkPolicy';
}

/** What a policy says for one direction. */
export interface PolicyDirection {
  /** The pods (or, in later dialects, nodes) it applies to. */
  readonly subject: Subject;
  /** Whether being selected turns the end of the tier into a deny. */
  readonly isolates: boolean;
  /** In written order; order matters only in first-match tiers. */
  readonly rules: readonly Rule[];
  /**
   * False for the rules of a direction that `policyTypes` does not list: the API ignores them, some plugins do not
   * (knob `unlistedDirectionRules`). Such a part does not isolate unless the knob says so.
   */
  readonly listed: boolean;
}

/** Pods in matching namespaces with matching labels. */
export interface Subject {
  readonly namespaces: NamespaceScope;
  readonly pods: Selector;
}

/** `{name}` is exactly that namespace; a selector chooses by namespace labels (everything = all namespaces). */
export type NamespaceScope = { readonly name: string } | { readonly selector: Selector };

/** `any` matches everybody, `none` nobody; a list is never empty, so the two cannot be mixed up. */
export type Match<T> = 'any' | 'none' | readonly [T, ...T[]];

/** One rule. All parts of its match must hold. */
export interface Rule {
  readonly action: Action;
  /** The other end: source for ingress, destination for egress. */
  readonly peers: Match<Peer>;
  /** Destination ports by protocol. `any` includes protocols without ports (ICMP …) as far as {@link Policy} goes. */
  readonly ports: Match<PortMatch>;
  /** What static analysis cannot decide (HTTP, SNI …): the rule applies only if all of them hold. */
  readonly conditions: readonly Condition[];
  /** Narrows the policy's subject for this rule only (Antrea's appliedTo in a rule); absent: no narrowing. */
  readonly subject?: Subject;
  /** Position in the list that the user wrote, from 0. */
  readonly index: number;
  readonly name?: string;
  /** Field path of the rule in its object. */
  readonly path: Path;
  /** Set where nobody knows whether the plugin takes the rule so: it matches only perhaps, for this reason. */
  readonly perhaps?: UnknownReason;
  /** Set where the decoder could not understand the rule and closed it (semantics 2.6): says what and why. */
  readonly closed?: string;
}

/** The other end of a connection, as a rule names it. `path` is the field path of the list item. */
export type Peer = { readonly path: Path } & (
  | { readonly type: 'pods'; readonly namespaces: NamespaceScope; readonly pods: Selector }
  /** `addresses` is cidr minus except; `cidr` is kept as written for printing. */
  | { readonly type: 'addresses'; readonly addresses: IpSet; readonly cidr: string; readonly except: readonly string[] }
  /** The addresses of matching nodes, and therefore their hostNetwork pods. */
  | { readonly type: 'nodes'; readonly nodes: Selector }
  /** Names whose addresses static analysis does not know; `*.example.com` patterns included. */
  | { readonly type: 'domains'; readonly names: readonly string[] }
);

/**
 * One entry of a port list. `protocol: 'any'` with a name matches the protocol of the container port.
 * `last` is inclusive; `first > last` matches nothing.
 */
export type PortMatch = { readonly path: Path; readonly protocol: Protocol | 'any' } & (
  | { readonly type: 'all' }
  | { readonly type: 'range'; readonly first: number; readonly last: number }
  | { readonly type: 'named'; readonly name: string }
);

/** A condition that static analysis keeps and prints, e.g. `{http: {method: 'GET'}}`. */
export type Condition = Readonly<Record<string, unknown>>;
