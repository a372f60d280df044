// Which rules a difference between two plugins is about: judged literally on one flow, under both.

import { evaluateFlow } from '../../evaluate/evaluate.ts';
import { nearPlacement } from '../../evaluate/near-policies.ts';
import type { UnknownReason } from '../../model/endpoint.ts';
import type { Direction, Policy } from '../../model/policy.ts';
import type { DirectionTrace, Flow, FlowTrace, Step } from '../../model/verdict.ts';
import { readingsOf, type ServicePath } from '../service-path.ts';
import type { View } from './views.ts';

/** A rule, or a policy that isolates where `rule` is absent. */
export interface RuleBehind {
  readonly policy: Policy;
  readonly direction: Direction;
  readonly rule?: NonNullable<Step['rule']>;
}

/** One flow of a pair, by positions of its ends. */
export interface Witness {
  readonly from: number;
  readonly to: number;
  readonly path?: ServicePath;
  readonly flow: Flow;
}

/**
 * The rules that match under one of the views only, or only perhaps; where the second view is open for a reason, those
 * that match perhaps for it. Else the policies that isolate under one only; else all that decide. Sorted by direction,
 * namespace, name and rule. Empty where no policy has a say, or no rule is at fault. `judged` keeps what views say of the
 * witness, for further calls with the same one.
 */
export function rulesBehind(
  a: View,
  b: View,
  witness: Witness,
  judged: Map<View, Mentioned>,
  reason?: UnknownReason,
): readonly RuleBehind[] {
  // Of whole protocols nobody knows what becomes, whatever the rules say.
  if (reason === 'sctp' || reason === 'icmp') return [];
  const mentionedIn = (view: View): Mentioned => {
    const known = judged.get(view) ?? mentioned(tracesOf(view, witness));
    judged.set(view, known);
    return known;
  };
  const [one, other] = [mentionedIn(a), mentionedIn(b)];
  const open = [...other.rules].flatMap(([key, rule]) =>
    reason !== undefined && key.endsWith(` ${reason}`) ? [rule] : [],
  );
  const differing = (pick: (all: Mentioned) => ReadonlyMap<string, RuleBehind>): RuleBehind[] => {
    const [left, right] = [pick(one), pick(other)];
    const onlyIn = (own: typeof left, rest: typeof left) => [...own].filter(([key]) => !rest.has(key));
    return [...onlyIn(left, right), ...onlyIn(right, left)].map(([, rule]) => rule);
  };
  const all = [one, other].flatMap(({ rules, isolating }) => [...(rules.size > 0 ? rules : isolating).values()]);
  const tried = [open, differing(({ rules }) => rules), differing(({ isolating }) => isolating), all];
  return sorted(tried.find((found) => found.length > 0) ?? []);
}

/** What traces mention, by a text equal for what is the same in both. */
export interface Mentioned {
  readonly rules: ReadonlyMap<string, RuleBehind>;
  readonly isolating: ReadonlyMap<string, RuleBehind>;
}

function mentioned(traces: readonly FlowTrace[]): Mentioned {
  const rules = new Map<string, RuleBehind>();
  const isolating = new Map<string, RuleBehind>();
  const visit = ({ direction, steps, isolatedBy }: DirectionTrace): void => {
    for (const { policy, rule, perhaps } of steps) {
      if (policy === undefined || rule === undefined) continue;
      rules.set(`${direction} ${keyOf(policy)} ${rule.path.join('.')} ${perhaps ?? ''}`, { policy, direction, rule });
    }
    for (const policy of isolatedBy) isolating.set(`${direction} ${keyOf(policy)}`, { policy, direction });
  };
  for (const { egress, ingress } of traces) {
    visit(egress);
    visit(ingress);
  }
  return { rules, isolating };
}

/** One trace, or several where the way through a Service leaves open what policies see; none where an end is missing. */
export function tracesOf({ world, units }: View, { from, to, path, flow }: Witness): FlowTrace[] {
  const [source, destination] = [units.get(from), units.get(to)];
  if (source === undefined || destination === undefined) return [];
  const { state } = world;
  const { knobs } = state.behaviour;
  const near = nearPlacement(state.placement, [source.endpoint, destination.endpoint]);
  const { placements } = readingsOf({ placement: near, behaviour: state.behaviour }, source, {
    unit: destination,
    ...(path === undefined ? {} : { path }),
  });
  const pair = { from: source.endpoint, to: destination.endpoint };
  return placements.map((placement) => evaluateFlow({ placement, knobs }, pair, flow));
}

function sorted(rules: readonly RuleBehind[]): RuleBehind[] {
  const distinct = new Map(
    rules.map((one) => [`${one.direction} ${keyOf(one.policy)} ${one.rule?.path.join('.') ?? ''}`, one]),
  );
  const order = (one: RuleBehind) =>
    `${one.direction} ${keyOf(one.policy)} ${String(one.rule?.index ?? -1).padStart(6, '0')}`;
  return [...distinct.values()].sort((a, b) => (order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : 0));
}

function keyOf({ ref: { namespace, name, kind } }: Policy): string {
  return `${namespace ?? ''}/${name}/${kind}`;
}
