// Every policy and every rule without which no decision of any pair would change, for all policies at once: alone, and as
// many as can go together. Knows no check and no document.

import { inOrder } from '../compile/selections.ts';
import type { SelectorIndex } from '../compile/selector-index.ts';
import type { Knobs } from '../model/behaviour.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { DIRECTIONS, type Policy, type Rule } from '../model/policy.ts';
import type { Selector } from '../model/selector.ts';
import type { Placement } from '../model/tier.ts';
import { allTraffic, type Protocol, PROTOCOLS } from '../sets/traffic-set.ts';
import { coveringPolicies } from './covering.ts';
import { type Gone, isSamePath, type Item, nothingGone } from './gone.ts';
import type { JudgeContext } from './judge-context.ts';
import { mattersIn } from './matters.ts';
import { groupSubjects, type SubjectGroup } from './subject-groups.ts';
import { trafficRelations } from './traffic-relations.ts';

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
  /** Policies that could go alone, but not with {@link Redundancy.policies}: they cover some of those. */
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
  const context: JudgeContext = { placement, universe, size: endpoints.length, relations: trafficRelations() };
  const order = inOrder(placement);
  const groupsOf = order.map((): SubjectGroup[] => []);
  for (const group of groupSubjects({ ...input, universe }, context.relations)) {
    const own = group.across.length > 0 ? group.across.map(({ position }) => position) : group.voices.map((one) => one.policy);
    for (const policy of own) if (groupsOf[policy]!.at(-1) !== group) groupsOf[policy]!.push(group);
  }
  const policyAt = (position: number): Policy => order[position]!.policy;
  const subjectsOf = (position: number): readonly number[] => {
    const own = groupsOf[position]!.filter(({ voices }) => voices.some(({ policy }) => policy === position));
    return [...new Set(own.flatMap(({ subjects }) => subjects))].sort((a, b) => a - b);
  };
  const isRedundant = (gone: Gone, item: Item): boolean =>
    !(isReading && isReadByOthers(policyAt(item.policy))) && groupsOf[item.policy]!.every((group) => !mattersIn(context, group, gone, item));
  const positions = new Map(order.map(({ policy }, position) => [policy, position]));
  const describe = ({ policy }: Item, rule?: Rule): Redundant => ({
    policy: policyAt(policy),
    ...(rule === undefined ? {} : { rule }),
    subjects: subjectsOf(policy),
  });

  const isReading = knobs.exceptions === 'unknown';
  const nothing = nothingGone(order.length);
  const gone = nothingGone(order.length);
  let found: Pick<Redundancy, 'policies' | 'needed'> | undefined;
  let foundRules: Redundancy['rules'] | undefined;

  function findPolicies() {
    const alone = order.flatMap((_, policy) => (isRedundant(nothing, { policy }) ? [policy] : []));
    // Those that say least go first: what stays then covers most.
    const ranked = alone
      .map((policy) => ({ policy, rank: rankOf(policyAt(policy), groupsOf[policy]!) }))
      .sort((a, b) => compareRanks(a.rank, b.rank) || b.policy - a.policy);
    const removed: number[] = [];
    const needed: number[] = [];
    for (const { policy } of ranked) {
      const goes = isRedundant(gone, { policy });
      (goes ? removed : needed).push(policy);
      if (goes) gone.add({ policy });
    }
    const ascending = (a: number, b: number) => a - b;
    return {
      policies: removed.sort(ascending).map((policy) => describe({ policy })),
      needed: needed.sort(ascending).map(policyAt),
    };
  }

  function findRules(mayGo: (policy: Policy, rule: Rule) => boolean) {
    found ??= findPolicies();
    const items = order.flatMap(({ policy }, position) =>
      gone.isGone(position)
        ? []
        : writtenRules(policy).flatMap((rule) => (mayGo(policy, rule) ? [{ policy: position, rule }] : [])),
    );
    const redundant: { readonly item: Item; readonly rule: Rule }[] = [];
    // The last rule of a policy goes first: of two that say the same the first one stays.
    for (const { policy, rule } of items.toReversed()) {
      const item: Item = { policy, path: rule.path };
      if (!isRedundant(gone, item)) continue;
      gone.add(item);
      redundant.push({ item, rule });
    }
    return redundant.reverse().map(({ item, rule }) => describe(item, rule));
  }

  return {
    matters: (policy) => !isRedundant(nothing, { policy: positions.get(policy)! }),
    policies: () => (found ??= findPolicies()),
    rules: (mayGo = () => true) => (foundRules ??= findRules(mayGo)),
    proofOf({ policy, rule }) {
      const position = positions.get(policy)!;
      const item = rule === undefined ? { policy: position } : { policy: position, path: rule.path };
      const { together, alone } = coveringPolicies(context, groupsOf[position]!, gone, item);
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
  const rules: Rule[] = [];
  for (const direction of DIRECTIONS) {
    for (const rule of policy[direction]?.rules ?? []) {
      if (!rules.some(({ path }) => isSamePath(path, rule.path))) rules.push(rule);
    }
  }
  return rules;
}

/** Fewer subjects first, then those that ask more of them, then fewer peers. */
type Rank = readonly [subjects: number, requirements: number, peers: number];

function rankOf(policy: Policy, groups: readonly SubjectGroup[]): Rank {
  const own = groups.flatMap(({ voices, subjects }) =>
    voices.flatMap((voice) => (voice.selection.placed.policy === policy ? [{ voice, subjects }] : [])),
  );
  const subjects = new Set(own.flatMap((one) => one.subjects)).size;
  const part = DIRECTIONS.map((direction) => policy[direction]).find((one) => one !== undefined);
  const requirements = part === undefined ? 0 : countRequirements(part.subject.pods);
  const peers = own.reduce((sum, { voice }) => sum + voice.statements.reduce((all, { size }) => all + size, 0), 0);
  return [subjects, -requirements, peers];
}

function countRequirements(selector: Selector): number {
  if (selector.op === 'and' || selector.op === 'or') {
    return selector.of.reduce((sum, part) => sum + countRequirements(part), 0);
  }
  return selector.op === 'not' ? countRequirements(selector.of) : 1;
}

function compareRanks(a: Rank, b: Rank): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}
