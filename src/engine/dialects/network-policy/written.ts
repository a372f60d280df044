// How a NetworkPolicy was written, where that says more than what it means: which fields are there, and what they are
// called. For checks; decoding does not need it.

import type { Direction, Policy, Rule } from '../../model/policy.ts';
import { type Path, valueAt } from '../../model/source.ts';

/** The list of peers in a rule of the direction. */
export const PEER_LISTS = { ingress: 'from', egress: 'to' } as const;

/** The policy type that lists the direction. */
export const POLICY_TYPES = { ingress: 'Ingress', egress: 'Egress' } as const;

/** Where the types stand. */
export const TYPES_PATH: Path = ['spec', 'policyTypes'];

/** Where the selector of the subject stands. */
export const SUBJECT_PATH: Path = ['spec', 'podSelector'];

/** Where the rules of the direction stand. */
export function rulesPath(direction: Direction): Path {
  return ['spec', direction];
}

/** Reports whether the policy is a NetworkPolicy, whose fields this module knows. */
export function isNetworkPolicy(policy: Policy): boolean {
  return policy.ref.dialect === 'network-policy';
}

/** Reports whether the API server fills the types in: none are written. */
export function areTypesOmitted({ object }: Policy): boolean {
  const types = valueAt(object, TYPES_PATH);
  return types === undefined || types === null || (Array.isArray(types) && types.length === 0);
}

/** Positions at which `policyTypes` lists the direction; empty where the types are omitted. */
export function positionsOfType({ object }: Policy, direction: Direction): number[] {
  const types = valueAt(object, TYPES_PATH);
  if (!Array.isArray(types)) return [];
  return types.flatMap((type, index) => (type === POLICY_TYPES[direction] ? [index] : []));
}

/** Reports whether the list of rules is written as an empty one, which says "none" on purpose. */
export function areRulesEmpty({ object }: Policy, direction: Direction): boolean {
  return isEmptyList(valueAt(object, rulesPath(direction)));
}

/** Reports whether the rule has a list of peers that is written and empty. */
export function arePeersEmpty({ object }: Policy, direction: Direction, rule: Rule): boolean {
  return isEmptyList(valueAt(object, [...rule.path, PEER_LISTS[direction]]));
}

/** Reports whether the rule has a list of ports that is written and empty. */
export function arePortsEmpty({ object }: Policy, rule: Rule): boolean {
  return isEmptyList(valueAt(object, [...rule.path, 'ports']));
}

/** Reports whether an entry of a list of ports names its protocol; without one the API server fills in TCP. */
export function isProtocolWritten({ object }: Policy, entry: Path): boolean {
  return typeof valueAt(object, [...entry, 'protocol']) === 'string';
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
