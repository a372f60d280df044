// Is every step of applying the policies safe? After each one, with the rest not there yet, what its pods need is judged again.
// Taking policies away in the opposite order passes the same states.

import { entry } from '../compile/entry.ts';
import type { Near } from '../evaluate/near-policies.ts';
import type { Applying } from '../evaluate/tiers.ts';
import type { Need } from '../generate/needs.ts';
import type { PlannedPolicy } from '../generate/plan.ts';
import { DIRECTIONS, type Direction } from '../model/policy.ts';
import type { PlacedPolicy } from '../model/tier.ts';
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
 * Walks the order. The court is that of the end and `needs` those that it allows: what is denied in the end is no fault of the
 * order, and what another policy denied before is none either. Only needs of pods that a step isolates are judged at it, since
 * for others nothing has changed.
 */
export function proveSteps(order: readonly PlannedPolicy[], needs: readonly Need[], court: Court): StepsProof {
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
  const lastStep = lastStepOf(court, (placed) => stepOf.get(keyOf(placed)) ?? -1);
  const unsafe: UnsafeStep[] = [];
  let judged = 0;
  order.forEach((policy, step) => {
    const { workload, selectsToo } = policy;
    const own =
      workload === undefined
        ? (byNamespace.get(policy.ref.namespace) ?? [])
        : [workload, ...selectsToo].flatMap((key) => byWorkload.get(key) ?? []);
    const [before, after] = [step - 1, step].map((last) =>
      upTo(court.rules.applying, (placed) => (stepOf.get(keyOf(placed)) ?? -1) <= last),
    ) as [Near, Near];
    const works = (near: Near, need: Need) =>
      judgeNeed({ ...court, rules: { ...court.rules, applying: near } }, need).verdict === 'allowed';
    for (const need of new Set(own)) {
      judged++;
      // Nothing comes any more at its ends: it is judged already, with all policies there.
      if (lastStep(need) <= step) continue;
      if (!works(after, need) && works(before, need)) unsafe.push({ step, policy, need });
    }
  });
  return { steps: order.length, judged, unsafe };
}

/** The last step that adds a policy to an end of a need; -1: none does. */
function lastStepOf({ ends, rules }: Court, stepOf: (placed: PlacedPolicy) => number): (need: Need) => number {
  const known = new Map<Applying, number>();
  const lastAt = (near: Applying): number =>
    entry(known, near, () =>
      DIRECTIONS.flatMap((direction) => near(direction)).reduce(
        (last, { placed }) => Math.max(last, stepOf(placed)),
        -1,
      ),
    );
  return ({ from, to }) =>
    [...ends(from, 'from'), ...ends(to, 'to')].reduce((last, end) => Math.max(last, lastAt(rules.applying(end))), -1);
}

/** Policies that are no NetworkPolicies are there from the beginning. */
function keyOf({ policy: { ref } }: PlacedPolicy): string {
  return ref.dialect === 'network-policy' ? `${ref.namespace}/${ref.name}` : '';
}

/** What is near an end less what is not there yet. */
function upTo(whole: Near, isThere: (placed: PlacedPolicy) => boolean): Near {
  const known = new Map<Applying, Applying>();
  return (end) => {
    const near = whole(end);
    return entry(known, near, () => {
      const of = (direction: Direction) => near(direction).filter(({ placed }) => isThere(placed));
      const own = { ingress: of('ingress'), egress: of('egress') };
      return (direction) => own[direction];
    });
  };
}

function push(lists: Map<string, Need[]>, key: string, need: Need): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [need]);
  else list.push(need);
}
