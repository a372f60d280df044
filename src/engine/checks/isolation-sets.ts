// Which pods are isolated, by direction: sets over all policies at once, as findings about isolation need them.

import { possible } from '../compile/match-set.ts';
import type { Direction } from '../model/policy.ts';
import { type IdSet, unionAll } from '../sets/id-set.ts';
import type { CheckContext } from './context.ts';
import { oncePerRun } from './once.ts';

/** Pods of one direction. Sets hold positions in `context.pods`. */
export interface Isolation {
  /** Surely selected by a policy that isolates. */
  readonly isolated: IdSet;
  /** Perhaps selected by one, or under rules of another tier that deny something: nobody can say that they are open. */
  readonly touched: IdSet;
}

/** The isolation of all pods. */
export const isolatedPods: (context: CheckContext) => Readonly<Record<Direction, Isolation>> = oncePerRun(
  (context) => ({
    ingress: find(context, 'ingress'),
    egress: find(context, 'egress'),
  }),
);

function find(context: CheckContext, direction: Direction): Isolation {
  const isolated: IdSet[] = [];
  const touched: IdSet[] = [];
  for (const { policy } of context.state.placement.policies) {
    const part = policy[direction];
    if (part === undefined) continue;
    const isDenying = part.rules.some(({ action }) => action === 'Deny');
    if (!part.isolates && !isDenying) continue;
    const subjects = context.select(part.subject.namespaces, part.subject.pods, policy);
    if (part.isolates) isolated.push(subjects.yes);
    touched.push(possible(subjects));
  }
  return { isolated: unionAll(isolated), touched: unionAll(touched) };
}
