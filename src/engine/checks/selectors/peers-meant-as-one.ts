// A namespaceSelector and a podSelector as two items of a list ("or") where their labels say that they are one ("and").

import { possible } from '../../compile/match-set.ts';
import type { Fix } from '../../model/edit.ts';
import { printSelector } from '../../model/selector.ts';
import { valueAt } from '../../model/source.ts';
import { subtract } from '../../sets/id-set.ts';
import type { Check, Problem } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { countPods, printImpact } from '../effect.ts';
import { findFlow } from '../flows.ts';
import { subjectOf } from '../isolation.ts';
import { portsOfRule, printPeer, trafficOfRule } from '../rule-flows.ts';
import { peersMeantAsOne, type SplitPeer } from './split-peer.ts';

/**
 * Rule 27 of the catalogue. Both forms are legal and both are in use, so it speaks only where the labels decide: pods with
 * them are in the namespaces that the item beside names and not in the policy's own, or the names are well known.
 */
export const PEERS_MEANT_AS_ONE: Check = {
  id: 'peers-meant-as-one',
  severity: 'high',
  scope: 'object',
  summary: 'a namespaceSelector and a podSelector as two peers whose labels say that they are one',
  *find(context) {
    for (const split of new Set(peersMeantAsOne(context).values())) yield problemOf(context, split);
  },
};

function problemOf(context: CheckContext, { placed, spaces, pods, sign }: SplitPeer): Problem {
  const { policy, direction, rule } = placed;
  const { object } = policy;
  const scope = spaces.namespaces;
  const meant = { ...pods, namespaces: scope };
  const open = possible(context.select(scope, spaces.pods, policy));
  const surplus = subtract(open, possible(context.select(scope, pods.pods, policy)));
  const impact = countPods(context, surplus);
  const subject = subjectOf(context, policy, direction);
  const ports = trafficOfRule(rule);
  const ends = direction === 'ingress' ? { from: surplus, to: subject } : { from: subject, to: surplus };
  const example = findFlow(context, { verdict: 'allowed', ...ends, ...(ports === undefined ? {} : { ports }) });
  const fix: Fix = {
    title: `make it one peer: ${printPeer(meant)}`,
    edits: [
      {
        op: 'set',
        object,
        path: [...spaces.path, 'podSelector'],
        value: valueAt(object, [...pods.path, 'podSelector']),
      },
      { op: 'remove', object, path: pods.path },
    ],
    announced: 'closes',
    safe: false,
  };
  const effect = `opens ${portsOfRule(rule)} ${direction === 'ingress' ? 'to' : 'of'} ${printImpact(impact)} without ${printSelector(pods.pods)}`;
  const later = spaces.path.at(-1)! > pods.path.at(-1)! ? spaces : pods;
  return {
    object,
    policy,
    path: later.path,
    ...(sign === 'names' ? { severity: 'medium' } : {}),
    message: `a dash makes these two peers: ${printPeer(spaces)}, or ${printPeer(pods)}; written as one they would be ${printPeer(meant)}`,
    hint: 'write both selectors in one item of the list: take the second dash away',
    ...(impact.pods === 0 ? {} : { effect, impact }),
    ...(example === undefined ? {} : { example }),
    related: [{ object, path: (later === spaces ? pods : spaces).path, message: 'the other one of the two peers' }],
    fix,
  };
}
