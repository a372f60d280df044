// Exchanges of policies against compiling anew: the same decisions, and changes that are all and only those.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endpoints, knobs, partSizes, placement, sideSizes } from '../../../test/support/arbitrary.ts';
import { runs } from '../../../test/support/runs.ts';
import { toggled } from '../../../test/support/toggled.ts';
import type { PlacedPolicy } from '../model/tier.ts';
import { EMPTY, membersOf } from '../sets/id-set.ts';
import { PROTOCOLS } from '../sets/traffic-set.ts';
import { decisionKey } from './decision.ts';
import { compileReach, type Reach } from './reach.ts';
import { reachChanges } from './reach-changes.ts';
import type { FamilyDecisions } from './rectangle.ts';

function keyOf(decisions: FamilyDecisions): string {
  return Object.entries(decisions)
    .map(([family, decision]) => `${family} ${decisionKey(decision)}`)
    .join('|');
}

/** Decisions of all pairs that a map shows. */
function allPairs(reach: Reach): Map<string, string> {
  const outside = reach.endpoints.map(({ type }) => type === 'addresses' || type === 'entry');
  const pairs = new Map<string, string>();
  reach.endpoints.forEach((_, s) => {
    reach.endpoints.forEach((__, d) => {
      if (!outside[s] || !outside[d]) pairs.set(`${s},${d}`, keyOf(reach.decide(s, d)));
    });
  });
  return pairs;
}

describe('an exchange of policies', () => {
  it('leads to what compiling anew leads to, and tells every pair that changes with both decisions', () => {
    let changed = 0;
    fc.assert(
      fc.property(
        placement,
        endpoints,
        knobs,
        partSizes,
        fc.array(fc.array(fc.nat(5), { minLength: 1, maxLength: 2 }), { minLength: 6, maxLength: 12 }),
        fc.tuple(fc.nat(6), sideSizes),
        (drawn, ends, chosen, sizes, steps, [few, own]) => {
          // Names are unique in a cluster; the pool is what comes and goes.
          const pool = [
            ...new Map(drawn.policies.map((one) => [JSON.stringify(one.policy.ref), one])).values(),
          ] as PlacedPolicy[];
          if (pool.length === 0) return;
          let here = new Set(pool.filter((_, index) => index % 2 === 0));
          const rules = (policies: Iterable<PlacedPolicy>) => ({
            placement: { ...drawn, policies: [...policies] },
            knobs: chosen,
          });
          let reach = compileReach(rules(here), ends, PROTOCOLS, { sizes, sideSizes: own });
          let was = allPairs(reach);
          for (const step of steps) {
            const { removed, added, next: left } = toggled(pool, here, step);
            here = left;
            const { reach: next, affected } = reach.exchange({ removed, added });
            const is = allPairs(compileReach(rules(here), ends, PROTOCOLS));
            expect(allPairs(next)).toEqual(is);
            const told = new Map<string, string>();
            for (const one of reachChanges(reach, next, affected, undefined, few)) {
              for (const s of membersOf(one.sources)) {
                for (const d of membersOf(one.destinations)) {
                  expect(told.has(`${s},${d}`)).toBe(false);
                  told.set(`${s},${d}`, `${keyOf(one.before)} > ${keyOf(one.after)}`);
                }
              }
            }
            const expected = new Map(
              [...was].flatMap(([pair, key]) => (key === is.get(pair) ? [] : [[pair, `${key} > ${is.get(pair)}`]])),
            );
            expect(told).toEqual(expected);
            changed += told.size;
            [reach, was] = [next, is];
          }
        },
      ),
      runs(400),
    );
    expect(changed).toBeGreaterThan(0);
  });

  it('is refused between compilations that share nothing', () => {
    const rules = { placement: { chain: { tiers: [], tail: 'allow' as const }, policies: [], notEnforced: [] } };
    const [drawn] = fc.sample(knobs, { numRuns: 1, seed: 1 });
    const [a, b] = [1, 2].map(() => compileReach({ ...rules, knobs: drawn! }, [], PROTOCOLS));
    expect(() => reachChanges(a!, b!, { ingress: EMPTY, egress: EMPTY })).toThrow(TypeError);
  });
});
