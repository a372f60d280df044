// What is decided of one patch when something is thought away: what compile/fold decides of sets of traffic, for traffic and peers
// that nothing tells apart, so that the first that is said of each kind is enough. Properties compare the two.

import type { Selected } from '../compile/fold.ts';
import type { UnknownReason } from '../model/endpoint.ts';
import { type Action, STRONGEST_FIRST } from '../model/policy.ts';
import type { Tier } from '../model/tier.ts';
import type { Gone } from './gone.ts';
import type { JudgeContext } from './judge-context.ts';
import { type ByAction, doubtOf, type Patch, type Run } from './patches.ts';
import type { Numbered } from './statements-about.ts';
import type { SubjectGroup, Voice } from './subject-groups.ts';

/** Tiers of a chain with those of a group's policies whose mere presence counts in them. */
export interface GroupTiers {
  readonly tiers: readonly GroupTier[];
  readonly tail: 'allow' | 'deny';
  /** The policies whose mere presence counts. */
  readonly framing: ReadonlySet<number>;
}

interface GroupTier extends Tier {
  /** Position of the tier where Pass goes. */
  readonly passesTo: number;
  readonly isolating: Present;
  /** Policies that leave protocols open, if they say anything at all. */
  readonly opening: readonly Voice[];
  /** Where being selected in either direction counts, whoever selects. */
  readonly selecting: Present;
}

/** Policies, by position, that surely select, and those that perhaps do, with the reason. */
interface Present {
  readonly sure: readonly number[];
  readonly perhaps: readonly { readonly policy: number; readonly reason: UnknownReason }[];
}

/** Accept, Deny, why it cannot be known, or the conditions. */
export type Verdict = string;

/** Groups never change. */
const known = new WeakMap<SubjectGroup, GroupTiers>();

/** The tiers of a group. */
export function tiersOf({ placement: { chain } }: JudgeContext, group: SubjectGroup): GroupTiers {
  const before = known.get(group);
  if (before !== undefined) return before;
  const framing = new Set<number>();
  const tiers = chain.tiers.map((tier, index): GroupTier => {
    const own = group.voices.filter((one) => one.tier === index);
    const named = chain.tiers.findIndex(({ name }) => name === tier.passTo);
    const isolating = own.filter(({ selection }) => selection.part.isolates).map(({ selection }) => selection);
    const opening = own.filter(({ open }) => open.length > 0);
    const counts = tier.unisolated === 'accept-if-selected';
    const selecting = counts ? group.across.filter(({ placed }) => placed.tier === index) : [];
    for (const { position } of [...isolating, ...selecting]) framing.add(position);
    for (const { policy } of opening) framing.add(policy);
    const passesTo = named > index ? named : index + 1;
    return { ...tier, passesTo, isolating: present(isolating), opening, selecting: present(selecting) };
  });
  const made: GroupTiers = { tiers, tail: chain.tail, framing };
  known.set(group, made);
  return made;
}

function present(selections: SubjectGroup['across']): Present {
  return {
    sure: selections.flatMap(({ reason, position }) => (reason === undefined ? [position] : [])),
    perhaps: selections.flatMap(({ reason, position }) => (reason === undefined ? [] : [{ policy: position, reason }])),
  };
}

/** Decides a patch. `by` is given the policies that decide, besides those whose mere presence counts. */
export function decide(tiers: GroupTiers, patch: Patch, gone: Gone, by?: number[]): Verdict {
  const off = walk(tiers, patch, { gone, holding: 'no', by });
  const on = patch.hasConditions ? walk(tiers, patch, { gone, holding: 'yes', by }) : off;
  if (off.allow && off.deny) return off.doubt!;
  if (on.allow && on.deny) return on.doubt!;
  if (off.allow === on.allow) return off.allow ? 'Accept' : 'Deny';
  const { hits } = walk(tiers, patch, { gone, holding: 'perhaps', by });
  return conditionsText(hits);
}

function conditionsText(conditional: readonly Numbered[]): string {
  const texts = conditional.flatMap(({ statement }) => statement.conditions.map((one) => JSON.stringify(one)));
  return [...new Set(texts)].sort().join();
}

interface Question {
  readonly gone: Gone;
  /** Whether conditions hold: none, all, or each for itself. */
  readonly holding: 'no' | 'yes' | 'perhaps';
  readonly by: number[] | undefined;
}

interface Walk {
  allow: boolean;
  deny: boolean;
  readonly reached: boolean[];
  /** The first of all. */
  doubt: UnknownReason | undefined;
  /** What is said on conditions, and counts. */
  readonly hits: Numbered[];
}

function walk({ tiers, tail }: GroupTiers, { said, open }: Patch, question: Question): Walk {
  const state: Walk = { allow: false, deny: false, reached: [true], doubt: undefined, hits: [] };
  for (let index = 0; index < tiers.length; index++) {
    if (isSettled(state, question)) return state;
    if (state.reached[index] !== true) continue;
    const tier = tiers[index]!;
    const reason = open[index];
    if (reason !== undefined && tier.opening.some((voice) => speaks(voice, question.gone))) {
      // Anything may become of it, and nothing else is said of it here.
      Object.assign(state, { allow: true, deny: true, doubt: state.doubt ?? reason });
      if (endsUnselected(tier, question.gone, state)) state.reached[index + 1] = true;
      continue;
    }
    const here = said[index];
    const ends =
      here === undefined ||
      ('runs' in here
        ? firstMatch(tier, here.runs, question, state)
        : unordered(tier, here.sure, here.perhaps, question, state));
    if (ends && endsOpen(tier, question.gone, state)) state.reached[index + 1] = true;
  }
  if (state.reached[tiers.length] === true) does(tail === 'allow' ? 'Accept' : 'Deny', 0, state);
  return state;
}

/** Reports whether nothing that is said later changes the verdict: anything may happen, for a reason that is known. */
function isSettled({ allow, deny, doubt }: Walk, { holding }: Question): boolean {
  return holding !== 'perhaps' && allow && deny && doubt !== undefined;
}

function does(action: Action, passesTo: number, state: Walk): void {
  if (action === 'Accept') state.allow = true;
  else if (action === 'Deny') state.deny = true;
  else state.reached[passesTo] = true;
}

function speaks({ policy, selection: { part } }: Voice, gone: Gone): boolean {
  if (gone.isGone(policy)) return false;
  return part.isolates || part.rules.some(({ path }) => !gone.isRuleGone(policy, path));
}

function isLeft({ voice: { policy }, statement: { path, conditions } }: Numbered, question: Question): boolean {
  return (question.holding !== 'no' || conditions.length === 0) && !question.gone.isRuleGone(policy, path);
}

/** Reports whether it is open whether the statement holds, because of its conditions. */
function isOpen({ statement: { conditions } }: Numbered, { holding }: Question): boolean {
  return holding === 'perhaps' && conditions.length > 0;
}

/** Deny beats Accept beats Pass; order is irrelevant. Reports whether it comes to the end of the tier. */
function unordered(tier: GroupTier, sure: ByAction, perhaps: ByAction, question: Question, state: Walk): boolean {
  let doubtful: Numbered | undefined;
  let ends = true;
  for (const action of STRONGEST_FIRST) {
    const certain = sure[action]?.find((one) => isLeft(one, question) && !isOpen(one, question));
    const either = certain ?? perhaps[action]?.find((one) => isLeft(one, question));
    const possible = certain === undefined ? (either ?? sure[action]?.find((one) => isLeft(one, question))) : undefined;
    const first = certain ?? possible;
    if (first === undefined) continue;
    question.by?.push(first.voice.policy);
    does(action, tier.passesTo, state);
    if (question.holding === 'perhaps') noteConditions([sure[action], perhaps[action]], question, state);
    if (possible !== undefined && (doubtful === undefined || possible.position < doubtful.position))
      doubtful = possible;
    if (certain === undefined) continue;
    ends = false;
    break;
  }
  if (doubtful !== undefined) state.doubt ??= doubtOf(doubtful);
  return ends;
}

function noteConditions(lists: readonly (readonly Numbered[] | undefined)[], question: Question, state: Walk): void {
  for (const list of lists) {
    for (const one of list ?? []) {
      if (one.statement.conditions.length === 0 || !isLeft(one, question)) continue;
      question.by?.push(one.voice.policy);
      state.hits.push(one);
    }
  }
}

/** By order, rule by rule; policies of equal order are tried in every order. Reports whether it comes to the end of the tier. */
function firstMatch(tier: GroupTier, runs: readonly Run[], question: Question, state: Walk): boolean {
  for (let at = 0; at < runs.length; ) {
    const { isTied, said } = runs[at]!;
    const { order } = said[0].voice.selection.placed;
    let end = at + 1;
    while (isTied && runs[end]?.said[0].voice.selection.placed.order === order) end++;
    let isDecided = false;
    /** What those of the same order before may do, a bit for each action. */
    let decided = 0;
    while (at < end) {
      const { voice } = runs[at]!.said[0];
      let own = 0;
      let isOver = false;
      // A run of several policies stands for itself.
      for (; at < end && runs[at]!.said[0].voice === voice; at++) {
        const first = isOver ? undefined : runs[at]!.said.find((one) => isLeft(one, question));
        if (first === undefined) continue;
        own |= BIT[first.statement.action];
        isOver = matches(first, tier, question, state);
        if (isSettled(state, question)) return false;
      }
      if (own !== 0 && decided !== 0 && !isOne(own | decided)) state.doubt ??= 'equal-priority';
      isDecided ||= isOver;
      decided |= own;
    }
    if (isDecided) return false;
  }
  return true;
}

/** Notes what a rule does; reports whether it is sure. */
function matches(one: Numbered, tier: GroupTier, question: Question, state: Walk): boolean {
  const { action, conditions } = one.statement;
  question.by?.push(one.voice.policy);
  does(action, tier.passesTo, state);
  if (conditions.length > 0) state.hits.push(one);
  const doubt = doubtOf(one);
  state.doubt ??= doubt;
  return doubt === undefined && !isOpen(one, question);
}

const BIT: Readonly<Record<Action, number>> = { Accept: 1, Deny: 2, Pass: 4 };

function isOne(bits: number): boolean {
  return (bits & (bits - 1)) === 0;
}

/** What no rule matched is denied where a policy of the tier isolates; reports whether it goes on to the next tier. */
function endsOpen(tier: GroupTier, gone: Gone, state: Walk): boolean {
  const isolated = standing(tier.isolating, gone);
  if (isolated !== 'no') {
    state.deny = true;
    if (isolated === 'yes') return false;
    state.doubt ??= isolated;
  }
  return endsUnselected(tier, gone, state);
}

function endsUnselected({ unisolated, selecting }: GroupTier, gone: Gone, state: Walk): boolean {
  if (unisolated !== 'accept-if-selected') return true;
  const selected = standing(selecting, gone);
  if (selected === 'no') return true;
  state.allow = true;
  if (selected === 'yes') return false;
  state.doubt ??= selected;
  return true;
}

function standing({ sure, perhaps }: Present, gone: Gone): Selected {
  if (sure.some((policy) => !gone.isGone(policy))) return 'yes';
  return perhaps.find(({ policy }) => !gone.isGone(policy))?.reason ?? 'no';
}
