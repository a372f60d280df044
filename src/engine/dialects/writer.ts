// The author's side of a dialect: rules and policies of the engine's vocabulary as plain values in the words of the API,
// and the changes that narrow a peer. Decoding what was written gives what was meant. Knows no text.

import type { Direction, Peer, Policy, PortMatch, Rule } from '../model/policy.ts';
import type { Requirement } from '../model/selector.ts';
import type { Path } from '../model/source.ts';
import type { IpSet } from '../sets/ip-set.ts';

/** A plain value with named fields, as a manifest holds it. */
export type Fields = Readonly<Record<string, unknown>>;

/** Where a part of a policy is to stand. `namespace`: the policy's own; absent for cluster-scoped kinds. */
export interface WritePlace {
  readonly kind: string;
  readonly namespace?: string;
  readonly direction: Direction;
}

/** What a rule says, without its place. */
export type RuleContent = Pick<Rule, 'action' | 'peers' | 'ports' | 'name'>;

/** What a policy says, without the object that it was read from. */
export type PolicyContent = Pick<Policy, 'ref' | 'tier' | 'order' | 'ingress' | 'egress'>;

/** One change within a list item; `path` leads on from the item and may be empty. */
export type ItemChange =
  | { readonly op: 'insert'; readonly path: Path; readonly value: unknown }
  | { readonly op: 'set'; readonly path: Path; readonly value: unknown };

/** What a peer is no longer to mean: pods or namespaces that break the requirement, or addresses. */
export type Cut =
  | { readonly of: 'pods'; readonly keep: Requirement }
  | { readonly of: 'namespaces'; readonly keep: Requirement }
  | { readonly of: 'addresses'; readonly drop: IpSet };

/** Writes the parts of one API. Every answer is undefined where the API has no words for what is meant. */
export interface DialectWriter {
  /** The name of a rule's list of peers. */
  peersField(direction: Direction): 'from' | 'to';
  /** The name of a rule's list of ports. */
  readonly portsField: string;
  /** One item of a list of peers. */
  peer(peer: Peer, place: WritePlace): Fields | undefined;
  /** One item of a list of ports. */
  port(port: PortMatch): Fields | undefined;
  /** One item of a list of rules. */
  rule(rule: RuleContent, place: WritePlace): Fields | undefined;
  /** A whole object. */
  policy(policy: PolicyContent): Fields | undefined;
  /**
   * The changes of a peer's list item, as it was written, after which it means the same less the cut. `peer` is what the
   * item was decoded to: one of several where an item lists addresses. Undefined also where nothing would be left.
   */
  narrow(item: Fields, peer: Peer, cut: Cut): readonly ItemChange[] | undefined;
  /** The field of a spec that says what pods the policy is about. */
  readonly subjectField: 'podSelector' | 'subject';
  /** The changes of that field, as it was written, after which the policy is about pods that meet the requirement too. */
  narrowSubject(subject: unknown, keep: Requirement): readonly ItemChange[] | undefined;
}

/** All items written, or undefined where one of them has no words. */
export function writeAll<T>(
  items: readonly T[],
  write: (item: T) => Fields | undefined,
): readonly Fields[] | undefined {
  const written = items.map(write);
  return written.every((item) => item !== undefined) ? written : undefined;
}
