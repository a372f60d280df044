// Whether a policy or a rule matters to a group of subjects: whether some decision would change without it. What others
// plainly say as well is seen from sets; all else is folded, with it and without it.

import { everyId, type IdSet, intersect, unionAll } from '../sets/id-set.ts';
import { isAloneIsolating, keepsFrame } from './frame.ts';
import { type Gone, holds, type Item } from './gone.ts';
import type { JudgeContext } from './judge-context.ts';
import { differs } from './refold.ts';
import { isSeen, uncovered } from './said-too.ts';
import type { Place, SubjectGroup } from './subject-groups.ts';

/**
 * Whether some decision about the subjects changes where the item goes too, besides what is gone. `plainly`: a rule of it
 * lets in what no other rule does, whatever else goes.
 */
export type Matters = 'no' | 'yes' | 'plainly';

/** Judges the item in one group. */
export function mattersIn(context: JudgeContext, place: Place, gone: Gone, item: Item): Matters {
  const { group } = place;
  const differ = (peers: IdSet, about?: number): Matters =>
    differs(context, group, gone, item, peers, about) ? 'yes' : 'no';
  // What one policy leaves open is unknown whatever another one accepts, and for the reason that comes first.
  if (!group.leavesAlikeOpen) return differ(everyId(context.size));
  if (!keepsFrame(context, place, gone, item)) {
    return isAloneIsolating(context, place, gone, item) ? 'yes' : differ(everyId(context.size));
  }
  let open: IdSet[] | undefined;
  let about = context.nothing;
  for (const { policy, tier, statements } of place.own) {
    for (const statement of statements) {
      if (!holds(item, policy, statement.path) || gone.isRuleGone(policy, statement.path)) continue;
      const seen = isSeen(context, group, gone, tier, statement);
      const left = seen ? uncovered(context, group, gone, item, tier, statement) : statement.peers;
      if (left.length === 0) continue;
      const counted = statement.isPlain || !seen ? among(group, left) : intersect(left, group.counted.whole);
      if (counted.length === 0) continue;
      // Where nothing but accepting rules opens anything, what no other rule accepts closes.
      if (seen && isDeniedUnlessAccepted(group, gone)) return 'plainly';
      open ??= [];
      open.push(counted);
      about = context.relations.union(about, statement.number);
    }
  }
  return open === undefined ? 'no' : differ(unionAll(open), about);
}

/** Those of the peers that count at all. */
export function among({ counted: { whole, surelyOnly, isEverybody } }: SubjectGroup, peers: IdSet): IdSet {
  if (isEverybody || peers.length === 0) return peers;
  return surelyOnly.length === 0 ? intersect(peers, whole) : intersect(peers, unionAll([whole, surelyOnly]));
}

/** Reports whether all that is left only accepts and something isolates. */
function isDeniedUnlessAccepted({ onlyAccepts, voices, across }: SubjectGroup, gone: Gone): boolean {
  if (!onlyAccepts) return false;
  // In another tier it may be enough to be selected.
  if (across.some(({ placed }) => placed.tier !== voices[0]!.tier)) return false;
  for (const { policy, selection } of voices) if (selection.part.isolates && !gone.isGone(policy)) return true;
  return false;
}
