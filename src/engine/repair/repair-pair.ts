// Repairs of what `explain` was asked: the smallest edits that allow a connection, or close it, as documents have them.

import { worldOf } from '../endpoints/world.ts';
import { commonFamilies } from '../evaluate/cases.ts';
import type { Edit } from '../model/edit.ts';
import type { QuestionContext } from '../questions/ask.ts';
import { describeUnit } from '../questions/describe.ts';
import { describeEdit } from '../questions/describe-findings.ts';
import type { ChangeDocument, EditDocument, EndpointDocument } from '../questions/documents.ts';
import { isItself, isOutside } from '../questions/judge.ts';
import { describeRectangles, endsOf } from '../questions/map.ts';
import type { Target } from '../questions/target.ts';
import * as traffic from '../sets/traffic-set.ts';
import type { State } from '../state.ts';
import { findRepairs, type IsReached, type Repairs } from './find-repairs.ts';
import type { Goal, Wanted } from './goal.ts';
import { valueAt } from './origin.ts';

/** Changes with the ends of their connections, and what a person has to know beside. */
export interface DescribedRepairs {
  readonly changes: ChangeDocument[];
  /** The edits of each change, in the order of its documents. */
  readonly edits: readonly (readonly Edit[])[];
  readonly endpoints: EndpointDocument[];
  readonly notes: string[];
}

/** The goal that every source reaches every destination on what is asked there, or that none does. */
export function goalOf(
  state: State,
  sources: readonly Target[],
  destinations: readonly Target[],
  want: Wanted['want'],
): Goal {
  const world = worldOf(state);
  const isOne = sources.length * destinations.length === 1;
  return sources.flatMap((source) =>
    destinations.flatMap((to): Wanted[] => {
      const from = source.unit;
      const same = isItself(world, from, to);
      const isPair = !(isOutside(from) && isOutside(to.unit)) && !(same && !isOne);
      if (!isPair || traffic.isEmpty(to.asked)) return [];
      return commonFamilies(from.endpoint, to.unit.endpoint).length === 0 ? [] : [{ from, to, want, same }];
    }),
  );
}

/** Finds repairs of a goal and describes them. */
export function describeRepairs(
  state: State,
  goal: Goal,
  question: QuestionContext,
  isReached: IsReached,
): DescribedRepairs {
  if (goal.length === 0) return { changes: [], edits: [], endpoints: [], notes: [] };
  const found = findRepairs(state, goal, question, isReached);
  const universe = traffic.allTraffic(question.protocols);
  const changes = found.repairs.map(
    ({ title, edits, effects, beyond }): ChangeDocument => ({
      title,
      verdict: goal[0]!.want,
      smallest: found.proof === 'smallest',
      beside: beyond.pairs,
      exact: beyond.pairs === 0 && beyond.ports === 0,
      edits: edits.map(withFormer),
      opens: describeRectangles(effects.opens, universe),
      closes: describeRectangles(effects.closes, universe),
    }),
  );
  const used = endsOf(found.repairs.flatMap(({ effects }) => [...effects.opens, ...effects.closes]));
  const endpoints = found.units.flatMap((unit, id) => (used.has(id) ? [describeUnit(unit, id, state)] : []));
  return { changes, edits: found.repairs.map(({ edits }) => edits), endpoints, notes: notesOf(found, goal) };
}

/** An edit with what stands at its place before. */
function withFormer(edit: Edit): EditDocument {
  const former = edit.op === 'set' || edit.op === 'remove' ? valueAt(edit.object.value, edit.path) : undefined;
  return { ...describeEdit(edit), ...(former === undefined ? {} : { was: former }) };
}

/** What was not found, or not looked for. */
function notesOf({ repairs, proof, searched }: Repairs, goal: Goal): string[] {
  const does = goal.some(({ want }) => want === 'allowed') ? 'allows' : 'closes';
  if (repairs.length > 0) {
    return proof === 'smallest'
      ? []
      : [`a smaller change may exist: only sets of up to ${editsText(searched)} were searched for`];
  }
  if (proof === 'none') return [`no change of policies ${does} it`];
  return [`no change of up to ${editsText(searched)} ${does} it; larger ones were not searched for`];
}

function editsText(count: number): string {
  return `${count} ${count === 1 ? 'edit' : 'edits'}`;
}
