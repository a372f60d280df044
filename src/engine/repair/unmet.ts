// What of a goal is not reached yet, flow by flow, with the trace that says why: the literal evaluator on the few policies
// that select either end.

import type { Unit } from '../endpoints/unit.ts';
import { commonFamilies, evaluatePorts } from '../evaluate/cases.ts';
import type { Policy } from '../model/policy.ts';
import type { Placement } from '../model/tier.ts';
import type { FlowTrace } from '../model/verdict.ts';
import { readingsOf } from '../questions/service-path.ts';
import type { Family } from '../sets/ip-set.ts';
import { PROTOCOLS, type Protocol } from '../sets/traffic-set.ts';
import { placementOf } from '../state.ts';
import { type Draft, policiesAfter } from './draft.ts';
import type { Wanted } from './goal.ts';
import type { RepairContext } from './repair-context.ts';

/** Ports of one pair that share a trace, and whose verdict is not the wanted one for certain. */
export interface UnmetFlow {
  readonly wanted: Wanted;
  readonly family: Family;
  readonly protocol: Protocol;
  readonly first: number;
  readonly last: number;
  readonly trace: FlowTrace;
}

/** All of it, pairs in the order of the goal. */
export function unmetFlows(context: RepairContext, draft: Draft): UnmetFlow[] {
  return context.goal.flatMap((wanted) => unmetOf(context, draft, wanted));
}

/** What one pair lacks. */
export function unmetOf(context: RepairContext, draft: Draft, wanted: Wanted): UnmetFlow[] {
  const { state } = context;
  const { from, to, want, same } = wanted;
  const { knobs } = state.behaviour;
  const placement = placementAt(context, draft, wanted);
  const { placements } = readingsOf({ ...state, placement }, from, to);
  const pair = { from: from.endpoint, to: to.unit.endpoint, same };
  const unmet: UnmetFlow[] = [];
  for (const reading of placements) {
    for (const family of commonFamilies(pair.from, pair.to)) {
      for (const protocol of PROTOCOLS) {
        const bounds = to.asked[protocol] ?? [];
        for (let i = 0; i < bounds.length; i += 2) {
          const within = { first: bounds[i]!, last: bounds[i + 1]! - 1 };
          for (const one of evaluatePorts({ placement: reading, knobs }, pair, family, protocol, within)) {
            if (one.trace.verdict !== want) unmet.push({ wanted, family, protocol, ...one });
          }
        }
      }
    }
  }
  return unmet;
}

/** The policies of a draft that have a say at either end of a pair, placed. */
export function placementAt(context: RepairContext, draft: Draft, { from, to }: Wanted): Placement {
  return placementOf(policiesAfter(policiesNear(context, draft, [from, to.unit]), draft), context.state);
}

/** The policies that select one of the units, or did not say whom they are for before the draft edited them. As read. */
export function policiesNear(context: RepairContext, draft: Draft, units: readonly Unit[]): readonly Policy[] {
  const blank = context.blank.filter(({ object }) => draft.edited.has(object));
  return [...new Set([...units.flatMap((unit) => context.selecting(unit)), ...blank])];
}
