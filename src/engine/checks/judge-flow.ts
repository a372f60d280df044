// Judges single flows for checks, by the literal evaluator: over the policies that can concern the subject at all, so that
// the cost is that of a namespace and not of the cluster.

import { entry } from '../compile/entry.ts';
import { addressUnits } from '../endpoints/outside.ts';
import type { World } from '../endpoints/world.ts';
import { evaluateDirection, type Pair } from '../evaluate/evaluate.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { DIRECTIONS, type Direction } from '../model/policy.ts';
import type { PlacedPolicy, Placement } from '../model/tier.ts';
import type { DirectionTrace, Flow, Verdict } from '../model/verdict.ts';
import { singleAddress } from '../sets/ip-set.ts';
import type { State } from '../state.ts';
import type { CheckContext } from './context.ts';

interface Index {
  /** Policies of one namespace, with those that choose namespaces by labels; in order of the placement. */
  readonly byNamespace: Map<string, Placement>;
  readonly hasDenials: boolean;
}

const indexes = new WeakMap<State, Index>();

function indexOf(state: State): Index {
  let index = indexes.get(state);
  if (index === undefined) {
    index = makeIndex(state.placement);
    indexes.set(state, index);
  }
  return index;
}

function makeIndex(placement: Placement): Index {
  const byName = new Map<string, PlacedPolicy[]>();
  const everywhere: PlacedPolicy[] = [];
  let hasDenials = false;
  for (const placed of placement.policies) {
    const parts = DIRECTIONS.flatMap((direction) => placed.policy[direction] ?? []);
    if (parts.some((part) => part.rules.some((rule) => rule.action !== 'Accept'))) hasDenials = true;
    const [first] = parts;
    if (first === undefined) continue;
    const scope = first.subject.namespaces;
    if (!('name' in scope)) everywhere.push(placed);
    else {
      const list = byName.get(scope.name);
      if (list === undefined) byName.set(scope.name, [placed]);
      else list.push(placed);
    }
  }
  // Within a tier the order of the placement counts.
  const positions = new Map(placement.policies.map((placed, position) => [placed, position]));
  const inOrder = (list: PlacedPolicy[]) => list.sort((a, b) => positions.get(a)! - positions.get(b)!);
  const byNamespace = new Map(
    [...byName].map(([name, own]): [string, Placement] => [
      name,
      { ...placement, policies: everywhere.length === 0 ? own : inOrder([...own, ...everywhere]) },
    ]),
  );
  byNamespace.set('', { ...placement, policies: everywhere });
  return { byNamespace, hasDenials };
}

/** Reports whether some rule denies or passes on, so that an allowing rule may not have the last word. */
export function hasDenials({ state }: CheckContext): boolean {
  return indexOf(state).hasDenials;
}

/** What one side says to one flow. */
export function judgeSide(context: CheckContext, direction: Direction, pair: Pair, flow: Flow): DirectionTrace {
  const { byNamespace } = indexOf(context.state);
  const subject = direction === 'egress' ? pair.from : pair.to;
  const placement = byNamespace.get(subject.pod?.namespace ?? '') ?? byNamespace.get('')!;
  return evaluateDirection({ placement, knobs: context.state.behaviour.knobs }, direction, pair, flow);
}

/** What both sides say to one flow: denied where one of them denies, allowed where both allow. */
export function judgeFlow(context: CheckContext, from: Endpoint, to: Endpoint, flow: Flow): Verdict {
  const verdicts = DIRECTIONS.map((direction) => judgeSide(context, direction, { from, to }, flow).verdict);
  return (['denied', 'unknown', 'conditional'] as const).find((one) => verdicts.includes(one)) ?? 'allowed';
}

const outside = new WeakMap<World, Map<string, Endpoint>>();

/** The end of connections at one address of nobody that the snapshot shows; the same address is looked up once. */
export function addressEndpoint({ world }: CheckContext, address: ParsedAddress): Endpoint {
  let known = outside.get(world);
  if (known === undefined) {
    known = new Map();
    outside.set(world, known);
  }
  const make = () => addressUnits(world.context, singleAddress(address))[0]!.endpoint;
  return entry(known, `${address.family} ${address.value}`, make);
}

type ParsedAddress = Parameters<typeof singleAddress>[0];
