// Makes failing tests hold: one repair after the other, each of the pairs that break a test, until every test passes or no
// repair is left that breaks none of the others. Where edits are written is the caller's business.

import { worldOf } from '../endpoints/world.ts';
import { expandGuarantee } from '../guarantees/built-in.ts';
import type { Edit } from '../model/edit.ts';
import { UserError } from '../model/user-error.ts';
import type { Assertion, QuestionContext } from '../questions/ask.ts';
import type { Breach } from '../questions/claims.ts';
import { type AskedTest, breachesOf, breachOf, isRequest } from '../questions/run-tests.ts';
import { type LoadInput, loadState, type State } from '../state.ts';
import { findRepairs, type Repair } from './find-repairs.ts';
import type { Goal, Wanted } from './goal.ts';

/** Where edits go. A trial changes nothing until it is kept. */
export interface RepairWriter {
  /** What reading would give after the edits, or why they cannot be written. */
  try(edits: readonly Edit[]): { readonly input: LoadInput; keep(): void } | { readonly why: string };
}

/** A change that was made for a test. */
export interface AppliedRepair {
  readonly test: string;
  /** The pair that it is about. */
  readonly why: string;
  readonly repair: Repair;
}

/** What became of the failing tests. */
export interface TestRepairs {
  readonly applied: readonly AppliedRepair[];
  /** Tests that still fail, each with the reason why nothing was changed for it any more. */
  readonly left: readonly { readonly test: string; readonly why: string }[];
  /** The input after all changes. */
  readonly after: LoadInput;
}

/** Changes after which it stops, whatever fails: a person reviews them all. */
const MOST_CHANGES = 50;

/** Repairs in the order of the tests. Every test that passed before a change passes after it. */
export function repairTests(
  start: LoadInput,
  tests: readonly AskedTest[],
  context: QuestionContext,
  writer: RepairWriter,
): TestRepairs {
  let input = start;
  let state = loadState(input);
  const applied: AppliedRepair[] = [];
  const left = new Map<string, string>();
  while (applied.length < MOST_CHANGES) {
    const judged = judgeAll(state, tests, context);
    const failing = judged.find(({ assertion, breach }) => breach !== undefined && !left.has(nameOf(assertion)));
    if (failing === undefined) break;
    const holding = judged.filter(({ breach }) => breach === undefined).map(({ assertion }) => assertion);
    const step = repairOne(state, failing, holding, context, writer);
    if ('why' in step) {
      left.set(nameOf(failing.assertion), step.why);
      continue;
    }
    step.keep();
    input = step.input;
    state = loadState(input);
    applied.push({ test: failing.assertion.name, why: textOf(failing.breach!), repair: step.repair });
  }
  const still = judgeAll(state, tests, context).filter(({ breach }) => breach !== undefined);
  return {
    applied,
    left: still.map(({ assertion }) => ({
      test: assertion.name,
      why: left.get(nameOf(assertion)) ?? `${MOST_CHANGES} changes were made, and more are needed`,
    })),
    after: input,
  };
}

/** An assertion with what breaks it: a pair, or a name that does not exist. Absent: it holds. */
interface Judged {
  readonly assertion: Assertion;
  readonly breach?: Breach | UserError;
}

function judgeAll(state: State, tests: readonly AskedTest[], context: QuestionContext): Judged[] {
  const world = worldOf(state);
  const assertions = tests.flatMap((test): readonly Assertion[] =>
    isRequest(test) ? expandGuarantee(test, world).assertions : [test],
  );
  return assertions.map((assertion) => {
    const breach = judgeOne(state, assertion, context);
    return breach === undefined ? { assertion } : { assertion, breach };
  });
}

function judgeOne(state: State, assertion: Assertion, context: QuestionContext): Breach | UserError | undefined {
  try {
    return breachOf(worldOf(state), assertion, context);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

/** What was chosen, or why nothing was. */
type Choice = { readonly repair: Repair; readonly input: LoadInput; keep(): void } | { readonly why: string };

/** More pairs than this are mended one by one. */
const MOST_PAIRS = 24;

/** The first repair that can be written and breaks no test that holds: of all pairs that break the test, or of the first. */
function repairOne(
  state: State,
  { assertion, breach }: Judged,
  holding: readonly Assertion[],
  context: QuestionContext,
  writer: RepairWriter,
): Choice {
  if (breach === undefined || breach instanceof UserError) return { why: textOf(breach) };
  const search = { state, context, holding, writer };
  const all = breachesUpTo(state, assertion, context, MOST_PAIRS + 1);
  const goal = all.flatMap(({ from, wanted }) => (wanted === undefined ? [] : [wantedOf(from, wanted)]));
  if (all.length > 1 && all.length <= MOST_PAIRS && goal.length === all.length) {
    const chosen = choose(search, goal, (after) => judgeOne(after, assertion, context) === undefined);
    if (!('why' in chosen)) return chosen;
  }
  const { wanted, from, to } = breach;
  if (wanted === undefined) return { why: 'no change of policies could make it hold' };
  const pair = `${from.endpoint.key} ${to.endpoint.key}`;
  return choose(search, [wantedOf(from, wanted)], (after) => {
    const next = judgeOne(after, assertion, context);
    if (next === undefined) return true;
    return !(next instanceof UserError) && `${next.from.endpoint.key} ${next.to.endpoint.key}` !== pair;
  });
}

function wantedOf(from: Breach['from'], { to, want }: NonNullable<Breach['wanted']>): Wanted {
  return { from, to, want, same: false };
}

/** Empty where a name does not exist. */
function breachesUpTo(state: State, assertion: Assertion, context: QuestionContext, most: number): readonly Breach[] {
  const found: Breach[] = [];
  try {
    for (const breach of breachesOf(worldOf(state), assertion, context)) {
      found.push(breach);
      if (found.length === most) break;
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
  return found;
}

/** The first repair of a goal that is well with everything. */
function choose(
  {
    state,
    context,
    holding,
    writer,
  }: {
    readonly state: State;
    readonly context: QuestionContext;
    readonly holding: readonly Assertion[];
    readonly writer: RepairWriter;
  },
  goal: Goal,
  isMended: (after: State) => boolean,
): Choice {
  const { repairs } = findRepairs(state, goal, context, (after) => isMended(after()));
  let why = 'no change of policies that was searched for makes it hold';
  for (const repair of repairs) {
    const trial = writer.try(repair.edits);
    if ('why' in trial) {
      why = trial.why;
      continue;
    }
    const after = loadState(trial.input);
    const broken = holding.find((one) => judgeOne(after, one, context) !== undefined);
    if (broken === undefined && isMended(after)) return { repair, ...trial };
    why =
      broken === undefined
        ? 'what was written does not make it hold'
        : `to ${repair.title} would break "${broken.name}"`;
  }
  return { why };
}

function textOf(breach: Breach | UserError | undefined): string {
  if (breach === undefined) return '';
  return breach instanceof UserError ? breach.message : breach.why;
}

/** Tests may have equal names; their places tell them apart. */
function nameOf({ name, source }: Assertion): string {
  return `${name} ${source.file ?? ''} ${source.path}`;
}
