// Whether decisions about patches change when something is thought away, and which policies are needed for them.

import { entry } from '../compile/entry.ts';
import { type IdSet, intersect } from '../sets/id-set.ts';
import type { Gone, Item } from './gone.ts';
import type { JudgeContext } from './judge-context.ts';
import { decide, type GroupTiers, tiersOf, type Verdict } from './patch-walk.ts';
import { type Patch, type Patches, patchesOf } from './patches.ts';
import type { SubjectGroup } from './subject-groups.ts';

/** Some peers and some traffic of a group, judged when something is thought away. */
export interface PatchJudge {
  /** Reports whether a decision changes where the item goes too. */
  differs(gone: Gone, item: Item): boolean;
  /** Takes the policies away one after the other, but for those without which a decision changes then, and lists these. */
  needed(gone: Gone, policies: readonly number[]): number[];
}

/** Prepares to judge; undefined where it takes a fold: policies of a tier leave different protocols open. */
export function judgePatches(
  context: JudgeContext,
  group: SubjectGroup,
  peers: IdSet,
  about: number,
): PatchJudge | undefined {
  if (!group.leavesAlikeOpen) return undefined;
  const spots = spotsOf(patchesOf(context, group), group, peers, about);
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

function isSame(before: Verdict, after: Verdict, isWhole: boolean): boolean {
  return before === after || (!isWhole && before !== 'Accept' && after !== 'Accept');
}

function differsAt(tiers: GroupTiers, spots: readonly Spot[], gone: Gone, without: Gone): boolean {
  return spots.some(
    ({ patch, isWhole }) => !isSame(decide(tiers, patch, gone), decide(tiers, patch, without), isWhole),
  );
}

function neededAt(tiers: GroupTiers, spots: readonly Spot[], gone: Gone, policies: readonly number[]): number[] {
  const verdicts = new Map<Spot, Verdict>();
  /** Patches that a policy decides now: without another one they stay as they are. */
  const decided = new Map<number, Spot[]>();
  const register = (spot: Spot, by: readonly number[]) => {
    for (const policy of by) entry(decided, policy, () => []).push(spot);
  };
  for (const spot of spots) {
    const by: number[] = [];
    const verdict = decide(tiers, spot.patch, gone, by);
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
