// The proof that something is redundant: which other policies say the same to its subjects. Each statement of it is a need
// that one of several policies meets, or several together; few policies that meet all needs are chosen.

import { everyId, type IdSet, overlaps, subtract, unionAll } from '../sets/id-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import { type Gone, holds, type Item, nothingGone } from './gone.ts';
import {
  alsoSaid,
  among,
  differs,
  frameKeepers,
  frameOf,
  isPlain,
  isUnordered,
  type JudgeContext,
  voicesLeft,
} from './matters.ts';
import type { Statement, SubjectGroup, Voice } from './subject-groups.ts';

/** Policies, by position, each of which alone says what the item says here; never empty, ascending. */
type Need = readonly number[];

/** The policies that cover an item in all of its groups, given what is gone; ascending. Empty: it says nothing to anybody. */
export function coveringPolicies(
  context: JudgeContext,
  groups: readonly SubjectGroup[],
  gone: Gone,
  item: Item,
): readonly number[] {
  const needs = new Map<string, Need>();
  for (const group of groups) for (const need of needsIn(context, group, gone, item)) needs.set(need.join(), need);
  return choose([...needs.values()]);
}

/** Policies that alone meet every need of the item: each of them is a proof; ascending. */
export function coveringAlone(
  context: JudgeContext,
  groups: readonly SubjectGroup[],
  gone: Gone,
  item: Item,
): readonly number[] {
  let alone: readonly number[] | undefined;
  for (const group of groups) {
    for (const need of needsIn(context, group, gone, item)) {
      alone = alone === undefined ? need : alone.filter((one) => need.includes(one));
      if (alone.length === 0) return alone;
    }
  }
  return alone ?? [];
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

function* needsIn(context: JudgeContext, group: SubjectGroup, gone: Gone, item: Item): Generator<Need> {
  yield* selectingToo(group, gone, item);
  const unseen: Statement[] = [];
  let isFraming = false;
  for (const voice of group.voices) {
    if (voice.policy !== item.policy) continue;
    const frame = item.path === undefined ? frameOf(voice, voice.selection.part.rules.length > 0) : '';
    if (frame !== '') {
      const keepers = [...frameKeepers(group, gone, item, frame)].map(({ policy }) => policy);
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
  if (!isPlain(own, statement) || !isUnordered(context, group, gone, own.selection.placed.tier)) return undefined;
  const said = [...alsoSaid(context, group, gone, item, own, statement)].filter((one) => one.relation === 'within');
  const counted = among(group, statement.peers);
  const alone = said.filter(({ statement: { peers } }) => subtract(counted, peers).length === 0);
  if (counted.length === 0) return [];
  if (alone.length > 0) return [[...new Set(alone.map(({ voice }) => voice.policy))]];
  let left: IdSet = counted;
  const together = new Set<number>();
  for (const { voice, statement: other } of said) {
    if (!overlaps(left, other.peers)) continue;
    left = subtract(left, other.peers);
    together.add(voice.policy);
  }
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
  const isAbout = (other: Statement) =>
    statements.some(
      ({ peers, spoken }) => overlaps(peers, other.peers) && context.relations(spoken, other.spoken) !== 'apart',
    );
  const candidates = [...voicesLeft(group, gone)].filter(
    (voice) => voice.policy !== item.policy && (voice.statements.some(isAbout) || (isFraming && hasFrame(voice))),
  );
  const peers = isFraming ? everyId(context.size) : unionAll(statements.map((one) => one.peers));
  const spoken = statements.reduce((sum, one) => traffic.union(sum, one.spoken), traffic.NO_TRAFFIC);
  // What they say of other traffic is no part of the proof.
  const about = isFraming ? context : { ...context, universe: traffic.intersect(context.universe, spoken) };
  const less = besides(gone);
  less.add(item);
  const others = [...new Set(candidates.map(({ policy }) => policy))];
  return others
    .toReversed()
    .filter((policy) => {
      if (differs(about, group, less, { policy }, peers)) return true;
      less.add({ policy });
      return false;
    })
    .reverse();
}

function hasFrame(voice: Voice): boolean {
  return frameOf(voice, voice.selection.part.rules.length > 0) !== '';
}

/** The same items and more. */
function besides(gone: Gone): Gone {
  const more = nothingGone();
  return {
    isGone: (policy) => gone.isGone(policy) || more.isGone(policy),
    isRuleGone: (policy, path) => gone.isRuleGone(policy, path) || more.isRuleGone(policy, path),
    add: (item) => more.add(item),
  };
}
