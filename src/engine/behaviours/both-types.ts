// Policies of both types where a plugin looks at all of their rules for either direction (knob policiesOfBothTypes).

import type { DIRECTIONS, Direction, Peer, Policy, PolicyDirection, Rule, Subject } from '../model/policy.ts';

/**
 * The policy where the rules of one direction also count in the other, for connections between two pods that it selects:
 * what an ingress rule lets in, the other pod may also send, and the other way round. The same object where it has only
 * one direction. A rule about addresses counts perhaps, since a subject is not known by its address.
 */
export function shareRules(policy: Policy): Policy {
  const { ingress, egress } = policy;
  if (ingress === undefined || egress === undefined || !ingress.listed || !egress.listed) return policy;
  return { ...policy, ...sharedInto('ingress', ingress, egress), ...sharedInto('egress', egress, ingress) };
}

function sharedInto(
  direction: Direction,
  own: PolicyDirection,
  other: PolicyDirection,
): { readonly [D in (typeof DIRECTIONS)[number]]?: PolicyDirection } {
  const rules = other.rules.flatMap((rule) => turned(rule, own.subject));
  return { [direction]: { ...own, rules: [...own.rules, ...rules] } };
}

/** The rule seen from its other end: its peers are the subjects now, and the policy's subjects the peers. */
function turned(rule: Rule, { namespaces, pods }: Subject): readonly Rule[] {
  if (rule.peers === 'none' || rule.ports === 'none') return [];
  const selected: Peer = { path: rule.path, type: 'pods', namespaces, pods };
  const back: Rule = { ...rule, peers: [selected] };
  if (rule.peers === 'any') return [back];
  return rule.peers.flatMap((peer): readonly Rule[] => {
    switch (peer.type) {
      case 'pods':
        return [{ ...back, subject: { namespaces: peer.namespaces, pods: peer.pods } }];
      case 'addresses':
        return [{ ...back, perhaps: rule.perhaps ?? 'pod-address' }];
      default:
        return [];
    }
  });
}
