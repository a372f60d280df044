// What is redundant in the input, for the checks that report it: not what moot-policy reports already, nor what is said to
// nobody. Where the input is incomplete, only what is redundant for every pod that could exist.

import { entry } from '../../compile/entry.ts';
import type { Direction, Policy, Rule } from '../../model/policy.ts';
import { DIRECTIONS } from '../../model/policy.ts';
import { coversEveryPod } from '../../redundancy/every-pod.ts';
import { type Redundant, searchRedundancy } from '../../redundancy/find-redundancy.ts';
import { isSamePath, pathKey } from '../../redundancy/gone.ts';
import type { CheckContext } from '../context.ts';
import { oncePerRun } from '../once.ts';
import { isWideRule, mootParts } from './moot-policy.ts';

/** A redundant policy or rule with those who say the same. */
export interface Redundancy extends Redundant {
  /** Few policies that together say it all, in order of evaluation; never empty. A rule's own policy may be one. */
  readonly by: readonly Policy[];
  /** Whether they say it to every pod that could exist; else only to those of the input. */
  readonly isForEveryPod: boolean;
  /** Absent: the whole policy. */
  readonly direction?: Direction;
}

/** Policies and rules, in order of evaluation. */
export interface Redundancies {
  readonly policies: readonly Redundancy[];
  readonly rules: readonly (Redundancy & { readonly rule: Rule; readonly direction: Direction })[];
  /** The rules of a finding's policies that alone say what the rule says to every pod; empty: it takes several. */
  ruleThatCovers(redundancy: Redundancy): { readonly policy: Policy; readonly rule: Rule } | undefined;
}

/** Everything redundant that is worth a finding. */
export const redundanciesOf: (context: CheckContext) => Redundancies = oncePerRun((context) => {
  const { state, world, pods } = context;
  const { placement, behaviour, gaps } = state;
  const { knobs } = behaviour;
  const units = [...pods, ...world.outside(), ...world.nodes(), ...world.entries()];
  const search = searchRedundancy({
    placement,
    knobs,
    endpoints: units.map(({ endpoint }) => endpoint),
    selectors: context.selectors(),
  });
  const written = new Map(state.policies.map((policy) => [policy.object, policy]));
  const listed = new Map<Policy, ReadonlyMap<string, Direction>>();
  const directionOf = (policy: Policy, rule: Rule): Direction | undefined =>
    entry(listed, policy, () => listedRules(written.get(policy.object))).get(pathKey(rule.path));
  const moot = new Map<Policy, Direction[]>();
  for (const { policy, direction } of mootParts(context)) moot.set(policy, [...(moot.get(policy) ?? []), direction]);

  const { policies } = search.policies();
  const rules = search.rules((policy, rule) => directionOf(policy, rule) !== undefined && rule.closed === undefined);
  const gone = new Map<Policy, Set<string>>();
  for (const { policy, rule } of rules) entry(gone, policy, () => new Set()).add(pathKey(rule!.path));
  const isGone = (policy: Policy, rule: Rule) => gone.get(policy)?.has(pathKey(rule.path)) ?? false;
  const covers = coversEveryPod({ placement, namesArePerPod: knobs.ingressNamedPorts === 'perPod' });
  // Rules that are redundant themselves still say what they say where a whole policy is compared.
  const coversPolicy = (one: Redundant, by: readonly Policy[]) => covers(one, by, () => false);
  const coversRule = (one: Redundant, by: readonly Policy[]) => covers(one, by, isGone);

  // Beside a rule that opens nearly everything, nearly everything is redundant: that rule has findings of its own.
  const isWideBeside = (other: Policy, { policy, rule }: Redundant) =>
    DIRECTIONS.some((direction) => {
      const own = policy[direction]?.rules ?? [];
      const concerned = own.some((one) => rule === undefined || isSamePath(one.path, rule.path));
      return concerned && (other[direction]?.rules.some((one) => isWideRule(context, other, one)) ?? false);
    });
  const withProof = (one: Redundant, coversAll: typeof coversPolicy): Redundancy | undefined => {
    const { coveredBy, coveredAloneBy } = search.proofOf(one);
    if (coveredBy.length === 0 || coveredBy.some((other) => isWideBeside(other, one))) return undefined;
    const isWithoutRules = one.rule === undefined && !hasRules(one.policy);
    // One policy that will do for pods to come as well is worth more than one that will not.
    const alone = coveredAloneBy
      .filter((other) => !(isWithoutRules && hasRules(other)))
      .slice(0, MOST_TRIED)
      .find((other) => coversAll(one, [other]));
    if (alone !== undefined) return { ...one, by: [alone], isForEveryPod: true };
    // A default deny stays true when rules beside it go: that others isolate the same pods, too, is no reason against it.
    if (isWithoutRules) return undefined;
    if (coversAll(one, coveredBy)) return { ...one, by: coveredBy, isForEveryPod: true };
    return gaps.length > 0 ? undefined : { ...one, by: coveredBy, isForEveryPod: false };
  };

  return {
    policies: policies.flatMap((one) => {
      if (one.subjects.length === 0 || moot.has(one.policy)) return [];
      const proved = withProof(one, coversPolicy);
      return proved === undefined ? [] : [proved];
    }),
    rules: rules.flatMap((one) => {
      const direction = directionOf(one.policy, one.rule!)!;
      if (one.subjects.length === 0 || moot.get(one.policy)?.includes(direction)) return [];
      const proved = withProof(one, coversRule);
      return proved === undefined ? [] : [{ ...proved, rule: one.rule!, direction }];
    }),
    ruleThatCovers(redundancy) {
      const { rule, direction, by, isForEveryPod } = redundancy;
      if (rule === undefined || direction === undefined || !isForEveryPod) return undefined;
      for (const policy of by) {
        for (const other of policy[direction]?.rules ?? []) {
          if (isGone(policy, other)) continue;
          if (covers(redundancy, [policy], isGone, { rule: other, direction })) return { policy, rule: other };
        }
      }
      return undefined;
    },
  };
});

/** The rules of directions that the policy lists, by path. */
function listedRules(policy: Policy | undefined): ReadonlyMap<string, Direction> {
  return new Map(
    DIRECTIONS.toReversed().flatMap((direction) => {
      const part = policy?.[direction];
      return part?.listed === true ? part.rules.map(({ path }) => [pathKey(path), direction] as const) : [];
    }),
  );
}

/** Policies that are tried one after the other, where many say the same. */
const MOST_TRIED = 8;

function hasRules(policy: Policy): boolean {
  return DIRECTIONS.some((direction) => (policy[direction]?.rules.length ?? 0) > 0);
}
