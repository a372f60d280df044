// from: [] and to: [], which look like nobody and mean everybody.

import { arePeersEmpty, isNetworkPolicy, PEER_LISTS } from '../../dialects/network-policy/written.ts';
import { acceptingRules, type PlacedRule } from '../accepting-rules.ts';
import type { Check, Problem } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { countPods, printImpact } from '../effect.ts';
import { removeRules } from '../fixes.ts';
import { subjectOf } from '../isolation.ts';
import { flowThrough, portsOfRule } from '../rule-flows.ts';

/** Rule 7 of the catalogue. The other APIs refuse an empty list of peers. */
export const EMPTY_PEER_LIST: Check = {
  id: 'empty-peer-list',
  severity: 'high',
  scope: 'object',
  summary: 'an empty list of peers, which means everybody, not nobody',
  *find(context) {
    for (const placed of acceptingRules(context.state.policies)) {
      const { policy, direction, rule } = placed;
      if (rule.peers !== 'any' || !isNetworkPolicy(policy) || !arePeersEmpty(policy, direction, rule)) continue;
      yield problemOf(context, placed);
    }
  },
};

function problemOf(context: CheckContext, placed: PlacedRule): Problem {
  const { policy, direction, rule } = placed;
  const { object } = policy;
  const list = PEER_LISTS[direction];
  const impact = countPods(context, subjectOf(context, policy, direction));
  const ports = portsOfRule(rule);
  const who = direction === 'ingress' ? 'lets everybody in' : 'allows every destination';
  const end = direction === 'ingress' ? 'to everybody' : 'for connections to everywhere';
  const example = flowThrough(context, placed, 'allowed');
  const path = [...rule.path, list];
  return {
    object,
    policy,
    path,
    key: true,
    message: `${list}: [] ${who}, not nobody: an empty list means the same as none`,
    hint: `take the rule away if nobody is meant; leave "${list}" out if everybody is`,
    ...(impact.pods === 0 ? {} : { effect: `opens ${ports} of ${printImpact(impact)} ${end}`, impact }),
    ...(example === undefined ? {} : { example }),
    fix: removeRules(policy, direction, [rule], 'take the rule away: nobody is allowed'),
    // Without ports the rule would be left as {}, which is a problem of its own.
    ...(rule.ports === 'any'
      ? {}
      : {
          alternatives: [
            {
              title: `take "${list}" away: everybody is allowed`,
              edits: [{ op: 'remove', object, path }],
              announced: 'same',
              safe: false,
            },
          ],
        }),
  };
}
