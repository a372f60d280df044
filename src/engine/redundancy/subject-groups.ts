// What policies say to whom: subjects under the same policies are one group, and each rule of each policy is there with the
// peers and the traffic that it names. Decides nothing.

import { addMatches, rulesOf } from '../compile/contributions.ts';
import { entry } from '../compile/entry.ts';
import type { AppliedPart } from '../compile/fold.ts';
import { ANY_NUMBER, numberedMap } from '../compile/numbered-map.ts';
import { openTraffic } from '../compile/rows.ts';
import { matchRules, type RuleMatcher } from '../compile/rule-matches.ts';
import { type Selection, selectSubjects } from '../compile/selections.ts';
import { indexSelectors, type SelectorIndex } from '../compile/selector-index.ts';
import type { Knobs } from '../model/behaviour.ts';
import type { Endpoint, UnknownReason } from '../model/endpoint.ts';
import { type Action, type Condition, DIRECTIONS, type Direction } from '../model/policy.ts';
import type { Path } from '../model/source.ts';
import type { Placement } from '../model/tier.ts';
import { count, type IdSet, intersect } from '../sets/id-set.ts';
import { FAMILIES, type Family } from '../sets/ip-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import { type CountedPeers, countedPeers } from './counted-peers.ts';
import type { TrafficRelations } from './traffic-relations.ts';

/** One rule, or a part of it that is sure or open for one reason, for one kind of subject. */
export interface Statement {
  /** Field path of the written rule: a plugin may read one rule as several. */
  readonly path: Path;
  readonly action: Action;
  readonly traffic: traffic.TrafficSet;
  /** The traffic that the policy may speak of: less that of protocols which it leaves open. */
  readonly spoken: traffic.TrafficSet;
  /** Equal for equal `spoken`: a position in the table of {@link TrafficRelations}. */
  readonly number: number;
  /** Whether it is sure, and holds on no condition. */
  readonly isPlain: boolean;
  readonly reason?: UnknownReason;
  readonly conditions: readonly Condition[];
  /** Never empty. */
  readonly peers: IdSet;
  /** How many peers. */
  readonly size: number;
}

/** A policy that selects the subjects of a group, with all that it says to them in written order. */
export interface Voice {
  /** Position of the policy in order of evaluation. */
  readonly policy: number;
  readonly tier: number;
  readonly selection: Selection;
  readonly open: AppliedPart['open'];
  readonly statements: readonly Statement[];
  /** What the policy does beside its rules: it isolates, or leaves protocols open. Empty: nothing. */
  readonly frame: string;
}

/** Subjects to which the same policies say the same, in one direction and family. */
export interface SubjectGroup {
  readonly direction: Direction;
  /** Positions in the endpoints; never empty. */
  readonly subjects: readonly number[];
  /** In order of evaluation; empty only where `across` is not. */
  readonly voices: readonly Voice[];
  /** The selections of both directions, where being selected in either one counts (npTier=anyDirection); else empty. */
  readonly across: readonly Selection[];
  readonly counted: CountedPeers;
  /** Whether all of the voices surely select, stand in one tier and only accept, without conditions. */
  readonly onlyAccepts: boolean;
  /** Whether all that is said only perhaps is so for one and the same reason. */
  readonly hasOneReason: boolean;
  /** Whether all voices of a tier leave the same protocols open, as plugins place them. */
  readonly leavesAlikeOpen: boolean;
}

/** One policy in one group. */
export interface Place {
  readonly group: SubjectGroup;
  /** The voices of the policy; more than one where it selects in several ways, none where it selects in the other direction. */
  readonly own: readonly Voice[];
}

/** What groups are made from: a placement, and the endpoints that it is about. */
export interface GroupInput {
  readonly placement: Placement;
  readonly knobs: Knobs;
  readonly endpoints: readonly Endpoint[];
  /** All traffic that counts. */
  readonly universe: traffic.TrafficSet;
  /** The index of the pods among the endpoints, which must come first; absent: made. */
  readonly selectors?: SelectorIndex;
}

/** Puts all subjects into groups. A subject that no policy selects is in none. */
export function groupSubjects(input: GroupInput, relations: TrafficRelations): SubjectGroup[] {
  const { placement, knobs, endpoints, universe } = input;
  const { selectors = indexSelectors(endpoints) } = input;
  const selections = selectSubjects(placement, selectors);
  const families = FAMILIES.filter((family) => endpoints.some((one) => one.families.includes(family)));
  const matcherOf = matchRules(endpoints, selectors, universe);
  const matchers = new Map(families.map((family) => [family, matcherOf(family)]));
  const voiceOf = voices(openTraffic(knobs, universe), relations);
  const counted = countedPeers(input);
  const isAcross = placement.chain.tiers.some((tier) => tier.unisolated === 'accept-if-selected');
  const groups: SubjectGroup[] = [];
  for (const direction of DIRECTIONS) {
    const other = selections[direction === 'egress' ? 'ingress' : 'egress'];
    const own = isAcross ? withOthers(selections[direction], other) : selections[direction];
    const leaves = alike(own, (subject, list) => {
      const names = direction === 'ingress' && list.some((one) => one.hasNames);
      const named = names ? matchers.get(families[0]!)!.namesAt(subject) : ANY_NUMBER;
      const across = isAcross ? (other.get(subject) ?? []).map(({ key }) => key).join() : '';
      return `${named} ${counted.keyOf(subject, direction)} ${across}`;
    });
    for (const { subjects, list } of leaves) {
      const [first] = subjects;
      const ofFamilies = counted.families(first!, direction);
      // Where no rule names addresses, families differ only in who has an address of them.
      const hasBlocks = list.some((one) => one.hasBlocks);
      const distinct = hasBlocks
        ? ofFamilies
        : ofFamilies.filter(({ peers }, i) => ofFamilies.findIndex((one) => one.peers === peers) === i);
      for (const { family, peers } of distinct) {
        const matcher = matchers.get(family)!;
        const said = list.map((selection) => voiceOf(matcher, family, selection, first!, direction));
        groups.push({
          direction,
          subjects,
          voices: said,
          across: isAcross ? DIRECTIONS.flatMap((one) => selections[one].get(first!) ?? []) : [],
          counted: peers,
          ...acceptance(said),
        });
      }
    }
  }
  return groups;
}

function acceptance(voices: readonly Voice[]): Pick<SubjectGroup, 'onlyAccepts' | 'hasOneReason' | 'leavesAlikeOpen'> {
  let onlyAccepts = true;
  let known: UnknownReason | undefined;
  let hasOneReason = true;
  const opens = new Map<number, AppliedPart['open']>();
  let leavesAlikeOpen = true;
  for (const { selection, statements, tier, open } of voices) {
    leavesAlikeOpen &&= entry(opens, tier, () => open) === open;
    const isSure = selection.reason === undefined && selection.placed.tier === voices[0]!.selection.placed.tier;
    onlyAccepts &&= isSure;
    for (const { action, conditions, reason } of statements) {
      onlyAccepts &&= action === 'Accept' && conditions.length === 0;
      if (reason === undefined) continue;
      hasOneReason &&= known === undefined || known === reason;
      known = reason;
    }
  }
  return { onlyAccepts, hasOneReason, leavesAlikeOpen };
}

/** All subjects that are selected in either direction, with their selections in this one. */
function withOthers(
  own: ReadonlyMap<number, readonly Selection[]>,
  other: ReadonlyMap<number, readonly Selection[]>,
): ReadonlyMap<number, readonly Selection[]> {
  return new Map([...[...other.keys()].map((id) => [id, own.get(id) ?? UNSELECTED] as const), ...own]);
}

/** One list for all that no policy selects in a direction. */
const UNSELECTED: readonly Selection[] = [];

/** Subjects with the same list of selections, which is one object then, and the same text. */
function alike(
  lists: ReadonlyMap<number, readonly Selection[]>,
  textOf: (subject: number, list: readonly Selection[]) => string,
): { readonly subjects: number[]; readonly list: readonly Selection[] }[] {
  const known = new Map<readonly Selection[], Map<string, number[]>>();
  const found: { readonly subjects: number[]; readonly list: readonly Selection[] }[] = [];
  for (const [subject, list] of lists) {
    const texts = entry(known, list, () => new Map<string, number[]>());
    const text = textOf(subject, list);
    const subjects = texts.get(text);
    if (subjects !== undefined) {
      subjects.push(subject);
      continue;
    }
    const first = [subject];
    texts.set(text, first);
    found.push({ subjects: first, list });
  }
  return found;
}

/** {@link Voice.frame} of a policy with rules or without any. */
export function frameOf({ placed, part }: Selection, open: AppliedPart['open'], hasRules: boolean): string {
  if (!part.isolates && (open.length === 0 || !hasRules)) return '';
  return `${placed.tier} ${part.isolates} ${open.map(({ reason }) => reason).join()}`;
}

type VoiceOf = (
  matcher: RuleMatcher,
  family: Family,
  selection: Selection,
  subject: number,
  direction: Direction,
) => Voice;

/** What selections say, each worked out once: for all families together where it names no addresses. */
function voices(openOf: ReturnType<typeof openTraffic>, relations: TrafficRelations): VoiceOf {
  const common = numberedMap<Selection, Voice>();
  const apart = new Map<Family, typeof common>();
  const spokenSets = new Map<AppliedPart['open'], Map<traffic.TrafficSet, number>>();
  const spokenOf = (set: traffic.TrafficSet, open: AppliedPart['open']): number => {
    const known = entry(spokenSets, open, () => new Map<traffic.TrafficSet, number>());
    let number = known.get(set);
    if (number === undefined) {
      number = relations.intern(open.reduce((left, one) => traffic.subtract(left, one.traffic), set));
      known.set(set, number);
    }
    return number;
  };

  return (matcher, family, selection, subject, direction) => {
    const names = direction === 'ingress' && selection.hasNames ? matcher.namesAt(subject) : ANY_NUMBER;
    const known = selection.hasBlocks ? entry(apart, family, () => numberedMap<Selection, Voice>()) : common;
    return known.entry(selection, names, () => {
      const open = openOf(selection.placed);
      const statements: Statement[] = [];
      for (const { rule, narrowed } of rulesOf(selection)) {
        const peers = matcher.peers(rule.peers, selection.placed.policy);
        const ports = direction === 'ingress' ? [matcher.portsOn(rule.ports, subject)] : matcher.portGroups(rule.ports);
        for (const group of ports) {
          const destinations = 'destinations' in group ? group.destinations : undefined;
          addMatches(peers, group, (set: IdSet, opened, because) => {
            const reason = because ?? narrowed;
            const members = destinations === undefined ? set : intersect(set, destinations);
            if (members.length === 0 || traffic.isEmpty(opened)) return;
            const number = spokenOf(opened, open);
            statements.push({
              path: rule.path,
              action: rule.action,
              traffic: opened,
              spoken: relations.get(number),
              number,
              isPlain: selection.reason === undefined && reason === undefined && rule.conditions.length === 0,
              ...(reason === undefined ? {} : { reason }),
              conditions: rule.conditions,
              peers: members,
              size: count(members),
            });
          });
        }
      }
      const frame = frameOf(selection, open, selection.part.rules.length > 0);
      return { policy: selection.position, tier: selection.placed.tier, selection, open, statements, frame };
    });
  };
}
