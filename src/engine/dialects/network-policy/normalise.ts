// A valid NetworkPolicy in the engine's vocabulary: defaults filled in, empty and missing told apart as the API does.

import type {
  Match,
  NamespaceScope,
  Peer,
  Policy,
  PolicyDirection,
  PolicyRef,
  PortMatch,
  Rule,
} from '../../model/policy.ts';
import type { ManifestObject, Path } from '../../model/source.ts';
import type { Protocol } from '../../sets/traffic-set.ts';
import { toAddressPeer } from '../decoding/address-block.ts';
import { toSelector } from '../decoding/label-selector.ts';
import type { PeerFields, PortFields, RuleFields, SpecFields } from './fields.ts';
import { pathsOf, type RulePaths } from './rule-paths.ts';

/**
 * The policy types in effect. Defaulted where missing or empty (semantics 1.3): always Ingress, and Egress if there
 * are egress rules; given ones are taken literally.
 */
export function effectivePolicyTypes(spec: SpecFields): readonly string[] {
  if (spec.policyTypes !== undefined && spec.policyTypes.length > 0) return spec.policyTypes;
  return (spec.egress ?? []).length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
}

/** The spec as the API server stores it. */
export function toStoredSpec(spec: SpecFields): Readonly<Record<string, unknown>> {
  return { ...spec, podSelector: spec.podSelector ?? {}, policyTypes: effectivePolicyTypes(spec) };
}

/** The policy of a spec that validation refuses nothing of. */
export function toPolicy(spec: SpecFields, ref: PolicyRef, object: ManifestObject, apiVersion: string): Policy {
  const types = effectivePolicyTypes(spec);
  const own = { name: ref.namespace ?? '' };
  const directionOf = (direction: 'ingress' | 'egress', type: string): PolicyDirection | undefined => {
    const listed = types.includes(type);
    const rules = spec[direction] ?? [];
    if (!listed && rules.length === 0) return undefined;
    return {
      subject: { namespaces: own, pods: toSelector(spec.podSelector) },
      isolates: listed,
      rules: rules.map((rule, index) => toRule(rule, index, pathsOf(direction, index), own)),
      listed,
    };
  };
  const ingress = directionOf('ingress', 'Ingress');
  const egress = directionOf('egress', 'Egress');
  return {
    ref,
    apiVersion,
    object,
    tier: 'NetworkPolicy',
    order: 0,
    ...(ingress === undefined ? {} : { ingress }),
    ...(egress === undefined ? {} : { egress }),
  };
}

function toRule(rule: RuleFields, index: number, { path, itemOf }: RulePaths, own: NamespaceScope): Rule {
  const list = rule.from === undefined ? 'to' : 'from';
  return {
    action: 'Accept',
    peers: anyOf((rule[list] ?? []).map((peer, i) => toPeer(peer, itemOf(list, i), own))),
    ports: anyOf((rule.ports ?? []).map((port, i) => toPort(port, itemOf('ports', i)))),
    conditions: NONE,
    index,
    path,
  };
}

const NONE: readonly [] = [];

/** A missing or empty list of a rule matches everything (semantics 1.2). */
function anyOf<T>(items: readonly T[]): Match<T> {
  return isSome(items) ? items : 'any';
}

function isSome<T>(items: readonly T[]): items is readonly [T, ...T[]] {
  return items.length > 0;
}

function toPeer(peer: PeerFields, path: Path, own: NamespaceScope): Peer {
  if (peer.ipBlock !== undefined) return toAddressPeer(peer.ipBlock.cidr ?? '', peer.ipBlock.except ?? [], path);
  const { namespaceSelector } = peer;
  const namespaces = namespaceSelector === undefined ? own : { selector: toSelector(namespaceSelector) };
  return { type: 'pods', namespaces, pods: toSelector(peer.podSelector), path };
}

function toPort({ protocol: name = 'TCP', port, endPort }: PortFields, path: Path): PortMatch {
  const protocol = name as Protocol;
  if (port === undefined) return { path, protocol, type: 'all' };
  if (typeof port === 'string') return { path, protocol, type: 'named', name: port };
  return { path, protocol, type: 'range', first: port, last: endPort ?? port };
}
