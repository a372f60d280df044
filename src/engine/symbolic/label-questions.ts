// What policies ask about the labels of a pod: as a subject, and as a peer of those that they select. A pod that does not
// exist can be anything; only the answers to these questions matter.

import { DIRECTIONS, type Direction, type NamespaceScope, type Peer, type Subject } from '../model/policy.ts';
import { type Selector, selectorKey } from '../model/selector.ts';
import type { Placement } from '../model/tier.ts';

/** One question: is the pod in a namespace of this scope, with labels that this selector selects? */
export interface LabelQuestion {
  readonly namespaces: NamespaceScope;
  readonly pods: Selector;
}

/** In which parts of policies the pod may stand, and which of these parts matter. */
export interface Roles {
  /** Directions in which it is a subject. */
  readonly subject: readonly Direction[];
  /** Directions of policies of whose rules it is a peer. */
  readonly peer: readonly Direction[];
  /** Whether pods that such a policy selects may be the other end; only then does it look at the pod as a peer. */
  readonly selectsOther: (subject: Subject) => boolean;
}

/** Every direction and part: what tells pods apart whatever is asked about them. */
export const ALL_ROLES: Roles = { subject: DIRECTIONS, peer: DIRECTIONS, selectsOther: () => true };

/** The questions, each once, in an order that depends on them alone. */
export function labelQuestions({ policies, chain }: Placement, roles: Roles): LabelQuestion[] {
  const found = new Map<string, LabelQuestion>();
  const add = ({ namespaces, pods }: LabelQuestion): void => {
    const scope = 'name' in namespaces ? `=${namespaces.name}` : `~${selectorKey(namespaces.selector)}`;
    found.set(`${scope} ${selectorKey(pods)}`, { namespaces, pods });
  };
  // Who is selected in one direction may be let through in the other (npTier=anyDirection).
  const eitherWay = chain.tiers.map((tier) => tier.unisolated === 'accept-if-selected');
  for (const { policy, tier } of policies) {
    for (const direction of DIRECTIONS) {
      const part = policy[direction];
      if (part === undefined) continue;
      const isSubject = roles.subject.includes(direction);
      if (isSubject || (eitherWay[tier] === true && roles.subject.length > 0)) add(part.subject);
      const isPeer = roles.peer.includes(direction) && roles.selectsOther(part.subject);
      for (const rule of part.rules) {
        if (isSubject && rule.subject !== undefined) add(rule.subject);
        if (isPeer) for (const peer of podPeers(rule.peers)) add(peer);
      }
    }
  }
  return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, question]) => question);
}

function podPeers(peers: 'any' | 'none' | readonly Peer[]): (Peer & { readonly type: 'pods' })[] {
  return typeof peers === 'string' ? [] : peers.filter((peer) => peer.type === 'pods');
}

/** Values that the selectors name, by key: a value that is none of them is like any other such value. */
export function mentionedValues(selectors: readonly Selector[]): (key: string) => readonly string[] {
  const found = new Map<string, Set<string>>();
  const visit = (selector: Selector): void => {
    if (selector.op === 'and' || selector.op === 'or') for (const part of selector.of) visit(part);
    else if (selector.op === 'not') visit(selector.of);
    else if (selector.op === 'in' || selector.op === 'not-in') {
      const known = found.get(selector.key) ?? new Set();
      for (const value of selector.values) known.add(value);
      found.set(selector.key, known);
    }
  };
  for (const selector of selectors) visit(selector);
  return (key) => [...(found.get(key) ?? [])].sort();
}
