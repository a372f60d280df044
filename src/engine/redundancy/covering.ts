// The proof that something is redundant: which other policies say the same to its subjects. Each statement of it is a need
// that one of several policies meets, or several together; few policies that meet all needs are chosen.

import { everyId, subtract, unionAll } from '../sets/id-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import { keepsAlso } from './frame.ts';
import { type Gone, holds, type Item } from './gone.ts';
import type { JudgeContext } from './judge-context.ts';
import { among } from './matters.ts';
import { judgePatches } from './patch-verdicts.ts';
import { differs } from './refold.ts';
import { isSeen, leftOf, saidToo } from './said-too.ts';
import { listsAbout } from './statements-about.ts';
import type { Place, Statement, SubjectGroup, Voice } from './subject-groups.ts';

/** Policies, by position, each of which alone says what the item says here; never empty, ascending. */
type Need = readonly number[];

/** Which other policies say what an item says, given what is gone; positions, ascending. */
export interface Covering {
  /** Few that together say all of it; empty: it says nothing to anybody. */
  readonly together: readonly number[];
  /** Those of which each alone says all of it. */
  readonly alone: readonly number[];
}

/** The proof over all groups of the item. */
export function coveringPolicies(context: JudgeContext, places: readonly Place[], gone: Gone, item: Item): Covering {
  const needs: Need[] = [];
  let alone: Need | undefined;
  for (const place of places) {
    for (const need of needsIn(context, place, gone, item)) {
      needs.push(need);
      alone = alone === undefined ? need : alone.filter((one) => need.includes(one));
    }
  }
  if (alone === undefined) return { together: [], alone: [] };
  const ascending = [...alone].sort((a, b) => a - b);
  // One that meets all needs is the first of those that meet most.
  return { together: ascending.length > 0 ? ascending.slice(0, 1) : choose(needs), alone: ascending };
}

/** Greedily the policy that meets most needs, the first of several: few, not always the fewest. */
function choose(needs: readonly Need[]): readonly number[] {
  const chosen = new Set<number>();
  let open = needs;
  while (open.length > 0) {
    const met = new Map<number, number>();
    for (const need of open) for (const one of need) met.set(one, (met.get(one) ?? 0) + 1);
    let best: number | undefined;
    for (const [one, times] of met) {
      const before = best === undefined ? 0 : met.get(best)!;
      if (times > before || (times === before && one < best!)) best = one;
    }
    chosen.add(best!);
    open = open.filter((need) => !need.includes(best!));
  }
  return [...chosen].sort((a, b) => a - b);
}

function* needsIn(context: JudgeContext, { group, own }: Place, gone: Gone, item: Item): Generator<Need> {
  yield* selectingToo(group, gone, item);
  const unseen: Statement[] = [];
  let isFraming = false;
  for (const voice of own) {
    const { frame } = voice;
    if (frame !== '' && item.path === undefined) {
      const keepers = group.voices.flatMap((one) => (keepsAlso(one, gone, item, frame) ? [one.policy] : []));
      if (keepers.length > 0) yield keepers;
      else isFraming = true;
    }
    for (const statement of voice.statements) {
      if (!holds(item, voice.policy, statement.path) || traffic.isEmpty(statement.spoken)) continue;
      const needs = needsOf(context, group, gone, item, voice, statement);
      if (needs === undefined) unseen.push(statement);
      else yield* needs;
    }
  }
  if (unseen.length === 0 && !isFraming) return;
  for (const one of neededTogether(context, group, gone, item, unseen, isFraming)) yield [one];
}

/** Where being selected counts by itself: the policies of the same tier that surely select the subjects, too. */
function* selectingToo({ across }: SubjectGroup, gone: Gone, item: Item): Generator<Need> {
  const own = across.find(({ position }) => position === item.policy);
  if (own === undefined || item.path !== undefined) return;
  const others = across.filter(
    ({ position, placed, reason }) =>
      position !== item.policy && !gone.isGone(position) && placed.tier === own.placed.tier && reason === undefined,
  );
  if (others.length > 0) yield [...new Set(others.map(({ position }) => position))];
}

/** Who says the statement too; undefined where it takes a fold to see. */
function needsOf(
  context: JudgeContext,
  group: SubjectGroup,
  gone: Gone,
  item: Item,
  own: Voice,
  statement: Statement,
): readonly Need[] | undefined {
  const piece = { peers: among(group, statement.peers), number: statement.number };
  if (piece.peers.length === 0) return [];
  if (!isSeen(context, group, gone, own.tier, statement)) return undefined;
  const said = saidToo(context, group, gone, item, own.tier, statement);
  const { relations } = context;
  const alone = said.filter(
    ({ peers, number }) =>
      relations.relation(piece.number, number) === 'within' && subtract(piece.peers, peers).length === 0,
  );
  if (alone.length > 0) return [[...new Set(alone.map(({ policy }) => policy))]];
  const together = new Set<number>();
  // Those that say all of the traffic first: fewer of them are needed.
  const isWhole = ({ number }: { readonly number: number }) => relations.relation(piece.number, number) === 'within';
  const inOrder = [...said.filter(isWhole), ...said.filter((one) => !isWhole(one))];
  const left = leftOf(context, piece, inOrder, (policy) => together.add(policy));
  return left.length === 0 ? [...together].map((one) => [one]) : undefined;
}

/**
 * The policies without which, and without the item, something would change: all that speak of the same peers and traffic,
 * less those that are not needed beside the others, the last first.
 */
function neededTogether(
  context: JudgeContext,
  group: SubjectGroup,
  gone: Gone,
  item: Item,
  statements: readonly Statement[],
  isFraming: boolean,
): readonly number[] {
  const { relations } = context;
  const candidates = new Set<number>();
  for (const { peers, number } of statements) {
    for (const said of listsAbout(group, peers, number, relations)) {
      for (const { voice } of said) candidates.add(voice.policy);
    }
  }
  if (isFraming) for (const { policy, frame } of group.voices) if (frame !== '') candidates.add(policy);
  const peers = isFraming ? everyId(context.size) : unionAll(statements.map((one) => one.peers));
  const spoken = statements.reduce((sum, one) => relations.union(sum, one.number), context.nothing);
  // What they say of other traffic is no part of the proof.
  const about = isFraming ? undefined : spoken;
  const less = gone.over();
  less.add(item);
  const others = [...candidates]
    .filter((policy) => policy !== item.policy && !gone.isGone(policy))
    .sort((a, b) => b - a);
  const seen = about === undefined ? undefined : judgePatches(context, group, peers, about)?.needed(less, others);
  const needed =
    seen ??
    others.filter((policy) => {
      if (differs(context, group, less, { policy }, peers, about)) return true;
      less.add({ policy });
      return false;
    });
  return needed.reverse();
}
