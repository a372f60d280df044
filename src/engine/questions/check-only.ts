// `only`: exactly these sources (or destinations) with exactly these ports. Covers all pods and nodes of the snapshot and
// every address outside; not pods that could exist. Traffic from a pod's own node, which no policy blocks, is left out.

import { addressUnits, outsideAddresses } from '../endpoints/outside.ts';
import type { Unit } from '../endpoints/unit.ts';
import type { World } from '../endpoints/world.ts';
import type { PossibleRole } from '../guarantees/possible-units.ts';
import { type IpSet, isSubset, unionAll } from '../sets/ip-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import type { QuestionContext, TestCase } from './ask.ts';
import { type Breach, type Claimed, claim, findBreaches, identityOf } from './claims.ts';
import { seenThrough } from './resolve.ts';

/** What an entry of `only` opens, at one end of the other side. */
type Opened = (fixed: Unit) => traffic.TrafficSet;

/** The pairs that break a test with `only` and either `from` or `to`. `where`: places of pods that could exist, where an end means such. */
export function* checkOnly(
  world: World,
  assertion: TestCase & Required<Pick<TestCase, 'only'>>,
  where: Pick<PossibleRole, 'places'>,
  context: QuestionContext,
): Generator<Breach, void> {
  const all = traffic.allTraffic(context.protocols);
  const fixed = claim(world, (assertion.to ?? assertion.from)!, 'all', context, where).map(withoutOwnNode);
  const named: { readonly unit: Unit; readonly opened: Opened }[] = [];
  for (const { endpoint, ports } of assertion.only) {
    // With `to`, ports are the destination's: a name is looked up there, not at the source.
    const { to } = assertion;
    const there = to === undefined ? undefined : portsAt(claim(world, to, ports, context, where));
    for (const one of claim(world, endpoint, to === undefined ? ports : 'all', context, where)) {
      named.push({ unit: one.unit, opened: there ?? (() => one.ports) });
    }
  }
  const expected = new Map<string, Opened[]>();
  for (const { unit, opened } of named) {
    expected.set(identityOf(unit), [...(expected.get(identityOf(unit)) ?? []), opened]);
  }
  const ranges = named.flatMap(({ unit, opened }) => (unit.type === 'addresses' ? [{ set: unit.set, opened }] : []));
  const units = [
    ...named.flatMap(({ unit }) => (unit.type === 'addresses' ? [] : [unit])),
    ...world.pods,
    ...world.nodes(),
    ...addressesApart(
      world,
      ranges.map(({ set }) => set),
    ),
  ];
  const others = [...new Map(units.map((unit) => [identityOf(unit), unit])).values()]
    .map((unit) => withoutOwnNode({ unit, ports: all }))
    .sort((a, b) => (a.unit.endpoint.key < b.unit.endpoint.key ? -1 : 1));
  const openedAt = (unit: Unit, end: Unit): traffic.TrafficSet => {
    const of =
      unit.type === 'addresses'
        ? ranges.flatMap(({ set, opened }) => (isSubset(unit.set, set) ? [opened] : []))
        : (expected.get(identityOf(unit)) ?? []);
    return of.reduce<traffic.TrafficSet>((sum, opened) => traffic.union(sum, opened(end)), traffic.NO_TRAFFIC);
  };
  const wanted = (from: Unit, to: Claimed, least: traffic.TrafficSet) => ({
    least,
    none: traffic.subtract(to.ports, least),
    // Who may come says nothing of a pod that meets itself behind its Service, which is left to plugins.
    direct: from.endpoint.key === to.unit.endpoint.key,
  });
  if (assertion.to === undefined) {
    yield* findBreaches(world, fixed, others, context, (from, to) => wanted(from, to, openedAt(to.unit, from)));
    return;
  }
  const sources = seenThrough(world, assertion.to, others, context);
  yield* findBreaches(world, sources, fixed, context, (from, to) => wanted(from, to, openedAt(from, to.unit)));
}

function portsAt(claims: readonly Claimed[]): Opened {
  const byKey = new Map(claims.map(({ unit, ports }) => [unit.endpoint.key, ports]));
  return (fixed) => byKey.get(fixed.endpoint.key) ?? traffic.NO_TRAFFIC;
}

/** Everything outside and the ranges that the test names, cut so that no policy and no range splits a class. */
function addressesApart({ context }: World, ranges: readonly IpSet[]): Unit[] {
  const relevance = { ...context.relevance, blocks: [...context.relevance.blocks, ...ranges] };
  return addressUnits({ ...context, relevance }, unionAll([outsideAddresses(context), ...ranges]));
}

function withoutOwnNode(claimed: Claimed): Claimed {
  const { ownNode: _, ...endpoint } = claimed.unit.endpoint;
  return { ...claimed, unit: { ...claimed.unit, endpoint } };
}
