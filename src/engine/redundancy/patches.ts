// A group of subjects as patches: peers and traffic that no statement tells apart, with what is said of each in the order in
// which it counts. Made when somebody asks for them. Only where nothing is in doubt. Decides nothing.

import { entry } from '../compile/entry.ts';
import type { Action } from '../model/policy.ts';
import { count, type IdSet } from '../sets/id-set.ts';
import type { JudgeContext } from './judge-context.ts';
import { type ByPeers, type Numbered, sortedByPeers } from './statements-about.ts';
import type { SubjectGroup } from './subject-groups.ts';

/** Peers and traffic of a group for which the same is said. */
export interface Patch {
  /** By tier, in a tier whose order does not matter by action, the strongest first; then in order of evaluation. */
  readonly said: readonly Numbered[];
  /** For each tier why policies that say anything in it leave the traffic open; absent: they do not. */
  readonly open: readonly (string | undefined)[];
}

/** The patches of a group. */
export interface Patches {
  /** Those of the peers and of the traffic of that number; each once. */
  over(peers: IdSet, about: number): readonly Patch[];
}

/** What wins in a tier without order: the first that is said. */
const STRENGTH: Readonly<Record<Action, number>> = { Deny: 0, Accept: 1, Pass: 2 };

/** Groups never change. */
const known = new WeakMap<SubjectGroup, Patches | 'doubtful'>();

/** The patches of a group; undefined where something is said or selected only perhaps, or on a condition. */
export function patchesOf(context: JudgeContext, group: SubjectGroup): Patches | undefined {
  let found = known.get(group);
  if (found === undefined) {
    found = isPlain(group) ? makePatches(context, group) : 'doubtful';
    known.set(group, found);
  }
  return found === 'doubtful' ? undefined : found;
}

function isPlain({ voices, across, leavesAlikeOpen }: SubjectGroup): boolean {
  if (across.length > 0 || !leavesAlikeOpen) return false;
  return voices.every(
    ({ selection, statements }) => selection.reason === undefined && statements.every((one) => one.isPlain),
  );
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
  const rankOf = ({ voice: { tier }, statement: { action } }: Numbered): number =>
    chain.tiers[tier]!.combine === 'first-match' ? 0 : STRENGTH[action];
  const inOrder = (a: Numbered, b: Numbered): number =>
    a.voice.tier - b.voice.tier || rankOf(a) - rankOf(b) || a.position - b.position;

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
    said.sort(inOrder);
    for (const list of opens) for (const { number } of list) numbers.add(number);
    const isIn = (traffic: number, number: number) => relations.relation(traffic, number) === 'within';
    return toldApart(relations, about, numbers).map((traffic) =>
      entry(patches, traffic, () => ({
        said: said.filter(({ statement: { number } }) => isIn(traffic, number)),
        open: opens.map((list) => list.find(({ number }) => isIn(traffic, number))?.reason),
      })),
    );
  };
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
