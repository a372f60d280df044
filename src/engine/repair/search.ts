// Finds the smallest sets of edits that reach a goal: by increasing number of edits, each step an answer to what the first
// unmet flow lacks, so that nothing is tried which no repair needs. Bounded, and says so where it stopped early.

import { DIRECTIONS } from '../model/policy.ts';
import { type Cause, causeKey, causesOf, closedSides, sidesOf } from './cause.ts';
import { type Draft, editsOf, extendDraft, NO_EDITS } from './draft.ts';
import type { Estimate } from './estimate.ts';
import { moveKey } from './estimate.ts';
import type { Move } from './move.ts';
import { movesFor } from './moves.ts';
import type { RepairContext } from './repair-context.ts';
import { traceKey } from './trace-key.ts';
import { type UnmetFlow, unmetFlows } from './unmet.ts';

/** A set of edits that reaches the goal as far as the ends of its pairs go. */
export interface Solution {
  readonly draft: Draft;
  readonly moves: readonly Move[];
}

/** What was found for one number of edits. */
export interface SearchResult {
  /** At most {@link MAX_SOLUTIONS}. */
  readonly solutions: readonly Solution[];
  /** The number of edits of the solutions; without any, the number up to which there are none. */
  readonly edits: number;
  /** False where the search stopped before it had looked at all smaller sets. */
  readonly complete: boolean;
}

/** What a search may use. */
export interface SearchLimits {
  /** Steps tried, over all numbers of edits. */
  readonly tries: number;
  readonly edits: number;
  /** Whether pods that nothing isolates may be isolated. */
  readonly mayIsolate: boolean;
}

/** More are not told apart: they are variations of one another. */
const MAX_SOLUTIONS = 64;

interface Walk {
  readonly context: RepairContext;
  readonly estimate: Estimate;
  readonly mayIsolate: boolean;
  readonly limit: number;
  readonly least: number;
  readonly seen: Set<string>;
  readonly solutions: Solution[];
  readonly budget: { left: number };
  /** Whether something was left out that more edits might reach. */
  cut: boolean;
}

/** Searches from `from` edits on. The first number of edits with solutions ends it. */
export function searchRepairs(
  context: RepairContext,
  estimate: Estimate,
  limits: SearchLimits,
  from: number = 0,
): SearchResult {
  const unmet = unmetFlows(context, NO_EDITS);
  const budget = { left: limits.tries };
  for (let limit = Math.max(from, needed(context, NO_EDITS, unmet)); limit <= limits.edits; limit++) {
    const walk: Walk = {
      context,
      estimate,
      mayIsolate: limits.mayIsolate,
      limit,
      least: from,
      seen: new Set(),
      solutions: [],
      budget,
      cut: false,
    };
    explore(walk, { draft: NO_EDITS, moves: [] }, unmet);
    if (walk.solutions.length > 0) return { solutions: walk.solutions, edits: limit, complete: true };
    if (budget.left <= 0) return { solutions: [], edits: limit - 1, complete: false };
    // Nothing was out of reach for its size alone: more edits lead nowhere either.
    if (!walk.cut) return { solutions: [], edits: limit, complete: true };
  }
  return { solutions: [], edits: limits.edits, complete: false };
}

function explore(walk: Walk, { draft, moves }: Solution, unmet: readonly UnmetFlow[]): void {
  if (walk.solutions.length >= MAX_SOLUTIONS) return;
  const [first] = unmet;
  if (first === undefined) {
    // What fewer edits reach is another search's to find.
    if (editsOf(draft).length >= walk.least) walk.solutions.push({ draft, moves });
    return;
  }
  // A policy that is added may go on growing for nothing, but not for ever.
  if (moves.length > 2 * walk.limit + walk.context.goal.length) {
    walk.cut = true;
    return;
  }
  if (editsOf(draft).length + needed(walk.context, draft, unmet) > walk.limit) {
    walk.cut = true;
    return;
  }
  for (const next of answers(walk, draft, unmet)) {
    if (walk.budget.left <= 0) return;
    // Decoding what a step makes of a policy costs as much as judging it.
    walk.budget.left--;
    const extended = extendDraft(draft, next.edits, walk.context.decode);
    if (extended === undefined) continue;
    const key = editsKey(extended);
    if (walk.seen.has(key)) continue;
    walk.seen.add(key);
    if (editsOf(extended).length > walk.limit) {
      walk.cut = true;
      continue;
    }
    const left = unmetFlows(walk.context, extended);
    if (next.adds && isUnmoved(walk.context, { draft, flow: first }, extended, left)) continue;
    explore(walk, { draft: extended, moves: [...moves, next] }, left);
  }
}

/** The moves that answer the first unmet flow, promising ones first. */
export function answers(
  { context, estimate, mayIsolate }: Pick<Walk, 'context' | 'estimate' | 'mayIsolate'>,
  draft: Draft,
  unmet: readonly UnmetFlow[],
): readonly Move[] {
  const moves = causesOf(unmet[0]!).flatMap((cause) => {
    const key = causeKey(cause);
    const has = (flow: UnmetFlow, fits: (other: Cause) => boolean): boolean =>
      flow.wanted.want === unmet[0]!.wanted.want && sidesOf(flow).some(fits);
    const flows = unmet.filter((flow) => has(flow, (other) => causeKey(other) === key));
    const wide = unmet.filter((flow) => has(flow, ({ direction }) => direction === cause.direction));
    return movesFor(context, draft, cause, { flows, wide });
  });
  const allowed = moves.filter(({ isolates }) => mayIsolate || !isolates);
  const distinct = [...new Map(allowed.map((move) => [moveKey(move), move])).values()];
  return distinct
    .map((move, at) => ({ move, at, cost: estimate(move) }))
    .sort(
      (a, b) =>
        a.cost - b.cost ||
        Number(a.move.isForAll) - Number(b.move.isForAll) ||
        a.move.size - b.move.size ||
        a.at - b.at,
    )
    .map(({ move }) => move);
}

/**
 * A number of edits below which the goal is surely not reached: one for each closed side of a pair that must be open; for a
 * pair that must be closed, one for each policy whose rules let it through the side where these are fewest, or one where a
 * rule of another tier could deny it all.
 */
function needed({ tiered }: RepairContext, { added }: Draft, unmet: readonly UnmetFlow[]): number {
  // A policy that is added anyway may go on growing for nothing.
  if (added.length > 0) return 0;
  return unmet.reduce((most, flow) => {
    if (flow.wanted.want === 'allowed') return Math.max(most, closedSides(flow));
    const policies = DIRECTIONS.map((direction) => {
      const accepting = flow.trace[direction].steps.filter(
        ({ action, policy }) => action === 'Accept' && policy?.tier === 'NetworkPolicy',
      );
      return new Set(accepting.map(({ policy }) => policy)).size;
    });
    return Math.max(most, tiered.length > 0 ? 1 : Math.max(1, Math.min(...policies)));
  }, 0);
}

/** Reports whether the flow is still decided by just what decided it: then the step that was to answer it is for nothing. */
function isUnmoved(
  context: RepairContext,
  before: { readonly draft: Draft; readonly flow: UnmetFlow },
  draft: Draft,
  left: readonly UnmetFlow[],
): boolean {
  const { wanted, family, protocol, first } = before.flow;
  const same = left.find(
    (flow) =>
      flow.wanted === wanted &&
      flow.family === family &&
      flow.protocol === protocol &&
      flow.first <= first &&
      first <= flow.last,
  );
  return same !== undefined && traceKey(context, draft, same) === traceKey(context, before.draft, before.flow);
}

function editsKey(draft: Draft): string {
  return editsOf(draft)
    .map((edit) => moveKey({ edits: [edit], size: 0, isolates: false, adds: false, isForAll: false, title: '' }))
    .sort()
    .join('\n');
}
