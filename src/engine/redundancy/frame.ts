// What a policy does to its subjects beside its rules, and whether another one does the same: it isolates them, leaves
// protocols open, or merely selects them where that counts.

import { entry } from '../compile/entry.ts';
import type { AppliedPart, FoldContext, Selected } from '../compile/fold.ts';
import { count } from '../sets/id-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import { type Gone, holds, type Item } from './gone.ts';
import type { JudgeContext } from './judge-context.ts';
import { frameOf, type Place, type SubjectGroup, type Voice } from './subject-groups.ts';

/** Reports whether all of that stays as it is without the item. False may be said where it would take a fold to see. */
export function keepsFrame(context: JudgeContext, { group, own }: Place, gone: Gone, item: Item): boolean {
  if (group.across.length > 0 && item.path === undefined) {
    const before = selectedTiers(context, group, gone);
    const after = selectedTiers(context, group, gone, item);
    if (before.some((one, tier) => one !== after[tier])) return false;
  }
  for (const voice of own) {
    const frame = frameNow(voice, gone);
    if (frame === '') continue;
    if (item.path !== undefined && frame === frameNow(voice, gone, item)) continue;
    if (voice.selection.reason !== undefined || !isOrderless(context, group, gone, voice)) return false;
    if (!isKept(group, gone, item, frame)) return false;
  }
  return true;
}

function isKept({ voices }: SubjectGroup, gone: Gone, item: Item, frame: string): boolean {
  for (const voice of voices) if (keepsAlso(voice, gone, item, frame)) return true;
  return false;
}

/** Reports whether the voice is of another policy that is left and surely does the same beside its rules. */
export function keepsAlso(voice: Voice, gone: Gone, item: Item, frame: string): boolean {
  return (
    voice.policy !== item.policy &&
    voice.selection.reason === undefined &&
    !gone.isGone(voice.policy) &&
    frameNow(voice, gone) === frame
  );
}

/** What the policy does beside its rules where some of them are gone. */
function frameNow(voice: Voice, gone: Gone, item?: Item): string {
  const { selection, open, frame } = voice;
  // Only what does not isolate may fall silent with its last rule.
  if (selection.part.isolates || frame === '') return frame;
  return frameOf(selection, open, hasRulesWithout(voice, gone, item));
}

/** Reports whether the policy has a rule that is neither gone nor part of the item. */
export function hasRulesWithout({ policy, selection: { part } }: Voice, gone: Gone, item?: Item): boolean {
  return part.rules.some(
    ({ path }) => !gone.isRuleGone(policy, path) && (item === undefined || !holds(item, policy, path)),
  );
}

/** Reports whether it does not matter which policy of the tier leaves protocols open: nothing speaks of them before. */
function isOrderless(context: JudgeContext, group: SubjectGroup, gone: Gone, { tier, open }: Voice): boolean {
  const { combine } = context.placement.chain.tiers[tier]!;
  return open.length === 0 || combine !== 'first-match' || isOpenAlike(group, gone, tier);
}

/** Reports whether all policies of the tier that are left leave the same protocols open. */
export function isOpenAlike({ voices }: SubjectGroup, gone: Gone, tier: number): boolean {
  let first: AppliedPart['open'] | undefined;
  for (const { policy, tier: place, open } of voices) {
    if (place !== tier || gone.isGone(policy)) continue;
    first ??= open;
    if (first !== open) return false;
  }
  return true;
}

/** For each tier whether a policy of it that is left selects the subjects in either direction. */
export function selectedTiers(
  { placement }: JudgeContext,
  { across }: SubjectGroup,
  gone: Gone,
  item?: Item,
): FoldContext['selected'] {
  const result = placement.chain.tiers.map((): Selected => 'no');
  for (const { placed, reason, position } of across) {
    if (gone.isGone(position) || (item?.path === undefined && item?.policy === position)) continue;
    if (reason === undefined) result[placed.tier] = 'yes';
    else if (result[placed.tier] === 'no') result[placed.tier] = reason;
  }
  return result;
}

/**
 * Reports whether it is plain that something opens without the item: it alone isolates, and not everything is accepted from
 * everybody. False may be said where it would take a fold to see.
 */
export function isAloneIsolating(context: JudgeContext, place: Place, gone: Gone, item: Item): boolean {
  const { group } = place;
  if (context.placement.chain.tail !== 'allow' || group.across.length > 0 || item.path !== undefined) return false;
  const { relations } = context;
  const [own] = place.own;
  if (own === undefined) return false;
  const everything = everythingBut(context, own.open);
  let isolates = false;
  let isAlike = true;
  // Peers that some rule names, and those of whom one accepts everything.
  let [named, whole] = [0, 0];
  let accepted = context.nothing;
  for (const { policy, selection, open, statements } of group.voices) {
    if (gone.isGone(policy)) continue;
    if (selection.reason !== undefined || (selection.part.isolates && policy !== item.policy)) return false;
    isolates ||= selection.part.isolates;
    isAlike &&= open === own.open;
    for (const { number, size } of statements) {
      named += size;
      if (number === everything) whole += size;
      else accepted = relations.union(accepted, number);
    }
  }
  const counted = count(group.counted.whole);
  if (!isolates || traffic.isEmpty(relations.get(everything))) return false;
  // Whom no rule names at all, everything is denied; nobody is accepted more than all rules together but the whole ones say.
  return named < counted || (group.onlyAccepts && isAlike && accepted !== everything && whole < counted);
}

/** The number of all traffic of which a policy may speak. */
function everythingBut({ relations, universe, spoken }: JudgeContext, open: AppliedPart['open']): number {
  return entry(spoken, open, () =>
    relations.intern(open.reduce((left, one) => traffic.subtract(left, one.traffic), universe)),
  );
}
