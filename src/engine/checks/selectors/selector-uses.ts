// Every selector that policies write, with what it is for: what the checks of selectors walk over.

import { peerSelectors, subjectSelectors } from '../../dialects/written-selectors.ts';
import {
  DIRECTIONS,
  type Direction,
  type NamespaceScope,
  type Policy,
  type Rule,
  type Subject,
} from '../../model/policy.ts';
import type { Selector } from '../../model/selector.ts';
import type { Path } from '../../model/source.ts';
import type { PodPeer } from '../accepting-rules.ts';
import type { CheckContext } from '../context.ts';
import { oncePerRun } from '../once.ts';

/** A subject or a peer that means pods. */
export interface SelectorUse {
  readonly policy: Policy;
  readonly direction: Direction;
  readonly namespaces: NamespaceScope;
  readonly pods: Selector;
  /** The peer and its rule; absent: it is the subject. */
  readonly peer?: PodPeer;
  readonly rule?: Rule;
}

/**
 * Subjects, each once a policy, and peers of all rules that count, in written order. Rules of a direction that policyTypes
 * does not list are left out, and so are rules that nobody can evaluate.
 */
export const selectorUses: (context: CheckContext) => readonly SelectorUse[] = oncePerRun(({ state }) => {
  const uses: SelectorUse[] = [];
  for (const policy of state.policies) {
    let hasSubject = false;
    for (const direction of DIRECTIONS) {
      const part = policy[direction];
      if (part === undefined || !part.listed) continue;
      if (!hasSubject) {
        hasSubject = true;
        uses.push(useOfSubject(policy, direction, part.subject));
      }
      for (const rule of part.rules) {
        if (rule.closed !== undefined || typeof rule.peers === 'string') continue;
        for (const peer of rule.peers) {
          if (peer.type !== 'pods') continue;
          uses.push(useOfPeer(policy, direction, rule, peer));
        }
      }
    }
  }
  return uses;
});

/** Where the selector of pods is written; undefined: it is not. Looked up when called: few checks ask, of few uses. */
export function podsPathOf({ policy, peer }: SelectorUse): Path | undefined {
  return (peer === undefined ? subjectSelectors(policy) : peerSelectors(policy, peer)).pods;
}

/** Where the selector of namespaces is written; undefined: it is not. */
export function namespacesPathOf({ policy, peer }: SelectorUse): Path | undefined {
  return (peer === undefined ? subjectSelectors(policy) : peerSelectors(policy, peer)).namespaces;
}

function useOfSubject(policy: Policy, direction: Direction, { namespaces, pods }: Subject): SelectorUse {
  return { policy, direction, namespaces, pods };
}

/** The use of one peer of a rule. */
export function useOfPeer(policy: Policy, direction: Direction, rule: Rule, peer: PodPeer): SelectorUse {
  const { namespaces, pods } = peer;
  return { policy, direction, namespaces, pods, peer, rule };
}
