import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endpoints, knobs, partSizes, placement } from '../../../test/support/arbitrary.ts';
import { runs } from '../../../test/support/runs.ts';
import { commonFamilies, evaluatePorts } from '../evaluate/cases.ts';
import { type Condition, DIRECTIONS, type PolicyDirection } from '../model/policy.ts';
import type { Placement } from '../model/tier.ts';
import type { Decision, Verdict } from '../model/verdict.ts';
import { FAMILIES } from '../sets/ip-set.ts';
import { contains, PROTOCOLS, type Protocol } from '../sets/traffic-set.ts';
import { compileReach } from './reach.ts';
import type { Rectangle } from './rectangle.ts';

/** The verdict, the reasons named, and the conditions in the order of their text. */
function saidAt({ allowed, unknown, conditional }: Decision, protocol: Protocol, port: number) {
  const reasons = unknown.filter((part) => contains(part.traffic, protocol, port)).map(({ reason }) => reason);
  const under = conditional.filter((part) => contains(part.traffic, protocol, port));
  const verdict: Verdict = contains(allowed, protocol, port)
    ? 'allowed'
    : reasons.length > 0
      ? 'unknown'
      : under.length > 0
        ? 'conditional'
        : 'denied';
  return { verdict, reasons, conditions: textsOf(under.flatMap(({ conditions }) => conditions)) };
}

function textsOf(conditions: readonly Condition[]): string[] {
  return [...new Set(conditions.map((one) => JSON.stringify(one)))].sort();
}

/** With conditions of three kinds for most rules. */
function conditionally({ policies, ...rest }: Placement): Placement {
  let nth = 0;
  const under = (part: PolicyDirection): PolicyDirection => ({
    ...part,
    rules: part.rules.map((one) => {
      const method = ['GET', 'PUT', undefined, 'PATCH'][nth++ % 4];
      return { ...one, conditions: method === undefined ? [] : [{ http: { method } }] };
    }),
  });
  const all = policies.map(({ policy, ...placed }) => {
    const parts = DIRECTIONS.flatMap((one) => (policy[one] === undefined ? [] : [[one, under(policy[one])] as const]));
    return { ...placed, policy: { ...policy, ...Object.fromEntries(parts) } };
  });
  return { ...rest, policies: all };
}

describe('the compiled evaluator', () => {
  it('agrees with the literal one on every pair, family, protocol and port', () => {
    let conditional = 0;
    fc.assert(
      fc.property(
        placement,
        fc.boolean(),
        endpoints,
        knobs,
        partSizes,
        (placed, isConditional, ends, chosen, sizes) => {
          const drawn = isConditional ? conditionally(placed) : placed;
          const rules = { placement: drawn, knobs: { ...chosen, selfTraffic: 'plainRules' as const } };
          const reach = compileReach(rules, ends, PROTOCOLS, { sizes });
          for (const [s, from] of ends.entries()) {
            for (const [d, to] of ends.entries()) {
              const decisions = reach.decide(s, d);
              expect(Object.keys(decisions)).toEqual(commonFamilies(from, to));
              for (const family of commonFamilies(from, to)) {
                for (const protocol of PROTOCOLS) {
                  for (const one of evaluatePorts(rules, { from, to }, family, protocol)) {
                    for (const port of new Set([one.first, one.last])) {
                      const place = [from.key, to.key, family, protocol, port];
                      const { verdict, reasons, conditions } = saidAt(decisions[family]!, protocol, port);
                      const expected = [...place, one.trace.verdict, textsOf(one.trace.conditions)];
                      expect([...place, verdict, conditions]).toEqual(expected);
                      // Of several reasons the compiled one names one.
                      if (verdict === 'unknown') expect(one.trace.reasons).toEqual(expect.arrayContaining(reasons));
                      if (conditions.length > 0) conditional++;
                    }
                  }
                }
              }
            }
          }
        },
      ),
      { numRuns: Number(globalThis.process?.env['NETWEIR_RUNS'] ?? 400) },
    );
    expect(conditional).toBeGreaterThan(5);
  });

  it('gives rectangles that hold every pair once, with the decision of that pair', () => {
    fc.assert(
      fc.property(placement, endpoints, knobs, partSizes, (drawn, ends, chosen, sizes) => {
        const reach = compileReach({ placement: drawn, knobs: chosen }, ends, PROTOCOLS, { sizes });
        const seen = new Map<string, unknown>();
        for (const { sources, destinations, decisions } of reach.rectangles()) {
          for (const s of sources) {
            for (const d of destinations) {
              expect(seen.has(`${s},${d}`)).toBe(false);
              seen.set(`${s},${d}`, decisions);
            }
          }
        }
        const outside = (id: number) => ends[id]!.type === 'addresses' || ends[id]!.type === 'entry';
        for (const s of ends.keys()) {
          for (const d of ends.keys()) {
            if (outside(s) && outside(d)) continue;
            const decisions = reach.decide(s, d);
            const open = FAMILIES.some((family) => {
              const one = decisions[family];
              return (
                one !== undefined &&
                (Object.keys(one.allowed).length > 0 || one.unknown.length + one.conditional.length > 0)
              );
            });
            expect(seen.get(`${s},${d}`)).toEqual(open ? decisions : undefined);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('finds rectangles of the same pairs where rows are kept in parts', () => {
    const many = fc
      .array(endpoints, { minLength: 3, maxLength: 6 })
      .map((lists) => lists.flat().map((one, index) => ({ ...one, key: `e${index}`, name: `e${index}` })));
    const pairsOf = (rectangles: readonly Rectangle[]) => {
      const pairs = new Map<string, unknown>();
      for (const { sources, destinations, decisions } of rectangles) {
        for (const s of sources) {
          for (const d of destinations) {
            expect(pairs.has(`${s},${d}`)).toBe(false);
            pairs.set(`${s},${d}`, decisions);
          }
        }
      }
      return pairs;
    };
    fc.assert(
      fc.property(placement, many, knobs, partSizes, (drawn, ends, chosen, sizes) => {
        const rules = { placement: drawn, knobs: chosen };
        const [whole, parts] = [undefined, sizes].map((one) =>
          compileReach(rules, ends, PROTOCOLS, one && { sizes: one }),
        );
        const some = [...ends.keys()].filter((id) => id % 3 > 0);
        expect(pairsOf(parts!.rectangles())).toEqual(pairsOf(whole!.rectangles()));
        expect(pairsOf(parts!.rectangles(some))).toEqual(pairsOf(whole!.rectangles(some)));
        expect(pairsOf(parts!.rectangles(undefined, some))).toEqual(pairsOf(whole!.rectangles(undefined, some)));
      }),
      runs(200),
    );
  });
});
