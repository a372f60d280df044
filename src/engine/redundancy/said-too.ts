// Which statements plainly say what another one says: of the same tier and action, surely made, about the same peers and
// traffic. Where the order of a tier may matter nothing is plain.

import { EMPTY, type IdSet, intersect, subtract, unionAll } from '../sets/id-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import { isOpenAlike } from './frame.ts';
import { type Gone, holds, type Item } from './gone.ts';
import type { JudgeContext } from './judge-context.ts';
import type { Statement, SubjectGroup } from './subject-groups.ts';
import type { Relation } from './traffic-relations.ts';

/**
 * Reports whether sets show who else says the statement: others of the tier make it superfluous in whatever order. What is
 * said only perhaps, others may say perhaps or surely, where all doubts have one reason: nobody can tell whose they are.
 */
export function isSeen(
  context: JudgeContext,
  group: SubjectGroup,
  gone: Gone,
  tier: number,
  { isPlain, conditions }: Statement,
): boolean {
  if (!isPlain && !(group.onlyAccepts && group.hasOneReason && conditions.length === 0)) return false;
  return isUnordered(context, group, gone, tier);
}

/** The peers to whom others do not say all of a statement of the item, one or several together. */
export function uncovered(
  context: JudgeContext,
  { voices }: SubjectGroup,
  gone: Gone,
  item: Item,
  tier: number,
  statement: Statement,
): IdSet {
  if (traffic.isEmpty(statement.spoken)) return EMPTY;
  const isWhole = item.path === undefined;
  let left = statement.peers;
  let parts: SaidToo[] | undefined;
  for (const voice of voices) {
    const { policy } = voice;
    if (voice.tier !== tier || (isWhole && policy === item.policy) || gone.isGone(policy)) continue;
    for (const other of voice.statements) {
      const relation = relationTo(context, gone, item, statement, policy, other);
      if (relation === 'apart') continue;
      if (relation === 'overlapping') {
        parts ??= [];
        parts.push({ policy, peers: other.peers, number: other.number });
        continue;
      }
      left = subtract(left, other.peers);
      if (left.length === 0) return left;
    }
  }
  if (parts === undefined) return left;
  return unionAll(leftOf(context, { peers: left, number: statement.number }, parts).map(({ peers }) => peers));
}

/** Traffic with some peers. */
export interface Piece {
  readonly peers: IdSet;
  /** Of the traffic, in the table of relations. */
  readonly number: number;
}

/** Another statement that plainly says some of the same, to whatever peers. */
export interface SaidToo extends Piece {
  readonly policy: number;
}

/** What is left of a piece when each of the others has taken what it says; `took` hears of those that took something. */
export function leftOf(
  { relations }: JudgeContext,
  piece: Piece,
  others: readonly SaidToo[],
  took?: (policy: number) => void,
): readonly Piece[] {
  let pieces: readonly Piece[] = [piece];
  for (const { policy, peers, number } of others) {
    const next: Piece[] = [];
    for (const one of pieces) {
      const relation = relations.relation(one.number, number);
      const both = relation === 'apart' ? EMPTY : intersect(one.peers, peers);
      if (both.length === 0) {
        next.push(one);
        continue;
      }
      took?.(policy);
      const apart = subtract(one.peers, both);
      if (apart.length > 0) next.push({ peers: apart, number: one.number });
      if (relation === 'overlapping') next.push({ peers: both, number: relations.subtract(one.number, number) });
    }
    pieces = next;
  }
  return pieces;
}

/** All that say it or a part of it, where {@link isSeen}. */
export function saidToo(
  context: JudgeContext,
  { voices }: SubjectGroup,
  gone: Gone,
  item: Item,
  tier: number,
  statement: Statement,
): SaidToo[] {
  const found: SaidToo[] = [];
  for (const voice of voices) {
    const { policy } = voice;
    if (voice.tier !== tier || gone.isGone(policy)) continue;
    for (const other of voice.statements) {
      if (relationTo(context, gone, item, statement, policy, other) === 'apart') continue;
      found.push({ policy, peers: other.peers, number: other.number });
    }
  }
  return found;
}

/** How much of a statement's traffic another one of its tier plainly has too; `apart` also where that one goes or is gone. */
function relationTo(
  { relations }: JudgeContext,
  gone: Gone,
  item: Item,
  { action, number, isPlain }: Statement,
  policy: number,
  other: Statement,
): Relation {
  if (other.action !== action || (isPlain && !other.isPlain)) return 'apart';
  const relation = relations.relation(number, other.number);
  if (relation === 'apart' || holds(item, policy, other.path)) return 'apart';
  return gone.isRuleGone(policy, other.path) ? 'apart' : relation;
}

/** Reports whether the order of what is left of the tier does not matter. */
function isUnordered({ placement }: JudgeContext, group: SubjectGroup, gone: Gone, tier: number): boolean {
  if (placement.chain.tiers[tier]!.combine !== 'first-match') return true;
  for (const { policy, tier: place, statements } of group.voices) {
    if (place !== tier || gone.isGone(policy)) continue;
    if (statements.some(({ action, conditions }) => action !== 'Accept' || conditions.length > 0)) return false;
  }
  return isOpenAlike(group, gone, tier);
}
