// Exchanges of endpoints and policies together against compiling anew: the same decisions, and changes that are all and only
// those, also where what comes takes the place of what goes, and on two ways from one form.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endpoint, endpoints, knobs, partSizes, placement, sideSizes } from '../../../test/support/arbitrary.ts';
import { runs } from '../../../test/support/runs.ts';
import { toggled } from '../../../test/support/toggled.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { PlacedPolicy } from '../model/tier.ts';
import { isNothing } from '../questions/compare-maps.ts';
import { EMPTY, membersOf } from '../sets/id-set.ts';
import { PROTOCOLS } from '../sets/traffic-set.ts';
import { decisionKey } from './decision.ts';
import { compileReach, type Reach } from './reach.ts';
import { reachChanges } from './reach-changes.ts';
import type { FamilyDecisions } from './rectangle.ts';

/** What is open; nothing is the same whether or not the ends are there. */
function keyOf(decisions: FamilyDecisions): string {
  return Object.entries(decisions)
    .filter(([family, decision]) => !isNothing({ [family]: decision }))
    .map(([family, decision]) => `${family} ${decisionKey(decision)}`)
    .join('|');
}

const isOutside = ({ type }: Endpoint) => type === 'addresses' || type === 'entry';

/** What is open between those that are there; `nameOf` leads from numbers to names. */
function openPairs(reach: Reach, nameOf: (id: number) => string): Map<string, string> {
  const pairs = new Map<string, string>();
  const present = membersOf(reach.present);
  for (const s of present) {
    for (const d of present) {
      if (isOutside(reach.endpoints[s]!) && isOutside(reach.endpoints[d]!)) continue;
      const key = keyOf(reach.decide(s, d));
      if (key !== '') pairs.set(`${nameOf(s)} > ${nameOf(d)}`, key);
    }
  }
  return pairs;
}

/** The same from the rectangles. */
function openRectangles(reach: Reach, nameOf: (id: number) => string): Map<string, string> {
  const pairs = new Map<string, string>();
  for (const { sources, destinations, decisions } of reach.rectangles()) {
    for (const s of sources) for (const d of destinations) pairs.set(`${nameOf(s)} > ${nameOf(d)}`, keyOf(decisions));
  }
  return pairs;
}

/** One step: policies and places that are toggled, and endpoints for places. */
const step = fc.record({
  policies: fc.array(fc.nat(5), { maxLength: 2 }),
  places: fc.array(fc.tuple(fc.nat(5), endpoint, fc.boolean()), { maxLength: 3 }),
});

describe('an exchange of endpoints', () => {
  it('leads to what compiling anew leads to, and tells every pair that changes with both decisions', () => {
    let [changed, replaced] = [0, 0];
    fc.assert(
      fc.property(
        placement,
        endpoints,
        knobs,
        partSizes,
        fc.array(step, { minLength: 4, maxLength: 8 }),
        fc.tuple(fc.nat(6), sideSizes),
        (drawn, ends, chosen, sizes, steps, [few, own]) => {
          const pool = [
            ...new Map(drawn.policies.map((one) => [JSON.stringify(one.policy.ref), one])).values(),
          ] as PlacedPolicy[];
          let here = new Set(pool.filter((_, index) => index % 2 === 0));
          const rules = (policies: Iterable<PlacedPolicy>) => ({
            placement: { ...drawn, policies: [...policies] },
            knobs: chosen,
          });
          let reach = compileReach(rules(here), ends, PROTOCOLS, { room: 24, sizes, sideSizes: own });
          // The places, and the number of who is there.
          let places = new Map(ends.map((_, index) => [`place-${index}`, index]));
          for (const { policies, places: moving } of steps) {
            const { removed, added, next: left } = toggled(pool, here, policies);
            here = left;
            const next = new Map(places);
            const coming: { place: string; endpoint: Endpoint; instead?: number }[] = [];
            const going: number[] = [];
            for (const [index, one, isThere] of new Map(moving.map((each) => [each[0], each])).values()) {
              const place = `place-${index}`;
              const number = places.get(place);
              if (number !== undefined) {
                going.push(number);
                next.delete(place);
              }
              const { ownNode: _, ...plain } = { ...one, key: place, name: place };
              const sort = number === undefined ? undefined : isOutside(reach.endpoints[number]!);
              // Whoever takes a place is of the same sort.
              if (!isThere || (sort !== undefined && sort !== isOutside(plain))) continue;
              coming.push({ place, endpoint: plain, ...(number === undefined ? {} : { instead: number }) });
            }
            const result = reach.exchange({ removed, added }, { removed: going, added: coming });
            const otherWay = reach.exchange(
              { removed: [], added: removed },
              { removed: [], added: coming.slice(0, 1) },
            );
            for (const [index, { place }] of coming.entries()) next.set(place, result.added[index]!);
            const name = (numbers: ReadonlyMap<string, number>) => {
              const names = new Map([...numbers].map(([place, number]) => [number, place]));
              return (id: number) => names.get(id)!;
            };
            const anew = (numbers: ReadonlyMap<string, number>) => {
              const list = [...numbers];
              const those = list.map(([, number]) => result.reach.endpoints[number]!);
              return openPairs(compileReach(rules(here), those, PROTOCOLS), (id) => list[id]![0]);
            };
            const is = openPairs(result.reach, name(next));
            expect(is).toEqual(anew(next));
            expect(openRectangles(result.reach, name(next))).toEqual(is);
            // What somebody else makes of the same form changes nothing.
            openPairs(otherWay.reach, String);
            const was = openPairs(reach, name(places));
            const instead = new Map(
              coming.flatMap((one, index) =>
                one.instead === undefined ? [] : [[result.added[index]!, one.instead] as const],
              ),
            );
            replaced += instead.size;
            const told = new Map<string, string>();
            const nameOf = name(new Map([...next, ...places]));
            for (const one of reachChanges(reach, result.reach, result.affected, { ...result, instead }, few)) {
              for (const s of membersOf(one.sources)) {
                for (const d of membersOf(one.destinations)) {
                  const pair = `${nameOf(s)} > ${nameOf(d)}`;
                  expect(told.has(pair)).toBe(false);
                  told.set(pair, `${keyOf(one.before)} > ${keyOf(one.after)}`);
                }
              }
            }
            const pairs = [...new Set([...was.keys(), ...is.keys()])];
            const expected = pairs.filter((pair) => was.get(pair) !== is.get(pair));
            expect(told).toEqual(
              new Map(expected.map((pair) => [pair, `${was.get(pair) ?? ''} > ${is.get(pair) ?? ''}`])),
            );
            changed += told.size;
            [reach, places] = [result.reach, next];
          }
        },
      ),
      runs(500),
    );
    expect(changed).toBeGreaterThan(0);
    expect(replaced).toBeGreaterThan(0);
  });

  it('is refused where there is no room, for nodes, and in places of another sort', () => {
    const rules = { placement: { chain: { tiers: [], tail: 'allow' as const }, policies: [], notEnforced: [] } };
    const [drawn] = fc.sample(knobs, { numRuns: 1, seed: 1 });
    const pod: Endpoint = {
      key: 'p',
      name: 'p',
      type: 'pod',
      addresses: { v4: [1, 2], v6: [] },
      addressReason: 'pod-address',
      families: ['IPv4'],
      ports: [],
      matchesBlocks: 'yes',
    };
    const none = { removed: [], added: [] };
    const reach = compileReach({ ...rules, knobs: drawn! }, [pod], PROTOCOLS, { room: 1 });
    expect(reach.room()).toBe(1);
    const node: Endpoint = { ...pod, ownNode: 'local-node' };
    expect(() => reach.exchange(none, { removed: [], added: [{ endpoint: node }] })).toThrow(TypeError);
    const outside: Endpoint = { ...pod, type: 'addresses' };
    const next = reach.exchange(none, { removed: [0], added: [{ endpoint: outside }] });
    expect(next.reach.room()).toBe(0);
    const nobody = { ingress: EMPTY, egress: EMPTY };
    const instead = new Map([[next.added[0]!, 0]]);
    expect(() => reachChanges(reach, next.reach, nobody, { ...next, instead })).toThrow(TypeError);
    expect(() => next.reach.exchange(none, { removed: [], added: [{ endpoint: pod }] })).toThrow(RangeError);
    const plain = compileReach({ ...rules, knobs: drawn! }, [pod], PROTOCOLS);
    expect(() => plain.exchange(none, { removed: [], added: [{ endpoint: pod }] })).toThrow(RangeError);
  });
});
