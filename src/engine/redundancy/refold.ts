// Whether decisions change without an item, found out by deciding twice: what compile/ folds, with the item and without it.

import { entry } from '../compile/entry.ts';
import { type AppliedPart, type FoldContext, fold } from '../compile/fold.ts';
import { splitPeers } from '../compile/split-peers.ts';
import type { Decision } from '../model/verdict.ts';
import { contains, type IdSet, intersect, subtract } from '../sets/id-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import { hasRulesWithout, selectedTiers } from './frame.ts';
import { type Gone, holds, type Item } from './gone.ts';
import type { JudgeContext } from './judge-context.ts';
import { judgePatches } from './patch-verdicts.ts';
import { type Said, statementsAbout } from './statements-about.ts';
import type { Statement, SubjectGroup, Voice } from './subject-groups.ts';
import { isSameVerdict } from './verdicts.ts';

/**
 * Reports whether a decision about one of the peers changes. `about`: the number of the traffic that it can change for; absent:
 * for all traffic.
 */
export function differs(
  given: JudgeContext,
  group: SubjectGroup,
  gone: Gone,
  item: Item,
  peers: IdSet,
  about?: number,
): boolean {
  const seen = about === undefined ? undefined : judgePatches(given, group, peers, about)?.differs(gone, item);
  return seen ?? differsByFolds(given, group, gone, item, peers, about);
}

/** The same by deciding twice; `about` undefined: for all traffic. */
export function differsByFolds(
  given: JudgeContext,
  group: SubjectGroup,
  gone: Gone,
  item: Item,
  peers: IdSet,
  about: number | undefined,
): boolean {
  const { relations } = given;
  const context = about === undefined ? given : { ...given, universe: relations.get(about) };
  const voices = group.voices.filter(({ policy }) => !gone.isGone(policy));
  const said = statementsAbout(group, peers, about, relations).filter(
    ({ voice: { policy }, statement: { path } }) => !gone.isRuleGone(policy, path),
  );
  const others = item.path === undefined ? voices.filter(({ policy }) => policy !== item.policy) : voices;
  const before = folder(context, voices, selectedTiers(context, group, gone), (one) => hasRulesWithout(one, gone));
  const after = folder(context, others, selectedTiers(context, group, gone, item), (one) =>
    hasRulesWithout(one, gone, item),
  );
  const isChanged = (all: readonly Said[], isWhole: boolean): boolean => {
    const members = about === undefined ? all : untilDecided(given, all, item, about);
    const left = members.filter(({ voice, statement }) => !holds(item, voice.policy, statement.path));
    return !isSameVerdict(before(members), after(left), isWhole);
  };
  const { whole, surelyOnly } = group.counted;
  const counted = intersect(peers, whole);
  // Mostly the first peer shows it.
  const [first] = counted;
  if (
    first !== undefined &&
    isChanged(
      said.filter((one) => contains(one.peers, first)),
      true,
    )
  )
    return true;
  return [counted, intersect(peers, surelyOnly)].some((set, i) => {
    if (set.length === 0) return false;
    const here = said.flatMap((one) => {
      const cut = intersect(set, one.peers);
      return cut.length === 0 ? [] : [{ ...one, peers: cut }];
    });
    const { blocks, rest } = splitPeers(context.size, here);
    if (blocks.some((block) => isChanged(block.members, i === 0))) return true;
    const unnamed = blocks.reduce((left, block) => subtract(left, block.peers), set);
    return unnamed.length > 0 && isChanged(rest, i === 0);
  });
}

/**
 * Statements about the same peers, in order of evaluation, without those that nothing reaches, with the item or without it: where
 * the first match decides, others have decided all of the traffic before.
 */
function untilDecided(
  { placement: { chain }, relations }: JudgeContext,
  said: readonly Said[],
  item: Item,
  about: number,
): readonly Said[] {
  /** By tier: the order of the policy that decides, and the policy. */
  const decided = new Map<number, { readonly order: number; readonly voice: Voice }>();
  return said.filter(({ voice, statement }) => {
    const { tier, selection } = voice;
    if (chain.tiers[tier]!.combine !== 'first-match') return true;
    const before = decided.get(tier);
    // Of policies of the same order it may be undefined which is first.
    if (before !== undefined) return before.voice !== voice && before.order === selection.placed.order;
    const { isPlain, number, path } = statement;
    if (isPlain && !holds(item, voice.policy, path) && relations.relation(about, number) === 'within') {
      decided.set(tier, { order: selection.placed.order, voice });
    }
    return true;
  });
}

const NOTHING_SAID: AppliedPart['contributions'] = [];

function folder(
  { placement, universe }: JudgeContext,
  voices: readonly Voice[],
  selected: FoldContext['selected'],
  hasRules: (voice: Voice) => boolean,
): (said: readonly Said[]) => Decision {
  const silent = voices.map((voice): AppliedPart => {
    const { placed, part, reason } = voice.selection;
    return {
      policy: placed.policy,
      tier: placed.tier,
      order: placed.order,
      isolates: part.isolates,
      hasRules: hasRules(voice),
      ...(reason === undefined ? {} : { reason }),
      open: voice.open,
      contributions: NOTHING_SAID,
    };
  });
  // Of very many policies few do anything to this traffic.
  const acts = silent.map(
    ({ isolates, open }) => isolates || open.some((one) => !traffic.isEmpty(traffic.intersect(one.traffic, universe))),
  );
  return (said) => {
    const byVoice = new Map<Voice, Statement[]>();
    for (const { voice, statement } of said) entry(byVoice, voice, () => []).push(statement);
    const parts = silent.flatMap((part, i) => {
      const contributions = byVoice.get(voices[i]!);
      if (contributions === undefined) return acts[i]! ? [part] : [];
      return [{ ...part, contributions }];
    });
    return fold(parts, { chain: placement.chain, universe, selected });
  };
}
