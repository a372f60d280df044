// Repairs of a goal, best first: found by search at the ends of its pairs, measured over the whole map, and proved by
// asking the question again. Offers a few; never says that there is none where it only stopped looking.

import type { Unit } from '../endpoints/unit.ts';
import type { Edit } from '../model/edit.ts';
import type { QuestionContext } from '../questions/ask.ts';
import { type State, withPolicies } from '../state.ts';
import { type Beyond, beyondGoal } from './beyond.ts';
import { type Draft, editsOf, policiesAfter, stateAfter } from './draft.ts';
import { type Effects, effectsOf } from './effects.ts';
import { type Estimate, estimator } from './estimate.ts';
import type { Goal } from './goal.ts';
import type { Move } from './move.ts';
import { type RepairContext, repairContext } from './repair-context.ts';
import { type Solution, searchRepairs } from './search.ts';
import { stepByStep } from './step-by-step.ts';
import { policiesNear } from './unmet.ts';

/** One way to reach the goal. */
export interface Repair {
  /** What it does, as a command. */
  readonly title: string;
  readonly edits: readonly Edit[];
  readonly draft: Draft;
  readonly effects: Effects;
  readonly beyond: Beyond;
  /** Whether it isolates pods that nothing isolated before. */
  readonly isolates: boolean;
  /** Whether it opens something for every pod of a namespace, also those that are not there yet. */
  readonly isForAll: boolean;
}

/** What a search comes to. */
export interface Repairs {
  /** Best first, at most {@link MAX_OFFERED}; empty where none was found. */
  readonly repairs: readonly Repair[];
  /** What the effects' rectangles count. */
  readonly units: readonly Unit[];
  /**
   * Whether no smaller set of edits exists: `smallest`; `not-searched`: the search stopped before it could tell;
   * `none`: no edits of the kinds that repairs are made of reach the goal.
   */
  readonly proof: 'smallest' | 'not-searched' | 'none';
  /** Sets of up to this many edits were looked through. */
  readonly searched: number;
}

/** More are not worth reading. */
const MAX_OFFERED = 3;

/** Pairs judged in all, and the most edits of a set that is searched for; larger sets are found step by step. */
const JUDGED_PAIRS = 600;
const MAX_EDITS = 6;

/** How many solutions are measured over the whole map: all where that is cheap, the most promising ones elsewhere. */
const MEASURED = { small: 64, large: 6, isSmall: (units: number): boolean => units <= 500 };

/**
 * Asks the question itself of the state after. `near` is that state with only the policies that select an end of the goal:
 * all that matters to a question about these ends alone, and much less to look at.
 */
export type IsReached = (after: () => State, near: () => State) => boolean;

/**
 * Finds repairs. What `isReached` denies is not offered. Fewest newly isolated pods come first, then fewest edits, then the
 * least that opens and closes beside the goal, then what is least to read.
 */
export function findRepairs(state: State, goal: Goal, question: QuestionContext, isReached: IsReached): Repairs {
  const context = repairContext(state, goal, question.defaultNamespace);
  const estimate = estimator(context);
  const found = solve(context, estimate);
  const ranked = rank(context, found.solutions, question);
  const best = prove(context, ranked.repairs, isReached);
  return {
    ...described(context, best, ranked, question),
    proof: best.length > 0 || found.proof !== 'smallest' ? found.proof : 'not-searched',
    searched: found.searched,
  };
}

/** The ones to offer, of which each is proved. */
function prove(context: RepairContext, ranked: readonly Repair[], isReached: IsReached): readonly Repair[] {
  const known = new Map<Repair, boolean>();
  const isProved = (repair: Repair): boolean => {
    const before = known.get(repair);
    if (before !== undefined) return before;
    const after = (): State => stateAfter(context.state, repair.draft);
    const holds = isReached(after, () => nearTo(context, repair.draft));
    known.set(repair, holds);
    return holds;
  };
  for (let left = ranked; ; left = left.filter((one) => known.get(one) !== false)) {
    const best = offer(left);
    if (best.filter((one) => !isProved(one)).length === 0) return best;
  }
}

function nearTo(context: RepairContext, draft: Draft): State {
  const units = context.goal.flatMap(({ from, to }) => [from, to.unit]);
  return withPolicies(context.state, policiesAfter(policiesNear(context, draft, units), draft));
}

/** Where that is cheap, effects are measured once more, over units that only the offered ones tell apart. */
function described(
  { state, goal }: RepairContext,
  best: readonly Repair[],
  ranked: Ranked,
  { protocols }: QuestionContext,
): Pick<Repairs, 'repairs' | 'units'> {
  if (!MEASURED.isSmall(ranked.units.length)) return { repairs: best, units: ranked.units };
  const drafts = best.map(({ draft }) => draft);
  const effects = effectsOf(state, drafts, goal, protocols);
  return { repairs: best.map((one) => ({ ...one, effects: effects.of(one.draft) })), units: effects.units };
}

/** Best first, with the units that their effects count. */
interface Ranked {
  readonly repairs: readonly Repair[];
  readonly units: readonly Unit[];
}

interface Found {
  /** Lists of solutions by number of edits, fewest first, each with the promising ones first. */
  readonly solutions: readonly (readonly Solution[])[];
  readonly proof: Repairs['proof'];
  readonly searched: number;
}

/** First without isolating anything, then with it; what is too large for a search is reached step by step. */
function solve(context: RepairContext, estimate: Estimate): Found {
  const tries = Math.ceil(JUDGED_PAIRS / context.goal.length);
  const guess = ({ moves }: Solution): number => sum(moves.map(estimate));
  const sorted = (solutions: readonly Solution[]): readonly Solution[] =>
    solutions
      .map((solution, at) => ({ solution, at, guess: guess(solution) }))
      .sort((a, b) => a.guess - b.guess || compareMoves(a.solution, b.solution) || a.at - b.at)
      .map(({ solution }) => solution);
  let searched = MAX_EDITS;
  let complete = true;
  for (const mayIsolate of [false, true]) {
    const result = searchRepairs(context, estimate, { tries, edits: MAX_EDITS, mayIsolate });
    searched = Math.min(searched, result.edits);
    complete &&= result.complete;
    const best = sorted(result.solutions);
    if (best[0] === undefined) continue;
    const proof = complete ? 'smallest' : 'not-searched';
    if (guess(best[0]) === 0) return { solutions: [best], proof, searched: result.edits };
    // One edit more may do without side effects.
    const more = result.edits + 1;
    const others = searchRepairs(context, estimate, { tries, edits: more, mayIsolate }, more);
    return { solutions: [best, sorted(others.solutions)], proof, searched: result.edits };
  }
  if (complete) return { solutions: [], proof: 'none', searched };
  const solution = stepByStep(context, estimate, false) ?? stepByStep(context, estimate, true);
  return { solutions: solution === undefined ? [] : [[solution]], proof: 'not-searched', searched };
}

/** Measures the promising solutions over the whole map. */
function rank({ state, world, goal }: RepairContext, solutions: Found['solutions'], question: QuestionContext): Ranked {
  const isSmall = MEASURED.isSmall(world.pods.length + world.outside().length);
  const measured = solutions.flatMap((list) => list.slice(0, isSmall ? MEASURED.small : MEASURED.large));
  const drafts = measured.map(({ draft }) => draft);
  const effects = effectsOf(state, drafts, goal, question.protocols);
  const repairs = measured
    .map((solution) => {
      const own = effects.of(solution.draft);
      const repair: Repair = {
        title: titleOf(solution.moves),
        edits: editsOf(solution.draft),
        draft: solution.draft,
        effects: own,
        beyond: beyondGoal(effects.units, own, goal),
        isolates: solution.moves.some(({ isolates }) => isolates),
        isForAll: solution.moves.some(({ isForAll }) => isForAll),
      };
      return { repair, solution };
    })
    .sort((a, b) => compareRepairs(a.repair, b.repair) || compareMoves(a.solution, b.solution))
    .map(({ repair }) => repair);
  return { repairs, units: effects.units };
}

/** The best, and what else leaves other pairs alone; where even that does not, the best that does and another one. */
function offer(repairs: readonly Repair[]): readonly Repair[] {
  const [best, ...rest] = repairs;
  if (best === undefined) return [];
  const others = rest.filter(({ isForAll }) => best.isForAll || !isForAll);
  const alike = others.filter((one) => one.isolates === best.isolates);
  const asSmall = alike.filter(
    ({ edits, beyond }) => edits.length === best.edits.length && (best.beyond.pairs > 0 || beyond.pairs === 0),
  );
  if (isExact(best)) return [best, ...asSmall].slice(0, MAX_OFFERED);
  const exact = alike.filter(isExact).slice(0, 1);
  return [best, ...exact, ...asSmall.filter((one) => !exact.includes(one))].slice(0, MAX_OFFERED);
}

function isExact({ beyond }: Repair): boolean {
  return beyond.pairs === 0 && beyond.ports === 0;
}

function compareRepairs(a: Repair, b: Repair): number {
  return (
    Number(a.isolates) - Number(b.isolates) ||
    a.edits.length - b.edits.length ||
    a.beyond.pairs - b.beyond.pairs ||
    a.beyond.ports - b.beyond.ports
  );
}

/** What is not about pods that are made later comes first, then what is less to read. */
function compareMoves(a: Solution, b: Solution): number {
  const forAll = ({ moves }: Solution): number => moves.filter(({ isForAll }) => isForAll).length;
  const size = ({ moves }: Solution): number => sum(moves.map((move) => move.size));
  return forAll(a) - forAll(b) || size(a) - size(b) || textSize(a) - textSize(b);
}

function textSize({ draft }: Solution): number {
  return sum(editsOf(draft).map((edit) => ('value' in edit ? JSON.stringify(edit.value).length : 0)));
}

function titleOf(moves: readonly Move[]): string {
  return [...new Set(moves.map(({ title }) => title))].join(' and ');
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
