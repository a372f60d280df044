// Reaches a goal that takes more edits than a search can look through: one promising step after the other. What comes out
// need not be the smallest set, and is never called so.

import { DIRECTIONS } from '../model/policy.ts';
import { closedSides } from './cause.ts';
import { extendDraft, NO_EDITS } from './draft.ts';
import type { Estimate } from './estimate.ts';
import type { RepairContext } from './repair-context.ts';
import { answers, type Solution } from './search.ts';
import { type UnmetFlow, unmetFlows } from './unmet.ts';

/** More steps are more than a person would review at once. */
const MAX_STEPS = 100;
/** Moves tried in all: where none leads on, there is no end to those that could be tried. */
const MAX_TRIES = 300;

/** Steps until nothing is unmet; undefined where none of the moves at hand leads on. */
export function stepByStep(context: RepairContext, estimate: Estimate, mayIsolate: boolean): Solution | undefined {
  let solution: Solution = { draft: NO_EDITS, moves: [] };
  let unmet = unmetFlows(context, NO_EDITS);
  let tries = MAX_TRIES;
  for (let step = 0; unmet.length > 0; step++) {
    if (step >= MAX_STEPS) return undefined;
    const left = distance(unmet);
    let next: { solution: Solution; unmet: readonly UnmetFlow[] } | undefined;
    for (const move of answers({ context, estimate, mayIsolate }, solution.draft, unmet)) {
      if (tries-- <= 0) return undefined;
      const draft = extendDraft(solution.draft, move.edits, context.decode);
      if (draft === undefined) continue;
      const after = unmetFlows(context, draft);
      if (distance(after) >= left) continue;
      next = { solution: { draft, moves: [...solution.moves, move] }, unmet: after };
      break;
    }
    if (next === undefined) return undefined;
    solution = next.solution;
    unmet = [...next.unmet];
  }
  return solution;
}

/** How much has to change yet; every step makes it less, so that there is an end. */
function distance(unmet: readonly UnmetFlow[]): number {
  return unmet.reduce((sum, flow) => {
    if (flow.wanted.want === 'allowed') return sum + closedSides(flow);
    const accepting = DIRECTIONS.map(
      (direction) => flow.trace[direction].steps.filter(({ action }) => action === 'Accept').length,
    );
    return sum + 1 + Math.min(...accepting);
  }, 0);
}
