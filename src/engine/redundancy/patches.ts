// A group of subjects as patches: peers and traffic that no statement tells apart, with what is said of each in the order in
// which it counts. Made when somebody asks for them. Decides nothing.

import { entry } from '../compile/entry.ts';
import type { UnknownReason } from '../model/endpoint.ts';
import type { Action } from '../model/policy.ts';
import type { Chain } from '../model/tier.ts';
import { count, type IdSet } from '../sets/id-set.ts';
import type { JudgeContext } from './judge-context.ts';
import { type ByPeers, type Numbered, sortedByPeers } from './statements-about.ts';
import type { SubjectGroup, Voice } from './subject-groups.ts';

/** Peers and traffic of a group for which the same is said. */
export interface Patch {
  /** By tier; absent: nothing is said in it. */
  readonly said: readonly (SaidInTier | undefined)[];
  /** For each tier why policies that say anything in it leave the traffic open; absent: they do not. */
  readonly open: readonly (UnknownReason | undefined)[];
  /** Whether anything holds on conditions. */
  readonly hasConditions: boolean;
}

/** What is said in a tier, each list in order of evaluation: by order, or where order does not matter for each action. */
export type SaidInTier = { readonly runs: readonly Run[] } | { readonly sure: ByAction; readonly perhaps: ByAction };

/** What does the same one after the other, so that the first of it that is left is enough. Of one policy where that has ties. */
export interface Run {
  readonly said: readonly [Numbered, ...Numbered[]];
  /** Whether other policies are of the same order: it is not known which of them comes first. */
  readonly isTied: boolean;
}

/** Absent: nothing does that. */
export type ByAction = Readonly<Partial<Record<Action, readonly Numbered[]>>>;

/** The patches of a group. */
export interface Patches {
  /** Those of the peers and of the traffic of that number; each once. */
  over(peers: IdSet, about: number): readonly Patch[];
}

/** Groups never change. */
const known = new WeakMap<SubjectGroup, Patches>();

/** The patches of a group, all of whose policies of a tier leave the same protocols open. */
export function patchesOf(context: JudgeContext, group: SubjectGroup): Patches {
  const patches = known.get(group) ?? makePatches(context, group);
  known.set(group, patches);
  return patches;
}

/** Peers of whom the same sets are said: those of the parent that are also in one more set. */
interface PeerClass {
  readonly number: number;
  readonly parent?: PeerClass;
  /** Absent: the peers that no set names. */
  readonly set?: IdSet;
}

function makePatches(context: JudgeContext, group: SubjectGroup): Patches {
  const byPeers = sortedByPeers(group);
  const { classes, classOf, everywhere } = classify(byPeers, context.size);
  const makeOf = patchMaker(context, group, byPeers, everywhere);
  const known = new Map<number, readonly Patch[]>();
  /** Number of the last question in which a class was met. */
  const met = new Uint32Array(classes.length);
  let question = 0;
  return {
    over(peers, about) {
      question++;
      const found: Patch[] = [];
      if (about === context.nothing) return found;
      for (let run = 0; run < peers.length; run += 2) {
        for (let id = peers[run]!; id < peers[run + 1]!; id++) {
          const number = classOf[id]!;
          if (met[number] === question) continue;
          met[number] = question;
          const patches = entry(known, about * classes.length + number, () => makeOf(classes[number]!, about));
          for (const patch of patches) found.push(patch);
        }
      }
      return found;
    },
  };
}

function classify(byPeers: ByPeers, size: number) {
  const classes: PeerClass[] = [{ number: 0 }];
  const classOf = new Uint32Array(size);
  const everywhere: IdSet[] = [];
  for (const set of byPeers.keys()) {
    if (count(set) === size) {
      everywhere.push(set);
      continue;
    }
    const narrowed = new Map<number, number>();
    const narrow = (parent: number): number => {
      const number = classes.length;
      classes.push({ number, parent: classes[parent]!, set });
      return number;
    };
    for (let run = 0; run < set.length; run += 2) {
      for (let id = set[run]!; id < set[run + 1]!; id++) {
        const before = classOf[id]!;
        classOf[id] = entry(narrowed, before, () => narrow(before));
      }
    }
  }
  return { classes, classOf, everywhere };
}

function patchMaker(
  { placement: { chain }, relations }: JudgeContext,
  { voices }: SubjectGroup,
  byPeers: ByPeers,
  everywhere: readonly IdSet[],
): (own: PeerClass, about: number) => readonly Patch[] {
  const opens = chain.tiers.map((_, tier) =>
    (voices.find((one) => one.tier === tier)?.open ?? []).map(({ traffic, reason }) => ({
      number: relations.intern(traffic),
      reason,
    })),
  );

  const tied = tiedVoices(chain, voices);

  /** By class, and by the number of its traffic: what was asked for may overlap. */
  const known = new Map<number, Map<number, Patch>>();
  return (own, about) => {
    const patches = entry(known, own.number, () => new Map<number, Patch>());
    const said: Numbered[] = [];
    const numbers = new Set<number>();
    const hear = (set: IdSet) => {
      for (const [number, list] of byPeers.get(set)!) {
        if (relations.relation(number, about) === 'apart') continue;
        for (const one of list) said.push(one);
        numbers.add(number);
      }
    };
    for (const set of everywhere) hear(set);
    for (let at: PeerClass | undefined = own; at?.set !== undefined; at = at.parent) hear(at.set);
    said.sort((a, b) => a.position - b.position);
    for (const list of opens) for (const { number } of list) numbers.add(number);
    const isIn = (traffic: number, number: number) => relations.relation(traffic, number) === 'within';
    return toldApart(relations, about, numbers).map((traffic) =>
      entry(patches, traffic, () => {
        const here = said.filter(({ statement: { number } }) => isIn(traffic, number));
        return {
          said: saidByTier(chain, here, tied),
          open: opens.map((list) => list.find(({ number }) => isIn(traffic, number))?.reason),
          hasConditions: here.some(({ statement: { conditions } }) => conditions.length > 0),
        };
      }),
    );
  };
}

/** Policies beside which others of the same order stand in their tier, where that is not resolved by name. */
function tiedVoices({ tiers }: Chain, voices: readonly Voice[]): ReadonlySet<Voice> {
  const tied = new Set<Voice>();
  for (const [nth, voice] of voices.entries()) {
    const next = voices[nth + 1];
    if (next?.tier !== voice.tier || tiers[voice.tier]!.ties !== 'undefined') continue;
    if (next.selection.placed.order === voice.selection.placed.order) tied.add(voice).add(next);
  }
  return tied;
}

function saidByTier({ tiers }: Chain, said: readonly Numbered[], tied: ReadonlySet<Voice>): Patch['said'] {
  const found: (SaidInTier | undefined)[] = [];
  for (const [index, own] of groupBy(said, ({ voice: { tier } }) => tier)) {
    found[index] =
      tiers[index]!.combine === 'first-match'
        ? { runs: runsOf(own, tied) }
        : {
            sure: byAction(own.filter((one) => doubtOf(one) === undefined)),
            perhaps: byAction(own.filter((one) => doubtOf(one) !== undefined)),
          };
  }
  return found;
}

function runsOf(said: readonly Numbered[], tied: ReadonlySet<Voice>): Run[] {
  const runs: { said: [Numbered, ...Numbered[]]; isTied: boolean }[] = [];
  for (const one of said) {
    const isTied = tied.has(one.voice);
    const last = runs.at(-1);
    const before = last?.said[0];
    const isSame =
      before !== undefined &&
      before.statement.action === one.statement.action &&
      doubtOf(before) === doubtOf(one) &&
      before.statement.conditions.length + one.statement.conditions.length === 0 &&
      (before.voice === one.voice || !(isTied || last!.isTied));
    if (isSame) last!.said.push(one);
    else runs.push({ said: [one], isTied });
  }
  return runs;
}

/** Why a statement is made only perhaps; undefined: it is sure. */
export function doubtOf({ voice, statement }: Numbered): UnknownReason | undefined {
  return statement.reason ?? voice.selection.reason;
}

function byAction(said: readonly Numbered[]): ByAction {
  return Object.fromEntries(groupBy(said, ({ statement: { action } }) => action));
}

function groupBy<K>(said: readonly Numbered[], keyOf: (one: Numbered) => K): ReadonlyMap<K, readonly Numbered[]> {
  const groups = new Map<K, Numbered[]>();
  for (const one of said) entry(groups, keyOf(one), () => []).push(one);
  return groups;
}

/** Parts of some traffic that none of the others tells apart; all are numbers. */
function toldApart(relations: JudgeContext['relations'], about: number, numbers: Iterable<number>): readonly number[] {
  let parts: readonly number[] = [about];
  for (const number of numbers) {
    parts = parts.flatMap((part) => {
      if (relations.relation(part, number) !== 'overlapping') return [part];
      const outside = relations.subtract(part, number);
      return [relations.subtract(part, outside), outside];
    });
  }
  return parts;
}
