// Is every step of applying the policies safe? After each one, with the rest not there yet, what its pods need is judged again.
// Taking policies away in the opposite order passes the same states.

import type { Need } from '../generate/needs.ts';
import type { PlannedPolicy } from '../generate/plan.ts';
import type { Placement } from '../model/tier.ts';
import { type Near, nearPolicies } from './near-policies.ts';
import { type Court, judgeNeed } from './soundness.ts';

/** A step after which something that is needed does not work, although it works just before and in the end. */
export interface UnsafeStep {
  /** From 0. */
  readonly step: number;
  readonly policy: PlannedPolicy;
  readonly need: Need;
}

/** What the proof of the order came to. */
export interface StepsProof {
  readonly steps: number;
  /** Needs judged over all steps. */
  readonly judged: number;
  readonly unsafe: readonly UnsafeStep[];
}

/**
 * Walks the order. `placement` is the final one and `needs` those that it allows: what is denied in the end is no fault of the
 * order, and what another policy denied before is none either. Only needs of pods that a step isolates are judged at it, since
 * for others nothing has changed.
 */
export function proveSteps(
  placement: Placement,
  order: readonly PlannedPolicy[],
  needs: readonly Need[],
  court: Omit<Court, 'near'>,
): StepsProof {
  const stepOf = new Map(order.map(({ ref }, step) => [`${ref.namespace}/${ref.name}`, step]));
  const byWorkload = new Map<string, Need[]>();
  const byNamespace = new Map<string, Need[]>();
  for (const need of needs) {
    for (const party of [need.from, need.to]) {
      if (party.type !== 'workload') continue;
      push(byWorkload, party.key, need);
      push(byNamespace, party.key.split('/')[0]!, need);
    }
  }
  const unsafe: UnsafeStep[] = [];
  let judged = 0;
  order.forEach((policy, step) => {
    const own = policy.workload === undefined ? byNamespace.get(policy.ref.namespace) : byWorkload.get(policy.workload);
    const [before, after] = [step - 1, step].map((last) =>
      nearPolicies(placement, ({ policy: { ref } }) => {
        const at = ref.dialect === 'network-policy' ? stepOf.get(`${ref.namespace}/${ref.name}`) : undefined;
        return at === undefined || at <= last;
      }),
    ) as [Near, Near];
    const works = (near: Near, need: Need) => judgeNeed({ ...court, near }, need).verdict === 'allowed';
    for (const need of new Set(own ?? [])) {
      judged++;
      if (!works(after, need) && works(before, need)) unsafe.push({ step, policy, need });
    }
  });
  return { steps: order.length, judged, unsafe };
}

function push(lists: Map<string, Need[]>, key: string, need: Need): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [need]);
  else list.push(need);
}
