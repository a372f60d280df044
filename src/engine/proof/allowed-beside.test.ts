import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../../test/support/runs.ts';
import { possibleTraffic } from '../compile/decision.ts';
import type { UnknownReason } from '../model/endpoint.ts';
import type { Decision } from '../model/verdict.ts';
import type { UnitRectangle } from '../questions/map.ts';
import { membersOf } from '../sets/id-set.ts';
import { FAMILIES, type Family } from '../sets/ip-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import { type TrafficTable, trafficTable } from '../sets/traffic-table.ts';
import { allowedBeside, type Sides } from './allowed-beside.ts';
import type { Justified } from './justified-traffic.ts';

const UNITS = 7;
const ids = Array.from({ length: UNITS }, (_, id) => id);
const [WEB, DB] = [traffic.traffic('TCP', 80), traffic.traffic('TCP', 5432)];
const set = fc.constantFrom(traffic.NO_TRAFFIC, WEB, DB, traffic.union(WEB, DB), traffic.traffic('TCP', 1, 65_535));
const reason = fc.constantFrom<UnknownReason>('pod-address', 'pod-labels');
const decision: fc.Arbitrary<Decision> = fc.record({
  allowed: set,
  unknown: fc.array(fc.record({ reason, traffic: set, policies: fc.constant([]) }), { maxLength: 2 }),
  conditional: fc.constant([]),
});

const group = fc.array(fc.nat(2), { minLength: UNITS, maxLength: UNITS });
/** Sources in groups, and destinations of each group in groups, so that no pair is in two rectangles. */
const rectangles: fc.Arbitrary<UnitRectangle[]> = fc
  .tuple(
    group,
    fc.array(group, { minLength: 3, maxLength: 3 }),
    fc.array(fc.tuple(decision, decision, fc.nat(2)), { minLength: 9, maxLength: 9 }),
  )
  .map(([sources, destinations, decisions]) =>
    decisions.flatMap(([IPv4, IPv6, families], nth): UnitRectangle[] => {
      const from = ids.filter((id) => sources[id] === Math.floor(nth / 3));
      const to = ids.filter((id) => destinations[Math.floor(nth / 3)]![id] === nth % 3);
      if (from.length === 0 || to.length === 0) return [];
      return [{ from, to, decisions: families === 0 ? { IPv4 } : families === 1 ? { IPv6 } : { IPv4, IPv6 } }];
    }),
  );

const classes = fc.array(fc.nat(1), { minLength: UNITS, maxLength: UNITS });
const needs = fc.record({
  sourceClass: classes,
  destinationClass: classes,
  ofClasses: fc.array(set, { minLength: 8, maxLength: 8 }),
  exact: fc.array(fc.tuple(fc.nat(UNITS - 1), fc.nat(UNITS - 1), set), { maxLength: 6 }),
});
const flags = fc.array(fc.boolean(), { minLength: UNITS, maxLength: UNITS });
const sides: fc.Arbitrary<Sides> = fc.record({
  isOurs: flags,
  isNoSource: fc.oneof(fc.constant(ids.map(() => false)), flags),
});

type Needs = typeof needs extends fc.Arbitrary<infer T> ? T : never;

function justifiedBy({ sourceClass, destinationClass, ofClasses, exact }: Needs, table: TrafficTable): Justified {
  const byDestination = new Map<number, Map<number, traffic.TrafficSet>>();
  for (const [from, to, own] of exact) {
    byDestination.set(to, (byDestination.get(to) ?? new Map()).set(from, table.unique(own)));
  }
  const byAddresses = (from: number, to: number, family: Family) =>
    table.unique(ofClasses[sourceClass[from]! * 4 + destinationClass[to]! * 2 + FAMILIES.indexOf(family)]!);
  return { sourceClass, destinationClass, byAddresses, exactTo: (to) => byDestination.get(to) };
}

/** Pair by pair, in the order in which a reader would go through the rectangles. */
function pairByPair(
  all: readonly UnitRectangle[],
  { isOurs, isNoSource }: Sides,
  justified: Justified,
  table: TrafficTable,
) {
  const excess = new Map<
    string,
    { destination: number; family: Family; byTraffic: Map<traffic.TrafficSet, number[]> }
  >();
  const undecided = new Map<UnknownReason, { pairs: number; example: object }>();
  let [allowed, pairs] = [0, 0];
  for (const { from, to, decisions } of all) {
    for (const family of FAMILIES) {
      const decided = decisions[family];
      if (decided === undefined) continue;
      const open = table.unique(possibleTraffic({ ...decided, unknown: [] }));
      for (const source of from) {
        if (isNoSource[source]) continue;
        for (const destination of to) {
          if (!isOurs[source] && !isOurs[destination]) continue;
          const exact = justified.exactTo(destination)?.get(source) ?? traffic.NO_TRAFFIC;
          const needed = table.union(exact, justified.byAddresses(source, destination, family));
          for (const part of decided.unknown) {
            const left = table.subtract(table.unique(part.traffic), needed);
            if (left === traffic.NO_TRAFFIC) continue;
            const own = undecided.get(part.reason);
            const example = { from: source, to: destination, traffic: left };
            undecided.set(part.reason, { pairs: (own?.pairs ?? 0) + 1, example: own?.example ?? example });
          }
          if (open === traffic.NO_TRAFFIC) continue;
          allowed++;
          const left = table.subtract(open, needed);
          if (left === traffic.NO_TRAFFIC) continue;
          pairs++;
          const key = `${family} ${destination}`;
          const own = excess.get(key) ?? { destination, family, byTraffic: new Map<traffic.TrafficSet, number[]>() };
          excess.set(key, own);
          own.byTraffic.set(left, [...(own.byTraffic.get(left) ?? []), source]);
        }
      }
    }
  }
  const listed = [...excess.values()].flatMap(({ destination, family, byTraffic }) =>
    [...byTraffic].map(([own, sources]) => ({
      destination,
      family,
      traffic: own,
      sources: sources.sort((a, b) => a - b),
    })),
  );
  return { allowed, pairs, excess: listed, undecided: byReason(undecided) };
}

/** Which reason comes first does not matter. */
function byReason<T>(undecided: ReadonlyMap<UnknownReason, T>): (readonly [UnknownReason, T])[] {
  return [...undecided].sort(([a], [b]) => (a < b ? -1 : 1));
}

describe('what is allowed beside the needs', () => {
  it('is what is found pair by pair, in the same order and with the same examples', () => {
    let [found, named] = [0, 0];
    fc.assert(
      fc.property(rectangles, sides, needs, (all, drawn, needed) => {
        const table = trafficTable();
        const justified = justifiedBy(needed, table);
        const { allowed, pairs, excess, undecided } = allowedBeside(all, drawn, justified, table);
        const listed = excess.map(({ sources, ...one }) => ({ ...one, sources: membersOf(sources) }));
        expect({ allowed, pairs, excess: listed, undecided: byReason(undecided) }).toEqual(
          pairByPair(all, drawn, justified, table),
        );
        found += excess.length;
        named += needed.exact.length;
      }),
      runs(500),
    );
    expect(found).toBeGreaterThan(100);
    expect(named).toBeGreaterThan(100);
  });
});
