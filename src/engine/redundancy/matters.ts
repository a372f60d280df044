// Whether a policy or a rule matters to a group of subjects: whether some decision would change without it. What other
// statements of its tier plainly say as well is seen from sets; all else is folded, with it and without it.

import { type AppliedPart, type FoldContext, fold } from '../compile/fold.ts';
import { splitPeers } from '../compile/split-peers.ts';
import type { Placement, Tier } from '../model/tier.ts';
import type { Decision } from '../model/verdict.ts';
import { contains, EMPTY, everyId, type IdSet, intersect, overlaps, subtract, unionAll } from '../sets/id-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import { type Gone, holds, type Item } from './gone.ts';
import type { Statement, SubjectGroup, Voice } from './subject-groups.ts';
import { isSameVerdict } from './verdicts.ts';

/** What judging needs beside the groups. */
export interface JudgeContext {
  readonly placement: Placement;
  readonly universe: traffic.TrafficSet;
  /** How many endpoints there are. */
  readonly size: number;
  readonly relations: TrafficRelations;
}

/** How two sets of traffic stand to each other, each pair compared once. */
export interface TrafficRelations {
  (a: traffic.TrafficSet, b: traffic.TrafficSet): 'within' | 'overlapping' | 'apart';
}

/** Reports whether some decision about the subjects changes where the item goes too, besides what is gone. */
export function mattersIn(context: JudgeContext, group: SubjectGroup, gone: Gone, item: Item): boolean {
  if (!keepsFrame(context, group, gone, item)) {
    if (isAlone(context, group, gone, item)) return true;
    return differs(context, group, gone, item, everyId(context.size));
  }
  const isStrict = isOneTier(context, group, gone);
  const open: IdSet[] = [];
  for (const voice of group.voices) {
    if (voice.policy !== item.policy) continue;
    for (const statement of voice.statements) {
      if (!holds(item, voice.policy, statement.path) || gone.isRuleGone(voice.policy, statement.path)) continue;
      const { left, isApart } = uncovered(context, group, gone, item, voice, statement);
      const counted = among(group, left);
      if (counted.length === 0) continue;
      if (isStrict && isApart && overlaps(left, group.counted.whole)) return true;
      open.push(counted);
    }
  }
  return open.length > 0 && differs(context, group, gone, item, unionAll(open));
}

/** Voices that are not gone with their policies. */
export function* voicesLeft(group: SubjectGroup, gone: Gone): Generator<Voice> {
  for (const voice of group.voices) if (!gone.isGone(voice.policy)) yield voice;
}

/** Those of the peers that count at all. */
export function among({ counted: { whole, surelyOnly, isEverybody } }: SubjectGroup, peers: IdSet): IdSet {
  if (isEverybody || peers.length === 0) return peers;
  return surelyOnly.length === 0 ? intersect(peers, whole) : intersect(peers, unionAll([whole, surelyOnly]));
}

/** What a policy does beside its rules: it isolates, or leaves protocols open. Empty: nothing. */
export function frameOf({ selection: { placed, part }, open }: Voice, hasRules: boolean): string {
  if (!part.isolates && (open.length === 0 || !hasRules)) return '';
  return `${placed.tier} ${part.isolates} ${open.map(({ reason }) => reason).join()}`;
}

function hasRulesWithout({ policy, selection: { part } }: Voice, gone: Gone, item?: Item): boolean {
  return part.rules.some(
    ({ path }) => !gone.isRuleGone(policy, path) && (item === undefined || !holds(item, policy, path)),
  );
}

/** Reports whether isolation and what is left open stay as they are without the item: another policy does surely the same. */
function keepsFrame(context: JudgeContext, group: SubjectGroup, gone: Gone, item: Item): boolean {
  if (group.across.length > 0 && item.path === undefined) {
    const [before, after] = [selectedTiers(context, group, gone), selectedTiers(context, group, gone, item)];
    if (before.some((one, tier) => one !== after[tier])) return false;
  }
  for (const voice of group.voices) {
    if (voice.policy !== item.policy) continue;
    const frame = frameOf(voice, hasRulesWithout(voice, gone));
    if (frame === '') continue;
    if (item.path !== undefined && frame === frameOf(voice, hasRulesWithout(voice, gone, item))) continue;
    if (voice.selection.reason !== undefined || !isFrameUnordered(context, group, gone, voice)) return false;
    if (!frameKeepers(group, gone, item, frame).next().value) return false;
  }
  return true;
}

/** Reports whether it does not matter which policy of the tier leaves protocols open: nothing speaks of them before. */
function isFrameUnordered({ placement }: JudgeContext, group: SubjectGroup, gone: Gone, { selection, open }: Voice): boolean {
  const { tier } = selection.placed;
  return open.length === 0 || placement.chain.tiers[tier]!.combine !== 'first-match' || isOpenAlike(group, gone, tier);
}

/** Reports whether all policies of the tier leave the same protocols open. */
function isOpenAlike(group: SubjectGroup, gone: Gone, tier: number): boolean {
  let first: AppliedPart['open'] | undefined;
  for (const { selection, open } of voicesLeft(group, gone)) {
    if (selection.placed.tier !== tier) continue;
    first ??= open;
    if (first !== open) return false;
  }
  return true;
}

/** Voices of other policies that surely do the same beside their rules. */
export function* frameKeepers(group: SubjectGroup, gone: Gone, item: Item, frame: string): Generator<Voice> {
  for (const voice of voicesLeft(group, gone)) {
    if (voice.policy === item.policy || voice.selection.reason !== undefined) continue;
    if (frameOf(voice, hasRulesWithout(voice, gone)) === frame) yield voice;
  }
}

/** For each tier whether a policy of it selects the subjects in either direction. */
function selectedTiers(
  { placement }: JudgeContext,
  { across }: SubjectGroup,
  gone: Gone,
  item?: Item,
): FoldContext['selected'] {
  const result = placement.chain.tiers.map((): 'no' | 'maybe' | 'yes' => 'no');
  for (const { placed, reason, position } of across) {
    if (gone.isGone(position) || (item?.path === undefined && item?.policy === position)) continue;
    if (reason === undefined) result[placed.tier] = 'yes';
    else if (result[placed.tier] === 'no') result[placed.tier] = 'maybe';
  }
  return result;
}

/** Reports whether the item alone isolates the subjects, and somebody is there whom no rule names: to him they open. */
function isAlone({ placement }: JudgeContext, group: SubjectGroup, gone: Gone, item: Item): boolean {
  if (placement.chain.tail !== 'allow' || group.across.length > 0 || item.path !== undefined) return false;
  let named = 0;
  let isolates = false;
  for (const voice of voicesLeft(group, gone)) {
    const { reason, part } = voice.selection;
    if (reason !== undefined) return false;
    if (part.isolates && voice.policy !== item.policy) return false;
    isolates ||= part.isolates;
    for (const { size } of voice.statements) named += size;
  }
  const { whole } = group.counted;
  let counted = 0;
  for (let i = 0; i < whole.length; i += 2) counted += whole[i + 1]! - whole[i]!;
  return isolates && named < counted;
}

/**
 * Reports whether all that is left is certain and stands in one tier that surely isolates: there whatever no rule accepts is
 * denied, and whatever one does is allowed.
 */
function isOneTier({ placement }: JudgeContext, group: SubjectGroup, gone: Gone): boolean {
  let tier: number | undefined;
  let isolates = false;
  for (const voice of voicesLeft(group, gone)) {
    const { placed, reason, part } = voice.selection;
    if (reason !== undefined || (tier !== undefined && tier !== placed.tier)) return false;
    tier = placed.tier;
    isolates ||= part.isolates;
    for (const one of voice.statements) {
      if (one.action !== 'Accept' || one.reason !== undefined || one.conditions.length > 0) return false;
    }
  }
  return isolates && tier !== undefined && placement.chain.tiers[tier] !== undefined;
}

/** What no other statement of the tier plainly says. */
interface Uncovered {
  /** Peers at which no single other statement says all of it. */
  readonly left: IdSet;
  /** Whether no statement says even a part of it to them. */
  readonly isApart: boolean;
}

function uncovered(
  context: JudgeContext,
  group: SubjectGroup,
  gone: Gone,
  item: Item,
  own: Voice,
  statement: Statement,
): Uncovered {
  let left = statement.peers;
  if (!isPlain(own, statement)) return { left, isApart: false };
  if (traffic.isEmpty(statement.spoken)) return { left: EMPTY, isApart: true };
  if (!isUnordered(context, group, gone, own.selection.placed.tier)) return { left, isApart: false };
  const others: IdSet[] = [];
  for (const { voice, statement: other, relation } of alsoSaid(context, group, gone, item, own, statement)) {
    void voice;
    if (relation === 'within') left = subtract(left, other.peers);
    else others.push(other.peers);
    if (left.length === 0) return { left, isApart: true };
  }
  return { left, isApart: !others.some((peers) => overlaps(peers, left)) };
}

/** Another statement that plainly does the same with some of the traffic. */
export interface AlsoSaid {
  readonly voice: Voice;
  readonly statement: Statement;
  /** `within`: with all of it. */
  readonly relation: 'within' | 'overlapping';
}

/** Statements of the same tier and action, surely made, that are not of the item; whatever their peers. */
export function* alsoSaid(
  { relations }: JudgeContext,
  group: SubjectGroup,
  gone: Gone,
  item: Item,
  own: Voice,
  { action, spoken }: Statement,
): Generator<AlsoSaid> {
  for (const voice of group.voices) {
    if (gone.isGone(voice.policy) || voice.selection.placed.tier !== own.selection.placed.tier) continue;
    if (voice.policy === item.policy && item.path === undefined) continue;
    for (const statement of voice.statements) {
      if (statement.action !== action || !isPlain(voice, statement)) continue;
      if (holds(item, voice.policy, statement.path) || gone.isRuleGone(voice.policy, statement.path)) continue;
      const relation = relations(spoken, statement.spoken);
      if (relation !== 'apart') yield { voice, statement, relation };
    }
  }
}

export function isPlain({ selection }: Voice, { reason, conditions }: Statement): boolean {
  return selection.reason === undefined && reason === undefined && conditions.length === 0;
}

/** Reports whether the order of what the tier says does not matter. */
export function isUnordered({ placement }: JudgeContext, group: SubjectGroup, gone: Gone, tier: number): boolean {
  const { combine }: Tier = placement.chain.tiers[tier]!;
  if (combine !== 'first-match') return true;
  for (const { selection, statements } of voicesLeft(group, gone)) {
    if (selection.placed.tier !== tier) continue;
    if (statements.some(({ action, conditions }) => action !== 'Accept' || conditions.length > 0)) return false;
  }
  return isOpenAlike(group, gone, tier);
}

/** A statement of a voice, as the splitting of peers wants it. */
interface Said {
  readonly voice: Voice;
  readonly statement: Statement;
  readonly peers: IdSet;
}

/** Folds what is left for the peers, with the item and without it. */
export function differs(context: JudgeContext, group: SubjectGroup, gone: Gone, item: Item, peers: IdSet): boolean {
  const voices = [...voicesLeft(group, gone)];
  const said = voices.flatMap((voice) =>
    voice.statements
      .filter(({ path }) => !gone.isRuleGone(voice.policy, path))
      .map((statement): Said => ({ voice, statement, peers: statement.peers })),
  );
  const before = folder(context, voices, selectedTiers(context, group, gone), (voice) => hasRulesWithout(voice, gone));
  const after = folder(
    context,
    item.path === undefined ? voices.filter(({ policy }) => policy !== item.policy) : voices,
    selectedTiers(context, group, gone, item),
    (voice) => hasRulesWithout(voice, gone, item),
  );
  const isChanged = (members: readonly Said[], isWhole: boolean): boolean => {
    const left = members.filter(({ voice, statement }) => !holds(item, voice.policy, statement.path));
    return !isSameVerdict(before(members), after(left), isWhole);
  };
  const { whole, surelyOnly } = group.counted;
  const counted = intersect(peers, whole);
  // Mostly the first peer shows it.
  if (counted.length > 0 && isChanged(said.filter((one) => contains(one.peers, counted[0]!)), true)) return true;
  return [counted, intersect(peers, surelyOnly)].some((set, i) => {
    if (set.length === 0) return false;
    const here = said.flatMap((one) => {
      const cut = intersect(set, one.peers);
      return cut.length === 0 ? [] : [{ ...one, peers: cut }];
    });
    const { blocks, rest } = splitPeers(context.size, here);
    if (blocks.some((block) => isChanged(block.members, i === 0))) return true;
    const others = blocks.reduce((left, block) => subtract(left, block.peers), set);
    return others.length > 0 && isChanged(rest, i === 0);
  });
}

function folder(
  { placement, universe }: JudgeContext,
  voices: readonly Voice[],
  selected: FoldContext['selected'],
  hasRules: (voice: Voice) => boolean,
): (said: readonly Said[]) => Decision {
  return (said) => {
    const parts = voices.map((voice): AppliedPart => {
      const { placed, part, reason } = voice.selection;
      return {
        policy: placed.policy,
        tier: placed.tier,
        order: placed.order,
        isolates: part.isolates,
        hasRules: hasRules(voice),
        ...(reason === undefined ? {} : { reason }),
        open: voice.open,
        contributions: said.filter((one) => one.voice === voice).map(({ statement }) => statement),
      };
    });
    return fold(parts, { chain: placement.chain, universe, selected });
  };
}

/** A memory without pairs. */
export function trafficRelations(): TrafficRelations {
  const known = new Map<traffic.TrafficSet, Map<traffic.TrafficSet, ReturnType<TrafficRelations>>>();
  return (a, b) => {
    if (a === b) return 'within';
    let own = known.get(a);
    if (own === undefined) {
      own = new Map();
      known.set(a, own);
    }
    let found = own.get(b);
    if (found === undefined) {
      found = traffic.isSubset(a, b) ? 'within' : traffic.isEmpty(traffic.intersect(a, b)) ? 'apart' : 'overlapping';
      own.set(b, found);
    }
    return found;
  };
}
