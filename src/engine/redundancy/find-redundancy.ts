// Every policy and every rule without which no decision of any pair would change, for all policies at once: alone, and as
// many as can go together. Knows no check and no document.

import { entry } from '../compile/entry.ts';
import { inOrder } from '../compile/selections.ts';
import type { SelectorIndex } from '../compile/selector-index.ts';
import type { Knobs } from '../model/behaviour.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { DIRECTIONS, type Policy, type Rule } from '../model/policy.ts';
import type { Selector } from '../model/selector.ts';
import type { Placement } from '../model/tier.ts';
import { allTraffic, NO_TRAFFIC, PROTOCOLS, type Protocol } from '../sets/traffic-set.ts';
import { coveringPolicies } from './covering.ts';
import { keepsFrame } from './frame.ts';
import { type Gone, type Item, nothingGone, pathKey } from './gone.ts';
import type { JudgeContext } from './judge-context.ts';
import { mattersIn } from './matters.ts';
import { groupSubjects, type Place, type SubjectGroup, type Voice } from './subject-groups.ts';
import { trafficRelations } from './traffic-relations.ts';
import { flatStatements, markWitnessed } from './witness.ts';

/** What redundancy is found in. */
export interface RedundancyInput {
  readonly placement: Placement;
  readonly knobs: Knobs;
  /** Everybody who counts: a policy is redundant for these, and for the peers among these. */
  readonly endpoints: readonly Endpoint[];
  /** Absent: all. */
  readonly protocols?: readonly Protocol[];
  /** The index of the pods among the endpoints, where the caller has one; pods must come first. Absent: made. */
  readonly selectors?: SelectorIndex;
}

/** A policy or a rule without which no decision changes. */
export interface Redundant {
  readonly policy: Policy;
  /** The written rule; absent: the whole policy. As the plugin reads it, where it reads one as several the first of them. */
  readonly rule?: Rule;
  /** Positions in the endpoints of whom the policy selects, ascending; empty: nobody. */
  readonly subjects: readonly number[];
}

/** Who says the same as something redundant. All of them stay, wherever everything redundant goes. */
export interface RedundancyProof {
  /**
   * Few policies that together say all of it, in order of evaluation; a rule's own policy may be among them. Empty: nobody is
   * selected, or nothing is said to anybody.
   */
  readonly coveredBy: readonly Policy[];
  /** The policies of which each alone says all of it, in order of evaluation. */
  readonly coveredAloneBy: readonly Policy[];
}

/** Everything redundant among the policies of a placement. */
export interface Redundancy {
  /** Policies that can all go at once without any change, in order of evaluation. */
  readonly policies: readonly Redundant[];
  /**
   * Other policies that could go alone: not with {@link Redundancy.policies}, since they cover some of those, or nobody says
   * what they say, which is as much as if there were no policy.
   */
  readonly needed: readonly Policy[];
  /** Rules of the policies that stay; all of them can go at once, together with the policies. */
  readonly rules: readonly Redundant[];
}

/** Looks for redundant policies, and on demand for redundant rules. */
export interface RedundancySearch {
  /** Whether a decision would change where the policy went alone; `policy` is one of the placement. */
  matters(policy: Policy): boolean;
  policies(): Pick<Redundancy, 'policies' | 'needed'>;
  /** `mayGo` leaves out rules that nobody can take away alone; absent: all may go. Asked once. */
  rules(mayGo?: (policy: Policy, rule: Rule) => boolean): Redundancy['rules'];
  /** The proof of one that was found. */
  proofOf(redundant: Redundant): RedundancyProof;
}

/** Gathers what policies say to whom; cost grows with the selections of subjects, as that of compiling does. */
export function searchRedundancy(input: RedundancyInput): RedundancySearch {
  const { placement, knobs, endpoints, protocols = PROTOCOLS } = input;
  const universe = allTraffic(protocols);
  const relations = trafficRelations();
  const context: JudgeContext = {
    placement,
    universe,
    size: endpoints.length,
    relations,
    nothing: relations.intern(NO_TRAFFIC),
    spoken: new Map(),
  };
  const order = inOrder(placement);
  const placesOf = order.map((): PolicyPlace[] => []);
  const groups = groupSubjects({ ...input, universe }, relations);
  const flat = flatStatements(groups, placement, context.nothing);
  for (const group of groups) {
    for (const voice of group.voices) placeAt(placesOf[voice.policy]!, group).own.push(voice);
    for (const { position } of group.across) placeAt(placesOf[position]!, group);
  }
  // Where fewer policies speak it is sooner seen that one matters.
  for (const places of placesOf) places.sort((a, b) => a.group.voices.length - b.group.voices.length);
  const isReading = knobs.exceptions === 'unknown';
  const policyAt = (position: number): Policy => order[position]!.policy;
  const sorted = new Map<readonly number[], readonly number[]>();
  const subjectsOf = (position: number): readonly number[] => {
    const places = placesOf[position]!;
    if (places.length === 0) return NOBODY;
    const groups = new Set(places.flatMap((place) => (place.own.length === 0 ? [] : [place.group.subjects])));
    const inOrder = (subjects: Iterable<number>) => [...new Set(subjects)].sort((a, b) => a - b);
    const [only] = groups;
    // Very many policies may be those of the same very many subjects.
    if (groups.size === 1) return entry(sorted, only!, () => inOrder(only!));
    return inOrder([...groups].flatMap((subjects) => [...subjects]));
  };
  // Policies of which each is known to have a rule that matters, whatever else goes.
  const matters = new Uint8Array(order.length);
  const isRedundant = (gone: Gone, item: Item): boolean => {
    if (isReading && isReadByOthers(policyAt(item.policy))) return false;
    for (const place of placesOf[item.policy]!) {
      const found = mattersIn(context, place, gone, item);
      if (found === 'plainly') matters[item.policy] = 1;
      if (found !== 'no') return false;
    }
    return true;
  };
  /** False for what is as good as no policy, since it isolates and accepts everything: others may be covered by it. */
  const isCovered = (item: Item): boolean => {
    const places = placesOf[item.policy]!;
    if (places.every((place) => keepsFrame(context, place, gone, item))) return true;
    return coveringPolicies(context, places, gone, item).together.length > 0;
  };
  const positions = new Map(order.map(({ policy }, position) => [policy, position]));
  const describe = ({ policy }: Item, rule?: Rule): Redundant => ({
    policy: policyAt(policy),
    ...(rule === undefined ? {} : { rule }),
    subjects: subjectsOf(policy),
  });

  /** Groups without what is gone, since most proofs are of a few groups; made anew when more goes. */
  let left = new Map<SubjectGroup, SubjectGroup>();
  const leftOf = ({ group, own }: PolicyPlace): Place => ({
    own,
    group: entry(left, group, () => {
      const voices = group.voices.filter(({ policy }) => !gone.isGone(policy));
      return voices.length === group.voices.length ? group : { ...group, voices };
    }),
  });
  const nothing = nothingGone();
  const gone = nothingGone();
  let found: Pick<Redundancy, 'policies' | 'needed'> | undefined;
  let foundRules: Redundancy['rules'] | undefined;

  function findPolicies() {
    const removed: number[] = [];
    const needed: number[] = [];
    const ranked: number[] = [];
    markWitnessed(flat, relations, matters);
    order.forEach((_, policy) => {
      if (matters[policy] === 0 && isRedundant(nothing, { policy }))
        (placesOf[policy]!.length === 0 ? removed : ranked).push(policy);
    });
    for (const policy of removed) gone.add({ policy });
    // Those that say least go first: what stays then covers most.
    const ranks = new Map(ranked.map((policy) => [policy, rankOf(policyAt(policy), placesOf[policy]!)]));
    ranked.sort((a, b) => compareRanks(ranks.get(a)!, ranks.get(b)!) || b - a);
    const touched = new Set<SubjectGroup>();
    const isTouched = (policy: number) => placesOf[policy]!.some(({ group }) => touched.has(group));
    for (const policy of ranked) {
      // Where none of those beside it has gone, it is as it was alone.
      if ((isTouched(policy) && !isRedundant(gone, { policy })) || !isCovered({ policy })) {
        needed.push(policy);
        continue;
      }
      removed.push(policy);
      gone.add({ policy });
      for (const { group } of placesOf[policy]!) touched.add(group);
    }
    const ascending = (a: number, b: number) => a - b;
    return {
      policies: removed.sort(ascending).map((policy) => describe({ policy })),
      needed: needed.sort(ascending).map(policyAt),
    };
  }

  function findRules(mayGo: (policy: Policy, rule: Rule) => boolean) {
    found ??= findPolicies();
    const redundant: { readonly item: Item; readonly rule: Rule }[] = [];
    // The last rule of a policy goes first: of two that say the same the first one stays.
    for (let policy = order.length - 1; policy >= 0; policy--) {
      if (gone.isGone(policy)) continue;
      const rules = writtenRules(policyAt(policy));
      // The only rule of a policy is the one that matters.
      if (rules.length === 1 && matters[policy] === 1) continue;
      for (const rule of rules.reverse()) {
        if (!mayGo(policyAt(policy), rule)) continue;
        const item: Item = { policy, path: rule.path };
        if (!isRedundant(gone, item)) continue;
        gone.add(item);
        redundant.push({ item, rule });
      }
    }
    return redundant.reverse().map(({ item, rule }) => describe(item, rule));
  }

  function anew<T>(find: () => T): T {
    const all = find();
    left = new Map();
    return all;
  }

  return {
    matters: (policy) => !isRedundant(nothing, { policy: positions.get(policy)! }),
    policies: () => (found ??= anew(findPolicies)),
    rules: (mayGo = () => true) => (foundRules ??= anew(() => findRules(mayGo))),
    proofOf({ policy, rule }) {
      const position = positions.get(policy)!;
      const item = rule === undefined ? { policy: position } : { policy: position, path: rule.path };
      const { together, alone } = coveringPolicies(context, placesOf[position]!.map(leftOf), gone, item);
      return { coveredBy: together.map(policyAt), coveredAloneBy: alone.map(policyAt) };
    },
  };
}

/** Reports whether what the policy says may take away from what others say: without it they would be read otherwise. */
function isReadByOthers(policy: Policy): boolean {
  if (policy.ref.dialect !== 'network-policy') return false;
  return DIRECTIONS.some((direction) =>
    policy[direction]?.rules.some(
      ({ peers }) =>
        typeof peers !== 'string' && peers.some((peer) => peer.type === 'addresses' && peer.except.length > 0),
    ),
  );
}

/** Each written rule once, in written order, egress first. */
function writtenRules(policy: Policy): Rule[] {
  const rules = new Map<string, Rule>();
  for (const direction of DIRECTIONS) {
    for (const rule of policy[direction]?.rules ?? []) entry(rules, pathKey(rule.path), () => rule);
  }
  return [...rules.values()];
}

const NOBODY: readonly number[] = [];

/** How much a policy says: fewer subjects first, then those that ask more of them, then fewer peers. */
interface Rank {
  readonly subjects: number;
  readonly requirements: number;
  readonly peers: number;
}

type PolicyPlace = Place & { readonly own: Voice[] };

/** The place in the group, which is the last one or a new one. */
function placeAt(places: PolicyPlace[], group: SubjectGroup): PolicyPlace {
  const last = places.at(-1);
  if (last?.group === group) return last;
  const place = { group, own: [] };
  places.push(place);
  return place;
}

function rankOf(policy: Policy, places: readonly Place[]): Rank {
  let [subjects, peers] = [0, 0];
  for (const { group, own } of places) {
    subjects += group.subjects.length * own.length;
    for (const { statements } of own) for (const { size } of statements) peers += size;
  }
  return { subjects, requirements: requirementsOf(policy), peers };
}

function requirementsOf(policy: Policy): number {
  const part = policy.egress ?? policy.ingress;
  return part === undefined ? 0 : countRequirements(part.subject.pods);
}

function countRequirements(selector: Selector): number {
  if (selector.op === 'and' || selector.op === 'or') {
    return selector.of.reduce((sum, part) => sum + countRequirements(part), 0);
  }
  return selector.op === 'not' ? countRequirements(selector.of) : 1;
}

function compareRanks(a: Rank, b: Rank): number {
  return a.subjects - b.subjects || b.requirements - a.requirements || a.peers - b.peers;
}
