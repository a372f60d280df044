// Rules of one policy that say the same of other ports: one list of ports would do.

import { isNetworkPolicy, PEER_LISTS } from '../../dialects/network-policy/written.ts';
import type { Edit, Fix } from '../../model/edit.ts';
import { DIRECTIONS, type Direction, type Policy, type Rule } from '../../model/policy.ts';
import { valueAt } from '../../model/source.ts';
import type { Check, Problem } from '../check.ts';

/**
 * Rule 25 of the catalogue, as far as it is about rules. Peers are compared as they are written: what merely means the same
 * was told apart by somebody. Rules without ports say all of it; they are redundant-rule's business.
 */
export const MERGEABLE_RULES: Check = {
  id: 'mergeable-rules',
  severity: 'info',
  scope: 'object',
  summary: 'rules of one policy that name the same peers, each with ports of its own',
  mayFollowFix: true,
  *find({ state }) {
    for (const policy of state.policies) {
      if (!isNetworkPolicy(policy)) continue;
      for (const direction of DIRECTIONS) {
        const part = policy[direction];
        if (part === undefined || !part.listed || part.rules.length < 2) continue;
        for (const rules of alike(policy, direction, part.rules)) yield problemOf(policy, direction, rules);
      }
    }
  },
};

/** A rule with what is written in it. */
interface WrittenRule {
  readonly rule: Rule;
  readonly ports: readonly unknown[];
}

/** Two rules or more with equal peers and different ports. */
type Alike = readonly [WrittenRule, WrittenRule, ...WrittenRule[]];

function alike(policy: Policy, direction: Direction, rules: readonly Rule[]): Alike[] {
  const byPeers = new Map<string, WrittenRule[]>();
  for (const rule of rules) {
    const peers = valueAt(policy.object, [...rule.path, PEER_LISTS[direction]]);
    const ports = valueAt(policy.object, [...rule.path, 'ports']);
    if (rule.closed !== undefined || typeof rule.ports === 'string' || !Array.isArray(ports)) continue;
    const key = JSON.stringify(peers ?? null);
    const known = byPeers.get(key);
    const one = { rule, ports };
    if (known === undefined) byPeers.set(key, [one]);
    // What is there twice is redundant, not mergeable.
    else if (!known.some((other) => JSON.stringify(other.ports) === JSON.stringify(ports))) known.push(one);
  }
  return [...byPeers.values()].filter((list): list is [WrittenRule, WrittenRule] => list.length > 1);
}

function problemOf(policy: Policy, direction: Direction, rules: Alike): Problem {
  const { object } = policy;
  const [first, second] = rules;
  return {
    object,
    policy,
    path: second.rule.path,
    message: `this rule names the same ${direction === 'ingress' ? 'sources' : 'destinations'} as another one before it: one rule with the ports of both says the same`,
    hint: 'write one list of ports, so that a change of the peers is made once',
    related: [{ object, path: first.rule.path, message: 'names the same' }],
    fix: merge(policy, rules),
  };
}

function merge({ object }: Policy, [first, ...others]: Alike): Fix {
  const ports = [first, ...others].flatMap((one) => one.ports);
  const distinct = [...new Map(ports.map((port) => [JSON.stringify(port), port])).values()];
  const edits: Edit[] = [
    { op: 'set', object, path: [...first.rule.path, 'ports'], value: distinct },
    ...others.map(({ rule }): Edit => ({ op: 'remove', object, path: rule.path })),
  ];
  return { title: 'write one rule with the ports of all', edits, announced: 'same', safe: false };
}
