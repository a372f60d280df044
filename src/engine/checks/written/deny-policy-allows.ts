// A NetworkPolicy that is called "deny" and allows: the API has no deny, so each of its rules opens something.

import { isNetworkPolicy } from '../../dialects/network-policy/written.ts';
import type { Peer, Policy, Rule } from '../../model/policy.ts';
import type { PlacedRule } from '../accepting-rules.ts';
import type { Check, Problem } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { countPods, printImpact } from '../effect.ts';
import { removeRules } from '../fixes.ts';
import { subjectOf } from '../isolation.ts';
import { flowThrough, portsOfRule, printPeers } from '../rule-flows.ts';
import { type Intention, intentionOf } from './intention.ts';

/**
 * Rule 9 of the catalogue. Many policies deny everything but a little (DNS, the own namespace) and are named after the
 * larger part; so it speaks only where a rule opens what the name closes: everybody, whole address blocks, or, where the
 * name says "all", anything beyond DNS and the own namespace.
 */
export const DENY_POLICY_ALLOWS: Check = {
  id: 'deny-policy-allows',
  severity: 'high',
  scope: 'object',
  summary: 'a policy named or described as a denial whose rules allow',
  *find(context) {
    for (const policy of context.state.policies) {
      if (!isNetworkPolicy(policy)) continue;
      const intention = intentionOf(policy);
      if (intention?.to !== 'deny') continue;
      for (const direction of intention.directions) {
        const part = policy[direction];
        if (part?.listed !== true) continue;
        const opening = part.rules.filter((rule) => contradicts(rule, policy, intention));
        for (const rule of opening) yield problemOf(context, { policy, direction, rule }, opening, intention);
      }
    }
  },
};

const DNS = 53;

function contradicts({ peers, ports }: Rule, { ref }: Policy, { everything }: Intention): boolean {
  const isDns =
    typeof ports !== 'string' &&
    ports.every((port) => port.type === 'range' && port.first === DNS && port.last === DNS);
  if (isDns || peers === 'none') return false;
  if (peers === 'any') return true;
  return peers.some((peer) => {
    switch (peer.type) {
      case 'addresses':
        return everything || isWide(peer);
      case 'pods': {
        const { namespaces } = peer;
        return everything && !('name' in namespaces && namespaces.name === ref.namespace);
      }
      default:
        return everything;
    }
  });
}

/** A block with exceptions, which are what the name is about, or one of a large part of the address space. */
function isWide({ cidr, except }: Extract<Peer, { type: 'addresses' }>): boolean {
  const prefix = Number(cidr.slice(cidr.indexOf('/') + 1));
  return except.length > 0 || prefix <= (cidr.includes(':') ? 16 : 8);
}

function problemOf(context: CheckContext, placed: PlacedRule, opening: readonly Rule[], { says }: Intention): Problem {
  const { policy, direction, rule } = placed;
  const impact = countPods(context, subjectOf(context, policy, direction));
  const [way, who] = direction === 'ingress' ? ['from', 'of'] : ['to', 'for'];
  const example = flowThrough(context, placed, 'allowed');
  return {
    object: policy.object,
    policy,
    path: rule.path,
    message: `the policy is ${says}, but NetworkPolicy has no deny: what its rules name is opened, and nothing else is closed by them`,
    hint: 'policies only add up: what must stay closed must not be allowed by any of them',
    effect: `opens ${portsOfRule(rule)} ${way} ${printPeers(rule)}${impact.pods === 0 ? '' : ` ${who} ${printImpact(impact)}`}`,
    ...(impact.pods === 0 ? {} : { impact }),
    ...(example === undefined ? {} : { example }),
    alternatives: [
      removeRules(
        policy,
        direction,
        opening,
        `take ${opening.length === 1 ? 'the rule' : `these ${opening.length} rules`} away, so that the policy only denies`,
      ),
    ],
  };
}
