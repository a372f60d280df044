// Rules that match everybody on every port: the policy then isolates pods and lets everything through again.

import { arePeersEmpty, arePortsEmpty, isNetworkPolicy } from '../../dialects/network-policy/written.ts';
import type { PortMatch } from '../../model/policy.ts';
import { isEverything } from '../../model/selector.ts';
import type { IdSet } from '../../sets/id-set.ts';
import { acceptingRules, type PlacedRule } from '../accepting-rules.ts';
import type { Check, Problem } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { countPods, printImpact } from '../effect.ts';
import { declaredPorts, removeRules, writePorts } from '../fixes.ts';
import { allowedElsewhere, selectsNobody, subjectOf } from '../isolation.ts';
import { flowThrough } from '../rule-flows.ts';

/**
 * Rule 6 of the catalogue. `egress: [{}]` is the usual way to say that egress is not restricted, so it speaks only where
 * it takes the effect of narrower rules; an ingress rule always does. In the Admin tier, acceptance of everybody is final.
 */
export const ALLOW_ALL: Check = {
  id: 'allow-all',
  severity: 'medium',
  scope: 'object',
  summary: 'a rule that lets everybody in on every port, or makes narrower rules pointless',
  controls: ['M1030', 'MS-TA9034', 'NSA-network-policies'],
  *find(context) {
    for (const placed of acceptingRules(context.state.policies)) {
      const { policy, direction, rule } = placed;
      if (rule.ports !== 'any' || rule.conditions.length > 0 || selectsNobody(context, policy, direction)) continue;
      if (!isNetworkPolicy(policy)) {
        if (policy.tier === 'Admin' && direction === 'ingress' && isEveryPod(placed))
          yield finalAccept(context, placed);
        continue;
      }
      // An empty list is a problem of its own.
      if (rule.peers !== 'any' || arePeersEmpty(policy, direction, rule) || arePortsEmpty(policy, rule)) continue;
      const others = policy[direction]!.rules.filter((one) => one !== rule && !isAllowAll(one));
      const first = policy[direction]!.rules.find(isAllowAll);
      if (first !== rule) continue;
      const moot = allowedElsewhere(context, policy, direction);
      if (direction === 'ingress' || others.length > 0 || moot.length > 0) {
        yield problemOf(context, placed, others.length > 0, moot);
      }
    }
  },
};

function isAllowAll({ peers, ports, action }: PlacedRule['rule']): boolean {
  return action === 'Accept' && peers === 'any' && ports === 'any';
}

function isEveryPod({ rule: { peers } }: PlacedRule): boolean {
  return (
    typeof peers !== 'string' &&
    peers.some(
      (peer) =>
        peer.type === 'pods' &&
        isEverything(peer.pods) &&
        'selector' in peer.namespaces &&
        isEverything(peer.namespaces.selector),
    )
  );
}

const SSH: PortMatch = { type: 'range', protocol: 'TCP', first: 22, last: 22, path: [] };

/** `moot`: pods for which other policies have rules that this one makes pointless. */
function problemOf(context: CheckContext, placed: PlacedRule, hasOthers: boolean, moot: IdSet): Problem {
  const { policy, direction, rule } = placed;
  const subject = subjectOf(context, policy, direction);
  const impact = countPods(context, subject);
  const what = direction === 'ingress' ? 'lets everybody in on every port' : 'allows every destination on every port';
  const consequence = hasOthers
    ? `the other ${direction} rules of the policy have no effect`
    : moot.length > 0
      ? `the ${direction} rules of other policies for the same pods have no effect`
      : `the policy restricts no ${direction}`;
  // A port that nobody asked for shows best what is open.
  const unasked: PlacedRule = { ...placed, rule: { ...rule, ports: [SSH] } };
  const example = flowThrough(context, unasked, 'allowed');
  const ports = direction === 'ingress' ? declaredPorts(context, subject) : undefined;
  const narrowed = ports === undefined ? [] : [writePorts(policy, rule, ports)];
  const removed = hasOthers
    ? [
        removeRules(
          policy,
          direction,
          policy[direction]!.rules.filter(isAllowAll),
          `take the rule away: the other ${direction} rules count again`,
        ),
      ]
    : [];
  const [fix, ...alternatives] = [...removed, ...narrowed];
  return {
    object: policy.object,
    policy,
    path: rule.path,
    ...(hasOthers || moot.length > 0 ? { severity: 'high' } : {}),
    message: `this rule ${what}, so ${consequence}`,
    hint:
      direction === 'ingress'
        ? 'name the ports, and who may use them; to leave pods open, take Ingress out of policyTypes'
        : 'name the destinations; to leave egress open, take Egress out of policyTypes',
    ...(impact.pods === 0
      ? {}
      : { effect: `opens every port ${direction === 'ingress' ? 'of' : 'for'} ${printImpact(impact)}`, impact }),
    ...(example === undefined ? {} : { example }),
    ...(fix === undefined ? {} : { fix }),
    ...(alternatives.length === 0 ? {} : { alternatives }),
  };
}

/** Accept in the Admin tier, for every pod of the cluster: no namespace can isolate itself any more. */
function finalAccept(context: CheckContext, placed: PlacedRule): Problem {
  const { policy, rule } = placed;
  const subject = subjectOf(context, policy, 'ingress');
  const impact = countPods(context, subject);
  const example = flowThrough(context, placed, 'allowed');
  return {
    object: policy.object,
    policy,
    path: rule.path,
    severity: 'high',
    message:
      'this rule lets every pod in on every port before any NetworkPolicy is asked: no namespace can close itself',
    hint: 'name the ports or the pods, or use the action Pass to leave it to the namespaces',
    ...(impact.pods === 0 ? {} : { effect: `opens every port of ${printImpact(impact)}`, impact }),
    ...(example === undefined ? {} : { example }),
  };
}
