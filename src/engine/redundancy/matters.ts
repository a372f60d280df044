// Whether a policy or a rule matters to a group of subjects: whether some decision would change without it. What others
// plainly say as well is seen from sets; all else is folded, with it and without it.

import { everyId, type IdSet, intersect, overlaps, subtract, unionAll } from '../sets/id-set.ts';
import { isAloneIsolating, keepsFrame } from './frame.ts';
import { type Gone, holds, type Item } from './gone.ts';
import type { JudgeContext } from './judge-context.ts';
import { differs } from './refold.ts';
import { uncovered } from './said-too.ts';
import type { SubjectGroup } from './subject-groups.ts';

/** Reports whether some decision about the subjects changes where the item goes too, besides what is gone. */
export function mattersIn(context: JudgeContext, group: SubjectGroup, gone: Gone, item: Item): boolean {
  if (!keepsFrame(context, group, gone, item)) {
    return (
      isAloneIsolating(context, group, gone, item) || differs(context, group, gone, item, everyId(context.size))
    );
  }
  const isClosed = isDeniedUnlessAccepted(group, gone);
  const open: IdSet[] = [];
  for (const voice of group.voices) {
    if (voice.policy !== item.policy) continue;
    for (const statement of voice.statements) {
      if (!holds(item, voice.policy, statement.path) || gone.isRuleGone(voice.policy, statement.path)) continue;
      const left = among(group, uncovered(context, group, gone, item, voice, statement));
      if (left.length === 0) continue;
      // To peers that rules surely name or surely do not, what is accepted is the union of what rules accept.
      if (isClosed && overlaps(subtract(left, group.unsure), group.counted.whole)) return true;
      open.push(left);
    }
  }
  return open.length > 0 && differs(context, group, gone, item, unionAll(open));
}

/** Those of the peers that count at all. */
export function among({ counted: { whole, surelyOnly, isEverybody } }: SubjectGroup, peers: IdSet): IdSet {
  if (isEverybody || peers.length === 0) return peers;
  return surelyOnly.length === 0 ? intersect(peers, whole) : intersect(peers, unionAll([whole, surelyOnly]));
}

/** Reports whether all that is left only accepts and something isolates. */
function isDeniedUnlessAccepted({ onlyAccepts, voices }: SubjectGroup, gone: Gone): boolean {
  if (!onlyAccepts) return false;
  for (const { policy, selection } of voices) if (selection.part.isolates && !gone.isGone(policy)) return true;
  return false;
}
