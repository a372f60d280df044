// Which policies isolate which pods, so that a check can tell what one policy does from what others do anyway.

import { possible } from '../compile/match-set.ts';
import type { Direction, Policy } from '../model/policy.ts';
import { DIRECTIONS } from '../model/policy.ts';
import { EVERYTHING, type Selector, selectorKey } from '../model/selector.ts';
import { EMPTY, type IdSet, idSet, membersOf } from '../sets/id-set.ts';
import type { CheckContext } from './context.ts';
import { oncePerRun } from './once.ts';

interface Isolation {
  /** By position of the pod: how many policies isolate it, and how many of them have rules. */
  readonly isolating: Readonly<Record<Direction, Uint32Array>>;
  readonly allowing: Readonly<Record<Direction, Uint32Array>>;
}

const isolationOf = oncePerRun((context): Isolation => {
  const counts = () => ({
    ingress: new Uint32Array(context.pods.length),
    egress: new Uint32Array(context.pods.length),
  });
  const [isolating, allowing] = [counts(), counts()];
  for (const policy of context.state.policies) {
    for (const direction of DIRECTIONS) {
      const part = policy[direction];
      if (part === undefined || !part.isolates) continue;
      for (const id of membersOf(subjectOf(context, policy, direction))) {
        isolating[direction][id]!++;
        if (part.rules.length > 0) allowing[direction][id]!++;
      }
    }
  }
  return { isolating, allowing };
});

/** Pods that the policy surely selects in the direction; empty where it does not touch it. */
export function subjectOf(context: CheckContext, policy: Policy, direction: Direction): IdSet {
  const part = policy[direction];
  if (part === undefined) return EMPTY;
  return context.select(part.subject.namespaces, part.subject.pods, policy).yes;
}

/**
 * Reports whether the policy selects no pod of a namespace that has some: then nothing that its rules say matters, and a
 * check of its own says so.
 */
export function selectsNobody(context: CheckContext, policy: Policy, direction: Direction): boolean {
  const part = policy[direction];
  if (part === undefined || possible(context.select(part.subject.namespaces, part.subject.pods, policy)).length > 0) {
    return false;
  }
  return possible(context.select(part.subject.namespaces, EVERYTHING, policy)).length > 0;
}

/** Pods of the policy's subject that no other policy isolates in the direction. */
export function onlyIsolatedBy(context: CheckContext, policy: Policy, direction: Direction): IdSet {
  const { isolating } = isolationOf(context);
  return idSet(membersOf(subjectOf(context, policy, direction)).filter((id) => isolating[direction][id] === 1));
}

/** Pods of the policy's subject for which another policy has rules in the direction. */
export function allowedElsewhere(context: CheckContext, policy: Policy, direction: Direction): IdSet {
  const { allowing } = isolationOf(context);
  const own = (policy[direction]?.rules.length ?? 0) > 0 ? 1 : 0;
  return idSet(membersOf(subjectOf(context, policy, direction)).filter((id) => allowing[direction][id]! > own));
}

const closedSubjects = oncePerRun(({ state }) => {
  const seen = new Map<string, number>();
  for (const policy of state.policies) {
    for (const direction of DIRECTIONS) {
      const part = policy[direction];
      if (part === undefined || !part.isolates) continue;
      const key = subjectKey(policy, direction, selectorKey(part.subject.pods));
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
  }
  return seen;
});

/**
 * Reports whether other policies isolate everything that the subject could be, whatever pods there are: one for the whole
 * namespace, or one with the same selector.
 */
export function isIsolatedAnyway(context: CheckContext, policy: Policy, direction: Direction, pods: Selector): boolean {
  const seen = closedSubjects(context);
  const part = policy[direction];
  const own = part?.isolates === true ? selectorKey(part.subject.pods) : undefined;
  return [EVERY_POD, selectorKey(pods)].some(
    (key) => (seen.get(subjectKey(policy, direction, key)) ?? 0) > (own === key ? 1 : 0),
  );
}

const EVERY_POD = selectorKey(EVERYTHING);

function subjectKey({ ref }: Policy, direction: Direction, selector: string): string {
  return `${direction} ${ref.namespace ?? ''} ${selector}`;
}
