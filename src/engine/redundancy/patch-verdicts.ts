// What is decided of patches when something is thought away, and which policies decide it: what is said first in a tier, and
// where that passes, in the next one. Reads tiers as compile/fold does, with which properties compare it.

import { entry } from '../compile/entry.ts';
import type { Tier } from '../model/tier.ts';
import { type IdSet, intersect } from '../sets/id-set.ts';
import type { Gone, Item } from './gone.ts';
import type { JudgeContext } from './judge-context.ts';
import { type Patch, type Patches, patchesOf } from './patches.ts';
import type { SubjectGroup, Voice } from './subject-groups.ts';

/** Some peers and some traffic of a group, judged when something is thought away. */
export interface PatchJudge {
  /** Reports whether a decision changes where the item goes too; undefined where it takes a fold to see. */
  differs(gone: Gone, item: Item): boolean | undefined;
  /**
   * Takes the policies away one after the other, but for those without which a decision changes then, and lists these.
   * Undefined where it takes a fold to see.
   */
  needed(gone: Gone, policies: readonly number[]): number[] | undefined;
}

/** Prepares to judge; undefined where it takes a fold to see anything. */
export function judgePatches(
  context: JudgeContext,
  group: SubjectGroup,
  peers: IdSet,
  about: number,
): PatchJudge | undefined {
  const patches = patchesOf(context, group);
  if (patches === undefined) return undefined;
  const spots = spotsOf(patches, group, peers, about);
  const tiers = tiersOf(context, group);
  return {
    differs(gone, item) {
      const without = gone.over();
      without.add(item);
      return differsAt(tiers, spots, gone, without);
    },
    needed: (gone, policies) => neededAt(tiers, spots, gone, policies),
  };
}

interface Spot {
  readonly patch: Patch;
  /** Whether the whole decision counts; else only what is surely allowed. */
  readonly isWhole: boolean;
}

function spotsOf(
  patches: Patches,
  { counted: { whole, surelyOnly, isEverybody } }: SubjectGroup,
  peers: IdSet,
  about: number,
): readonly Spot[] {
  const all = patches.over(isEverybody ? peers : intersect(peers, whole), about);
  const surely = surelyOnly.length === 0 ? [] : patches.over(intersect(peers, surelyOnly), about);
  return [...all.map((patch) => ({ patch, isWhole: true })), ...surely.map((patch) => ({ patch, isWhole: false }))];
}

/** Tiers of a chain with those of a group's policies whose mere presence counts in them. */
interface GroupTiers {
  readonly tiers: readonly (Tier & {
    /** Position of the tier where Pass goes. */
    readonly passesTo: number;
    /** Whether what policies of equal order say may be in conflict. */
    readonly hasTies: boolean;
    readonly isolating: readonly Voice[];
    /** Policies that leave protocols open, if they say anything at all. */
    readonly opening: readonly Voice[];
  })[];
  readonly tail: Verdict;
  /** The policies of all of these. */
  readonly framing: ReadonlySet<number>;
}

/** Accept, Deny, or why it cannot be known. */
type Verdict = string;

/** Groups never change. */
const known = new WeakMap<SubjectGroup, GroupTiers>();

function tiersOf({ placement: { chain } }: JudgeContext, group: SubjectGroup): GroupTiers {
  const before = known.get(group);
  if (before !== undefined) return before;
  const { voices } = group;
  const tiers = chain.tiers.map((tier, index) => {
    const own = voices.filter((one) => one.tier === index);
    const named = chain.tiers.findIndex(({ name }) => name === tier.passTo);
    return {
      ...tier,
      passesTo: named > index ? named : index + 1,
      hasTies:
        tier.combine === 'first-match' &&
        tier.ties === 'undefined' &&
        own.some((one, i) => i > 0 && one.selection.placed.order === own[i - 1]!.selection.placed.order),
      isolating: own.filter(({ selection }) => selection.part.isolates),
      opening: own.filter(({ open }) => open.length > 0),
    };
  });
  const framing = tiers.flatMap(({ isolating, opening }) => [...isolating, ...opening]);
  const made: GroupTiers = {
    tiers,
    tail: chain.tail === 'allow' ? 'Accept' : 'Deny',
    framing: new Set(framing.map(({ policy }) => policy)),
  };
  known.set(group, made);
  return made;
}

/** Decides a patch; undefined where policies of equal order say different things. `by` is given the policies that decide. */
function decide({ tiers, tail }: GroupTiers, { said, open }: Patch, gone: Gone, by?: number[]): Verdict | undefined {
  let at = 0;
  for (let index = 0; index < tiers.length; ) {
    const tier = tiers[index]!;
    const reason = open[index];
    if (reason !== undefined && tier.opening.some((voice) => speaks(voice, gone))) return reason;
    while (at < said.length && (said[at]!.voice.tier < index || isOut(said[at]!, gone))) at++;
    const first = said[at];
    if (first?.voice.tier !== index) {
      if (tier.isolating.some(({ policy }) => !gone.isGone(policy))) return 'Deny';
      index++;
      continue;
    }
    if (tier.hasTies && isInConflict(said, at, gone)) return undefined;
    const { action } = first.statement;
    by?.push(first.voice.policy);
    if (action !== 'Pass') return action;
    index = tier.passesTo;
  }
  return tail;
}

function isOut({ voice: { policy }, statement: { path } }: Patch['said'][number], gone: Gone): boolean {
  return gone.isRuleGone(policy, path);
}

function speaks({ policy, selection: { part } }: Voice, gone: Gone): boolean {
  if (gone.isGone(policy)) return false;
  return part.isolates || part.rules.some(({ path }) => !gone.isRuleGone(policy, path));
}

/** Reports whether another policy of the same order says something else: perhaps it comes before. */
function isInConflict(said: Patch['said'], at: number, gone: Gone): boolean {
  const { voice, statement } = said[at]!;
  const { order } = voice.selection.placed;
  for (let next = at + 1; next < said.length; next++) {
    const other = said[next]!;
    if (other.voice.tier !== voice.tier || other.voice.selection.placed.order !== order) return false;
    if (other.voice !== voice && other.statement.action !== statement.action && !isOut(other, gone)) return true;
  }
  return false;
}

function isSame(before: Verdict, after: Verdict, isWhole: boolean): boolean {
  return before === after || (!isWhole && before !== 'Accept' && after !== 'Accept');
}

function differsAt(tiers: GroupTiers, spots: readonly Spot[], gone: Gone, without: Gone): boolean | undefined {
  for (const { patch, isWhole } of spots) {
    const before = decide(tiers, patch, gone);
    const after = decide(tiers, patch, without);
    if (before === undefined || after === undefined) return undefined;
    if (!isSame(before, after, isWhole)) return true;
  }
  return false;
}

function neededAt(
  tiers: GroupTiers,
  spots: readonly Spot[],
  gone: Gone,
  policies: readonly number[],
): number[] | undefined {
  const verdicts = new Map<Spot, Verdict>();
  /** Patches that a policy decides now: without another one they stay as they are. */
  const decided = new Map<number, Spot[]>();
  const register = (spot: Spot, by: readonly number[]) => {
    for (const policy of by) entry(decided, policy, () => []).push(spot);
  };
  for (const spot of spots) {
    const by: number[] = [];
    const verdict = decide(tiers, spot.patch, gone, by);
    if (verdict === undefined) return undefined;
    verdicts.set(spot, verdict);
    register(spot, by);
  }
  const needed: number[] = [];
  const less = gone.over();
  for (const policy of policies) {
    const without = less.over();
    without.add({ policy });
    // What policies do beside their rules concerns every patch.
    const concerned = tiers.framing.has(policy) ? spots : (decided.get(policy) ?? []);
    const now: [Spot, number[]][] = [];
    let matters = false;
    for (const spot of concerned) {
      const by: number[] = [];
      const verdict = decide(tiers, spot.patch, without, by);
      if (verdict === undefined) return undefined;
      now.push([spot, by]);
      matters ||= !isSame(verdicts.get(spot)!, verdict, spot.isWhole);
      if (matters) break;
    }
    if (matters) needed.push(policy);
    else {
      less.add({ policy });
      for (const [spot, by] of now) register(spot, by);
    }
  }
  return needed;
}
