// Which statements plainly say what another one says: of the same tier and action, surely made, about the same peers and
// traffic. Where the order of a tier may matter nothing is plain.

import { EMPTY, type IdSet, intersect, subtract, unionAll } from '../sets/id-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import { isOpenAlike } from './frame.ts';
import { type Gone, holds, type Item } from './gone.ts';
import type { JudgeContext } from './judge-context.ts';
import type { Statement, SubjectGroup, Voice } from './subject-groups.ts';
import type { Relation } from './traffic-relations.ts';

/**
 * The peers to whom others do not plainly say all of a statement of the item, one or several together; all of its peers
 * where the order of the tier may matter.
 */
export function uncovered(
  context: JudgeContext,
  group: SubjectGroup,
  gone: Gone,
  item: Item,
  own: Voice,
  statement: Statement,
): IdSet {
  const { tier } = own.selection.placed;
  if (!statement.isPlain) return statement.peers;
  if (traffic.isEmpty(statement.spoken)) return EMPTY;
  if (!isUnordered(context, group, gone, tier)) return statement.peers;
  let left = statement.peers;
  const parts: SaidToo[] = [];
  for (const voice of group.voices) {
    if (voice.selection.placed.tier !== tier || gone.isGone(voice.policy)) continue;
    if (voice.policy === item.policy && item.path === undefined) continue;
    for (const other of voice.statements) {
      const relation = relationTo(context, gone, item, statement, voice, other);
      if (relation === 'within') left = subtract(left, other.peers);
      else if (relation === 'overlapping') parts.push({ policy: voice.policy, peers: other.peers, number: other.number });
      if (left.length === 0) return EMPTY;
    }
  }
  if (parts.length === 0) return left;
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

/** All that plainly say it or a part of it; undefined where the order of the tier may matter. */
export function saidToo(
  context: JudgeContext,
  group: SubjectGroup,
  gone: Gone,
  item: Item,
  own: Voice,
  statement: Statement,
): SaidToo[] | undefined {
  const { tier } = own.selection.placed;
  if (!statement.isPlain || !isUnordered(context, group, gone, tier)) return undefined;
  return group.voices.flatMap((voice) => {
    if (voice.selection.placed.tier !== tier || gone.isGone(voice.policy)) return [];
    return voice.statements.flatMap((other) =>
      relationTo(context, gone, item, statement, voice, other) === 'apart'
        ? []
        : [{ policy: voice.policy, peers: other.peers, number: other.number }],
    );
  });
}

/** How much of a statement's traffic another one of its tier plainly has too; `apart` also where that one goes or is gone. */
function relationTo(
  { relations }: JudgeContext,
  gone: Gone,
  item: Item,
  { action, number }: Statement,
  { policy }: Voice,
  other: Statement,
): Relation {
  if (other.action !== action || !other.isPlain) return 'apart';
  const relation = relations.relation(number, other.number);
  if (relation === 'apart' || holds(item, policy, other.path)) return 'apart';
  return gone.isRuleGone(policy, other.path) ? 'apart' : relation;
}

/** Reports whether the order of what is left of the tier does not matter. */
function isUnordered({ placement }: JudgeContext, group: SubjectGroup, gone: Gone, tier: number): boolean {
  if (placement.chain.tiers[tier]!.combine !== 'first-match') return true;
  for (const { policy, selection, statements } of group.voices) {
    if (selection.placed.tier !== tier || gone.isGone(policy)) continue;
    if (statements.some(({ action, conditions }) => action !== 'Accept' || conditions.length > 0)) return false;
  }
  return isOpenAlike(group, gone, tier);
}
